"""The output formats of `eksview get`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO, TypeVar

from msgspec import Struct

from eksview.cli.kubectl_format import (
    JsonList,
    Object,
    YamlList,
    documents,
    single_object,
    table,
)
from eksview.domain.base.clock import Clock
from eksview.domain.base.text import clean
from eksview.domain.kube.go_json import parse
from eksview.domain.kube.object_kind import require_kind
from eksview.domain.resources.registry import RESOURCES
from eksview.domain.rows.kube import Kind, Row
from eksview.kube.client.lists import readable

RowT = TypeVar("RowT")


class Query(Struct, frozen=True):
    """The arguments of `eksview get`; `labels` and `fields` are selectors of the API server."""

    kind: Kind
    names: tuple[str, ...] = ()
    output: str = "table"
    labels: str = ""
    fields: str = ""
    all_namespaces: bool = False
    headers: bool = True

    @property
    def is_table(self) -> bool:
        return self.output in ("table", "wide")

    @property
    def shown(self) -> set[str]:
        """The marks of the columns that a table has."""
        marks = {"default"}
        marks |= {"wide"} if self.output == "wide" else set()
        marks |= {"namespace"} if self.all_namespaces else set()
        return marks


def lines(
    query: Query,
    rows: Sequence[RowT],
    titles: Sequence[str],
    *,
    cells: Callable[[RowT], Sequence[str]],
    name: Callable[[RowT], str],
    item: Callable[[RowT], Object],
) -> Iterator[str]:
    """Yield the text of rows in a query's output format; nothing for a table without rows."""
    match query.output:
        case "json" | "yaml":
            single = len(query.names) == 1 == len(rows)
            yield from documents(query.output, map(item, rows), single=single)
        case "name":
            yield from (f"{name(row)}\n" for row in rows)
        case _ if rows:
            yield from table(titles if query.headers else (), list(map(cells, rows)))


class Printer:
    """A printer of objects, each as soon as the output format allows."""

    def __init__(self, query: Query, out: TextIO) -> None:
        self._query = query
        self._resource = RESOURCES[query.kind]
        self._out = out
        self.count = 0  # of objects so far
        self.undecoded: list[str] = []  # the name of each object that couldn't be, and why

    def page(self, body: bytes) -> str:
        """Print a page of a list; return the token of the next page, empty after the last.

        Raises `UserError` for an answer that isn't such a list.
        """
        kind = self._resource.object_kind
        with readable(f"a list of {self._resource.name}"):
            require_kind(body, f"{kind}List")
            items, token = self._decoded_page(body)
        for item in items:
            self._print(item)
        return token

    def single(self, body: bytes) -> None:
        """Print an object that was read by its name; raises `UserError` for anything else."""
        with readable(f"a {self._resource.object_kind}"):
            require_kind(body, self._resource.object_kind)
            item = self._decoded(body)
        self._print(item)

    def end(self) -> None:
        """Print what comes after the last object."""

    def _decoded_page(self, body: bytes) -> tuple[Iterable[Any], str]:
        """Return the objects of a page and the token of the next page."""
        page = self._resource.decode_list(body)
        return page.items or (), page.metadata.continue_

    def _decoded(self, body: bytes) -> Any:
        return self._resource.decode(body)

    def _print(self, item: Any) -> None:
        raise NotImplementedError


def printer_of(query: Query, out: TextIO, clock: Clock, minor: Callable[[], int]) -> Printer:
    """Return the printer of a query's output format.

    `clock` gives the API server's time, for ages, and `minor` its minor version; both are called
    when a table ends.
    """
    match query.output:
        case "json" | "yaml":
            return _ObjectPrinter(query, out)
        case "name":
            return _NamePrinter(query, out)
        case _:
            return _TablePrinter(query, out, clock, minor)


class _TablePrinter(Printer):
    """A printer that keeps all rows, because the last row can widen a column."""

    def __init__(self, query: Query, out: TextIO, clock: Clock, minor: Callable[[], int]) -> None:
        super().__init__(query, out)
        columns = self._resource.columns
        self._columns = [column for column in columns if column.kubectl in query.shown]
        self._clock = clock
        self._minor = minor
        self._rows: list[Row] = []

    def end(self) -> None:
        titles = [column.title for column in self._columns] if self._query.headers else []
        if self._rows:
            context = self._resource.context(self._clock(), self._minor())
            cells = [[column.cell(row, context) for column in self._columns] for row in self._rows]
            self._out.writelines(table(titles, cells))

    def _print(self, item: Any) -> None:
        row = self._resource.to_row(item, self.count)
        self.count += 1
        self._rows.append(row)
        if row.undecoded:
            self.undecoded.append(f"{clean(row.name)}: {row.undecoded}")


class _ObjectPage(Struct):
    items: list[dict[str, Any]] | None = None
    metadata: dict[str, Any] = {}


class _ObjectPrinter(Printer):
    """A printer of whole objects as they arrive: a list needs the memory of one page."""

    def __init__(self, query: Query, out: TextIO) -> None:
        super().__init__(query, out)
        self._list = JsonList() if query.output == "json" else YamlList()
        self._single = len(query.names) == 1

    def _decoded_page(self, body: bytes) -> tuple[Iterable[Any], str]:
        page = parse(body, _ObjectPage)
        header = {"apiVersion": self._resource.api, "kind": self._resource.object_kind}
        # The items of a list lack both.
        return (header | item for item in page.items or ()), str(
            page.metadata.get("continue") or ""
        )

    def _decoded(self, body: bytes) -> Any:
        return parse(body, dict[str, Any])

    def end(self) -> None:
        if not self._single:
            self._out.write(self._list.end())

    def _print(self, item: Any) -> None:
        if isinstance(item.get("metadata"), dict):
            item["metadata"].pop("managedFields", None)  # as kubectl does by default
        self.count += 1
        if self._single:
            self._out.write(single_object(self._query.output, item))
        else:
            self._out.write(self._list.item(item))


class _NamePrinter(Printer):
    """A printer of lines such as `pod/web-0`."""

    def _print(self, item: Any) -> None:
        self.count += 1
        kind = ".".join(filter(None, (self._resource.object_kind.lower(), self._resource.group)))
        self._out.write(f"{kind}/{clean(item.metadata.name)}\n")
