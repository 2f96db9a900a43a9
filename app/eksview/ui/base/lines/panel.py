"""A framed part of a screen."""

from rich.style import Style

from eksview.ui.base.lines.painted_lines import SpanLines
from eksview.ui.base.view import View
from eksview.ui.text.styled_text import Spans, pad, whole_parts, width_of

FRAME_LINES, SIDES = 2, 4
"""Lines of a frame, and its cells beside a line inside."""


class Panel(SpanLines):
    """A frame with texts in its borders and lines inside."""

    def __init__(self, view: View, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(view, id=id)
        self.alarm: Style | None = None
        self._framed: list[tuple[Spans, Style, Spans]] = []

    def title(self) -> Spans:
        """Return the text in the top border."""
        raise NotImplementedError

    def top_right(self) -> Spans:
        """Return the text at the right of the top border, dropped when there is no room."""
        return []

    def foot(self) -> Spans:
        """Return the text in the bottom border."""
        return []

    def legend(self) -> Spans:
        """Return the text at the right of the bottom border, dropped when there is no room."""
        return []

    def ports(self) -> tuple[int, ...]:
        """Return the columns of the bottom border at which wires begin."""
        return ()

    def lines(self) -> list[Spans]:
        """Return the lines inside; those without room are cut off."""
        raise NotImplementedError

    @property
    def inner(self) -> tuple[int, int]:
        """The cells inside the frame: width and height."""
        return max(0, self.size.width - SIDES), max(0, self.size.height - FRAME_LINES)

    @property
    def border(self) -> Style:
        """The frame's style: an alarm, or a little brighter with the focus.

        The accent around the largest panel would be brighter than the problems inside it.
        """
        if self.alarm is not None:
            return self.alarm
        return self.ink.palette.faint if self.has_focus else self.ink.palette.border

    @property
    def heading(self) -> Style:
        """The title's style, which shows the focus."""
        return self.ink.palette.accent if self.has_focus else self.ink.palette.strong

    def window(self, width: int, height: int) -> list[Spans]:  # noqa: ARG002 - see `inner`
        room, tall = self.inner
        body = self.lines()[:tall]
        body += [[] for _ in range(tall - len(body))]
        left, right, low_left, low_right = tuple(self.ink.glyphs.corner)
        top = self._edge(left, self.title(), self.top_right(), right, width)
        foot = self._ported(self._edge(low_left, self.foot(), self.legend(), low_right, width))
        border = self.border
        self._framed = [self._side(y, row, room, border) for y, row in enumerate(body)]
        return [top, *(framed for _, _, framed in self._framed), foot]

    def recolored(self) -> None:
        self._framed = []

    def on_resize(self) -> None:
        self._framed = []

    def _side(self, y: int, row: Spans, room: int, border: Style) -> tuple[Spans, Style, Spans]:
        if row and y < len(self._framed):
            kept = self._framed[y]
            if kept[0] is row and kept[1] is border:
                return kept
        side = self.ink.glyphs.line[1]
        content = pad(row, room, self.ink.palette.text, self.ink.glyphs.more)
        return row, border, [(f"{side} ", border), *content, (f" {side}", border)]

    def _edge(self, start: str, left: Spans, right: Spans, end: str, width: int) -> Spans:
        flat, border = self.ink.glyphs.line[0], self.border
        room, more = width - 2, self.ink.glyphs.more
        words: Spans = [(f"{flat} ", border), *left, (" ", border)] if left else []
        tail: Spans = [(" ", border), *right, (f" {flat}", border)] if right else []
        if width_of(tail) > max(room // 3, room - width_of(words) - 2):
            tail = []
        if words and width_of(words) > room - width_of(tail):
            shown = whole_parts(left, room - width_of(tail) - width_of(words[:1]) - 1)
            words = [words[0], *shown, words[-1]]
        words = pad(words, min(room - width_of(tail), width_of(words)), border, more)
        rule = flat * (room - width_of(words) - width_of(tail))
        return [(start, border), *words, (rule, border), *tail, (end, border)]

    def _ported(self, edge: Spans) -> Spans:
        """Put tees into a border of one style where wires begin."""
        ports = self.ports()
        if not ports or len({style for _, style in edge}) > 1:
            return edge
        cells = list("".join(text for text, _ in edge))
        for x in ports:
            if 0 < x < len(cells) - 1:
                cells[x] = self.ink.glyphs.tee
        return [("".join(cells), edge[0][1])]
