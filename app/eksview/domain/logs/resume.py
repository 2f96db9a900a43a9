"""The place in a log from which it is read on: without a line twice, and without one lost.

`sinceTime` counts whole seconds on its way to the kubelet, so the lines of that second come again.
"""

from collections.abc import Iterable

from eksview.domain.logs.line import STAMP


class ResumePoint:
    """The last line read, and how many lines before it had the same time."""

    def __init__(self) -> None:
        self.stamp = b""
        self._equal = 0  # lines read with that time
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
        out: list[bytes] = []
        for line in lines:
            stamp = line[:STAMP]
            if stamp > self.stamp:
                self.gap = self.gap or (self._skip > 0 and self._skip == self._equal)
                self.stamp, self._equal, self._skip = stamp, 1, 0
            elif self._skip and stamp == self.stamp:
                self._skip -= 1
                continue
            elif self._skip and stamp < self.stamp:
                continue
            elif stamp == self.stamp:
                self._equal += 1
            out.append(line)
        return out
