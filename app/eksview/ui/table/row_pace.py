"""The pace at which rows of a table come, go and move, and its ages and counts change."""

from collections.abc import Callable

TOGETHER = 1.0  # seconds between two such moments
LIVELY = 8.0  # at most, while there are such rows all the time
SELDOM = 8.0  # where bytes are dear
READABLE = 5.0  # seconds between two changes of many ages, or of counts that change all the time


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


class TextPace:
    """The pace of texts that would change every second, such as ages and counts.

    They change each second as long as no more than `few` do; where many change, and once more a
    second later, they change together, and more rarely.
    """

    def __init__(self, few: int) -> None:
        self._few = few
        self._pause = TOGETHER
        self._many = False
        self._last = float("-inf")

    def due(self, now: float) -> bool:
        """Return whether it is time to change them."""
        return abs(now - self._last) >= self._pause

    def changed(self, now: float, count: int) -> None:
        """Note how many of them have changed."""
        self._last = now
        many = count > self._few
        self._pause = READABLE if many and self._many else TOGETHER
        self._many = many
