"""The state of every worker, kept up to date per event and per passing deadline."""

from collections import Counter
from collections.abc import Iterable
from math import inf
from typing import TypeAlias

from eksview.domain.base.health import TROUBLE, Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.node_counts import READY
from eksview.domain.kube.node_labels import NodeGroup
from eksview.domain.kube.node_status import heartbeat_health, tolerated
from eksview.domain.rows.kube import LeaseRow, NodeRow
from eksview.store.store import Store
from eksview.ui.home.worker_state import at_moment, judged, load_of, worker_of
from eksview.ui.workers.worker import Load, Scene, Worker

Basis: TypeAlias = tuple[NodeRow, LeaseRow | None, Health]
"""What a worker's state was computed from, so that it isn't computed again."""

_NAMELESS = {"none": "no group", "fargate": "Fargate", "hybrid": "hybrid nodes"}
_TOLERANCES = (1.0, 1.25)  # of it, after which a heartbeat is late and then missing


class NodeStates:
    """All nodes as workers, with their number by word.

    While the stream of leases isn't live, or etcd can't write them, nodes are judged without them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.workers: dict[str, Worker] = {}
        self.counts: Counter[str] = Counter()
        self.unhealthy: set[str] = set()
        self.heartbeats = False
        self._ahead = store.time.ahead
        self._due: dict[str, float] = {}
        self._basis: dict[str, Basis] = {}
        self._regrouped = False

    def update(self, names: Iterable[str], now: float) -> set[str]:
        """Judge these nodes again; return those that look different."""
        if self._store.time.ahead != self._ahead:  # judged by a time that was wrong
            self._ahead = self._store.time.ahead
            self._due = dict.fromkeys(self._due, -inf)
        return {name for name in names if self._judge(name, now)}

    def drop_gone(self) -> bool:
        """Forget the nodes that have left; return whether there were any."""
        gone = self.workers.keys() - self._store.nodes.keys()
        for name in gone:
            self._forget(name)
        return bool(gone)

    def overdue(self, now: float) -> list[str]:
        """Return the nodes whose heartbeat has just become late or missing."""
        return [name for name, due in self._due.items() if due <= now]

    def check_heartbeats(self, now: float) -> bool:
        """Check whether heartbeats can be trusted; return whether that has changed."""
        live = self._store.heartbeats.judges(now)
        changed, self.heartbeats = live is not self.heartbeats, live
        return changed

    def node(self, name: str) -> NodeRow:
        """Return the node as it was judged: a hidden screen may still draw one that has left."""
        return self._basis[name][0]

    def worker_at(self, name: str, scene: Scene) -> Worker:
        """Return a worker with everything that its picture shows now."""
        lease = self.lease_of(name)
        return at_moment(self.workers[name], self.node(name), lease, self._store, scene)

    def load_at(self, name: str, scene: Scene) -> Load:
        """Return the load of a node by its usage or its pods' requests."""
        return load_of(self.node(name), self._store, scene)

    def group_name(self, group: NodeGroup, *, alone: bool) -> Clean:
        """Return the heading of a group of nodes."""
        if group.kind == "none" and alone:
            return Clean("nodes")
        return clean(_NAMELESS.get(group.kind) or group.name)

    def good_word(self, group: NodeGroup) -> str:  # noqa: ARG002 - all nodes have the same
        """Return `Ready`, which cordoned nodes are too, as kubectl counts."""
        return READY

    def lease_of(self, name: str) -> LeaseRow | None:
        """Return a node's lease, if it can be trusted."""
        return self._store.lease_of(name) if self.heartbeats else None

    def regrouped(self) -> bool:
        """Return whether any node is new or in another group or zone since the last call."""
        regrouped, self._regrouped = self._regrouped, False
        return regrouped

    def _judge(self, name: str, now: float) -> bool:
        node = self._store.nodes.get(name)
        if node is None:
            return False
        lease, basis = self.lease_of(name), self._basis.get(name)
        if basis and basis[0] is node and basis[1] is lease and now < self._due[name]:
            return False
        self._due[name] = _next(lease, now)
        beat = heartbeat_health(lease, now)
        self._basis[name] = (node, lease, beat)
        if basis and basis[0] is node and basis[2] is beat:
            return False
        # Labels are unchanged while they are the same object.
        labelled = self.workers[name] if basis and basis[0].labels is node.labels else None
        return self._replace(name, judged(labelled or worker_of(node), node, lease, now))

    def _replace(self, name: str, worker: Worker) -> bool:
        before = self.workers.get(name)
        if before == worker:
            return False
        if before is not None:
            self.counts.subtract(before.words)
        if before is None or (before.group, before.zone) != (worker.group, worker.zone):
            self._regrouped = True
        self.counts.update(worker.words)
        (self.unhealthy.add if worker.health in TROUBLE else self.unhealthy.discard)(name)
        self.workers[name] = worker
        return True

    def _forget(self, name: str) -> None:
        self.counts.subtract(self.workers.pop(name).words)
        self.unhealthy.discard(name)
        self._due.pop(name, None)
        self._basis.pop(name, None)


def _next(lease: LeaseRow | None, now: float) -> float:
    """Return when a heartbeat that isn't renewed is judged differently; infinity for never."""
    if lease is None or lease.renewed is None:
        return inf
    steps = (lease.renewed + tolerated(lease) * part + 0.001 for part in _TOLERANCES)
    return next((at for at in steps if at > now), inf)
