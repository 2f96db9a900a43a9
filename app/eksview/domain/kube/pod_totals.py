"""Running sums over a node's pods."""

from eksview.domain.rows.kube import PodRow


class PodTotals:
    """The sums of a node's pods: milli-cores, bytes and counts.

    Pods that have run to their end add only their restarts, because they hold no resources.
    """

    __slots__ = ("cpu", "cpu_limit", "memory", "memory_limit", "pods", "restarts")

    def __init__(self) -> None:
        self.pods = self.restarts = 0
        self.cpu = self.memory = self.cpu_limit = self.memory_limit = 0

    def add(self, pod: PodRow) -> None:
        """Count a pod."""
        self._change(pod, 1)

    def remove(self, pod: PodRow) -> None:
        """Take back a row that was added."""
        self._change(pod, -1)

    @classmethod
    def unread(cls) -> "PodTotals":
        """Return the sums of pods that weren't read: all negative."""
        sums = cls()
        sums.pods = sums.restarts = -1
        sums.cpu = sums.memory = sums.cpu_limit = sums.memory_limit = -1
        return sums

    def _change(self, pod: PodRow, sign: int) -> None:
        self.restarts += sign * pod.restarts
        if not pod.counted:
            return
        requests = pod.requests
        self.pods += sign
        self.cpu += sign * requests.cpu
        self.memory += sign * requests.memory
        self.cpu_limit += sign * requests.cpu_limit
        self.memory_limit += sign * requests.memory_limit
