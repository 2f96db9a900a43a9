"""Lines of styled words that scroll; only those on the screen cost anything."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from eksview.ui.base.text_line import WordLines
from eksview.ui.base.view import View
from eksview.ui.base.viewport import thumb_of
from eksview.ui.text.styled_text import crop, width_of
from eksview.ui.text.words import Words

BAR = 2
"""Cells right of the lines: a space and the scroll bar."""
WHEEL = 3
SIDE = 8
"""Cells that a step to the side moves."""


class LinesView(WordLines, can_focus=True):
    """Scrolls by itself: more lines are no new layout of the screen."""

    BINDING_GROUP_TITLE = "Text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, label, show=False, tooltip=label, id=f"lines.{name}")
        for name, keys, action, label in (
            ("down", "j,down", "scroll(1)", "A line down"),
            ("up", "k,up", "scroll(-1)", "A line up"),
            ("half-down", "ctrl+d", "page(0.5)", "Half a page down"),
            ("half-up", "ctrl+u", "page(-0.5)", "Half a page up"),
            ("page-down", "pagedown,space,ctrl+f", "page(1.0)", "A page down"),
            ("page-up", "pageup", "page(-1.0)", "A page up"),
            ("top", "g,home", "top", "To the top"),
            ("bottom", "G,end", "bottom", "To the bottom"),
            ("left", "h,left", "aside(-1)", "To the left"),
            ("right", "l,right", "aside(1)", "To the right"),
        )
    ]

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(view, id=id)
        self._lines: Sequence[Words] = ()
        self._top = 0
        self._left = 0

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @property
    def room(self) -> int:
        """Cells of a line that can be seen at once."""
        return max(1, self.size.width - BAR)

    def show(self, lines: Sequence[Words]) -> None:
        """Show these lines from now on, without moving; their texts must be clean."""
        self._lines = lines
        self.paint()

    def window(self, width: int, height: int) -> list[Words]:  # noqa: ARG002 - see `room`
        """Return the lines in the window, each with its cell of the scroll bar behind it."""
        self._top = max(0, min(self._top, len(self._lines) - height))
        shown = self._lines[self._top : self._top + height]
        thumb = thumb_of(self._top, height, len(self._lines))
        bar: Words = ((" ", "text"), (self.view.glyphs.heavy[1], "border"))
        blank: Words = ((" " * BAR, "text"),)
        return [
            (*crop(words, self._left, self.room, "text"), *(bar if y in thumb else blank))
            for y, words in enumerate(shown)
        ]

    def action_scroll(self, by: int) -> None:
        """Move by lines."""
        self._go(self._top + by)

    def action_page(self, pages: float) -> None:
        """Move by windows."""
        self._go(self._top + round(pages * self.size.height))

    def action_top(self) -> None:
        """To the first line."""
        self._go(0)

    def action_bottom(self) -> None:
        """To the last line."""
        self._go(len(self._lines))

    def action_aside(self, by: int) -> None:
        """Move over long lines."""
        widest = max(map(width_of, self._lines), default=0)
        self._left = max(0, min(self._left + by * SIDE, widest - self.room))
        self.paint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """A few lines down."""
        event.stop()
        self.action_scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """A few lines up."""
        event.stop()
        self.action_scroll(-WHEEL)

    def _go(self, top: int) -> None:
        self._top = top
        self.paint()
