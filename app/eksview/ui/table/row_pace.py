"""How often rows of a table come, go and move."""

from collections.abc import Callable

TOGETHER = 1.0  # seconds between two such moments
LIVELY = 4.0  # at most, while there are such rows all the time
SELDOM = 5.0  # where bytes are dear


class RowPace:
    """The moments in which rows come, go and move, each of which repaints all rows below.

    While the worst rows come first, those of a lively cluster change most: there the moments
    become rarer as long as each follows the one before.
    """

    def __init__(self, worst_first: Callable[[], bool], lean: Callable[[], bool]) -> None:
        self._worst_first = worst_first
        self._lean = lean
        self._pause = TOGETHER
        self.last = float("-inf")

    @property
    def pause(self) -> float:
        """The seconds from one moment to the next."""
        return SELDOM if self._lean() else self._pause

    def due(self, now: float) -> bool:
        """Return whether it is time for the next moment."""
        return abs(now - self.last) >= self.pause

    def moved(self, now: float) -> None:
        """Note a moment."""
        if now == self.last:
            return
        often = now - self.last < 2 * self._pause
        self._pause = min(LIVELY, 2 * self._pause) if often and self._worst_first() else TOGETHER
        self.last = now
