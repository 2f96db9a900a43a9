"""The layout of the workers: by group, zone and name, with as much detail as there is room."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import groupby

from msgspec import Struct

from eksview.domain.base.natural_key import natural_key
from eksview.domain.kube.node_labels import NodeGroup, short_zone
from eksview.ui.workers.worker import Worker

_ORDER = (
    "nodegroup", "nodepool", "auto", "hyperpod", "provider", "fargate", "hybrid", "anywhere",
    "none",
)  # fmt: skip


class Block(Struct, frozen=True):
    """A group with its nodes by zone, both sorted."""

    group: NodeGroup
    zones: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def names(self) -> Iterator[str]:
        return (name for _, names in self.zones for name in names)

    @property
    def size(self) -> int:
        return sum(len(names) for _, names in self.zones)


def blocks(workers: Mapping[str, Worker]) -> tuple[Block, ...]:
    """Group the nodes: nodegroups first, then nodepools, Fargate, and nodes without a group."""
    names: dict[NodeGroup, list[str]] = {}
    for name, worker in workers.items():
        names.setdefault(worker.group, []).append(name)
    ordered = sorted(names, key=lambda group: (_ORDER.index(group.kind), natural_key(group.name)))
    return tuple(Block(group, _by_zone(names[group], workers)) for group in ordered)


def _by_zone(
    names: Iterable[str], workers: Mapping[str, Worker]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    ordered = sorted(names, key=lambda name: (workers[name].zone, workers[name].order))
    zones = groupby(ordered, key=lambda name: workers[name].zone)
    return tuple((zone, tuple(members)) for zone, members in zones)


class Zoom(IntEnum):
    """Level of detail of a node, from the least to the most."""

    DOTS = 0  # one cell
    CELLS = 1  # a few cells, with a gap
    CHIPS = 2  # one line
    CARDS = 3


class Form(Struct, frozen=True):
    """Size of one node at a zoom, in cells; it grows up to `most` to fill the line."""

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
"""The zooms that draw a node as a cell and begin a line for each zone."""


class GroupHeading(Struct, frozen=True):
    """Name of a group above its first node, as wide as its nodes."""

    block: int
    column: int
    span: int  # nodes


class LayoutLine(Struct, frozen=True):
    """One line: headings, or a part of some nodes, or nothing; `label` is a map's new zone."""

    headings: tuple[GroupHeading, ...] = ()
    names: tuple[str, ...] = ()
    part: int = 0
    label: str = ""


class CellPosition(Struct, frozen=True, gc=False):
    """Position of a node: its first line, and its index in that line."""

    line: int
    column: int


class WorkersPlan(Struct, frozen=True):
    """All lines from top to bottom, and the position of each node, in the same order.

    A node is `width` cells wide; every line of a map begins with a `gutter` for its zone.
    """

    zoom: Zoom
    width: int = 0
    gutter: int = 0
    lines: tuple[LayoutLine, ...] = ()
    places: Mapping[str, CellPosition] = {}

    @property
    def form(self) -> Form:
        return FORMS[self.zoom]


EMPTY = WorkersPlan(Zoom.CARDS)


