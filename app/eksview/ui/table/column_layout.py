"""The visible columns of a table and their widths; pure functions."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.tables.column import WIDE_ONLY, Column

AnyColumn: TypeAlias = Column[Any, Any]

GAP = 2
ROOMY = 3
ROOMY_FROM = 150  # cells
WIDEST = 64
LONGEST = 400
"""Cells of the last column at most, which nothing follows."""
NARROWEST = 8
SPARE = 3  # the tier from which on there must be room for everything else
NEEDED = 1  # the tier up to which columns stay while others can be narrower


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


class Flexible(Struct, frozen=True):
    """The narrowest widths of columns, by their ids.

    Columns of `least` shrink to let others in, and get spare room in this order. Those of `tight`
    shrink further, in its order, so that columns of the tiers 0 and 1 stay. Those of `shared`
    divide evenly what the others leave, so that no long text takes the room of all short ones, and
    the widest of them shrink first.
    """

    least: Mapping[str, int]
    tight: Mapping[str, int] = MappingProxyType({})
    shared: frozenset[str] = frozenset()


class Widths:
    """The widths of columns, learned from rows; they only grow, so that columns don't jump."""

    def __init__(self, columns: Sequence[AnyColumn]) -> None:
        self._seen = {column.id: len(column.title) for column in columns}

    def learn(self, column: AnyColumn, width: int) -> bool:
        """Take a cell's width; return whether it is wider than all before."""
        if width <= self._seen[column.id] or self._seen[column.id] >= LONGEST:
            return False
        self._seen[column.id] = min(width, LONGEST)
        return True

    def copy(self) -> "Widths":
        """Return widths that grow on their own."""
        twin = Widths(())
        twin._seen = dict(self._seen)
        return twin

    def whole(self, column: AnyColumn) -> int:
        """Return the cells that show all of a column's texts."""
        return self._seen[column.id]

    def __getitem__(self, column: AnyColumn) -> int:
        """Return the cells of a column that leave room for others."""
        return min(self._seen[column.id], WIDEST)


def narrow(
    columns: Sequence[AnyColumn], widths: Widths, flexible: Flexible, room: int, kept: str = ""
) -> Layout:
    """Return as many columns as fit: the highest tiers are dropped first, from the right.

    The column of the id `kept`, by which the rows are sorted, is dropped as the last of all.
    Flexible columns shrink to make room for others, but not for a spare tier. The room that is
    left goes to them in the order of `least`, and then makes them as wide as usual.
    """
    gap, least = _gap(room), flexible.least
    tiers = [_ranked(column, kept) for column in columns]
    chosen = [column for column in tiers if column.tier < WIDE_ONLY]
    sizes = _sizes(chosen, widths, least)
    while (tier := _highest(chosen)) > 0:
        spare = room - _total(sizes, gap)
        if spare + (_slack(chosen, sizes, flexible.tight) if tier <= NEEDED else 0) >= 0:
            break
        chosen.remove([column for column in chosen if column.tier == tier][-1])
        sizes = _sizes(chosen, widths, least)
    spare = room - _total(sizes, gap)
    if spare >= 0:
        sizes = _grown(chosen, sizes, widths, flexible, spare)
        sizes = _steady(chosen, sizes, least, room - _total(sizes, gap))
    else:
        sizes = _shrunk(chosen, sizes, flexible, -spare)
    declared = {column.id: column for column in columns}
    shown = [declared[column.id] for column in chosen]
    placed = _to_the_edge(_inside(_place(shown, sizes, gap), room), widths, room)
    return Layout(placed, 0, len(columns) - len(placed))


def wide(columns: Sequence[AnyColumn], widths: Widths, room: int, frozen: int, skip: int) -> Layout:
    """Return all columns at full width; the first `frozen` stay, the next `skip` are left out."""
    gap = _gap(room)
    rest = columns[frozen:]
    skip = min(skip, max(0, len(rest) - 1))
    kept = [*columns[:frozen], *rest[skip:]]
    placed = _place(kept, [widths[column] for column in kept], gap)
    cut = sum(1 for column in placed if column.end > room)
    return Layout(_to_the_edge(_inside(placed, room), widths, room), skip, cut)


