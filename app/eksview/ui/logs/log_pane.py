"""The scrolling lines of a log; only visible ones are decoded and drawn."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from eksview.domain.logs.view_lines import LogLines
from eksview.ui.base.lines.painted_lines import SpanLines
from eksview.ui.base.lines_view import BAR, SIDE
from eksview.ui.base.movement import movement_bindings, text_moves
from eksview.ui.base.view import View
from eksview.ui.base.viewport import thumb_of
from eksview.ui.base.wheel import ScrolledByWheel
from eksview.ui.logs.log_text import LogLook, LogPainter
from eksview.ui.text.styled_text import Spans, crop, width_of

CACHED = 2_000
"""Drawn lines that are kept."""


class LogPane(ScrolledByWheel, SpanLines, can_focus=True):
    """The lines of a log: at their end while it follows, else at the line that is on top."""

    BINDING_GROUP_TITLE = "Log"
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement_bindings("log", *text_moves("Oldest line", "Newest line, and follow")),
    ]

    class Scrolled(Message):
        """A notice that the log is followed, or no longer."""

    def __init__(self, view: View, lines: LogLines) -> None:
        super().__init__(view, id="log")
        self.lines = lines
        self.look = LogLook()
        self.following = True
        self.current: int | None = None
        """The number of the line that a search is at."""
        self._painter: LogPainter | None = None
        self._rows: dict[int, list[Spans]] = {}
        self._top = 0  # the number of the line on top while it doesn't follow
        self._offset = 0  # its rows above the window
        self._left = 0
        self._bottom = True  # the end was shown by the last paint

    def restyle(self, painter: LogPainter) -> None:
        """Draw every line again with another painter."""
        self._painter = painter
        self.forget()

    def changed_from(self, number: int) -> None:
        """Draw the lines from a number on again."""
        for drawn in [drawn for drawn in self._rows if drawn >= number]:
            del self._rows[drawn]

    def forget(self) -> None:
        """Draw every line again: numbers may stand for other lines."""
        self._rows.clear()

    def recolored(self) -> None:
        self.forget()
        self.post_message(self.Scrolled())

    @property
    def at(self) -> int:
        """The number of the first visible line."""
        shown = self.lines.shown
        if not shown:
            return 0
        if self.following:
            self._place_at_end(self.size.height)
        return self._top

    def go_to(self, number: int) -> None:
        """Show a line, at the middle of the window if it isn't visible; follow no longer."""
        visible = {shown for shown, _ in self._visible(self.size.height)}
        self._stay()
        self.current = number
        self.forget()
        if number not in visible:
            self._top, self._offset = number, 0
            self._move(-(self.size.height // 2))
        self.paint()

    def follow(self) -> None:
        """Show the newest lines from now on."""
        self.following = True
        self.post_message(self.Scrolled())
        self.paint()

    def visible_lines(self) -> list[int]:
        """Return the numbers of the lines in the window."""
        return list(dict.fromkeys(number for number, _ in self._visible(self.size.height)))

    # painting

    def window(self, width: int, height: int) -> list[Spans]:
        """Return the visible rows, each with its cell of the scroll bar."""
        ink, room = self.ink, max(1, width - BAR)
        visible = self._visible(height)
        shown = self.lines.shown
        first = self.lines.index(visible[0][0]) if visible else 0
        count = len({number for number, _ in visible})
        thumb = thumb_of(min(first, max(0, len(shown) - count)), max(1, count), len(shown))
        size = max(1, count)
        out: list[Spans] = []
        for y, (_, spans) in enumerate(visible):
            bar = ink.glyphs.heavy if y * size // max(1, height) in thumb else " "
            out.append([*self._cropped(spans, room), (f" {bar}", ink.palette.faint)])
        return out

    def changes(self, old: Spans, new: Spans) -> Iterable[tuple[int, int]]:
        """Return the whole row if it differs: rows of a log that moves have nothing in common."""
        return () if old == new else ((0, self.size.width),)

    def _cropped(self, spans: Spans, room: int) -> Spans:
        palette, more = self.ink.palette, self.ink.glyphs.more
        if width_of(spans) <= self._left + room:
            return list(crop(spans, self._left, room, palette.text))
        return [*crop(spans, self._left, room - 1, palette.text), (more, palette.dim)]

    def _visible(self, height: int) -> list[tuple[int, Spans]]:
        """Return the rows of the window with the numbers of their lines."""
        shown = self.lines.shown
        if not shown or self._painter is None or height <= 0:
            return []
        if self.following:
            self._place_at_end(height)
        out: list[tuple[int, Spans]] = []
        at = self.lines.index(self._top)
        if at < len(shown) and shown[at] != self._top:  # it has left the ring
            self._top, self._offset = shown[at], 0
        skip = self._offset
        while at < len(shown) and len(out) < height:
            number = shown[at]
            rows = self._rows_of(number)[skip:]
            out += [(number, row) for row in rows[: height - len(out)]]
            skip = 0
            at += 1
        return out

    def _place_at_end(self, height: int) -> None:
        """Put the newest line at the lower edge."""
        shown, left = self.lines.shown, height
        at = len(shown)
        while at > 0 and left > 0:
            at -= 1
            left -= len(self._rows_of(shown[at]))
        if shown:
            self._top, self._offset = shown[at], max(0, -left)

    def _rows_of(self, number: int) -> list[Spans]:
        rows = self._rows.get(number)
        if rows is None:
            assert self._painter is not None  # noqa: S101 - checked by its callers
            line = self.lines.ring[number]
            width = max(1, self.size.width - BAR)
            rows = self._painter.rows(line, width, current=number == self.current)
            if len(self._rows) >= CACHED:
                self._rows.clear()
            self._rows[number] = rows
        return rows

    # moving

    def action_scroll(self, by: int) -> None:
        self.scroll_by(by)

    def scroll_by(self, lines: int) -> None:
        self._stay()
        self._move(lines)
        self.paint()

    def action_page(self, pages: float) -> None:
        self.scroll_by(round(pages * self.size.height))

    def action_top(self) -> None:
        self._stay()
        if shown := self.lines.shown:
            self._top, self._offset = shown[0], 0
        self.paint()

    def action_bottom(self) -> None:
        self.current = None
        self.follow()

    def action_sideways(self, by: int) -> None:
        """Scroll long lines sideways."""
        widest = max((width_of(row) for _, row in self._visible(self.size.height)), default=0)
        self._left = max(0, min(self._left + by * SIDE, widest - self.size.width + BAR))
        self.paint()

    def on_resize(self) -> None:
        self.forget()

    def _stay(self) -> None:
        """Follow no longer: the line on top stays there."""
        if self.following and self.lines.shown and self._painter is not None:
            self._place_at_end(self.size.height)
            self.following = False
            self.post_message(self.Scrolled())

    def _move(self, by: int) -> None:
        """Move by rows; at the end, follow."""
        shown = self.lines.shown
        if not shown or self._painter is None:
            return
        at = min(self.lines.index(self._top), len(shown) - 1)
        offset = self._offset + by
        while offset < 0 and at > 0:
            at -= 1
            offset += len(self._rows_of(shown[at]))
        offset = max(0, offset)
        while offset >= (rows := len(self._rows_of(shown[at]))) and at < len(shown) - 1:
            offset -= rows
            at += 1
        self._top, self._offset = shown[at], min(offset, rows - 1)
        top, offset = self._top, self._offset
        self._place_at_end(self.size.height)
        if by > 0 and (top, offset) >= (self._top, self._offset):
            self.follow()  # the rows from the top on don't fill the window
        else:
            self._top, self._offset = top, offset
