"""The lines of a log view: those that are kept, and which of them are shown."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from time import monotonic
from typing import Protocol

from eksview.domain.base.clock import Clock
from eksview.domain.logs.line import LogLine, stamped
from eksview.domain.logs.ring import LogRing

MARK = -(1 << 40)
"""The source of a line by which the reader of the log marks a place."""

PIECE = 200
"""Lines after which the time is looked at: half a millisecond, with a slow expression a few."""
SLICE = 0.008
"""Seconds of work in one go, because a key may come meanwhile."""


class LineMatcher(Protocol):
    """What decides which lines match, such as `domain.filter.line_filter.LineFilter`."""

    def matches(self, line: LogLine) -> bool:
        """Return whether a line is wanted."""


class LogLines:
    """The ring, and the numbers of its lines that are shown: `shown` grows with them.

    A filter looks at them in slices of time, the newest first, because a key may not wait as long
    as all of them take: `add` and `select` do the first slice, `work` each of the others.
    """

    def __init__(self, ring: LogRing | None = None, clock: Clock = monotonic) -> None:
        self._clock = clock
        self.ring = ring if ring is not None else LogRing()
        self.filter: LineMatcher | None = None
        """The filter whose matches are marked, and which narrows while `narrowed`."""
        self.narrowed = True
        self.only: Collection[int] | None = None
        """The sources that are shown; None for all."""
        self.merged = True
        """Whether lines are sorted by their times, or stay in the order in which they come."""
        self.hits: list[int] = []
        """The numbers of the lines that match the filter."""
        self._shown: list[int] = []
        self._oldest = self._newest = 0  # the filter has looked at the lines between them

    @property
    def shown(self) -> Sequence[int]:
        """Return the numbers of the lines that are shown, in their order."""
        return self._shown if self._selects else range(self.ring.first, self.ring.end)

    @property
    def unfinished(self) -> bool:
        """Return whether a filter hasn't looked at all lines."""
        return self.behind or (self._looks and self._oldest > self.ring.first)

    @property
    def behind(self) -> bool:
        """Return whether a filter hasn't looked at the newest lines: more of them should wait."""
        return self._looks and self._newest < self.ring.end

    @property
    def _looks(self) -> bool:
        return self._selects or self.filter is not None

    @property
    def _selects(self) -> bool:
        return (self.filter is not None and self.narrowed) or self.only is not None

    def add(self, lines: list[LogLine]) -> int:
        """Add lines; return the number from which on lines are new or moved."""
        changed = self.ring.merge(lines) if self.merged else self.ring.add(lines)
        if self._looks:
            first = self.ring.first
            for numbers in (self._shown, self.hits):
                del numbers[bisect_left(numbers, changed) :]
                del numbers[: bisect_left(numbers, first)]
            self._newest = max(first, min(self._newest, changed))
            self._oldest = min(max(first, self._oldest), self._newest)
            self.work()
        return changed

    def mark(self, now: float) -> int:
        """Add a mark at a time in seconds; return the number from which on lines have moved."""
        return self.add([(MARK, stamped(now, b""))])

    def clear(self) -> None:
        """Forget all lines."""
        self.ring.clear()
        self._oldest = self._newest = self.ring.end
        self._shown.clear()
        self.hits.clear()

    def select(
        self, line_filter: LineMatcher | None, *, narrowed: bool, only: Collection[int] | None
    ) -> None:
        """Show the lines of some sources, and with `narrowed` those that match."""
        self.filter, self.narrowed, self.only = line_filter, narrowed, only
        self._oldest = self._newest = self.ring.end
        self._shown, self.hits = [], []
        self.work()

    def work(self) -> None:
        """Look at new lines, then at older ones, for one more slice of time."""
        end = self._clock() + SLICE
        while self.unfinished:
            if self.behind:
                self._look_up()
            else:
                self._look_down()
            if self._clock() >= end:
                break

    def index(self, number: int) -> int:
        """Return the place in `shown` of a line, or of the next one after it."""
        return bisect_left(self.shown, number)

    def next_match(self, number: int, by: int) -> int | None:
        """Return the number of the nearest matching line after another, or before it."""
        at = bisect_right(self.hits, number) if by > 0 else bisect_left(self.hits, number) - 1
        return self.hits[at] if 0 <= at < len(self.hits) else None

    def _look_up(self) -> None:
        end = min(self.ring.end, self._newest + PIECE)
        shown, hits = self._match(self._newest, end)
        self._shown += shown
        self.hits += hits
        self._newest = end

    def _look_down(self) -> None:
        start = max(self.ring.first, self._oldest - PIECE)
        shown, hits = self._match(start, self._oldest)
        self._shown[:0] = shown
        self.hits[:0] = hits
        self._oldest = start

    def _match(self, start: int, end: int) -> tuple[list[int], list[int]]:
        """Return the numbers of the lines that are shown, and of those that match."""
        shown: list[int] = []
        hits: list[int] = []
        only, line_filter = self.only, self.filter
        narrows = line_filter is not None and self.narrowed
        for number, line in enumerate(self.ring.lines(start, end), start):
            source = line[0]
            if only is not None and source != MARK and max(source, ~source) not in only:
                continue
            hit = line_filter is not None and source >= 0 and line_filter.matches(line)
            if hit:
                hits.append(number)
            if hit or not narrows or source == MARK:
                shown.append(number)
        return shown, hits
