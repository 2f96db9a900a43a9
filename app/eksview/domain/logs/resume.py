"""The place in a log from which it is read on: without a line twice, and without one lost.

`sinceTime` counts whole seconds on its way to the kubelet, so the lines of that second come again.
Lines are in the order in which they were written, which isn't always that of their times: a clock
may be set back, and a container's two outputs are stamped side by side.
"""

from collections.abc import Iterable

from eksview.domain.logs.line import STAMP


class ResumePoint:
    """The last line read, and how many lines before it had the same time."""

    def __init__(self) -> None:
        self.stamp = b""
        self._latest = b""  # the latest time read: later than the last one if a clock went back
        self._equal = 0  # lines read with the last line's time
        self._skip = 0  # of them that are still to come again
        self.gap = False
        """True if the last line read wasn't in the log any more: it was rotated meanwhile."""

    @property
    def since(self) -> str:
        """Return the `sinceTime` to read on from; empty where nothing was read."""
        return self.stamp[:19].decode() + "Z" if self.stamp else ""

    def again(self) -> None:
        """Begin to read on: lines up to the last one read come again."""
        self._skip, self.gap = self._equal, False

    def fresh(self, lines: Iterable[bytes]) -> list[bytes]:
        """Return the lines that weren't read before."""
        return [line for line in lines if self._is_fresh(line[:STAMP])]

    def _is_fresh(self, stamp: bytes) -> bool:
        if self._skip:
            untouched = self._skip == self._equal
            if stamp == self.stamp:
                self._skip -= 1
                return False
            if stamp < self.stamp or (untouched and stamp <= self._latest):
                return False
            self.gap = self.gap or untouched
            self._skip = 0
        self._equal = self._equal + 1 if stamp == self.stamp else 1
        self.stamp = stamp
        self._latest = max(self._latest, stamp)
        return True
