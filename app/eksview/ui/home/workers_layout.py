"""Where each worker stands: by group, zone and name, in the richest form there is room for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum

from msgspec import Struct

from eksview.domain.kube.node_labels import short_zone
from eksview.ui.home.blocks import Block


class Zoom(IntEnum):
    """How much of a node is shown, from the least to the most."""

    DOTS = 0  # one cell
    CELLS = 1  # a few, and one between
    CHIPS = 2  # one line
    CARDS = 3


class Form(Struct, frozen=True):
    """The size of one node in a zoom, in cells: it grows to `most` to fill the line."""

    least: int
    most: int
    height: int
    gap: int  # empty cells to its right


FORMS = {
    Zoom.CARDS: Form(28, 64, 6, 1),
    Zoom.CHIPS: Form(37, 60, 1, 2),
    Zoom.CELLS: Form(1, 5, 1, 1),
    Zoom.DOTS: Form(1, 1, 1, 0),
}
MAPS = (Zoom.DOTS, Zoom.CELLS)
"""The zooms in which a node is a cell, and each zone begins a line of its own."""


class GroupHeading(Struct, frozen=True):
    """Where a group is named: over its first node, and as wide as its nodes."""

    block: int
    column: int
    span: int  # nodes


class LayoutLine(Struct, frozen=True):
    """One line of the workers: headings, or a part of some nodes side by side, or nothing.

    `label` is the zone that begins here, in a map only.
    """

    headings: tuple[GroupHeading, ...] = ()
    names: tuple[str, ...] = ()
    part: int = 0
    label: str = ""


class CellPosition(Struct, frozen=True, gc=False):
    """Where a node stands: its first line, and its number within that line."""

    line: int
    column: int


class WorkersPlan(Struct, frozen=True):
    """All lines from top to bottom, and each node's place among them, in the same order.

    A node is `width` cells wide; every line of a map begins with a `gutter` for its zone.
    """

    zoom: Zoom
    width: int = 0
    gutter: int = 0
    lines: tuple[LayoutLine, ...] = ()
    places: Mapping[str, CellPosition] = {}

    @property
    def form(self) -> Form:
        """The sizes of its zoom."""
        return FORMS[self.zoom]


EMPTY = WorkersPlan(Zoom.CARDS)


def per_line(form: Form, width: int) -> int:
    """How many nodes stand side by side."""
    return max(1, (width + form.gap) // (form.least + form.gap))


def arrange(groups: Sequence[Block], width: int, zoom: Zoom, height: int = 0) -> WorkersPlan:
    """Lay the groups out in `width` cells, one under another, small ones side by side.

    Where all fits into `height` lines, groups are an empty line apart.
    """
    form, gutter = FORMS[zoom], _gutter(groups) if zoom in MAPS else 0
    count = _fewest(groups, width - gutter, zoom, height)
    bands = _bands(groups, count, zoom)
    beside = min(count, max((_widest(band, groups, gutter > 0) for band in bands), default=1))
    own = min(form.most, max(1, (width - gutter - form.gap * (beside - 1)) // beside))
    apart = _tall(groups, count, zoom) + len(bands) - 1 <= height
    lines: list[LayoutLine] = []
    places: dict[str, CellPosition] = {}
    for band in bands:
        if apart and lines:
            lines.append(LayoutLine())
        lines.append(LayoutLine(_headings(band, groups, beside)))
        for label, names in _rows(band, groups, count, gutter > 0):
            places.update({name: CellPosition(len(lines), at) for at, name in enumerate(names)})
            lines.extend(LayoutLine((), names, part, label) for part in range(form.height))
    return WorkersPlan(zoom, min(own, width), gutter, tuple(lines), places)


def _bands(groups: Sequence[Block], count: int, zoom: Zoom) -> list[list[int]]:
    """The groups of each heading line: as many in a row as have all their nodes there.

    In a map every group has lines of its own, since its zones have.
    """
    bands: list[list[int]] = []
    free = 0
    for index, block in enumerate(groups):
        if zoom not in MAPS and block.size <= free:
            bands[-1].append(index)
        else:
            bands.append([index])
            free = count
        free = max(0, free - block.size)
    return bands


def _headings(band: list[int], groups: Sequence[Block], beside: int) -> tuple[GroupHeading, ...]:
    column, found = 0, []
    for index in band:
        size = groups[index].size
        span = beside - column if index == band[-1] else size
        found.append(GroupHeading(index, column, span))
        column += size
    return tuple(found)


def _rows(
    band: list[int], groups: Sequence[Block], count: int, by_zone: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The nodes of each line, and the zone that begins there."""
    if by_zone:
        runs = [(short_zone(zone), names) for at in band for zone, names in groups[at].zones]
    else:
        runs = [("", tuple(name for at in band for name in groups[at].names))]
    for zone, names in runs:
        for start in range(0, len(names), count):
            yield "" if start else zone, names[start : start + count]


