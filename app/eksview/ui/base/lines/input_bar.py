"""A line to type a filter or a search in: applied while typing, kept with Enter, Esc clears it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from eksview.domain.base.text import EMPTY, Clean
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Words

SLASH, INPUT, COUNT = 4, 24, 24
"""Cells before the input, of it at least, and of the count after it."""


class InputBar(Horizontal):
    """A line that is shown while it is typed in or holds a text; then `target` has the focus."""

    DEFAULT_CSS = """
    InputBar { height: 1; display: none; }
    InputBar > #slash { width: 4; }
    InputBar > Input { width: 1fr; }
    InputBar > #matches { width: 24; }
    """  # as SLASH and COUNT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", tooltip="Clear what is typed", id="filter.clear"),
        Binding("enter,down", "keep", "Keep", tooltip="Go back to what matches", id="filter.keep"),
    ]

    class Changed(Message):
        """A changed text, as typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, view: View, target: Callable[[], Widget], hint: str) -> None:
        super().__init__()
        self._view = view
        self._target = target
        self._input = Input(placeholder=hint, compact=True, select_on_focus=False)
        self._input.cursor_blink = False  # a blink is bytes, over SSH too

    def compose(self) -> ComposeResult:
        yield TextLine(self._view, id="slash")
        yield self._input
        yield TextLine(self._view, id="matches")

    def on_mount(self) -> None:
        self.query_one("#slash", TextLine).show((("  / ", "accent"),))

    @property
    def text(self) -> str:
        """The text as typed."""
        return self._input.value

    @property
    def typing(self) -> bool:
        """True while it has the keys."""
        return self._input.has_focus

    def open(self) -> None:
        """Show the bar and give it the keys."""
        self._display(True)
        self.screen.set_focus(self._input)

    def hold(self, text: str) -> None:
        """Apply a text that wasn't typed."""
        self._display(True)
        self._input.value = text

    def clear(self) -> None:
        """Drop the text and hide the bar."""
        self._display(False)
        self._input.value = ""

    def _display(self, shown: bool) -> None:
        """Show or hide the bar, with which the meaning of Esc changes."""
        self.display = shown
        self.refresh_bindings()

    def count(self, number: int, total: int, problem: Clean = EMPTY) -> None:
        """Show a number of a total, or what is wrong with the text."""
        words: Words = ()
        if problem:
            words = ((f"{self._view.glyphs.warn} {problem}  ", "warn"),)
        elif self.text.strip():
            words = (f"{number:,}", "text" if number else "warn"), (f" of {total:,}  ", "dim")
        line = self.query_one("#matches", TextLine)
        room = max(COUNT, self.size.width - SLASH - INPUT)
        line.styles.width = min(room, width_of(words)) if problem else COUNT
        line.show((), words)

    def action_clear(self) -> None:
        self.clear()
        self.screen.set_focus(self._target())

    def action_keep(self) -> None:
        self._display(bool(self.text.strip()))
        self.screen.set_focus(self._target())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))
