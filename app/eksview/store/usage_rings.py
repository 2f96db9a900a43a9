"""The usage seen since start: of each node, and of the pods whose details were opened."""

from collections.abc import Mapping

from eksview.domain.base.clock import Clock
from eksview.domain.history.usage_ring import MOST_KEPT, SPREAD, UsageRing
from eksview.domain.rows.kube import NodeRow, PodUsageRow, UsageRow
from eksview.domain.rows.usage_age import KEPT

MOST_PODS = 64
"""Pods whose usage is kept, the ones opened last."""


class UsageRings:
    """The rings by the name of the node, and by `namespace/name` of the pod.

    Obsolete readings and those of a time to come are left out: their time can't be right.
    """

    def __init__(self, listed: Mapping[str, NodeRow], now: Clock) -> None:
        self._listed = listed
        self._now = now
        self.nodes: dict[str, UsageRing] = {}
        self.pods: dict[str, UsageRing] = {}

    def change(self, _: UsageRow | None, new: UsageRow | None) -> None:
        """Add a node's reading; there are no more rings than nodes."""
        if new is None or new.name not in self._listed or not self._credible(new.at):
            return
        ring = self.nodes.get(new.name)
        if ring is None:
            limit = MOST_KEPT - len(self.nodes) % SPREAD
            ring = self.nodes[new.name] = UsageRing(limit)
        ring.add(new.at, new.cpu, new.memory)

    def change_node(self, old: NodeRow | None, new: NodeRow | None) -> None:
        """Forget the readings of a node that has left."""
        if old is not None and new is None:
            self.nodes.pop(old.name, None)

    def keep_pod(self, key: str) -> None:
        """Keep the readings of a pod from now on; with too many, those of the first are dropped."""
        ring = self.pods.pop(key, None)
        self.pods[key] = UsageRing() if ring is None else ring
        if len(self.pods) > MOST_PODS:
            del self.pods[next(iter(self.pods))]

    def add_pod(self, row: PodUsageRow) -> None:
        """Add a reading if the pod's are kept."""
        ring = self.pods.get(row.key)
        if ring is not None and self._credible(row.at):
            ring.add(row.at, row.cpu, row.memory)

    def add_pods(self, rows: Mapping[str, PodUsageRow]) -> None:
        """Add the readings of the pods that are kept."""
        for key in self.pods:
            if row := rows.get(key):
                self.add_pod(row)

    def clear(self) -> None:
        """Forget all readings: another cluster follows."""
        self.nodes.clear()
        self.pods.clear()

    def _credible(self, at: float) -> bool:
        return abs(self._now() - at) < KEPT
