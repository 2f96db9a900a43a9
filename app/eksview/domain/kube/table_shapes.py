"""The fields that eksview reads of tables, as lists and watches of the API bring them.

A server that makes no table of a resource sends its plain objects instead, whose metadata is read.
"""

from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.json import Decoder

from eksview.domain.base.text import shared
from eksview.domain.kube.api_types import Listed, ListMeta, Meta, Status, WatchEvent
from eksview.domain.kube.go_json import UNREAD, Undecoded, fit, fitting, parse
from eksview.domain.kube.server_table import PLAIN_COLUMNS, TableColumn, TableColumns


class PartialObject(Struct, gc=False):
    """An object of any kind, of which only the metadata is read."""

    metadata: Meta = field(default_factory=Meta)


class RowShape(Struct, gc=False):
    """A row of a table; the object is PartialMetadata."""

    cells: list[Any] | None = None
    object: PartialObject | None = None


class ColumnShape(Struct, gc=False):
    name: str = ""
    type: str = ""
    format: str = ""
    description: str = ""
    priority: int = 0


class TableItem(Struct, gc=False):
    """An object of a table; `cells` is None where the server sent it plainly."""

    metadata: Meta
    cells: list[Any] | None
    columns: TableColumns


class _Page(Struct, rename="camel", gc=False):
    kind: str = ""
    metadata: ListMeta = field(default_factory=ListMeta)
    column_definitions: list[ColumnShape] | None = None
    rows: list[RowShape] | None = None
    items: list[PartialObject] | None = None


class _RawPage(Struct, rename="camel"):
    kind: Any = None
    metadata: msgspec.Raw = msgspec.Raw(b"{}")
    column_definitions: msgspec.Raw = msgspec.Raw(b"null")
    rows: list[msgspec.Raw] | None = None
    items: list[msgspec.Raw] | None = None


class _Columns(Struct):
    columns: list[ColumnShape] | None = None


class _EventObject(Struct, rename="camel", gc=False):
    kind: str = ""
    metadata: Meta = field(default_factory=Meta)
    column_definitions: list[ColumnShape] | None = None
    rows: list[RowShape] | None = None


_PAGE, _EVENT = Decoder(_Page), Decoder(WatchEvent[_EventObject])
_PLAIN_EVENT = WatchEvent[dict[str, Any]]


class TableDecoder:
    """A decoder of a table's pages and of its watch, whose first event alone has the columns."""

    def __init__(self) -> None:
        self.columns = PLAIN_COLUMNS

    def page(self, body: bytes) -> Listed[Any]:
        """Decode a page of a list; raises `msgspec.DecodeError` for anything else.

        One row that the strict decoder refuses is decoded alone, and costs no other.
        """
        try:
            page = _PAGE.decode(body)
        except UNREAD:
            return self._lenient_page(body)
        if page.kind == "Table":
            self._learn(page.column_definitions)
            return Listed(page.metadata, list(map(self._of_row, page.rows or ())))
        self.columns = PLAIN_COLUMNS
        return Listed(page.metadata, list(map(self._plain, page.items or ())))

    def event(self, line: bytes) -> WatchEvent[Any]:
        """Decode a line of a watch; raises `msgspec.DecodeError` for anything else.

        The object of an ERROR is a `Status`.
        """
        try:
            event = _EVENT.decode(line)
        except UNREAD:
            return self._lenient_event(line)
        if event.type == "ERROR":
            return self._lenient_event(line)
        return WatchEvent(event.type, self._of_event(event.object))

    def _of_event(self, changed: _EventObject) -> Any:
        """Return the item of an event; the table has the version of its only object."""
        if changed.kind != "Table":
            self.columns = PLAIN_COLUMNS
            return TableItem(changed.metadata, None, PLAIN_COLUMNS)
        self._learn(changed.column_definitions)
        if not changed.rows:
            return TableItem(changed.metadata, None, self.columns)
        item = self._of_row(changed.rows[0])
        item.metadata.resource_version = (
            changed.metadata.resource_version or item.metadata.resource_version
        )
        return item

    def _learn(self, columns: list[ColumnShape] | None) -> None:
        if columns and (learnt := table_columns(columns)) != self.columns:
            self.columns = learnt  # else all rows share what they have

    def _of_row(self, row: RowShape) -> TableItem:
        metadata = row.object.metadata if row.object else Meta()
        return TableItem(metadata, row.cells or [], self.columns)

    def _plain(self, item: PartialObject) -> TableItem:
        return TableItem(item.metadata, None, PLAIN_COLUMNS)

    def _lenient_page(self, body: bytes) -> Listed[Any]:
        page = parse(body, _RawPage)
        metadata = fit(parse(bytes(page.metadata), Any), ListMeta)
        if isinstance(metadata, Undecoded):  # without its token the rest of the list would be lost
            raise msgspec.ValidationError(f"metadata.{metadata.problem}")
        if page.kind == "Table":
            columns = {"columns": parse(bytes(page.column_definitions), Any)}
            self._learn(fitting(columns, _Columns).columns)
            return Listed(metadata, list(map(self._fit_row, page.rows or ())))
        self.columns = PLAIN_COLUMNS
        return Listed(metadata, list(map(self._fit_plain, page.items or ())))

    def _fit_row(self, raw: msgspec.Raw) -> Any:
        row = fit(parse(bytes(raw), Any), RowShape)
        if isinstance(row, Undecoded):
            return Undecoded(self._of_row(row.object), row.problem)
        return self._of_row(row)

    def _fit_plain(self, raw: msgspec.Raw) -> Any:
        item = fit(parse(bytes(raw), Any), PartialObject)
        if isinstance(item, Undecoded):
            return Undecoded(self._plain(item.object), item.problem)
        return self._plain(item)

    def _lenient_event(self, line: bytes) -> WatchEvent[Any]:
        event = parse(line, _PLAIN_EVENT)
        if event.type == "ERROR":
            return WatchEvent(event.type, fitting(event.object, Status))
        changed = fit(event.object, _EventObject)
        if isinstance(changed, Undecoded):
            return WatchEvent(
                event.type, Undecoded(self._of_event(changed.object), changed.problem)
            )
        return WatchEvent(event.type, self._of_event(changed))


def table_columns(shapes: list[ColumnShape]) -> TableColumns:
    """Return the columns of a table as they are kept."""
    return TableColumns(
        tuple(
            TableColumn(
                name=shared(shape.name),
                type=shared(shape.type),
                format=shared(shape.format),
                priority=shape.priority,
                description=shared(shape.description),
            )
            for shape in shapes
        )
    )
