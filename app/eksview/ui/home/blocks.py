"""Which workers belong together: by group, then by zone, then in the order of their names."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from eksview.domain.kube.node_labels import NodeGroup, natural_key
from eksview.ui.home.worker_state import Worker

_ORDER = ("nodegroup", "nodepool", "auto", "fargate", "hybrid", "none")


class Block(Struct, frozen=True):
    """A group and its nodes by zone; zones and names are in order."""

    group: NodeGroup
    zones: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def names(self) -> Iterator[str]:
        """All of its nodes."""
        return (name for _, names in self.zones for name in names)

    @property
    def size(self) -> int:
        """How many there are."""
        return sum(len(names) for _, names in self.zones)


def blocks(workers: Mapping[str, Worker]) -> tuple[Block, ...]:
    """The nodes by group: nodegroups first, then nodepools, Fargate, and those of no group."""
    found: dict[NodeGroup, list[str]] = {}
    for name, at in workers.items():
        found.setdefault(at.group, []).append(name)
    ordered = sorted(found, key=lambda group: (_ORDER.index(group.kind), natural_key(group.name)))
    return tuple(Block(group, _by_zone(found[group], workers)) for group in ordered)


def _by_zone(
    names: Iterable[str], workers: Mapping[str, Worker]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    ordered = sorted(names, key=lambda name: (workers[name].zone, workers[name].order))
    zones = groupby(ordered, key=lambda name: workers[name].zone)
    return tuple((zone, tuple(members)) for zone, members in zones)
