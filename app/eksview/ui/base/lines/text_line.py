"""Widgets of styled words: lines of them, and one line with a left and a right end."""

from collections.abc import Iterable

from rich.segment import Segment
from textual.strip import Strip

from eksview.domain.base.text import cells
from eksview.ui.base.lines.painted_lines import PaintedLines
from eksview.ui.base.view import View
from eksview.ui.text.styled_text import cut, differences, width_of
from eksview.ui.text.words import Words

BETWEEN, LEAST = 2, 12
"""Cells between the two ends, and those that the right end needs at least."""


class WordLines(PaintedLines[Words]):
    """Lines of clean words, which the first frame already shows at its width."""

    def changes(self, old: Words, new: Words) -> Iterable[tuple[int, int]]:
        return differences(old, new)

    def draw(self, line: Words) -> Strip:
        tone = self.ink.palette.tone
        words = Strip([Segment(text, tone(name)) for text, name in line])
        return words.adjust_cell_length(self.size.width).apply_style(self.rich_style)

    def render_line(self, y: int) -> Strip:
        # A layout is painted before its Resize event arrives.
        if self.size != self._painted_size:
            self._fit()
        return super().render_line(y)


class TextLine(WordLines):
    """One line of words from the left and, if there is room, words at the right."""

    DEFAULT_CSS = "TextLine { height: 1; }"

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(view, id=id)
        self._ends: tuple[Words, Words] = ((), ())

    def show(self, left: Words, right: Words = ()) -> None:
        """Replace the words, which must be clean."""
        if (left, right) != self._ends:
            self._ends = left, right
            self.paint()

    def window(self, width: int, height: int) -> tuple[Words]:  # noqa: ARG002 - it is one line
        """Return the line."""
        more = self.view.glyphs.more
        left = tuple(cut(self._ends[0], width, more))
        room = width - width_of(left) - BETWEEN
        wanted = sum(cells(text) for text, _ in self._ends[1])
        if room < min(wanted, LEAST):
            return (left,)
        right = cut(self._ends[1], room, more)
        return ((*left, (" " * (BETWEEN + room - width_of(right)), "text"), *right),)
