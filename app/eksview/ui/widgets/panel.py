"""A framed part of the home screen that paints only the lines that changed."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from eksview.ui.view import View
from eksview.ui.widgets.spans import Spans, pad, strip


class Painted(Widget, can_focus=True):
    """Keeps what it painted, line by line, and refreshes only the lines that differ."""

    ALLOW_SELECT = False

    def __init__(self, view: View, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.view = view
        self._painted: list[Spans] = []

    def rows(self, width: int, height: int) -> list[Spans]:
        """What to draw: at most `height` lines of at most `width` cells."""
        raise NotImplementedError

    def paint(self) -> None:
        """Compare with what is painted, and refresh the lines that differ."""
        width, height = self.size
        if width < 4 or height < 1:
            return
        before = self._painted
        rows = self.rows(width, height)[:height]
        self._painted = [pad(row, width, self.view.palette().text) for row in rows]
        if len(before) != len(self._painted):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._painted, strict=True)):
            if old != new:
                self.refresh(Region(0, y, width, 1))

    def on_resize(self) -> None:
        self._painted = []
        self.paint()

    def on_focus(self) -> None:
        self.paint()

    def on_blur(self) -> None:
        self.paint()

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        if y < len(self._painted):
            return strip(self._painted[y], base)
        return Strip.blank(self.size.width, base)


class Panel(Painted):
    """A frame with a title and a foot in its border; subclasses say what is inside."""

    def title(self) -> Spans:
        """What stands in the top border."""
        raise NotImplementedError

    def foot(self) -> Spans:
        """What stands in the bottom border; nothing by default."""
        return []

    def lines(self, width: int, height: int) -> list[Spans]:
        """At most `height` lines, each at most `width` cells."""
        raise NotImplementedError

    def rows(self, width: int, height: int) -> list[Spans]:
        inner = width - 4
        body = self.lines(inner, height - 2)[: max(0, height - 2)]
        body += [[] for _ in range(height - 2 - len(body))]
        left, right, low_left, low_right = tuple(self.view.glyphs.corner)
        return [
            self._edge(left, self.title(), right, inner),
            *(self._side(row, inner) for row in body),
            self._edge(low_left, self.foot(), low_right, inner),
        ]

    def _side(self, row: Spans, inner: int) -> Spans:
        palette, side = self.view.palette(), self.view.glyphs.line[1]
        border = palette.focus if self.has_focus else palette.border
        content = pad(row, inner, palette.text, self.view.glyphs.more)
        return [(f"{side} ", border), *content, (f" {side}", border)]

    def _edge(self, start: str, spans: Spans, end: str, inner: int) -> Spans:
        palette, flat = self.view.palette(), self.view.glyphs.line[0]
        border = palette.focus if self.has_focus else palette.border
        if not spans:
            return [(start + flat * (inner + 2) + end, border)]
        text = pad([*spans, (" ", border)], inner, border, self.view.glyphs.more)
        if text[-1][0].isspace():  # what padding was added becomes the border's own line
            text[-1] = (" " + flat * (len(text[-1][0]) - 1), border)
        return [(f"{start}{flat} ", border), *text, (end, border)]