def _inside(placed: Sequence[Placed], room: int) -> tuple[Placed, ...]:
    """Return the columns that end inside, and the next one as wide as there is room for it."""
    inside = [column for column in placed if column.end <= room]
    for column in placed[len(inside) : len(inside) + 1]:
        left = room - column.x
        if not inside or left >= NARROWEST:
            inside.append(Placed(column.column, column.x, max(0, left)))
    return tuple(inside)


def _to_the_edge(placed: tuple[Placed, ...], widths: Widths, room: int) -> tuple[Placed, ...]:
    """Give the last column the room behind it that its texts need."""
    if not placed:
        return ()
    *before, last = placed
    width = max(last.width, min(widths.whole(last.column), room - last.x))
    return (*before, replace(last, width=width))


def _ranked(column: AnyColumn, kept: str) -> AnyColumn:
    """Return a column, in the lowest tier if it is kept."""
    return replace(column, tier=0) if column.id == kept else column


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


def _slack(columns: Sequence[AnyColumn], sizes: Sequence[int], tight: Mapping[str, int]) -> int:
    """Return the cells that the columns of `tight` can give."""
    pairs = zip(columns, sizes, strict=True)
    return sum(max(0, size - tight.get(column.id, size)) for column, size in pairs)


def _grown(
    columns: Sequence[AnyColumn],
    sizes: Sequence[int],
    widths: Widths,
    flexible: Flexible,
    spare: int,
) -> list[int]:
    """Give the spare room to the flexible columns, in the order of `least`."""
    grown = list(sizes)
    ids = [column.id for column in columns]
    places = [ids.index(name) for name in flexible.least if name in ids]
    for at in (at for at in places if ids[at] not in flexible.shared):
        change = min(spare, widths[columns[at]] - grown[at])
        grown[at] += change
        spare -= change
    places = [at for at in places if ids[at] in flexible.shared]
    while spare > 0 and (places := [at for at in places if grown[at] < widths[columns[at]]]):
        part = max(1, spare // len(places))
        for at in places:
            change = min(part, spare, widths[columns[at]] - grown[at])
            grown[at] += change
            spare -= change
    return grown


def _steady(
    columns: Sequence[AnyColumn], sizes: Sequence[int], least: Mapping[str, int], spare: int
) -> list[int]:
    """Widen flexible columns to their usual width: a longer text that comes moves no column."""
    steady = list(sizes)
    for at, column in enumerate(columns):
        usual = min(column.width, least.get(column.id, 0))
        change = min(spare, max(0, usual - steady[at]))
        steady[at] += change
        spare -= change
    return steady


def _shrunk(
    columns: Sequence[AnyColumn], sizes: Sequence[int], flexible: Flexible, missing: int
) -> list[int]:
    """Take the missing room from the columns of `tight`, then from the last of `least` on."""
    shrunk = list(sizes)
    ids = [column.id for column in columns]
    tight = {name: low for name, low in flexible.tight.items() if name in ids}
    lows = {ids.index(name): low for name, low in tight.items() if name in flexible.shared}
    last_resort = [(name, NARROWEST) for name in reversed(list(flexible.least)) if name in ids]
    for name, low in tight.items():
        if name in flexible.shared:
            missing = _level(shrunk, lows, missing)
        else:
            missing = _take(shrunk, [(ids.index(name), low)], missing)
    _take(shrunk, [(ids.index(name), low) for name, low in last_resort], missing)
    return shrunk


def _level(sizes: list[int], lows: Mapping[int, int], missing: int) -> int:
    """Shrink the widest of these columns, again and again; return what still misses."""
    while missing > 0 and (wide_ones := [at for at, low in lows.items() if sizes[at] > low]):
        sizes[max(wide_ones, key=lambda at: (sizes[at], at))] -= 1
        missing -= 1
    return missing


def _take(sizes: list[int], lows: Sequence[tuple[int, int]], missing: int) -> int:
    """Shrink columns down to their lowest widths, one after the other; return what still misses."""
    for at, low in lows:
        change = min(missing, max(0, sizes[at] - low))
        sizes[at] -= change
        missing -= change
    return missing


def _total(sizes: Sequence[int], gap: int) -> int:
    return sum(sizes) + gap * max(0, len(sizes) - 1)


def _place(columns: Sequence[AnyColumn], sizes: Sequence[int], gap: int) -> tuple[Placed, ...]:
    placed: list[Placed] = []
    x = 0
    for column, width in zip(columns, sizes, strict=True):
        placed.append(Placed(column, x, width))
        x += width + gap
    return tuple(placed)
