"""One line of styled words, repainted only when they change."""

from typing import TypeAlias

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from eksview.domain.text import cells, fit
from eksview.ui.view import View
from eksview.ui.widgets.spans import differences
from eksview.ui.widgets.table_kind import Tone

Words: TypeAlias = tuple[tuple[str, Tone], ...]


APART, LEAST = 2, 12
"""Cells between the two ends, and how few of the right one still say something."""


class TextLine(Widget):
    """Words from the left and, as far as there is room, words from the right."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "TextLine { height: 1; }"

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(id=id)
        self._view = view
        self._left: Words = ()
        self._right: Words = ()

    def show(self, left: Words, right: Words = ()) -> None:
        """Say this from now on; the texts must be clean."""
        if (left, right) == (self._left, self._right):
            return
        before = self._laid()
        self._left, self._right = left, right
        runs = differences(before, self._laid())
        if runs:
            self.refresh(*(Region(x, 0, many, 1) for x, many in runs))

    def render_line(self, y: int) -> Strip:
        """The line, cut where it ends."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        palette = self._view.palette()
        segments = [Segment(text, getattr(palette, tone)) for text, tone in self._laid()]
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(self.rich_style)

    def _laid(self) -> Words:
        """The words as they stand in the line."""
        width, more = self.size.width, self._view.glyphs.more
        left = _fitted(self._left, width, more)
        room = width - sum(cells(text) for text, _ in left) - APART
        wanted = sum(cells(text) for text, _ in self._right)
        if room < min(wanted, LEAST):
            return left
        right = _fitted(self._right, room, more)
        between = APART + room - sum(cells(text) for text, _ in right)
        return (*left, (" " * between, "text"), *right)


def _fitted(words: Words, width: int, more: str) -> Words:
    """As much of them as there is room for."""
    kept: list[tuple[str, Tone]] = []
    for text, tone in words:
        shown = text if cells(text) <= width else fit(text, width, more=more)
        width -= cells(shown)
        if shown:
            kept.append((shown, tone))
    return tuple(kept)
