"""The definition of a live table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Generic, TypeVar

from msgspec import Struct
from textual.binding import Binding

from eksview.domain.base.health import Health, severity
from eksview.domain.filter.label_selector import Labels
from eksview.domain.filter.parse import Columns
from eksview.domain.tables.column import ABSENT, Column
from eksview.ui.base.messages import Subject
from eksview.ui.table.column_layout import AnyColumn
from eksview.ui.table.rows.arranged_rows import Order
from eksview.ui.table.rows.sorted_keys import Rank
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.words import TONE_OF, Tone

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")


class TableSpec(Struct, Generic[RowT, ContextT], frozen=True, kw_only=True):
    """The columns and rules of one kind of row.

    - `name` orders equal rows; it never changes for a key. By default the worst `health` comes
      first, or the lowest `rank`, which may change.
    - `text`, in lower case, is what a plain filter searches.
    - `sign` is a mark and its tone instead of those of `health`.
    - `tally` is what a row counts as in the line above the table.
    - `frozen` columns from the left stay when the others are scrolled.
    - `scrolled` stand in for the columns of the same ids while others are scrolled out to the left.
    - `hosts` are columns of node names: the domain that all nodes share is shown only in wide.
    - `least` names the flexible columns, those first that get spare room first, and how narrow they
      may become to let others in; `tight`, how narrow to keep those of tier 1, in this order;
      `shared`, those that divide evenly what the others leave.
    - `falling` columns are sorted from the largest down first.
    - `tones` styles a cell by its row; other cells have the tone of `quiet` columns or plain text.
    - `pure`: sorting looks at nothing but the row, except by the columns in `outside`.
    - `table` is the name in the configuration file, which may choose among `columns`; a filter may
      name all of `known` then. `values` has what its columns show of whole objects; None where rows
      are none of the API's.
    - `opened` makes the message that Enter posts; None where a row has no screen of its own.
    """

    columns: tuple[Column[RowT, ContextT], ...]
    name: Callable[[RowT], str]
    text: Callable[[RowT], str]
    labels: Callable[[RowT], Labels]
    tally: Callable[[RowT], str]
    health: Callable[[RowT, ContextT], Health]
    tones: Mapping[str, Callable[[RowT, ContextT], Tone]]
    quiet: frozenset[str]
    least: Mapping[str, int]
    falling: frozenset[str]
    opened: Callable[[str], Subject | None]
    rank: Callable[[RowT, ContextT], Rank] | None = None
    sign: Callable[[RowT, ContextT, Glyphs], tuple[str, Tone]] | None = None
    hosts: frozenset[str] = frozenset()
    tight: Mapping[str, int] = MappingProxyType({})
    shared: frozenset[str] = frozenset()
    frozen: int = 1
    scrolled: tuple[Column[RowT, ContextT], ...] = ()
    pure: bool = False
    outside: frozenset[str] = frozenset()
    table: str = ""
    known: tuple[Column[RowT, ContextT], ...] = ()
    values: Callable[[RowT], Sequence[str]] | None = None

    @property
    def searched(self) -> Columns:
        """The columns that a filter may name."""
        return Columns((*self.columns, *self.known), self.hosts)

    def moves(self, column: AnyColumn) -> bool:
        """Return whether a column's cells change without a change of their row."""
        timed = column.measure is not None and column.measure.unit == "duration"
        return timed or not self.is_pure(column)

    def is_pure(self, column: AnyColumn) -> bool:
        """Return whether sorting by a column looks at nothing but the row."""
        return self.pure and column.id not in self.outside

    def order(self, row: RowT, context: ContextT) -> Rank:
        """Return the rank of a row in the default order."""
        if self.rank is not None:
            return self.rank(row, context)
        return severity(self.health(row, context))

    def worst_first(self, context: Callable[[], ContextT]) -> Order[RowT]:
        """Return the default order."""
        return Order(lambda row: self.order(row, context()), pure=self.pure)

    def ordered(
        self, sorted_by: str, reverse: bool, context: Callable[[], ContextT]
    ) -> Order[RowT]:
        """Return the order by a column; the default one for a column that the table hasn't."""
        column = next((c for c in (*self.columns, *self.known) if c.id == sorted_by), None)
        if column is None:
            return self.worst_first(context)
        rank = column.sort
        return Order(lambda row: rank(row, context()), reverse, self.is_pure(column))

    def tone(self, column: AnyColumn, row: RowT, context: ContextT, text: str) -> Tone:
        """Return the style of a cell."""
        if text in ABSENT:
            return "faint"
        if column.id in self.hosts:
            return "host"
        rule = self.tones.get(column.id)
        if rule is not None:
            return rule(row, context)
        return "dim" if column.id in self.quiet else "text"

    def mark(self, row: RowT, context: ContextT, glyphs: Glyphs) -> tuple[str, Tone]:
        """Return the mark at the left of a row, and its style."""
        if self.sign is not None:
            return self.sign(row, context, glyphs)
        health = self.health(row, context)
        return glyphs.mark(health), TONE_OF[health]


AGAIN = "; again reverses it, then problems come first"


def sort_bindings(columns: Iterable[AnyColumn]) -> list[Binding]:
    """Return the bindings that sort by columns: Shift and a letter.

    The help says once, at the first of them, what a further press does.
    """
    return [
        Binding(
            column.key,
            f"sort('{column.id}')",
            f"Sort by {column.title}",
            show=False,
            tooltip=f"Sort by {column.title}{'' if number else AGAIN}",
            id=f"table.sort.{column.id}",
        )
        for number, column in enumerate(columns)
    ]
