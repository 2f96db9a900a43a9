"""What a terminal shows, so that a frame is sent as the cells that differ from it.

Textual sends each changed region whole, and the style of every piece before and after it. That
made 850 bytes of a cursor that moved by a row, and 2,800 of a table that scrolled by one.
"""

from collections.abc import Iterator

from eksview.ui.terminal.cells import Row, put_frame
from eksview.ui.terminal.row_scroll import RowScroll, find_scroll
from eksview.ui.terminal.terminal_cursor import TerminalCursor

NEAR = 8
"""Cells between two changes that may be shorter to write again than to skip."""
SCROLLS = 4
"""Blocks of rows that move in one frame at most."""


class ScreenBuffer:
    """The cells of a terminal, all unknown at first."""

    def __init__(self) -> None:
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
        for y, (old, new) in enumerate(zip(self._rows, wanted, strict=True)):
            if old is not new and old != new:
                out += self._paint_row(y, old, new)
        self._rows = wanted
        return "".join(out)

    def _scroll(self, scroll: RowScroll) -> str:
        """Move rows by deleting (DL) or inserting (IL) lines within margins (DECSTBM).

        With the plain pen the lines that enter are blank on every terminal; some terminals fill
        them with the background of the pen.
        """
        self._rows = scroll.moved(self._rows)
        top, bottom = scroll.top + 1, scroll.bottom + 1
        lines = f"\x1b[{abs(scroll.by)}{'M' if scroll.by > 0 else 'L'}"
        return f"{self._cursor.clear_pen()}\x1b[{top};{bottom}r\x1b[{top}H{lines}\x1b[r"

    def _paint_row(self, y: int, old: Row, new: Row) -> Iterator[str]:
        end = -1 - NEAR
        for start, stop in _differences(old, new):
            yield self._reach(y, end, start, new)
            yield self._cursor.write(new[start:stop])
            end = stop

    def _reach(self, y: int, end: int, start: int, row: Row) -> str:
        """Go from the end of one change to the next: over what lies between if that is shorter."""
        jumping, writing = self._cursor.copy(), self._cursor
        jump = jumping.move(start, y)
        between = row[max(0, end) : start]
        if end >= 0 and len(between) <= NEAR and None not in between and writing.follows(end):
            over = writing.write(between)
            ahead = row[start : start + 1]
            if len(over + writing.copy().write(ahead)) <= len(jump + jumping.copy().write(ahead)):
                return over
        self._cursor = jumping
        return jump


def _differences(old: Row, new: Row) -> Iterator[tuple[int, int]]:
    """Yield the runs of cells to write, as starts and ends, with wide characters whole."""
    start = stop = 0
    for x, (before, after) in enumerate(zip(old, new, strict=True)):
        if after is None or before == after:
            continue
        begin = x - 1 if x and not after[0] else x
        if begin > stop:
            if start < stop:
                yield start, stop
            start = begin
        elif start == stop:
            start = begin
        stop = x + 1
        if stop < len(new) and (tail := new[stop]) is not None and not tail[0]:
            stop += 1
    if start < stop:
        yield start, stop
