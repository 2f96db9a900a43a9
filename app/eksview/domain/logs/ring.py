"""The lines that a log view keeps: bounded by their number and bytes."""

from collections.abc import Sequence

from eksview.domain.logs.line import LogLine, stamp_of

LINES, BYTES = 100_000, 32 * 1024 * 1024
OVERHEAD = 100
"""Bytes that a line takes beside its text: a tuple, a bytes object and their places."""
REORDERED = 20_000
"""Lines that late ones are sorted into: those of a clock that is minutes behind come last."""


class LogRing:
    """Numbered lines. Numbers grow; `first` is that of the oldest one left.

    Lines of several sources are merged in the order of time. They may come late, as each source is
    read by itself: then the lines from a number on are others than before.
    """

    def __init__(self, lines: int = LINES, size: int = BYTES) -> None:
        self._most_lines = lines
        self._most_bytes = size
        self.first = 0
        self.size = 0
        """Bytes in memory."""
        self._lines: list[LogLine] = []

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def end(self) -> int:
        """The number after that of the newest line."""
        return self.first + len(self._lines)

    def __getitem__(self, number: int) -> LogLine:
        return self._lines[number - self.first]

    def lines(self, start: int, end: int) -> Sequence[LogLine]:
        """Return the lines from a number up to another, both within the ring."""
        return self._lines[start - self.first : end - self.first]

    def add(self, lines: list[LogLine]) -> int:
        """Add lines at the end, in their order; return the number of the first."""
        number = self.end
        self._lines.extend(lines)
        self._count(lines)
        return max(number, self.first)

    def merge(self, lines: list[LogLine]) -> int:
        """Add lines by their times; return the number from which on lines are new or moved."""
        if not lines:
            return self.end
        lines.sort(key=stamp_of)  # stable: a source's lines of one time keep their order
        start = self._place(stamp_of(lines[0]))
        changed = self.first + start
        if start < len(self._lines):
            late = self._lines[start:]
            late.extend(lines)
            late.sort(key=stamp_of)
            self._lines[start:] = late
        else:
            self._lines.extend(lines)
        self._count(lines)
        return max(changed, self.first)

    def clear(self) -> None:
        """Forget all lines."""
        self.first = self.end
        self._lines.clear()
        self.size = 0

    def _count(self, lines: list[LogLine]) -> None:
        """Count the bytes of new lines; the oldest lines make room for them."""
        self.size += sum(len(text) for _, text in lines) + OVERHEAD * len(lines)
        self._shorten()

    def _place(self, stamp: bytes) -> int:
        """Return the index of the first line that is later than a time, near the end."""
        at, least = len(self._lines), max(0, len(self._lines) - REORDERED)
        while at > least and stamp_of(self._lines[at - 1]) > stamp:
            at -= 1
        return at

    def _shorten(self) -> None:
        drop, size = max(0, len(self._lines) - self._most_lines), self.size
        for number in range(drop):
            size -= len(self._lines[number][1]) + OVERHEAD
        while size > self._most_bytes and drop < len(self._lines) - 1:
            size -= len(self._lines[drop][1]) + OVERHEAD
            drop += 1
        if drop:
            del self._lines[:drop]
            self.first += drop
            self.size = size
