"""Which columns of a table are shown, and how wide. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from eksview.domain.column import Column

AnyColumn: TypeAlias = Column[Any, Any]

GAP = 2
ROOMY = 3
ROOMY_FROM = 150  # cells
WIDEST = 64
NARROWEST = 8


class Placed(Struct, frozen=True):
    """A column on the screen; `x` counts from where the columns begin."""

    column: AnyColumn
    x: int
    width: int

    @property
    def end(self) -> int:
        return self.x + self.width


class Layout(Struct, frozen=True):
    """The columns shown, left to right, and how many aren't to the left and to the right."""

    placed: tuple[Placed, ...] = ()
    before: int = 0
    hidden: int = 0


class Widths:
    """What each column needs, learned from the rows seen: it only grows, so that nothing jumps."""

    def __init__(self, columns: Sequence[AnyColumn]) -> None:
        self._columns = columns
        self._seen: dict[str, int] = {}
        self.forget()

    def forget(self) -> None:
        """Other rows follow."""
        self._seen = {column.id: len(column.title) for column in self._columns}

    def learn(self, column: AnyColumn, width: int) -> bool:
        """Whether this cell is wider than any before."""
        if width <= self._seen[column.id] or self._seen[column.id] >= WIDEST:
            return False
        self._seen[column.id] = min(width, WIDEST)
        return True

    def __getitem__(self, column: AnyColumn) -> int:
        return self._seen[column.id]


def narrow(
    columns: Sequence[AnyColumn], widths: Widths, least: Mapping[str, int], room: int
) -> Layout:
    """As many columns as fit: the highest tiers go first, the last of a tier before the others.

    `least` says how far a flexible column may shrink; what room is left goes back to them.
    """
    gap = _gap(room)
    wanted = [_comfort(column, widths, least, room) for column in columns]
    chosen = list(range(len(columns)))
    while _total([wanted[at] for at in chosen], gap) > room:
        tier = max(columns[at].tier for at in chosen)
        if tier == 0:
            break
        chosen.remove(max(at for at in chosen if columns[at].tier == tier))
    shown = [columns[at] for at in chosen]
    spare = room - _total([wanted[at] for at in chosen], gap)
    sizes = _spread(shown, [wanted[at] for at in chosen], widths, least, spare)
    return Layout(_place(shown, sizes, gap), 0, len(columns) - len(shown))


def wide(columns: Sequence[AnyColumn], widths: Widths, room: int, frozen: int, skip: int) -> Layout:
    """Every column at full width; the first `frozen` stay while `skip` others have gone left."""
    gap = _gap(room)
    rest = columns[frozen:]
    skip = min(skip, max(0, len(rest) - 1))
    kept = [*columns[:frozen], *rest[skip:]]
    placed = _place(kept, [widths[column] for column in kept], gap)
    visible = tuple(each for each in placed if each.x < room)
    cut = sum(1 for each in placed if each.end > room)
    return Layout(visible, skip, cut)


def _gap(room: int) -> int:
    return ROOMY if room >= ROOMY_FROM else GAP


def _comfort(column: AnyColumn, widths: Widths, least: Mapping[str, int], room: int) -> int:
    """What a column asks for before others are dropped for it: names get up to a third."""
    full = widths[column]
    floor = least.get(column.id)
    if floor is None:
        return full
    return min(full, max(floor, room // 3) if column.tier == 0 else floor)


def _spread(
    columns: Sequence[AnyColumn],
    sizes: list[int],
    widths: Widths,
    least: Mapping[str, int],
    spare: int,
) -> list[int]:
    """Give spare room to the flexible columns, the first ones first, or take what is missing."""
    for at, column in enumerate(columns):
        if column.id not in least:
            continue
        low = min(NARROWEST, sizes[at])
        change = max(low - sizes[at], min(spare, widths[column] - sizes[at]))
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
