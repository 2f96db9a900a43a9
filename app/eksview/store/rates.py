"""Events per second of each link over the last minute, sampled on the frame clock."""

from collections import deque
from collections.abc import Iterable

from eksview.domain.rows.link import Link

SAMPLE = 2.0
"""Seconds between two samples; a shorter period would dominate an idle screen's output."""
HISTORY = 30  # samples kept: a minute
RECENT = 3  # samples of the current rate


class Rates:
    """The samples of each link: objects per second, one every `SAMPLE` seconds."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._samples: dict[str, deque[float]] = {}
        self._sampled: float | None = None

    def observe(self, links: Iterable[Link], now: float) -> bool:
        """Take a sample if one is due; return whether it was."""
        if self._sampled is not None and abs(now - self._sampled) < SAMPLE:
            return False
        elapsed = SAMPLE if self._sampled is None else abs(now - self._sampled)
        self._sampled = now
        for link in links:
            before = self._totals.get(link.name)
            self._totals[link.name] = link.events
            samples = self._samples.setdefault(link.name, deque(maxlen=HISTORY))
            new = 0 if before is None else max(0, link.events - before)
            samples.append(new / elapsed)
        return True

    def history(self, name: str) -> tuple[float, ...]:
        """Return the samples of the last minute, oldest first."""
        return tuple(self._samples.get(name, ()))

    def current(self, name: str) -> float:
        """Return the mean of the last few samples, which is steady enough to read."""
        recent = self.history(name)[-RECENT:]
        return sum(recent) / len(recent) if recent else 0.0

    def forget(self) -> None:
        """Clear everything: another cluster follows."""
        self._totals.clear()
        self._samples.clear()
