"""Lines of styled words that scroll; only visible lines are drawn."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from eksview.domain.base.text import cells
from eksview.ui.base.bindings import hidden_bindings
from eksview.ui.base.lines.text_line import WordLines
from eksview.ui.base.movement import movement_bindings, text_moves
from eksview.ui.base.text_search import TextSearch
from eksview.ui.base.view import View
from eksview.ui.base.viewport import thumb_of
from eksview.ui.base.wheel import ScrolledByWheel
from eksview.ui.text.styled_text import crop, width_of
from eksview.ui.text.words import Tone, Words

BAR = 2
"""Cells right of the lines: a space and the scroll bar."""
SIDE = 8
"""Cells of a step to the side."""


class LinesView(ScrolledByWheel, WordLines, can_focus=True):
    """A scrolling text; more lines don't lay the screen out again."""

    BINDING_GROUP_TITLE = "Text"
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement_bindings("lines", *text_moves()),
        *hidden_bindings("lines", ("previous-match", "N", "match(-1)", "Previous match")),
        Binding("n", "match(1)", "Next match", tooltip="Next match", id="lines.next-match"),
    ]

    class Searched(Message):
        """A notice that the search is at another match, or has other matches."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(view, id=id)
        self._lines: Sequence[Words] = ()
        self._top = 0
        self._left = 0
        self.search = TextSearch()

    @property
    def count(self) -> int:
        return len(self._lines)

    @property
    def room(self) -> int:
        """The visible cells of a line."""
        return max(1, self.size.width - BAR)

    def show(self, lines: Sequence[Words]) -> None:
        """Replace the lines, which must be clean, without scrolling."""
        self._lines = lines
        self.search.refresh(lines)
        self.paint()

    def find(self, text: str) -> None:
        """Search for a text and show its next match; an empty one ends the search."""
        self.search.find(text, self._lines, self._top)
        self._show_match()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave `n` and `N` to the screen where nothing matches a search."""
        if action == "match":
            return bool(self.search.hits)
        return super().check_action(action, parameters)

    def action_match(self, by: int) -> None:
        """Show another match."""
        self.search.step(by)
        self._show_match()

    def _show_match(self) -> None:
        """Scroll to the current match if it isn't visible."""
        hit, height = self.search.current, self.size.height
        if hit is not None:
            if not self._top <= hit.line < self._top + height:
                self._top = hit.line - height // 2
            text = "".join(text for text, _ in self._lines[hit.line])
            first, last = cells(text[: hit.start]), cells(text[: hit.end])
            if not self._left <= first <= last <= self._left + self.room:
                self._left = max(0, min(first, last - self.room))
        self.paint()
        self.refresh_bindings()
        self.post_message(self.Searched())

    def window(self, width: int, height: int) -> list[Words]:  # noqa: ARG002 - see `room`
        """Return the visible lines, each with its cell of the scroll bar."""
        self._top = max(0, min(self._top, len(self._lines) - height))
        shown = self._lines[self._top : self._top + height]
        thumb = thumb_of(self._top, height, len(self._lines))
        bar: Words = ((" ", "text"), (self.view.glyphs.heavy, "faint"))
        blank: Words = ((" " * BAR, "text"),)
        return [
            (*self._crop(y, words), *(bar if y in thumb else blank))
            for y, words in enumerate(shown)
        ]

    def _crop(self, y: int, words: Words) -> Iterator[tuple[str, Tone]]:
        shown, more = self.search.shown(self._top + y, words), self.view.glyphs.more
        if width_of(words) <= self._left + self.room:
            yield from crop(shown, self._left, self.room, "text")
        else:  # the arrows scroll to the rest
            yield from crop(shown, self._left, self.room - cells(more), "text")
            yield more, "dim"

    def action_scroll(self, by: int) -> None:
        self.scroll_by(by)

    def action_page(self, pages: float) -> None:
        self._go(self._top + round(pages * self.size.height))

    def action_top(self) -> None:
        self._go(0)

    def action_bottom(self) -> None:
        self._go(len(self._lines))

    def action_sideways(self, by: int) -> None:
        """Scroll long lines sideways."""
        widest = max(map(width_of, self._lines), default=0)
        self._left = max(0, min(self._left + by * SIDE, widest - self.room))
        self.paint()

    def scroll_by(self, lines: int) -> None:
        self._go(self._top + lines)

    def _go(self, top: int) -> None:
        self._top = top
        self.paint()
