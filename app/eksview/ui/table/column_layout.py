"""The visible columns of a table and their widths; pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from eksview.domain.tables.column import Column

AnyColumn: TypeAlias = Column[Any, Any]

GAP = 2
ROOMY = 3
ROOMY_FROM = 150  # cells
WIDEST = 64
NARROWEST = 8
SPARE = 3  # the tier from which on there must be room for everything else


class Placed(Struct, frozen=True):
    """A visible column; `x` counts from the start of the columns."""

    column: AnyColumn
    x: int
    width: int

    @property
    def end(self) -> int:
        return self.x + self.width


class Layout(Struct, frozen=True):
    """The visible columns, and how many are hidden before them and in all."""

    placed: tuple[Placed, ...] = ()
    before: int = 0
    hidden: int = 0


class Widths:
    """The widths of columns, learned from rows; they only grow, so that columns don't jump."""

    def __init__(self, columns: Sequence[AnyColumn]) -> None:
        self._seen = {column.id: len(column.title) for column in columns}

    def learn(self, column: AnyColumn, width: int) -> bool:
        """Take a cell's width; return whether it is wider than all before."""
        if width <= self._seen[column.id] or self._seen[column.id] >= WIDEST:
            return False
        self._seen[column.id] = min(width, WIDEST)
        return True

    def __getitem__(self, column: AnyColumn) -> int:
        return self._seen[column.id]


def narrow(
    columns: Sequence[AnyColumn], widths: Widths, least: Mapping[str, int], room: int
) -> Layout:
    """Return as many columns as fit: the highest tiers are dropped first, from the right.

    Flexible columns shrink to `least` to make room for others, but not for a spare tier. The room
    that is left goes to them in the order of `least`.
    """
    gap = _gap(room)
    chosen = list(columns)
    sizes = _sizes(chosen, widths, least)
    while (spare := room - _total(sizes, gap)) < 0 and (tier := _highest(chosen)) > 0:
        chosen.remove([column for column in chosen if column.tier == tier][-1])
        sizes = _sizes(chosen, widths, least)
    sizes = _spread(chosen, sizes, widths, least, spare)
    return Layout(_place(chosen, sizes, gap), 0, len(columns) - len(chosen))


def wide(columns: Sequence[AnyColumn], widths: Widths, room: int, frozen: int, skip: int) -> Layout:
    """Return all columns at full width; the first `frozen` stay, the next `skip` are left out."""
    gap = _gap(room)
    rest = columns[frozen:]
    skip = min(skip, max(0, len(rest) - 1))
    kept = [*columns[:frozen], *rest[skip:]]
    placed = _place(kept, [widths[column] for column in kept], gap)
    visible = tuple(column for column in placed if column.x < room)
    cut = sum(1 for column in placed if column.end > room)
    return Layout(visible, skip, cut)


def _gap(room: int) -> int:
    return ROOMY if room >= ROOMY_FROM else GAP


def _highest(columns: Sequence[AnyColumn]) -> int:
    return max((column.tier for column in columns), default=0)


def _sizes(columns: Sequence[AnyColumn], widths: Widths, least: Mapping[str, int]) -> list[int]:
    others_whole = _highest(columns) >= SPARE
    return [
        widths[column]
        if column.tier < SPARE and others_whole
        else min(widths[column], least.get(column.id, WIDEST))
        for column in columns
    ]


def _spread(
    columns: Sequence[AnyColumn],
    sizes: list[int],
    widths: Widths,
    least: Mapping[str, int],
    spare: int,
) -> list[int]:
    """Give the spare room to the flexible columns, or take the missing room from them."""
    ids = [column.id for column in columns]
    for at in (ids.index(name) for name in least if name in ids):
        low = min(NARROWEST, sizes[at])
        change = max(low - sizes[at], min(spare, widths[columns[at]] - sizes[at]))
        sizes[at] += change
        spare -= change
    return sizes


def _total(sizes: Sequence[int], gap: int) -> int:
    return sum(sizes) + gap * max(0, len(sizes) - 1)


def _place(columns: Sequence[AnyColumn], sizes: Sequence[int], gap: int) -> tuple[Placed, ...]:
    placed: list[Placed] = []
    x = 0
    for column, width in zip(columns, sizes, strict=True):
        placed.append(Placed(column, x, width))
        x += width + gap
    return tuple(placed)
