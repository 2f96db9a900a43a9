"""The cursor and the visible window of a table whose rows are added, removed and moved."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, runtime_checkable


def thumb_of(top: int, height: int, count: int) -> range:
    """Return the lines of a window that a scroll bar's thumb covers; none when all rows fit."""
    if count <= height:
        return range(0)
    size = max(1, height * height // count)
    start = round(top * (height - size) / (count - height))
    return range(start, start + size)


@runtime_checkable
class HoldsCursor(Protocol):
    """A screen with a cursor."""

    def hold_cursor(self) -> None:
        """Let the cursor stay on the row that a key is about."""


class Viewport:
    """A cursor on a key, whose row keeps its place on the screen, and the window around it.

    A window at the top stays there as long as the cursor is in it, as the worst rows come first.
    Until it is moved or held, the cursor stays at the top too. `at` and `top` are
    indices into the keys; `height` is the number of rows in the window.
    """

    def __init__(self) -> None:
        self.key: str | None = None
        self.at = 0
        self.top = 0
        self.height = 1
        self._moved = False

    def follow(
        self,
        keys: Sequence[str],
        index: Callable[[str], int | None],
        nearby: Iterable[str] = (),
    ) -> None:
        """Follow the cursor's key in changed keys, or else the first of `nearby` that exists."""
        if not keys:
            self.at = self.top = 0
            return
        if not self._moved or self.key is None:
            self.at = self.top = 0
        else:
            at = self._find(keys, index, nearby)
            if self.top or at >= self.height:
                self.top += at - self.at
            self.at = at
        self.key = keys[self.at]
        self._clamp(len(keys))

    def move(self, keys: Sequence[str], at: int, leap: bool = False) -> None:
        """Go to an index, or to the nearest end.

        With `leap`, leaving the window scrolls by half of it: a held key then repaints the whole
        window a few times a second instead of at every row.
        """
        if not keys:
            return
        self._moved = True
        self.at = max(0, min(at, len(keys) - 1))
        self.key = keys[self.at]
        if leap and not self.top <= self.at < self.top + self.height:
            self.top = self.at - self.height // 2
        self._clamp(len(keys))

    def scroll(self, keys: Sequence[str], by: int) -> None:
        """Move the window, and the cursor only as far as it must to stay in it."""
        if not keys:
            return
        self._moved = True
        last = max(0, len(keys) - self.height)
        self.top = max(0, min(self.top + by, last))
        self.at = max(self.top, min(self.at, self.top + self.height - 1, len(keys) - 1))
        self.key = keys[self.at]

    def page(self, keys: Sequence[str], by: int) -> None:
        """Move window and cursor by a number of rows."""
        self.top += by
        self.move(keys, self.at + by)

    def rewind(self, keys: Sequence[str]) -> None:
        """Show the top; the cursor stays on its row if that is visible there."""
        self.top = 0
        if keys and self.at >= self.height:
            self.at, self.key = 0, keys[0]

    def thumb(self, count: int) -> range:
        """Return the lines of the window that the scroll bar's thumb covers."""
        return thumb_of(self.top, self.height, count)

    def resize(self, height: int, count: int) -> None:
        """Set the number of rows in the window."""
        self.height = max(1, height)
        self._clamp(count)

    def hold(self) -> None:
        """Stay on the cursor's row from now on, as after a move."""
        self._moved = self._moved or self.key is not None

    def release(self) -> None:
        """Go back to the top, for other rows."""
        self._moved = False
        self.key = None
        self.at = self.top = 0

    def _find(
        self, keys: Sequence[str], index: Callable[[str], int | None], nearby: Iterable[str]
    ) -> int:
        if self.at < len(keys) and keys[self.at] == self.key:
            return self.at
        for key in (self.key, *nearby):
            at = index(key) if key is not None else None
            if at is not None:
                return at
        return min(self.at, len(keys) - 1)

    def _clamp(self, count: int) -> None:
        self.top = max(0, min(self.top, count - self.height))
        if self.at < self.top:
            self.top = self.at
        elif self.at >= self.top + self.height:
            self.top = self.at - self.height + 1
