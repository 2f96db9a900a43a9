"""Events per second of each link over the last minute, sampled by whoever keeps the frame clock."""

from collections import deque
from collections.abc import Iterable

from eksview.domain.rows.link import Link

SAMPLE = 2.0
"""Seconds between two samples: what moves every second is most of an idle screen's bytes."""
HISTORY = 30  # samples kept: a minute


class Rates:
    """A sample per link every `SAMPLE` seconds: how many objects a second arrived."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._samples: dict[str, deque[float]] = {}
        self._sampled: float | None = None

    def observe(self, links: Iterable[Link], now: float) -> bool:
        """Take a sample if it is time; True when one was taken."""
        if self._sampled is not None and now - self._sampled < SAMPLE:
            return False
        elapsed = SAMPLE if self._sampled is None else now - self._sampled
        self._sampled = now
        for link in links:
            before = self._totals.get(link.name)
            self._totals[link.name] = link.events
            samples = self._samples.setdefault(link.name, deque(maxlen=HISTORY))
            new = 0 if before is None else max(0, link.events - before)
            samples.append(new / elapsed)
        return True

    def history(self, name: str) -> tuple[float, ...]:
        """Events per second, oldest first, at most a minute of them."""
        return tuple(self._samples.get(name, ()))

    def current(self, name: str, over: int = 3) -> float:
        """The mean of the last few samples, so that the figure can be read."""
        recent = self.history(name)[-over:]
        return sum(recent) / len(recent) if recent else 0.0

    def forget(self) -> None:
        """Start again: another cluster follows."""
        self._totals.clear()
        self._samples.clear()
