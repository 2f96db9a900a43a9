"""The cells of rows to write: those that differ, and the same in the order of their pens."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from eksview.ui.terminal.cells import Row
from eksview.ui.terminal.pen import Pen, blank_from, change

Run: TypeAlias = tuple[int, int]
"""The columns of cells, as start and end."""


class Line(NamedTuple):
    """The runs to write of the row at `y`, blanked before from a column on or not."""

    y: int
    row: Row
    runs: list[Run]
    blanked: tuple[int, str] | None = None
    """The column and the background."""


def differences(old: Row, new: Row) -> Iterator[Run]:
    """Yield the runs of cells to write, as starts and ends, with wide characters whole."""
    start = stop = 0
    for x, (before, after) in enumerate(zip(old, new, strict=True)):
        if after is None or before == after:
            continue
        begin = x - 1 if x and not after[0] else x
        if begin > stop:
            if start < stop:
                yield start, stop
            start = begin
        elif start == stop:
            start = begin
        stop = x + 1
        if stop < len(new) and (tail := new[stop]) is not None and not tail[0]:
            stop += 1
    if start < stop:
        yield start, stop


def by_pen(lines: Iterable[Line], now: Pen | None) -> list[Line]:
    """Return the cells of lines as lines of one pen, all those of a pen one after the other.

    From the pen `now` on, the next one is always that with the shortest way to it.
    """
    groups: dict[Pen, dict[int, Line]] = {}
    for line in lines:
        for start, stop in line.runs:
            for pen, piece in _pieces(line.row, start, stop):
                of_pen = groups.setdefault(pen, {})
                of_pen.setdefault(line.y, Line(line.y, line.row, [])).runs.append(piece)
    ordered: list[Line] = []
    while groups:
        now = min(groups, key=lambda pen: len(change(now, pen)))
        ordered += groups.pop(now).values()
    return ordered


def _pieces(row: Row, start: int, stop: int) -> Iterator[tuple[Pen, Run]]:
    """Yield a run's pieces of one pen, blanks with the text before them or else behind them."""
    pen: Pen | None = None
    blank = True  # so far
    for x in range(start, stop):
        cell = row[x]
        if cell is None or not cell[0]:
            continue  # the second half of a wide character
        text, own = cell
        if pen is None or (blank and blank_from(own, pen) == own):
            pen = own
        elif own != pen and (text != " " or blank_from(pen, own) != pen):
            yield pen, (start, x)
            start, pen, blank = x, own, True
        blank = blank and text == " "
    if pen is not None:
        yield pen, (start, stop)
