"""The cursor and the pen of a terminal, and the short ways to move and to write with them."""

from collections.abc import Sequence

from eksview.ui.terminal.cells import Cell
from eksview.ui.terminal.pen import PLAIN, Pen, blank_from, change

BACKSPACES = 3
"""Columns to the left up to which BS is shorter than a sequence."""


class TerminalCursor:
    """The place and the pen of the last write, both unknown at first.

    A column isn't relied on behind characters whose width depends on a terminal's font, nor
    behind the last column, where terminals differ.
    """

    def __init__(self, width: int = 0) -> None:
        self._width = width
        self._y: int | None = None
        self._x: int | None = None
        self._follows = -1  # the column of text that goes on without a move
        self._pen: Pen | None = None

    def copy(self) -> "TerminalCursor":
        """Return a cursor in the same place."""
        twin = TerminalCursor(self._width)
        twin._y, twin._x, twin._follows, twin._pen = self._y, self._x, self._follows, self._pen
        return twin

    @property
    def pen(self) -> Pen | None:
        """The pen of the last write; None if it isn't known."""
        return self._pen

    def clear_pen(self) -> str:
        """Return the sequence that takes the plain pen; the place is unknown afterwards."""
        code, self._pen = change(self._pen, PLAIN), PLAIN
        self._y = self._x = None
        self._follows = -1
        return code

    def move(self, x: int, y: int) -> str:
        """Return the shortest sequence that goes to a cell."""
        place = f"\x1b[{y + 1 if y or x else ''}{f';{x + 1}' if x else ''}H"
        if self._y is not None:
            down = y - self._y
            vertical = _steps(down, "B", "A")
            ways = [vertical + each for each in self._sideways(x)]
            place = min(place, *ways, key=len)
        self._x, self._y, self._follows = x, y, x
        return place

    def write(self, cells: Sequence[Cell | None]) -> str:
        """Return the text of cells from here on, with the codes of their pens."""
        out: list[str] = []
        for cell in cells:
            if cell is None or not cell[0]:
                continue  # the second half of a wide character
            text, pen = cell
            nearest = blank_from(self._pen, pen) if text == " " else pen
            out += change(self._pen, nearest), text
            self._pen = nearest
            if not text.isascii():
                self._x = None
        self._follows += len(cells)
        if self._follows >= self._width:
            self._x = None
        elif self._x is not None:
            self._x = self._follows
        return "".join(out)

    def erase(self, back: str) -> str:
        """Return the sequence that blanks the cells from here to the end of the line (EL)."""
        nearest = blank_from(self._pen, Pen(back=back))
        code, self._pen = change(self._pen, nearest), nearest
        return f"{code}\x1b[K"

    def follows(self, x: int) -> bool:
        """Return whether text for a column can be written without a move."""
        return self._follows == x < self._width

    def _sideways(self, x: int) -> list[str]:
        ways = [f"\x1b[{x + 1}G" if x else "\r"]
        if self._x is not None:
            step = x - self._x
            ways.append("\b" * -step if -BACKSPACES <= step < 0 else _steps(step, "C", "D"))
        return ways


def _steps(count: int, onward: str, backward: str) -> str:
    if not count:
        return ""
    number = abs(count)
    return f"\x1b[{number if number > 1 else ''}{onward if count > 0 else backward}"
