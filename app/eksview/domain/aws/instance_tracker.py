"""The EC2 instances that the nodes name, and those of them to read at once."""

from collections.abc import Container, Iterable, Sequence

from eksview.domain.kube.node_labels import instance_id, region_of, session_machine, zone_in
from eksview.domain.kube.node_status import ready_condition
from eksview.domain.rows.kube import NodeRow


class InstanceTracker:
    """The instances by their nodes' provider IDs; used on one loop, in constant time.

    An instance is *news* when its node appeared, left, or changed between Ready and NotReady.
    """

    def __init__(self) -> None:
        self._of_node: dict[str, tuple[str, str]] = {}
        self._machines: dict[str, str] = {}  # of Session Manager, by node
        self._members: set[str] = set()
        self._news: set[str] = set()
        self._first: set[str] = set()
        self.region = ""  # by the zone in the nodes' provider IDs; empty while unknown

    def seen(self, row: NodeRow) -> bool:
        """Note a node's state; return whether its instance is news."""
        self._machines[row.name] = session_machine(row.provider_id)
        now = (instance_id(row.provider_id), _ready(row))
        before = self._of_node.get(row.name)
        self._of_node[row.name] = now
        if before == now:
            return False
        if now[0] and not self.region:
            self.region = region_of(zone_in(row.provider_id))
        ids = {now[0]} | ({before[0]} if before else set())
        return self._is_news(ids)

    def listed(self, rows: Sequence[NodeRow]) -> bool:
        """Note the complete list of nodes; return whether an instance is news."""
        first = not self._of_node
        names = {row.name for row in rows}
        lost = [name for name in self._of_node if name not in names]
        news = [self.lost(name) for name in lost]
        news += [self.seen(row) for row in rows]
        if first:
            self._first = set(self._news)
        return any(news)

    def lost(self, name: str) -> bool:
        """Note that a node left; return whether its instance is news."""
        self._machines.pop(name, None)
        before = self._of_node.pop(name, None)
        return before is not None and self._is_news({before[0]})

    def also(self, ids: Iterable[str]) -> bool:
        """Add members of an Auto Scaling group; return whether some are news."""
        fresh = set(ids) - self._members - self.ids()
        self._members |= fresh
        return self._is_news(fresh)

    def forget(self, ids: Iterable[str]) -> None:
        """Drop members that EC2 doesn't have; those that a node names stay."""
        self._members.difference_update(ids)

    def ids(self) -> set[str]:
        """Return all instances."""
        return self.of_nodes() | self._members

    def of_nodes(self) -> set[str]:
        """Return the instances that nodes name."""
        return {instance for instance, _ in self._of_node.values() if instance}

    def machines(self) -> set[str]:
        """Return the machines of Session Manager: instances, hybrid nodes and those of HyperPod."""
        return {machine for machine in self._machines.values() if machine} | self._members

    def take_news(self, read: Container[str]) -> set[str]:
        """Return the instances to read now, once.

        Of the first list of nodes only those that aren't `read` yet: thousands of instances need
        not be read twice.
        """
        news = {name for name in self._news if name not in self._first or name not in read}
        self._news, self._first = set(), set()
        return news

    def _is_news(self, ids: set[str]) -> bool:
        real = ids - {""}
        self._news |= real
        return bool(real)


def _ready(row: NodeRow) -> str:
    ready = ready_condition(row)
    return ready.status if ready else ""
