"""The printers of `eksview get`."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO, TypeVar

from msgspec import Raw

from eksview.cli.get.output_format import Output
from eksview.cli.get.printer import Printer, label_cells
from eksview.cli.get.query import PrintedResource, Query
from eksview.cli.get.served_tables import ServedTablePrinter
from eksview.cli.get.sort_by import sorted_order
from eksview.cli.get.tables import ResourceTable, kind_of
from eksview.cli.kubectl_format import (
    JsonList,
    Object,
    Table,
    YamlList,
    documents,
    object_list,
    single_object,
)
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError
from eksview.domain.base.jsonpath import JsonPathError, printed
from eksview.domain.base.text import clean
from eksview.domain.kube.go_json import fitting, parse
from eksview.domain.kube.table_shapes import PartialObject
from eksview.domain.resources.registry import AnyResource
from eksview.domain.resources.resource import Resource

RowT = TypeVar("RowT")


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
    output = query.output
    if query.sort_by:
        rows = [rows[index] for index in sorted_order(list(map(item, rows)), query.sort_by)]
    single = query.is_single and len(rows) == 1
    match output.format:
        case "json" | "yaml":
            yield from documents(output.format, map(item, rows), single=single)
        case "jsonpath":
            objects = list(map(item, rows))
            yield _filled(output, objects[0] if single else object_list(objects))
        case "name":
            yield from (f"{name(row)}\n" for row in rows)
        case "custom-columns":
            table = Table([column.title for column in output.columns] if query.headers else ())
            objects = list(map(item, rows))
            yield from table.lines([[each.cell(row) for each in output.columns] for row in objects])
        case _ if rows:
            yield from Table(titles if query.headers else ()).lines(list(map(cells, rows)))


def _filled(output: Output, item: Object) -> str:
    try:
        return printed(output.template, item)
    except JsonPathError as error:
        raise UserError(f"error executing jsonpath: {error}") from None


def printer_of(query: Query, out: TextIO, clock: Clock, minor: Callable[[], int]) -> Printer:
    """Return the printer of a query's output format.

    `clock` gives the API server's time, for ages, and `minor` its minor version; both are called
    when a table ends.
    """
    match query.output.format:
        case "json" | "yaml" if query.is_single or query.watch:
            printer: Printer = _DocumentPrinter(query, out)
        case "json" | "yaml":
            printer = _ListPrinter(query, out)
        case "jsonpath":
            printer = _TemplatePrinter(query, out)
        case "custom-columns":
            printer = _ColumnsPrinter(query, out)
        case "name":
            printer = _NamePrinter(query, out)
        case _ if query.is_served:
            return ServedTablePrinter(query, out, clock)
        case _:
            printer = _TablePrinter(query, out, clock, minor)
    return _SortingPrinter(query, out, printer) if query.sort_by else printer


class _TablePrinter(Printer):
    """A printer that keeps all rows, because the last row can widen a column.

    Source: kubectl's `get`, whose tables have a namespace column from the first namespaced
    resource on, and kinds before the names if there are several.
    """

    def __init__(self, query: Query, out: TextIO, clock: Clock, minor: Callable[[], int]) -> None:
        super().__init__(query, out)
        self._clock = clock
        self._minor = minor
        self._tables: list[ResourceTable] = []

    def end(self) -> None:
        now, minor = self._clock(), self._minor()
        prefixed = len({table.resource.kind for table in self._tables}) > 1
        texts = [table.lines(now, minor, prefixed=prefixed) for table in self._tables]
        gap = "\n" if self._query.headers else ""
        self._out.write(gap.join("".join(lines) for lines in texts if lines))

    def _retrieved(self) -> None:
        self._current()

    @property
    def _known(self) -> AnyResource:
        """The resource, which is one that has columns here."""
        assert isinstance(self._resource, Resource)  # noqa: S101 - the query has no other
        return self._resource

    def _current(self) -> ResourceTable:
        """Return the table of the resource, which goes on if it is that of the last object."""
        if not self._tables or self._tables[-1].resource is not self._resource:
            kinds = [table.resource for table in self._tables] + [self._resource]
            namespace = self._query.all_namespaces and any(kind.namespaced for kind in kinds)
            self._tables.append(ResourceTable(self._query, self._known, namespace=namespace))
        return self._tables[-1]

    def _print(self, item: Raw | bytes) -> None:
        resource = self._known
        row = resource.to_row(resource.decode(bytes(item)), self.count)
        self._current().add(row, self._labels(item))
        if row.undecoded:
            self.undecoded.append(f"{clean(row.name)}: {row.undecoded}")

    def _labels(self, item: Raw | bytes) -> list[str]:
        """Return the cells of the columns of labels; most tables have none."""
        if not self._query.shows_labels:
            return []
        return label_cells(self._query, self._object(item).get("metadata"))


class _ColumnsPrinter(Printer):
    """A printer of custom columns."""

    def __init__(self, query: Query, out: TextIO) -> None:
        super().__init__(query, out)
        titles = [column.title for column in query.output.columns] if query.headers else ()
        self._table = Table(titles)
        self._rows: list[list[str]] = []

    def end(self) -> None:
        self._out.writelines(self._table.lines(self._rows))
        self._rows = []

    def _print(self, item: Raw | bytes) -> None:
        whole = self._object(item)
        self._rows.append([column.cell(whole) for column in self._query.output.columns])


class _DocumentPrinter(Printer):
    """A printer of objects one by one."""

    def _print(self, item: Raw | bytes) -> None:
        self._out.write(single_object(self._query.output.format, _unmanaged(self._object(item))))


class _ListPrinter(Printer):
    """A printer of a list as it arrives: it needs the memory of one page."""

    def __init__(self, query: Query, out: TextIO) -> None:
        super().__init__(query, out)
        self._list = JsonList() if query.output.format == "json" else YamlList()

    def end(self) -> None:
        self._out.write(self._list.end())

    def _print(self, item: Raw | bytes) -> None:
        self._out.write(self._list.item(_unmanaged(self._object(item))))


class _TemplatePrinter(Printer):
    """A printer of a JSONPath template, which sees all objects as one list."""

    def __init__(self, query: Query, out: TextIO) -> None:
        super().__init__(query, out)
        self._objects: list[Object] = []

    def end(self) -> None:
        one_by_one = self._query.is_single or self._query.watch
        for item in self._objects if one_by_one else [object_list(self._objects)]:
            self._out.write(_filled(self._query.output, item))
        self._objects = []

    def _print(self, item: Raw | bytes) -> None:
        self._objects.append(self._object(item))


class _NamePrinter(Printer):
    """A printer of lines such as `pod/web-0`."""

    def _print(self, item: Raw | bytes) -> None:
        name = fitting(parse(bytes(item), Any), PartialObject).metadata.name
        self._out.write(f"{kind_of(self._resource)}/{clean(name)}\n")


class _SortingPrinter(Printer):
    """A printer that gives all objects to another one, in their order."""

    def __init__(self, query: Query, out: TextIO, printer: Printer) -> None:
        super().__init__(query, out)
        self._printer = printer
        self._items: list[tuple[PrintedResource, bytes]] = []
        self._objects: list[Object] = []

    def end(self) -> None:
        for index in sorted_order(self._objects, self._query.sort_by):
            resource, item = self._items[index]
            self._printer.begin(resource)
            self._printer.item(item)
        self._items, self._objects = [], []
        self._printer.end()

    def _print(self, item: Raw | bytes) -> None:
        self._items.append((self._resource, bytes(item)))
        self._objects.append(self._object(item))


def raise_each(sentences: Sequence[str], out: TextIO) -> None:
    """Print each sentence as an error of its own, after the output, and raise the last one."""
    if not sentences:
        return
    out.flush()
    print_each(sentences[:-1])
    raise UserError(sentences[-1])


def print_each(sentences: Iterable[str]) -> None:
    """Print each sentence as an error of its own."""
    for sentence in sentences:
        sys.stderr.write(f"eksview: {clean(sentence)}\n")


def _unmanaged(item: Object) -> Object:
    if isinstance(item.get("metadata"), dict):
        item["metadata"].pop("managedFields", None)  # as kubectl does by default
    return item
