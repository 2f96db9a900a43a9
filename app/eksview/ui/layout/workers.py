"""Where each worker stands: by group, zone and name, in the richest form there is room for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import groupby

from msgspec import Struct

from eksview.domain.groups import Group, group_of, natural_key, short_zone, zone_of
from eksview.domain.rows import NodeRow


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


class Spot(Struct, frozen=True, gc=False):
    """What a node is ordered by; kept as long as its labels are the same object."""

    labels: dict[str, str]
    group: Group
    zone: str
    name: str  # in natural order


class Block(Struct, frozen=True):
    """A group and its nodes by zone; zones and names are in order."""

    group: Group
    zones: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def names(self) -> Iterator[str]:
        """All of its nodes."""
        return (name for _, names in self.zones for name in names)

    @property
    def size(self) -> int:
        """How many there are."""
        return sum(len(names) for _, names in self.zones)


class Line(Struct, frozen=True):
    """One line of the workers: a heading (`part` -1), or a part of some nodes side by side.

    `label` is the zone that begins here, in a map only. A `block` of -1 is an empty line.
    """

    block: int
    names: tuple[str, ...] = ()
    part: int = -1
    label: str = ""


class Place(Struct, frozen=True, gc=False):
    """Where a node stands: its first line, and its number within that line."""

    line: int
    column: int


class Plan(Struct, frozen=True):
    """All lines from top to bottom, and each node's place among them, in the same order.

    A node is `width` cells wide; every line of a map begins with a `gutter` for its zone.
    """

    zoom: Zoom
    width: int = 0
    gutter: int = 0
    lines: tuple[Line, ...] = ()
    places: Mapping[str, Place] = {}

    @property
    def form(self) -> Form:
        """The sizes of its zoom."""
        return FORMS[self.zoom]


EMPTY = Plan(Zoom.CARDS)

_ORDER = ("nodegroup", "nodepool", "auto", "fargate", "hybrid", "none")


def spot(node: NodeRow) -> Spot:
    """Where a node belongs."""
    labels = node.labels
    group = group_of(labels, node.provider_id)
    return Spot(labels, group, zone_of(labels), natural_key(node.name))


def blocks(spots: Mapping[str, Spot]) -> tuple[Block, ...]:
    """The nodes by group: nodegroups first, then nodepools, Fargate, and those of no group."""
    found: dict[Group, list[str]] = {}
    for name, at in spots.items():
        found.setdefault(at.group, []).append(name)
    ordered = sorted(found, key=lambda group: (_ORDER.index(group.kind), natural_key(group.name)))
    return tuple(Block(group, _by_zone(found[group], spots)) for group in ordered)


def _by_zone(
    names: Iterable[str], spots: Mapping[str, Spot]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    ordered = sorted(names, key=lambda name: (spots[name].zone, spots[name].name))
    zones = groupby(ordered, key=lambda name: spots[name].zone)
    return tuple((zone, tuple(members)) for zone, members in zones)


def per_line(form: Form, width: int) -> int:
    """How many nodes stand side by side."""
    return max(1, (width + form.gap) // (form.least + form.gap))


def arrange(groups: Sequence[Block], width: int, zoom: Zoom, height: int = 0) -> Plan:
    """Lay the groups out, one under another, in `width` cells.

    Where all fits into `height` lines, groups are an empty line apart.
    """
    form, gutter = FORMS[zoom], _gutter(groups) if zoom in MAPS else 0
    count = _fewest(groups, width - gutter, zoom, height)
    beside = min(count, max((_widest(block, gutter > 0) for block in groups), default=1))
    own = min(form.most, max(1, (width - gutter - form.gap * (beside - 1)) // beside))
    apart = _tall(groups, count, zoom, gutter > 0) + len(groups) - 1 <= height
    lines: list[Line] = []
    places: dict[str, Place] = {}
    for index, block in enumerate(groups):
        if apart and index:
            lines.append(Line(-1))
        lines.append(Line(index))
        for label, names in _runs(block, count, gutter > 0):
            places.update({name: Place(len(lines), at) for at, name in enumerate(names)})
            lines.extend(Line(index, names, part, label) for part in range(form.height))
    return Plan(zoom, min(own, width), gutter, tuple(lines), places)


def _runs(block: Block, count: int, by_zone: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The nodes of each line, and the zone that begins there."""
    rows = block.zones if by_zone else (("", tuple(block.names)),)
    for zone, names in rows:
        for start in range(0, len(names), count):
            yield "" if start else short_zone(zone), names[start : start + count]


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
    return _tall(groups, per_line(FORMS[zoom], width - gutter), zoom, gutter > 0)


def _tall(groups: Sequence[Block], count: int, zoom: Zoom, by_zone: bool) -> int:
    height = FORMS[zoom].height
    return sum(1 + height * _rows_of(block, count, by_zone) for block in groups)


def _fewest(groups: Sequence[Block], width: int, zoom: Zoom, height: int) -> int:
    """How many to put side by side: as few as still fit, since wider ones are easier to read."""
    form = FORMS[zoom]
    most, gutter = per_line(form, width), zoom in MAPS and _gutter(groups) > 0
    least = min(most, -(-(width + form.gap) // (form.most + form.gap)))
    fitting = (n for n in range(least, most) if _tall(groups, n, zoom, gutter) <= height)
    return next(fitting, most)


def _widest(block: Block, by_zone: bool) -> int:
    return max(len(names) for _, names in block.zones) if by_zone else block.size


def _rows_of(block: Block, count: int, by_zone: bool) -> int:
    if not by_zone:
        return -(-block.size // count)
    return sum(-(-len(names) // count) for _, names in block.zones)


def step(plan: Plan, name: str, dx: int, dy: int) -> str:
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


def _beside(plan: Plan, place: Place, dx: int) -> str:
    """The next one along the line, and from its end on the nearest one of the next line."""
    names, column = plan.lines[place.line].names, place.column + dx
    if 0 <= column < len(names):
        return names[column]
    ahead = plan.lines[place.line + plan.form.height :] if dx > 0 else plan.lines[: place.line]
    line = next((each for each in (ahead if dx > 0 else reversed(ahead)) if each.names), None)
    return line.names[0 if dx > 0 else -1] if line else ""


def at_cell(plan: Plan, line: int, x: int) -> str:
    """The node drawn at a cell of a line; empty for none."""
    if not 0 <= line < len(plan.lines) or x < plan.gutter:
        return ""
    names, pitch = plan.lines[line].names, plan.width + plan.form.gap
    column, offset = divmod(x - plan.gutter, pitch)
    return names[column] if column < len(names) and offset < plan.width else ""
