"""The page of a chapter, which scrolls where it is too long, and then turns."""

from textual.message import Message

from eksview.ui.base.lines_view import LinesView
from eksview.ui.text.styled_text import width_of


class PageView(LinesView):
    """A page; behind its end, and before its beginning, is another chapter."""

    DEFAULT_CSS = "PageView { height: 1fr; padding: 0 0 0 2; }"

    class Turned(Message):
        """A notice that one reads on, by so many chapters."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the arrows to the screen where no line is wider than the page."""
        if action == "sideways":
            return max(map(width_of, self._lines), default=0) > self.room
        return super().check_action(action, parameters)

    def action_page(self, pages: float) -> None:
        """Scroll; where there is nothing more, turn to the next chapter."""
        bottom = max(0, self.count - self.size.height)
        if self._top == (bottom if pages > 0 else 0):
            self.post_message(self.Turned(1 if pages > 0 else -1))
        else:
            super().action_page(pages)
