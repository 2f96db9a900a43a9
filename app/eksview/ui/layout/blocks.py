"""Which workers belong together: by group, then by zone, then in the order of their names."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from eksview.domain.groups import (
    Group,
    capacity_type_of,
    group_of,
    instance_type_of,
    natural_key,
    zone_of,
)
from eksview.domain.rows import NodeRow

_ORDER = ("nodegroup", "nodepool", "auto", "fargate", "hybrid", "none")


class Spot(Struct, frozen=True, gc=False):
    """What a node is ordered by, and what its group is described by.

    It holds as long as the node's labels are this very object.
    """

    labels: dict[str, str]
    group: Group
    zone: str
    name: str  # in natural order
    machine: str  # the instance's type
    spare: bool  # a spot instance


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


def spot(node: NodeRow) -> Spot:
    """Where a node belongs."""
    labels = node.labels
    group = group_of(labels, node.provider_id)
    return Spot(
        labels=labels,
        group=group,
        zone=zone_of(labels),
        name=natural_key(node.name),
        machine=instance_type_of(labels),
        spare=capacity_type_of(labels) == "spot",
    )


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
