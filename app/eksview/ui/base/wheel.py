"""What the mouse wheel does: the same in lines, tables and lists."""

from abc import abstractmethod

from textual import events

LINES = 3
"""Lines of a step of the wheel."""


class ScrolledByWheel:
    """A widget whose lines the wheel scrolls."""

    @abstractmethod
    def scroll_by(self, lines: int) -> None:
        """Scroll down by so many lines, up by a negative number."""

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_by(LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_by(-LINES)
