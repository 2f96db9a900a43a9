"""Lines of styled words that scroll; only those on the screen cost anything."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from eksview.domain.text import cells
from eksview.ui.view import View
from eksview.ui.widgets.text_line import Words

BAR = 2
"""Cells right of the lines: a space and the scroll bar."""
WHEEL = 3
SIDE = 8
"""Cells that a step to the side moves."""


class LinesView(Widget, can_focus=True):
    """Scrolls by itself: more lines are no new layout of the screen."""

    ALLOW_SELECT = False
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
        super().__init__(id=id)
        self._view = view
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
        """These lines from now on, without moving; their texts must be clean."""
        old, self._lines = self._lines, lines
        top = self._top
        self._clamp()
        if len(old) != len(lines) or top != self._top:
            self.refresh()
            return
        seen = range(self._top, min(self._top + self.size.height, len(lines)))
        regions = [Region(0, y - self._top, self.size.width, 1) for y in seen if old[y] != lines[y]]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """The end stays at the end."""
        self._clamp()

    def render_line(self, y: int) -> Strip:
        """One line, and its cell of the scroll bar."""
        palette, at = self._view.palette(), self._top + y
        words = self._lines[at] if at < len(self._lines) else ()
        strip = Strip([Segment(text, getattr(palette, tone)) for text, tone in words if text])
        room = self.room
        shown = strip.crop(self._left, self._left + room).adjust_cell_length(room)
        bar = [Segment(" "), Segment(self._view.glyphs.heavy[1], palette.border)]
        end = Strip(bar if self._thumb(y) else [Segment(" " * BAR)])
        return Strip.join([shown, end]).crop(0, self.size.width).apply_style(self.rich_style)

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
        widest = max((sum(cells(text) for text, _ in words) for words in self._lines), default=0)
        left = max(0, min(self._left + by * SIDE, widest - self.room))
        if left != self._left:
            self._left = left
            self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """A few lines down."""
        event.stop()
        self.action_scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """A few lines up."""
        event.stop()
        self.action_scroll(-WHEEL)

    def _go(self, top: int) -> None:
        before, self._top = self._top, top
        self._clamp()
        if self._top != before:
            self.refresh()

    def _clamp(self) -> None:
        self._top = max(0, min(self._top, len(self._lines) - self.size.height))

    def _thumb(self, y: int) -> bool:
        height, total = self.size.height, len(self._lines)
        if total <= height:
            return False
        length = max(1, height * height // total)
        start = round((height - length) * self._top / (total - height))
        return start <= y < start + length
