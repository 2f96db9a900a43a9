"""What `eksview get` does with the bytes of an answer, for each form of output."""

from collections.abc import Callable
from typing import Any, Protocol, TextIO

import msgspec
from msgspec import Struct

from eksview.cli.kubectl_format import JsonList, Object, YamlList, json_object, table
from eksview.domain.base.text import clean
from eksview.domain.base.yaml_text import yaml_object
from eksview.domain.kube.api_types import Node, Pod, decode_list
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.kube.to_rows import row_of
from eksview.domain.rows.kube import Kind, Row
from eksview.domain.tables.columns import NODE_COLUMNS, POD_COLUMNS, NodeContext, PodContext

_SHAPES = {Kind.NODE: Node, Kind.POD: Pod}
_KINDS = {Kind.NODE: "Node", Kind.POD: "Pod"}


class Query(Struct, frozen=True):
    """What is asked; `labels` and `fields` are selectors as the API server reads them."""

    kind: Kind
    names: tuple[str, ...] = ()
    output: str = "table"
    labels: str = ""
    fields: str = ""
    everywhere: bool = False
    headers: bool = True


class Printer(Protocol):
    """Prints what arrives, as soon as its form allows."""

    @property
    def count(self) -> int:
        """Objects so far."""

    def page(self, body: bytes) -> str:
        """A page of a list; returns the token of the next one, empty after the last."""

    def one(self, body: bytes) -> None:
        """An object asked for by its name."""

    def end(self) -> None:
        """That was all."""


def printer_of(question: Query, out: TextIO, now: float, minor: Callable[[], int]) -> Printer:
    """Return the printer of the output asked for.

    `now`: seconds since the epoch, for ages. `minor`: the API server's minor version; it is asked
    for when a table ends.
    """
    match question.output:
        case "json" | "yaml":
            return _Objects(question, out)
        case "name":
            return _Names(question, out)
        case _:
            return _Table(question, out, now, minor)


class _Table:
    """Keeps the rows, because a column's width is known at the end only."""

    def __init__(self, question: Query, out: TextIO, now: float, minor: Callable[[], int]) -> None:
        self._question = question
        self._out = out
        wanted = {"default"}
        wanted |= {"wide"} if question.output == "wide" else set()
        wanted |= {"namespace"} if question.everywhere else set()
        columns: Any = NODE_COLUMNS if question.kind is Kind.NODE else POD_COLUMNS
        self._columns = [column for column in columns if column.kubectl in wanted]
        self._now = now
        self._minor = minor
        self._rows: list[Row] = []

    @property
    def count(self) -> int:
        return len(self._rows)

    def page(self, body: bytes) -> str:
        page = decode_list(self._question.kind, body)
        self._rows += [row_of(self._question.kind, item) for item in page.items or ()]
        return page.metadata.continue_

    def one(self, body: bytes) -> None:
        kind = self._question.kind
        self._rows.append(row_of(kind, msgspec.json.decode(body, type=_SHAPES[kind])))

    def end(self) -> None:
        titles = [column.title for column in self._columns] if self._question.headers else []
        if self._rows:
            context = _context(self._question.kind, self._now, self._minor())
            cells = [[column.cell(row, context) for column in self._columns] for row in self._rows]
            self._out.writelines(table(titles, cells))


def _context(kind: Kind, now: float, minor: int) -> NodeContext | PodContext:
    if kind is Kind.POD:
        return PodContext(now, minor)
    nothing = PodTotals()  # kubectl's columns ask for neither sums nor leases
    return NodeContext(now, lambda _: nothing, lambda _: None, minor=minor)


class _Objects:
    """Prints each object when it comes: a list of any length takes the memory of a page."""

    def __init__(self, question: Query, out: TextIO) -> None:
        self._question = question
        self._out = out
        self._list = JsonList() if question.output == "json" else YamlList()
        self._single = len(question.names) == 1
        self._count = 0

    @property
    def count(self) -> int:
        return self._count

    def page(self, body: bytes) -> str:
        page = msgspec.json.decode(body)
        named = {"apiVersion": "v1", "kind": _KINDS[self._question.kind]}
        for item in page.get("items") or ():
            self._print(named | item)  # a list's items don't say what they are
        return str(page["metadata"].get("continue", ""))

    def one(self, body: bytes) -> None:
        self._print(msgspec.json.decode(body))

    def end(self) -> None:
        if not self._single:
            self._out.write(self._list.end())

    def _print(self, item: Object) -> None:
        item["metadata"].pop("managedFields", None)  # as kubectl, unless asked for
        self._count += 1
        if not self._single:
            self._out.write(self._list.item(item))
        elif self._question.output == "json":
            self._out.write(json_object(item) + "\n")
        else:
            self._out.write(yaml_object(item))


class _Names:
    """`pod/web-0`, one a line."""

    def __init__(self, question: Query, out: TextIO) -> None:
        self._kind = question.kind
        self._out = out
        self._count = 0

    @property
    def count(self) -> int:
        return self._count

    def page(self, body: bytes) -> str:
        page = decode_list(self._kind, body)
        for item in page.items or ():
            self._print(item)
        return page.metadata.continue_

    def one(self, body: bytes) -> None:
        self._print(msgspec.json.decode(body, type=_SHAPES[self._kind]))

    def end(self) -> None:
        """Everything is printed already."""

    def _print(self, shape: Node | Pod) -> None:
        self._count += 1
        self._out.write(f"{_KINDS[self._kind].lower()}/{clean(shape.metadata.name)}\n")
