"""Usage that was read since start, in bounded memory. Pure.

A ring is full after an hour at one reading every 15 seconds. Then each pair of points becomes one
with the higher figures, and new points are as far from each other: a longer time in less detail.
"""

from array import array
from itertools import pairwise
from statistics import median_low

from eksview.domain.history.prometheus import Series, Window

MOST_KEPT = 240
"""Points of an object: 2.9 KB, so that 5,000 nodes take less than 20 MB."""
SPREAD = 64
"""Points by which the limits of rings differ, so that not all are thinned in one moment."""
SHORTEST = 600
"""Seconds that a chart shows at least."""
FINEST = 30
"""Seconds of a column at least: two readings, one of which may be a little late."""


class UsageRing:
    """Readings of an object in their order, at most `limit`, the newest always as it was read."""

    __slots__ = ("_begun", "_cpu", "_early", "_latest", "_limit", "_memory", "_spacing", "_times")

    def __init__(self, limit: int = MOST_KEPT) -> None:
        self._limit = limit
        self._times = array("I")
        self._cpu = array("f")
        self._memory = array("f")
        self._latest = (0.0, 0, 0)
        self._spacing = 0.0  # seconds from a point's first reading in which others join it
        self._begun = 0.0
        self._early = 0.0  # half the period of the readings, once it matters

    def __len__(self) -> int:
        return len(self._times)

    @property
    def since(self) -> float:
        """Return the time of the first reading; 0 without any."""
        return float(self._times[0]) if self._times else 0.0

    def add(self, at: float, cpu: int, memory: int) -> None:
        """Add a reading, in milli-cores and bytes, unless it isn't newer than the last."""
        if at <= self._latest[0]:
            return
        self._latest = (at, cpu, memory)
        if self._times and at - self._begun < self._spacing:
            self._times[-1] = int(at)
            self._cpu[-1] = max(self._cpu[-1], cpu)
            self._memory[-1] = max(self._memory[-1], memory)
            return
        self._begun = at
        self._times.append(int(at))
        self._cpu.append(cpu)
        self._memory.append(memory)
        if len(self._times) >= self._limit:
            self._thin()

    def series(self, now: float) -> tuple[Series, Series]:
        """Return CPU in cores and memory in bytes, up to now; without figures two empty series."""
        step = max(FINEST, 2 * self._interval())
        seconds = max(SHORTEST, int(now - self.since) + 1 if self._times else 0)
        window = Window("since start", seconds, step)
        at, cpu, memory = self._latest
        times = [*map(float, self._times), *([at] if self._times else ())]
        used = [*(value / 1000 for value in self._cpu), cpu / 1000]
        return (
            Series(window, now, tuple(zip(times, used, strict=False))),
            Series(window, now, tuple(zip(times, (*self._memory, float(memory)), strict=False))),
        )

    def _interval(self) -> int:
        """Return the usual seconds between two points, whatever gaps there are."""
        between = [later - at for at, later in pairwise(self._times)]
        return median_low(between) if between else 0

    def _thin(self) -> None:
        """Make one point of each two, at the later time and with the higher figures."""
        even = len(self._times) // 2 * 2
        # Less half a period: a reading that comes a little early begins the next point, too.
        self._early = self._early or self._interval() / 2
        doubled = 2 * (self._spacing + self._early if self._spacing else self._interval())
        self._spacing = doubled - self._early
        self._times = self._times[1:even:2] + self._times[even:]
        self._cpu = _halved(self._cpu, even)
        self._memory = _halved(self._memory, even)


def _halved(figures: "array[float]", even: int) -> "array[float]":
    pairs = map(max, figures[0:even:2], figures[1:even:2])
    return array("f", pairs) + figures[even:]
