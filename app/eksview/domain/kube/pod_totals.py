"""Running sums over a node's pods."""

from eksview.domain.rows.kube import PodRow


class PodTotals:
    """What a node's pods take together: milli-cores, bytes and counts.

    Adding and removing a row takes constant time. Pods that have run to their end add only their
    restarts, as they hold no resources and no place any more.
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
        """Sums of pods that aren't known: all less than nothing."""
        sums = cls()
        sums.pods = sums.restarts = -1
        sums.cpu = sums.memory = sums.cpu_limit = sums.memory_limit = -1
        return sums

    def _change(self, pod: PodRow, sign: int) -> None:
        self.restarts += sign * pod.restarts
        if not pod.counted:
            return
        asked = pod.requests
        self.pods += sign
        self.cpu += sign * asked.cpu
        self.memory += sign * asked.memory
        self.cpu_limit += sign * asked.cpu_limit
        self.memory_limit += sign * asked.memory_limit
