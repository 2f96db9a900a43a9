"""Where each worker stands: by group, zone and name, in the richest form there is room for."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from msgspec import Struct

from eksview.domain.groups import Group, group_of, natural_key, zone_of
from eksview.domain.rows import NodeRow


class Zoom(IntEnum):
    """How much of a node is shown, from the least to the most."""

    CELLS = 0
    CHIPS = 1
    CARDS = 2


class Form(Struct, frozen=True):
    """The size of one node in a zoom, in cells, and the empty cells to its right."""

    width: int
    height: int
    gap: int


FORMS = {Zoom.CARDS: Form(29, 7, 1), Zoom.CHIPS: Form(46, 1, 3), Zoom.CELLS: Form(1, 1, 1)}


class Block(Struct, frozen=True):
    """A group and its nodes, in the order of zone and name."""

    group: Group
    names: tuple[str, ...]


class Line(Struct, frozen=True):
    """One line of the workers: a heading (`part` -1), or a part of some nodes side by side."""

    block: int
    names: tuple[str, ...] = ()
    part: int = -1


class Place(Struct, frozen=True):
    """Where a node stands: its first line, and its number within that line."""

    line: int
    column: int


class Plan(Struct, frozen=True):
    """All lines from top to bottom, and each node's place among them."""

    zoom: Zoom
    lines: tuple[Line, ...] = ()
    places: Mapping[str, Place] = {}


EMPTY = Plan(Zoom.CARDS)

_ORDER = ("nodegroup", "nodepool", "auto", "fargate", "hybrid", "none")


def blocks(nodes: Iterable[NodeRow]) -> tuple[Block, ...]:
    """The nodes by group: nodegroups first, then nodepools, Fargate, and those of no group."""
    found: dict[Group, list[NodeRow]] = {}
    for node in nodes:
        found.setdefault(group_of(node.labels, node.provider_id), []).append(node)
    ordered = sorted(found, key=lambda group: (_ORDER.index(group.kind), natural_key(group.name)))
    return tuple(
        Block(group, tuple(node.name for node in sorted(found[group], key=_rank)))
        for group in ordered
    )


def _rank(node: NodeRow) -> tuple[str, str]:
    return (zone_of(node.labels), natural_key(node.name))


def arrange(groups: Sequence[Block], width: int, zoom: Zoom) -> Plan:
    """Lay the groups out, one under another, in `width` cells."""
    form, lines, places = FORMS[zoom], [], {}
    per_line = max(1, (width + form.gap) // (form.width + form.gap))
    for index, block in enumerate(groups):
        lines.append(Line(index))
        for start in range(0, len(block.names), per_line):
            names = block.names[start : start + per_line]
            places.update({name: Place(len(lines), at) for at, name in enumerate(names)})
            lines.extend(Line(index, names, part) for part in range(form.height))
    return Plan(zoom, tuple(lines), places)


def richest(groups: Sequence[Block], width: int, height: int) -> Zoom:
    """The richest form in which every node is seen at once; cells when none is.

    Small clusters get cards even if a few must be scrolled to: they are what eksview is about.
    """
    total = sum(len(block.names) for block in groups)
    for zoom in (Zoom.CARDS, Zoom.CHIPS):
        form = FORMS[zoom]
        per_line = max(1, (width + form.gap) // (form.width + form.gap))
        needed = sum(1 + -(-len(block.names) // per_line) * form.height for block in groups)
        slack = form.height if zoom is Zoom.CARDS and total <= 3 * per_line else 0
        if needed <= height + slack:
            return zoom
    return Zoom.CELLS


def step(plan: Plan, name: str, dx: int, dy: int) -> str:
    """The node to the left, right, above or below; the same one at the edge."""
    place = plan.places.get(name)
    if place is None:
        return next(iter(plan.places), name)
    names = plan.lines[place.line].names
    if dx:
        return _beside(plan, name, names, place.column + dx)
    height = FORMS[plan.zoom].height
    at = place.line + (height if dy > 0 else -1)
    while 0 <= at < len(plan.lines):
        others = plan.lines[at].names
        if others:
            return others[min(place.column, len(others) - 1)]
        at += 1 if dy > 0 else -1
    return name


def _beside(plan: Plan, name: str, names: tuple[str, ...], column: int) -> str:
    if 0 <= column < len(names):
        return names[column]
    order = list(plan.places)
    at = order.index(name) + (1 if column > 0 else -1)
    return order[at] if 0 <= at < len(order) else name
