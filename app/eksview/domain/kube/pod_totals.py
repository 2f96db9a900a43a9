"""Running sums over a node's pods."""

from eksview.domain.rows.kube import PodRow


class PodTotals:
    """The number of a node's pods, and the sums of their requests in milli-cores and bytes.

    Pods that have run to their end don't count, because they hold no resources.
    """

    __slots__ = ("cpu", "memory", "pods")

    def __init__(self) -> None:
        self.pods = self.cpu = self.memory = 0

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
        sums.pods = sums.cpu = sums.memory = -1
        return sums

    def _change(self, pod: PodRow, sign: int) -> None:
        if pod.counted:
            self.pods += sign
            self.cpu += sign * pod.requests.cpu
            self.memory += sign * pod.requests.memory
