"""The rate of frames: as configured, and lower over a slow connection."""

from collections import deque

from eksview.config.settings import Settings

LEAN = 1.0
"""Seconds between two frames in low-bandwidth mode."""
SEEN, LATE = 10, 4
"""A connection is slow when `LATE` of the last `SEEN` frames were late; one stall isn't enough."""


class FrameRate:
    """The seconds between frames; `lean` is configured or measured, and then stays."""

    def __init__(self, settings: Settings) -> None:
        self._period = 1.0 / settings.fps
        self._watched = settings.over_ssh
        self._late: deque[bool] = deque(maxlen=SEEN)
        self.lean = settings.low_bandwidth

    @property
    def period(self) -> float:
        """Seconds between two frames that don't answer a key."""
        return max(LEAN, self._period) if self.lean else self._period

    def note(self, *, late: bool) -> bool:
        """Count a frame; return whether it is the one that proves the connection slow."""
        self._late.append(late)
        if self.lean or not self._watched or sum(self._late) < LATE:
            return False
        self.lean = True
        return True
