"""The pods by node, with their totals."""

from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.kube import PodRow
from eksview.store.lease_index import SYSTEM


class PodIndex:
    """The pods and their totals by node, and the static pods of the control plane."""

    def __init__(self) -> None:
        self.uids: dict[str, set[str]] = {}
        self.totals: dict[str, PodTotals] = {}
        self.static: set[str] = set()
        self._changed: set[str] = set()

    def change(self, old: PodRow | None, new: PodRow | None) -> None:
        """Take note of a pod that was replaced, added or removed."""
        if old is not None:
            self.remove(old)
        if new is not None:
            self.add(new)
        if old is None or new is None or _count(old) != _count(new):
            self._changed.update(pod.node for pod in (old, new) if pod is not None)

    def take_changed(self) -> set[str]:
        """Return the nodes whose totals have changed since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def clear(self) -> None:
        """Forget all pods."""
        for part in (self.uids, self.totals, self.static, self._changed):
            part.clear()

    def add(self, pod: PodRow) -> None:
        """Count a pod for its node."""
        uids = self.uids.get(pod.node)
        if uids is None:
            uids = self.uids[pod.node] = set()
            self.totals[pod.node] = PodTotals()
        uids.add(pod.uid)
        self.totals[pod.node].add(pod)
        if pod.namespace == SYSTEM and "tier=control-plane" in pod.labels:
            self.static.add(pod.uid)

    def remove(self, pod: PodRow) -> None:
        """Remove a pod that was added."""
        uids = self.uids[pod.node]
        uids.discard(pod.uid)
        self.totals[pod.node].remove(pod)
        if not uids:
            del self.uids[pod.node]
            del self.totals[pod.node]
        self.static.discard(pod.uid)


def _count(pod: PodRow) -> tuple[object, ...]:
    """Return what the totals of its node count of a pod."""
    return pod.node, pod.counted, pod.requests
