"""The cells of the visible rows, which are kept until their row changes or ages are due."""

from collections.abc import Callable, Collection
from typing import Generic, NamedTuple, TypeVar

from eksview.ui.table.column_layout import Layout
from eksview.ui.table.row_pace import TextPace
from eksview.ui.text.words import Tone

RowT = TypeVar("RowT")

FEW = 4
"""Ages that may change each second: a screen of young rows would write 200 bytes a second."""


class RowCells(NamedTuple):
    """The texts of a row's columns, and their tones."""

    texts: tuple[str, ...]
    tones: tuple[Tone, ...]


class CellCache(Generic[RowT]):
    """The cells of the rows composed last.

    Unless cells depend on a row and the time alone, which is `pure`, they are kept for the rest of
    a second only: what they show beside their row is told by `outdated`.
    """

    def __init__(self, *, pure: bool) -> None:
        self._pure = pure
        self._pace = TextPace(FEW)
        self._layout: Layout | None = None
        self._composed = -1.0  # the second
        self._kept: dict[str, tuple[RowT, RowCells]] = {}

    def forget(self) -> None:
        """Compose all cells again: what they show beside their row has changed."""
        self._kept = {}

    def outdated(self, keys: Collection[str] | None) -> None:
        """Compose the cells of some rows again; None stands for rows that tell of all changes."""
        if keys is not None:
            for key in keys:
                self._kept.pop(key, None)
        elif not self._pure:
            self.forget()

    def compose(
        self,
        rows: list[tuple[str, RowT]],
        layout: Layout,
        now: float,
        cells: Callable[[RowT], RowCells],
    ) -> list[RowCells]:
        """Return the cells of rows; those of a row that hasn't changed may be older."""
        kept = layout is self._layout and (self._pure or now == self._composed)
        before = self._kept if kept else {}
        due = self._pure and self._pace.due(now)
        composed, aged = dict[str, tuple[RowT, RowCells]](), 0
        for key, row in rows:
            old = before.get(key)
            if old is None or old[0] is not row:
                composed[key] = row, cells(row)
            elif due:
                composed[key] = row, cells(row)
                aged += composed[key] != old
            else:
                composed[key] = old
        if due:
            self._pace.changed(now, aged)
        self._layout, self._kept, self._composed = layout, composed, now
        return [composed[key][1] for key, _ in rows]
