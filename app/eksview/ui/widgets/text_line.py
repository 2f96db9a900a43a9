"""One line of styled words, repainted only when they change."""

from typing import TypeAlias

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from eksview.domain.text import cells, fit
from eksview.ui.view import View
from eksview.ui.widgets.table_kind import Tone

Words: TypeAlias = tuple[tuple[str, Tone], ...]


class TextLine(Widget):
    """Words from the left and, where there is room, words from the right."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "TextLine { height: 1; }"

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(id=id)
        self._view = view
        self._left: Words = ()
        self._right: Words = ()

    def show(self, left: Words, right: Words = ()) -> None:
        """Say this from now on; the texts must be clean."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line, cut where it ends."""
        width = self.size.width
        left = self._segments(self._left, width)
        taken = sum(cells(each.text) for each in left)
        right = self._segments(self._right, width)
        rest = width - taken - sum(cells(each.text) for each in right)
        if y or rest < 1:
            right, rest = [], max(0, width - taken)
        strip = Strip([*left, Segment(" " * rest), *right]).adjust_cell_length(width)
        return strip.apply_style(self.rich_style)

    def _segments(self, words: Words, width: int) -> list[Segment]:
        palette, more = self._view.palette(), self._view.glyphs.more
        segments: list[Segment] = []
        for text, tone in words:
            shown = text if cells(text) <= width else fit(text, width, more=more)
            width -= cells(shown)
            if shown:
                segments.append(Segment(shown, getattr(palette, tone)))
        return segments
