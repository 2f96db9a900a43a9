"""The cells that a terminal shows, so that a frame is sent as those that differ.

Textual sends each changed region whole, and the style of every piece before and after it. That
made 850 bytes of a cursor that moved by a row, and 2,800 of a table that scrolled by one.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from eksview.ui.terminal.cells import Row, put_frame
from eksview.ui.terminal.pen import Pen
from eksview.ui.terminal.row_runs import Line, Run, by_pen, differences
from eksview.ui.terminal.row_scroll import RowScroll, find_scroll
from eksview.ui.terminal.terminal_cursor import TerminalCursor

NEAR = 8
"""Cells between two changes that may be shorter to write again than to skip."""
MANY = 20
"""Cells to write from which on blanking the line first may save bytes."""
NOWHERE = 1 << 16
"""A column behind those of any terminal."""
SCROLLS = 4
"""Blocks of rows that move in one frame at most."""


class ScreenBuffer:
    """The cells of a terminal, all unknown at first."""

    def __init__(self, *, erases: bool = False) -> None:
        self.erases = erases
        """True where a line that is erased (EL) takes the background of the pen."""
        self._rows: list[Row] = []
        self._width = 0
        self._cursor = TerminalCursor()

    def forget(self) -> None:
        """Take all as unknown, because something else may have written to the terminal."""
        self._rows, self._cursor = [], TerminalCursor(self._width)

    def shorten(self, frame: str, width: int, height: int) -> str:
        """Return a short text with the effect of a frame on a terminal of this size.

        The place of the cursor and its pen differ afterwards.
        """
        if len(self._rows) != height or self._width != width:
            self._width = width
            self.forget()
            self._rows = [[None] * width for _ in range(height)]
        wanted = list(self._rows)
        copies: dict[int, Row] = {}

        def row_at(y: int) -> Row | None:
            if y not in copies and y < height:
                wanted[y] = copies[y] = list(wanted[y])
            return copies.get(y)

        if put_frame(frame, row_at):
            return self._paint(wanted)
        self.forget()
        return frame

    def placed(self, x: int, y: int) -> str:
        """Return the sequence that leaves the cursor at a cell."""
        return self._cursor.move(x, y)

    def _paint(self, wanted: list[Row]) -> str:
        out: list[str] = []
        for _ in range(SCROLLS):
            scroll = find_scroll(self._rows, wanted)
            if scroll is None:
                break
            out.append(self._scroll(scroll))
        lines = [
            self._line(y, old, new)
            for y, (old, new) in enumerate(zip(self._rows, wanted, strict=True))
            if old is not new and old != new
        ]
        text, self._cursor = _shortest(self._cursor, lines, (_row_by_row, _by_pen))
        self._rows = wanted
        return "".join((*out, text))

    def _scroll(self, scroll: RowScroll) -> str:
        """Move rows by deleting (DL) or inserting (IL) lines within margins (DECSTBM).

        With the plain pen the lines that enter are blank on every terminal; some terminals fill
        them with the background of the pen.
        """
        self._rows = scroll.moved(self._rows)
        top, bottom = scroll.top + 1, scroll.bottom + 1
        lines = f"\x1b[{abs(scroll.by)}{'M' if scroll.by > 0 else 'L'}"
        return f"{self._cursor.clear_pen()}\x1b[{top};{bottom}r\x1b[{top}H{lines}\x1b[r"

    def _line(self, y: int, old: Row, new: Row) -> Line:
        """Return the changes of a row, on a blank line where that is shorter."""
        line = Line(y, new, list(differences(old, new)))
        if not self.erases or sum(stop - start for start, stop in line.runs) <= MANY:
            return line
        start, last = line.runs[0][0], new[line.runs[-1][1] - 1]
        back = last[1].back if last else ""
        blank: Row = [*new[:start], *[(" ", Pen(back=back))] * (len(new) - start)]
        blanked = Line(y, new, list(differences(blank, new)), (start, back))
        if old[start] is None:  # comparing both for a whole screen would take 8 ms
            return blanked
        return min(line, blanked, key=lambda each: len(_by_pen(self._cursor.copy(), [each])[0]))


Painted: TypeAlias = tuple[str, TerminalCursor]
"""A text and the cursor after it."""
Way: TypeAlias = Callable[[TerminalCursor, list[Line]], Painted]
"""A function that writes lines with a cursor."""


def _shortest(cursor: TerminalCursor, lines: list[Line], ways: Iterable[Way]) -> Painted:
    return min((way(cursor.copy(), lines) for way in ways), key=lambda painted: len(painted[0]))


def _row_by_row(cursor: TerminalCursor, lines: list[Line]) -> Painted:
    """Write each line in the shorter way, one after the other."""
    out: list[str] = []
    for line in lines:
        text, cursor = _shortest(cursor, [line], (_in_order, _by_pen))
        out.append(text)
    return "".join(out), cursor


def _by_pen(cursor: TerminalCursor, lines: list[Line]) -> Painted:
    """Write the pieces of one pen after those of another, each pen once for all lines."""
    blanks = [_blank(cursor, line) for line in lines]
    text, cursor = _in_order(cursor, by_pen(lines, cursor.pen))
    return "".join((*blanks, text)), cursor


def _in_order(cursor: TerminalCursor, lines: list[Line]) -> Painted:
    """Write the runs of lines one after the other."""
    out: list[str] = []
    for line in lines:
        out.append(_blank(cursor, line))
        end = NOWHERE
        for start, stop in line.runs:
            text, cursor = _reach(cursor, (end, start), line.y, line.row)
            out += text, cursor.write(line.row[start:stop])
            end = stop
    return "".join(out), cursor


def _blank(cursor: TerminalCursor, line: Line) -> str:
    if line.blanked is None:
        return ""
    start, back = line.blanked
    return cursor.move(start, line.y) + cursor.erase(back)


def _reach(cursor: TerminalCursor, gap: Run, y: int, row: Row) -> Painted:
    """Go from the end of one change to the next: over what lies between if that is shorter."""
    end, start = gap
    jumping = cursor.copy()
    jump = jumping.move(start, y)
    between = row[end:start]
    if end <= start and len(between) <= NEAR and None not in between and cursor.follows(end):
        over = cursor.write(between)
        ahead = row[start : start + 1]
        if len(over + cursor.copy().write(ahead)) <= len(jump + jumping.copy().write(ahead)):
            return over, cursor
    return jump, jumping
