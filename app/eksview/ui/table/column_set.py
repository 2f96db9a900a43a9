"""A table's columns as they stand: which are in use, how wide they are, where each begins."""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from eksview.domain.base.text import cells
from eksview.domain.tables.column import Column
from eksview.ui.table.column_layout import Layout, Widths, narrow, wide

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")


class ColumnSet(Generic[RowT, ContextT]):
    """Lays columns out in the room there is; `layout` is replaced whenever anything moves.

    `least`, `frozen` and `scrolled` are as in `TableKind`.
    """

    def __init__(
        self,
        columns: Sequence[Column[RowT, ContextT]],
        least: dict[str, int],
        frozen: int,
        hide: Iterable[str] = (),
        scrolled: Sequence[Column[RowT, ContextT]] = (),
    ) -> None:
        self._scrolled = {column.id: column for column in scrolled}
        self._all = columns
        self._least = least
        self._last_frozen = columns[frozen - 1].id
        self._room = 0
        self._skip = 0
        self.wide = False
        self.layout = Layout()
        self.choose(hide)

    def choose(self, hide: Iterable[str]) -> None:
        """Use all columns but some, for other rows than before."""
        hidden = set(hide)
        self._columns = [column for column in self._all if column.id not in hidden]
        self._widths = Widths(self._columns)
        self._skip = 0
        self.arrange(self._room)

    def column(self, wanted: str) -> Column[RowT, ContextT] | None:
        """A column in use, by its id."""
        return next((each for each in self._columns if each.id == wanted), None)

    def at(self, x: int) -> Column[Any, Any] | None:
        """The column at a cell."""
        found = (each for each in self.layout.placed if each.x <= x < each.end)
        return next((each.column for each in found), None)

    def sample(self, rows: Iterable[RowT], context: ContextT) -> None:
        """Learn widths from rows that may not be on the screen."""
        for row in rows:
            for column in self._columns:
                self._widths.learn(column, cells(column.cell(row, context)))
        self.arrange(self._room)

    def learn(self, texts: Iterable[str]) -> bool:
        """Learn widths from the texts of one line of the present layout; True when one grew."""
        learn = self._widths.learn
        pairs = zip(self.layout.placed, texts, strict=True)
        grown = [learn(placed.column, cells(text)) for placed, text in pairs]
        return any(grown)

    def arrange(self, room: int | None = None) -> None:
        """Lay out again, in so many cells."""
        self._room = self._room if room is None else room
        if self.wide:
            ids = [column.id for column in self._columns]
            frozen = ids.index(self._last_frozen) + 1 if self._last_frozen in ids else 0
            layout = wide(self._standing(), self._widths, self._room, frozen, self._skip)
            self._skip = layout.before
        else:
            layout = narrow(self._columns, self._widths, self._least, self._room)
        if layout != self.layout:
            self.layout = layout

    def _standing(self) -> list[Column[RowT, ContextT]]:
        if not self._skip:
            return self._columns
        return [self._scrolled.get(column.id, column) for column in self._columns]

    def toggle(self) -> None:
        """All columns at full width, or as many as fit."""
        self.wide = not self.wide
        self._skip = 0
        self.arrange()

    def sideways(self, by: int) -> None:
        """Move over the columns; those that don't fit come in, and beyond the first they go."""
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
