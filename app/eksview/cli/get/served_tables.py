"""The tables that the API server makes of any resource, printed as kubectl does.

Source: kubectl's `get` and cli-runtime's table printer (`decorateTable`, `printTable`).
"""

from collections.abc import Sequence
from typing import Any, TextIO

import msgspec
from msgspec import Raw, Struct, field

from eksview.cli.get.printer import Printer, label_cells
from eksview.cli.get.query import PrintedResource, Query
from eksview.cli.get.sort_by import sorted_order
from eksview.cli.get.tables import kind_of
from eksview.cli.kubectl_format import Object, Table
from eksview.domain.base.age import age, parse_time
from eksview.domain.base.clock import Clock
from eksview.domain.base.go_text import go_text
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.api_types import Listed, ListMeta
from eksview.domain.kube.go_json import parse
from eksview.domain.kube.object_kind import KindCheck
from eksview.domain.kube.server_table import PLAIN_COLUMNS, TableColumn, first_line
from eksview.domain.kube.table_shapes import ColumnShape, table_columns
from eksview.domain.resources.server_objects import accepted
from eksview.kube.client.lists import readable


class _Answer(Struct, rename="camel"):
    kind: str = ""
    metadata: ListMeta = field(default_factory=ListMeta)
    column_definitions: list[ColumnShape] | None = None
    rows: list[Any] | None = None
    items: list[Any] | None = None


class ServedLine(Struct):
    cells: list[Any]
    object: Object

    @property
    def metadata(self) -> Object:
        metadata = self.object.get("metadata")
        return metadata if isinstance(metadata, dict) else {}


class ServedTable:
    """The lines of one resource, whose columns may change in a watch."""

    def __init__(self, query: Query, resource: PrintedResource, *, namespace: bool) -> None:
        self.resource = resource
        self._query = query
        self._namespace = namespace
        self._columns: tuple[TableColumn, ...] = ()
        self._table = Table(())
        self._lines: list[ServedLine] = []

    def learn(self, columns: tuple[TableColumn, ...]) -> None:
        """Print what follows under these columns; a server sends them once in a watch."""
        if not columns or columns == self._columns:
            return
        self._columns = columns
        labels = [key.rpartition("/")[2].upper() for key in self._query.label_columns]
        titles = [
            *(["NAMESPACE"] if self._namespace else []),
            *(column.title for _, column in self._shown()),
            *map(clean, labels),
            *(["LABELS"] if self._query.show_labels else []),
        ]
        self._table.begin(titles if self._query.headers else ())

    def add(self, line: ServedLine) -> None:
        self._lines.append(line)

    def lines(self, *, prefixed: bool) -> list[str]:
        """Return the lines since the last call; names may have their kind before them."""
        lines, self._lines = self._lines, []
        if self._query.sort_by:
            order = sorted_order([line.object for line in lines], self._query.sort_by)
            lines = [lines[index] for index in order]
        kind = f"{kind_of(self.resource)}/" if prefixed else ""
        cells = [self._cells(line, kind) for line in lines]
        return list(self._table.lines(cells)) if cells else []

    def _cells(self, line: ServedLine, kind: str) -> list[str]:
        named = next((at for at, column in self._shown() if _is_name(column)), -1)
        return [
            *([clean(str(line.metadata.get("namespace", "")))] if self._namespace else []),
            *((kind if at == named else "") + _text(line.cells, at) for at, _ in self._shown()),
            *label_cells(self._query, line.metadata),
        ]

    def _shown(self) -> list[tuple[int, TableColumn]]:
        """Return the columns that are printed, with their index in a row."""
        wide = self._query.output.format == "wide"
        return [(at, each) for at, each in enumerate(self._columns) if wide or not each.priority]


class ServedTablePrinter(Printer):
    """A printer that keeps all rows, because the last one can widen a column."""

    def __init__(self, query: Query, out: TextIO, clock: Clock) -> None:
        super().__init__(query, out)
        self._clock = clock
        self._tables: list[ServedTable] = []

    @property
    def accept(self) -> str:
        return accepted(secret=self._resource.secret)

    @property
    def query(self) -> dict[str, str]:
        whole = self._query.sort_by and not self._resource.secret
        return {"includeObject": "Object"} if whole else {}

    @property
    def expected(self) -> KindCheck:
        return KindCheck(self._resource.object_kind, also="Table")

    def page(self, body: bytes) -> Listed[Raw]:
        with readable(f"a list of {self._resource.name}"):
            self.expected.page(body)
            answer = parse(body, _Answer)
            added = self._add(answer, body)
        return Listed(answer.metadata, [Raw(b"{}")] * added)

    def single(self, body: bytes) -> None:
        with readable(f"a {self._resource.object_kind}"):
            self._add(parse(body, _Answer), body)

    def item(self, item: Raw | bytes) -> None:
        self._add(parse(bytes(item), _Answer), bytes(item))

    def end(self) -> None:
        prefixed = len({table.resource.kind for table in self._tables}) > 1
        texts = [table.lines(prefixed=prefixed) for table in self._tables]
        gap = "\n" if self._query.headers else ""
        self._out.write(gap.join("".join(lines) for lines in texts if lines))

    def _add(self, answer: _Answer, body: bytes) -> int:
        """Add the rows of a table, or of plain objects; return how many there were."""
        table = self._current()
        if answer.kind == "Table":
            columns = answer.column_definitions or []
            table.learn(table_columns(columns).columns)
            lines = [_line(row) for row in answer.rows or ()]
        else:
            plain = answer.items if answer.kind.endswith("List") else [parse(body, dict[str, Any])]
            table.learn(PLAIN_COLUMNS.columns)
            lines = [self._plain(item) for item in plain or ()]
        for line in lines:
            table.add(line)
        self.count += len(lines)
        return len(lines)

    def _plain(self, item: Any) -> ServedLine:
        line = ServedLine([], item if isinstance(item, dict) else {})
        created = parse_time(str(line.metadata.get("creationTimestamp") or ""))
        line.cells = [line.metadata.get("name", ""), age(self._clock(), created)]
        return line

    def _current(self) -> ServedTable:
        """Return the table of the resource, which goes on if it is that of the last object."""
        if not self._tables or self._tables[-1].resource is not self._resource:
            kinds = [table.resource for table in self._tables] + [self._resource]
            namespace = self._query.all_namespaces and any(kind.namespaced for kind in kinds)
            self._tables.append(ServedTable(self._query, self._resource, namespace=namespace))
        return self._tables[-1]


def _line(row: Any) -> ServedLine:
    if not isinstance(row, dict):
        raise msgspec.ValidationError("a row of the table isn't an object")
    cells, item = row.get("cells"), row.get("object")
    return ServedLine(
        cells if isinstance(cells, list) else [], item if isinstance(item, dict) else {}
    )


def _text(cells: Sequence[Any], at: int) -> Clean:
    value = cells[at] if at < len(cells) else None
    if value is None:
        return clean("")
    return clean(first_line(value) if isinstance(value, str) else go_text(value))


def _is_name(column: TableColumn) -> bool:
    return column.format == "name" and column.type == "string"