def per_line(form: Form, width: int) -> int:
    return max(1, (width + form.gap) // (form.least + form.gap))


def arrange(groups: Sequence[Block], width: int, zoom: Zoom, height: int = 0) -> WorkersPlan:
    """Arrange groups in `width` cells: one below the next, small ones side by side.

    Where everything fits into `height` lines, an empty line separates the groups.
    """
    form, gutter = FORMS[zoom], _gutter(groups) if zoom in MAPS else 0
    count = _fewest(groups, width - gutter, zoom, height)
    bands = _bands(groups, count, zoom)
    beside = min(count, max((_widest(band, groups, gutter > 0) for band in bands), default=1))
    node_width = min(form.most, max(1, (width - gutter - form.gap * (beside - 1)) // beside))
    spaced = _tall(groups, count, zoom) + len(bands) - 1 <= height
    lines: list[LayoutLine] = []
    places: dict[str, CellPosition] = {}
    for band in bands:
        if spaced and lines:
            lines.append(LayoutLine())
        lines.append(LayoutLine(_headings(band, groups, beside)))
        for label, names in _rows(band, groups, count, gutter > 0):
            places.update({name: CellPosition(len(lines), at) for at, name in enumerate(names)})
            lines.extend(LayoutLine((), names, part, label) for part in range(form.height))
    return WorkersPlan(zoom, min(node_width, width), gutter, tuple(lines), places)


def _bands(groups: Sequence[Block], count: int, zoom: Zoom) -> list[list[int]]:
    """Return the groups that share a heading line: those whose nodes all fit beside each other.

    A map has separate lines for each group, because it has them for each zone.
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
    column, headings = 0, []
    for index in band:
        size = groups[index].size
        span = beside - column if index == band[-1] else size
        headings.append(GroupHeading(index, column, span))
        column += size
    return tuple(headings)


def _rows(
    band: list[int], groups: Sequence[Block], count: int, by_zone: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the nodes of each line, with the zone that begins there."""
    if by_zone:
        runs = [(short_zone(zone), names) for at in band for zone, names in groups[at].zones]
    else:
        runs = [("", tuple(name for at in band for name in groups[at].names))]
    for zone, names in runs:
        for start in range(0, len(names), count):
            yield "" if start else zone, names[start : start + count]


def _gutter(groups: Iterable[Block]) -> int:
    """Return the width of the longest zone name and a gap, or zero without zones."""
    longest = max((len(short_zone(zone)) for block in groups for zone, _ in block.zones), default=0)
    return min(longest, 9) + 1 if longest else 0


def richest(groups: Sequence[Block], width: int, height: int, current: Zoom | None = None) -> Zoom:
    """Return the most detailed zoom that shows all nodes at once; dots when none does.

    The current zoom may exceed the window by a row, so that a node more or less, as in a rolling
    update, doesn't change the picture twice.
    """
    for zoom in sorted(Zoom, reverse=True):
        slack = FORMS[zoom].height if zoom is current else 0
        if tall(groups, width, zoom) <= height + slack:
            return zoom
    return Zoom.DOTS


def tall(groups: Sequence[Block], width: int, zoom: Zoom) -> int:
    """Return how many lines `arrange` needs."""
    gutter = _gutter(groups) if zoom in MAPS else 0
    return _tall(groups, per_line(FORMS[zoom], width - gutter), zoom)


def _tall(groups: Sequence[Block], count: int, zoom: Zoom) -> int:
    height, by_zone = FORMS[zoom].height, zoom in MAPS
    bands = _bands(groups, count, zoom)
    return sum(1 + height * _rows_of(groups[band[0]], count, by_zone) for band in bands)


def _fewest(groups: Sequence[Block], width: int, zoom: Zoom, height: int) -> int:
    """Return the fewest nodes per line that still fit: wider ones are easier to read."""
    form = FORMS[zoom]
    most = per_line(form, width)
    least = min(most, max(1, -(-(width + form.gap) // (form.most + form.gap))))
    fitting = (n for n in range(least, most) if _tall(groups, n, zoom) <= height)
    return next(fitting, most)


def _widest(band: list[int], groups: Sequence[Block], by_zone: bool) -> int:
    """Return the most nodes that a line could have."""
    if by_zone:
        return max(len(names) for at in band for _, names in groups[at].zones)
    return sum(groups[at].size for at in band)


def _rows_of(block: Block, count: int, by_zone: bool) -> int:
    if not by_zone:
        return -(-block.size // count)
    return sum(-(-len(names) // count) for _, names in block.zones)


def step(plan: WorkersPlan, name: str, dx: int, dy: int) -> str:
    """Return the node to the left, right, above or below, or the same node at the edge."""
    place = plan.places.get(name)
    if place is None:
        return next(iter(plan.places), name)
    if dx:
        return _beside(plan, place, dx) or name
    at = place.line + (plan.form.height if dy > 0 else -1)
    while 0 <= at < len(plan.lines):
        if names := plan.lines[at].names:
            return names[min(place.column, len(names) - 1)]
        at += 1 if dy > 0 else -1
    return name


def _beside(plan: WorkersPlan, place: CellPosition, dx: int) -> str:
    """Return the next node in the line, or the nearest one of the next line."""
    names, column = plan.lines[place.line].names, place.column + dx
    if 0 <= column < len(names):
        return names[column]
    ahead = plan.lines[place.line + plan.form.height :] if dx > 0 else plan.lines[: place.line]
    named = (line.names for line in (ahead if dx > 0 else reversed(ahead)) if line.names)
    names = next(named, ())
    return names[0 if dx > 0 else -1] if names else ""


def at_cell(plan: WorkersPlan, line: int, x: int) -> str:
    """Return the node drawn at a cell of a line; empty for none."""
    if not 0 <= line < len(plan.lines) or x < plan.gutter:
        return ""
    names, pitch = plan.lines[line].names, plan.width + plan.form.gap
    column, offset = divmod(x - plan.gutter, pitch)
    return names[column] if column < len(names) and offset < plan.width else ""
