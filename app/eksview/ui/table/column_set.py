"""The columns of a table: those in use, their widths and positions."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from eksview.domain.base.text import cells
from eksview.domain.tables.column import Column
from eksview.ui.table.column_layout import Flexible, Layout, Widths, narrow, wide

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")


class ColumnSet(Generic[RowT, ContextT]):
    """The columns in use and their `layout`, which is replaced when a column moves.

    `least`, `frozen`, `scrolled`, `tight` and `shared` are as in `TableSpec`. The wide layout
    learns widths of its own, as it shows more of some cells.
    """

    def __init__(
        self,
        columns: Sequence[Column[RowT, ContextT]],
        least: Mapping[str, int],
        frozen: int,
        hide: Iterable[str] = (),
        scrolled: Sequence[Column[RowT, ContextT]] = (),
        tight: Mapping[str, int] = MappingProxyType({}),
        shared: frozenset[str] = frozenset(),
    ) -> None:
        self._scrolled = {column.id: column for column in scrolled}
        self._all = columns
        self._flexible = Flexible(least, tight, shared)
        self._last_frozen = columns[frozen - 1].id
        self._room = 0
        self._skip = 0
        self._kept = ""
        self.wide = False
        self.layout = Layout()
        self.choose(hide)

    def of(
        self,
        columns: Sequence[Column[RowT, ContextT]],
        least: Mapping[str, int],
        frozen: int,
        tight: Mapping[str, int],
        shared: frozenset[str],
    ) -> "ColumnSet[RowT, ContextT]":
        """Return other columns in the same room and layout, of which the same ids are hidden."""
        other = ColumnSet(columns, least, frozen, self._hidden, tight=tight, shared=shared)
        other.wide = self.wide
        other.relearn()
        other.arrange(self._room)
        return other

    def keep(self, column: str) -> None:
        """Keep the column by which the rows are sorted in view; an empty id keeps none."""
        self._kept = column
        self.arrange()

    def choose(self, hide: Iterable[str]) -> None:
        """Use all columns except the hidden ones, for other rows."""
        self._hidden = frozenset(hide)
        self._columns = [column for column in self._all if column.id not in self._hidden]
        self._skip = 0
        self.relearn()

    def relearn(self) -> None:
        """Forget the widths: the columns have other texts."""
        self._narrow_widths = Widths(self._columns)
        self._widths = self._narrow_widths.copy() if self.wide else self._narrow_widths
        self.arrange(self._room)

    def column(self, wanted: str) -> Column[RowT, ContextT] | None:
        """Return the column in use of an id, or None."""
        return next((column for column in self._columns if column.id == wanted), None)

    def at(self, x: int) -> Column[Any, Any] | None:
        """Return the column at a cell, or None."""
        return next((each.column for each in self.layout.placed if each.x <= x < each.end), None)

    def sample(self, rows: Iterable[RowT], context: ContextT) -> None:
        """Learn widths from rows that may not be on the screen."""
        for row in rows:
            for column in self._columns:
                self._widths.learn(column, cells(column.cell(row, context)))
        self.arrange(self._room)

    def learn(self, texts: Iterable[str]) -> bool:
        """Learn widths from the texts of a line; return whether a column grew."""
        learn = self._widths.learn
        pairs = zip(self.layout.placed, texts, strict=True)
        grown = [learn(placed.column, cells(text)) for placed, text in pairs]
        return any(grown)

    def arrange(self, room: int | None = None) -> None:
        """Lay the columns out again in a number of cells."""
        self._room = self._room if room is None else room
        if self.wide:
            ids = [column.id for column in self._columns]
            frozen = ids.index(self._last_frozen) + 1 if self._last_frozen in ids else 0
            layout = wide(self._scrolled_columns(), self._widths, self._room, frozen, self._skip)
            self._skip = layout.before
        else:
            layout = narrow(self._columns, self._widths, self._flexible, self._room, self._kept)
        if layout != self.layout:
            self.layout = layout

    def _scrolled_columns(self) -> list[Column[RowT, ContextT]]:
        if not self._skip:
            return self._columns
        return [self._scrolled.get(column.id, column) for column in self._columns]

    @property
    def complete(self) -> bool:
        """True if all columns fit at their full width, so that `toggle` changes nothing."""
        if self.wide or self.layout.hidden:
            return False
        return wide(self._columns, self._widths, self._room, 0, 0).placed == self.layout.placed

    def toggle(self) -> None:
        """Switch between all columns at full width and as many as fit."""
        self.wide = not self.wide
        self._widths = self._widths.copy() if self.wide else self._narrow_widths
        self._skip = 0
        self.arrange()

    def sideways(self, by: int) -> None:
        """Scroll over the columns; scrolling left of the first one ends the wide layout."""
        if not self.wide:
            if by > 0 and self.layout.hidden:
                self.toggle()
            return
        if by > 0 and not self.layout.hidden:
            return
        if self._skip + by < 0:
            self.toggle()
            return
        self._skip += by
        self.arrange()