def _gutter(groups: Iterable[Block]) -> int:
    """Room for the longest name of a zone, and a cell after it; none where there are no zones."""
    longest = max((len(short_zone(zone)) for each in groups for zone, _ in each.zones), default=0)
    return min(longest, 9) + 1 if longest else 0


def richest(groups: Sequence[Block], width: int, height: int, current: Zoom | None = None) -> Zoom:
    """The richest form in which every node is seen at once; dots when none is.

    The current one may grow out of the window by a row before it is given up, so that a node more
    or less, as in a rolling update, doesn't turn the picture over twice.
    """
    for zoom in sorted(Zoom, reverse=True):
        slack = FORMS[zoom].height if zoom is current else 0
        if tall(groups, width, zoom) <= height + slack:
            return zoom
    return Zoom.DOTS


def tall(groups: Sequence[Block], width: int, zoom: Zoom) -> int:
    """How many lines `arrange` would need, without arranging."""
    gutter = _gutter(groups) if zoom in MAPS else 0
    return _tall(groups, per_line(FORMS[zoom], width - gutter), zoom)


def _tall(groups: Sequence[Block], count: int, zoom: Zoom) -> int:
    height, by_zone = FORMS[zoom].height, zoom in MAPS
    bands = _bands(groups, count, zoom)
    return sum(1 + height * _rows_of(groups[band[0]], count, by_zone) for band in bands)


def _fewest(groups: Sequence[Block], width: int, zoom: Zoom, height: int) -> int:
    """How many to put side by side: as few as still fit, since wider ones are easier to read."""
    form = FORMS[zoom]
    most = per_line(form, width)
    least = min(most, max(1, -(-(width + form.gap) // (form.most + form.gap))))
    fitting = (n for n in range(least, most) if _tall(groups, n, zoom) <= height)
    return next(fitting, most)


def _widest(band: list[int], groups: Sequence[Block], by_zone: bool) -> int:
    """The most nodes that could stand side by side."""
    if by_zone:
        return max(len(names) for at in band for _, names in groups[at].zones)
    return sum(groups[at].size for at in band)


def _rows_of(block: Block, count: int, by_zone: bool) -> int:
    if not by_zone:
        return -(-block.size // count)
    return sum(-(-len(names) // count) for _, names in block.zones)


def step(plan: WorkersPlan, name: str, dx: int, dy: int) -> str:
    """The node to the left, right, above or below; the same one at the edge."""
    place = plan.places.get(name)
    if place is None:
        return next(iter(plan.places), name)
    if dx:
        return _beside(plan, place, dx) or name
    at = place.line + (plan.form.height if dy > 0 else -1)
    while 0 <= at < len(plan.lines):
        if others := plan.lines[at].names:
            return others[min(place.column, len(others) - 1)]
        at += 1 if dy > 0 else -1
    return name


def _beside(plan: WorkersPlan, place: CellPosition, dx: int) -> str:
    """The next one along the line, and from its end on the nearest one of the next line."""
    names, column = plan.lines[place.line].names, place.column + dx
    if 0 <= column < len(names):
        return names[column]
    ahead = plan.lines[place.line + plan.form.height :] if dx > 0 else plan.lines[: place.line]
    line = next((each for each in (ahead if dx > 0 else reversed(ahead)) if each.names), None)
    return line.names[0 if dx > 0 else -1] if line else ""


def at_cell(plan: WorkersPlan, line: int, x: int) -> str:
    """The node drawn at a cell of a line; empty for none."""
    if not 0 <= line < len(plan.lines) or x < plan.gutter:
        return ""
    names, pitch = plan.lines[line].names, plan.width + plan.form.gap
    column, offset = divmod(x - plan.gutter, pitch)
    return names[column] if column < len(names) and offset < plan.width else ""
