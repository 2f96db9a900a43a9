"""How often is painted, and how much: as asked for, and less over a line that proves slow."""

from collections import deque

from eksview.config.settings import Settings

LEAN = 1.0
"""Seconds between two frames where bytes are dear."""
SEEN, LATE = 10, 4
"""The line is slow when so many of the last frames were late: one that only stood still isn't."""


class FrameRate:
    """`lean` is asked for, or found out; once found out it stays."""

    def __init__(self, settings: Settings) -> None:
        self._period = 1.0 / settings.fps
        self._watched = settings.over_ssh
        self._late: deque[bool] = deque(maxlen=SEEN)
        self.lean = settings.low_bandwidth

    @property
    def period(self) -> float:
        """Seconds between two frames that nobody asked for with a key."""
        return max(LEAN, self._period) if self.lean else self._period

    def note(self, *, late: bool) -> bool:
        """Whether this frame is the one that shows that the line is slow."""
        self._late.append(late)
        if self.lean or not self._watched or sum(self._late) < LATE:
            return False
        self.lean = True
        return True
