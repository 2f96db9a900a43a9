"""Rows that have moved up or down together, which a terminal can move by itself."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from operator import ne

from msgspec import Struct

from eksview.ui.terminal.cells import Cell, Row, shown
from eksview.ui.terminal.pen import PLAIN

WORD = 6
"""Characters from which on a word, such as a name or an address, tells one row from others."""
VOTES = 3
"""Words that must have moved alike before the cells are compared."""
TRIED = 3
"""Distances compared at most; a scroll or a moved row is one."""
GAIN = 30
"""Bytes saved from which on the sequences are worth theirs."""
REACH = 10
"""Bytes to go to a row and to its columns."""

BLANK: Cell = (" ", PLAIN)


class RowScroll(Struct, frozen=True):
    """Rows `top` to `bottom`, both included, that move up by `by` rows; down if it is negative."""

    top: int
    bottom: int
    by: int

    def moved(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows afterwards; those that enter are blank."""
        size = self.bottom + 1 - self.top
        blank: list[Row] = [[BLANK] * len(rows[0]) for _ in range(abs(self.by))]
        block = list(rows[self.top : self.bottom + 1])
        block = [*block[self.by :], *blank] if self.by > 0 else [*blank, *block[: size + self.by]]
        return [*rows[: self.top], *block, *rows[self.bottom + 1 :]]


def find_scroll(old: Sequence[Row], new: Sequence[Row]) -> RowScroll | None:
    """Return the move that saves the most bytes; None where none is worth it.

    Unknown cells are in no row that moves.
    """
    changed = [y for y, (before, after) in enumerate(zip(old, new, strict=True)) if before != after]
    if len(changed) < VOTES:
        return None
    first, last = changed[0], changed[-1]
    best, most = None, GAIN
    for by in _distances(old, new, range(first, last + 1)):
        scroll, gain = _best(old, new, by, first, last)
        if scroll is not None and gain > most:
            best, most = scroll, gain
    return best


def _distances(old: Sequence[Row], new: Sequence[Row], within: range) -> list[int]:
    """Return the distances by which most words have moved."""
    places: dict[str, int | None] = {}
    for y in within:
        for word in set(shown(old[y]).split()):
            if len(word) >= WORD:
                places[word] = None if word in places else y
    votes = Counter[int]()
    for y in within:
        for word in shown(new[y]).split():
            place = places.get(word)
            if place is not None and place != y:
                votes[place - y] += 1
    return [by for by, count in votes.most_common(TRIED) if count >= VOTES]


def _best(
    old: Sequence[Row], new: Sequence[Row], by: int, first: int, last: int
) -> tuple[RowScroll | None, int]:
    """Return the block of rows between two that gains most by one distance, and its gain."""
    start, stop = max(first, first - by), min(last, last - by)
    # Running sums: the best block is the one between the lowest sum and the highest after it.
    sums = list(
        accumulate(
            (_cost(old[y], new[y]) - _cost(old[y + by], new[y])) for y in range(start, stop + 1)
        )
    )
    low, low_at, gain, block = 0, start, 0, range(0)
    for y, total in enumerate(sums, start):
        if total - low > gain:
            gain, block = total - low, range(low_at, y + 1)
        if total < low:
            low, low_at = total, y + 1
    if not block:
        return None, 0
    top, bottom = min(block[0], block[0] + by), max(block[-1], block[-1] + by)
    entering = range(block[-1] + 1, bottom + 1) if by > 0 else range(top, block[0])
    blank = [BLANK] * len(new[0])
    gain -= sum(_cost(blank, new[y]) - _cost(old[y], new[y]) for y in entering)
    if any(None in row for row in (*old[top : bottom + 1], *new[top : bottom + 1])):
        return None, 0
    return RowScroll(top, bottom, by), gain


def _cost(old: Sequence[Cell | None], new: Sequence[Cell | None]) -> int:
    """Return about how many bytes turn one row into another."""
    differing = 0 if old is new else sum(map(ne, old, new))
    return differing and differing + REACH
