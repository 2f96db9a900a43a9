"""The filter above a table: applied while typing, kept with Enter, cleared with Esc."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from eksview.domain.base.text import EMPTY, Clean
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Words

HINT = "text  !not  a|b  status=Running  age>1h  -l app=web"

SLASH, INPUT, MATCHES = 4, 24, 24
"""Cells before the input, of it at least, and of the counts after it."""


class FilterBar(Horizontal):
    """A line that is shown while it is typed in or holds a filter; then `rows` has the focus."""

    DEFAULT_CSS = """
    FilterBar { height: 1; display: none; }
    FilterBar > #slash { width: 4; }
    FilterBar > Input { width: 1fr; }
    FilterBar > #matches { width: 24; }
    """  # as SLASH and MATCHES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", tooltip="Clear the filter", id="filter.clear"),
        Binding("enter,down", "keep", "Keep", tooltip="Back to the rows", id="filter.keep"),
    ]

    class Changed(Message):
        """A changed filter: the text as typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, view: View, rows: Widget) -> None:
        super().__init__()
        self._view = view
        self._rows = rows
        self._input = Input(placeholder=HINT, compact=True, select_on_focus=False)
        self._input.cursor_blink = False  # a blink is bytes, over SSH too

    def compose(self) -> ComposeResult:
        yield TextLine(self._view, id="slash")
        yield self._input
        yield TextLine(self._view, id="matches")

    def on_mount(self) -> None:
        self.query_one("#slash", TextLine).show((("  / ", "accent"),))

    @property
    def text(self) -> str:
        """The filter as typed."""
        return self._input.value

    def open(self) -> None:
        """Show the bar and give it the keys."""
        self.display = True
        self.screen.set_focus(self._input)

    def hold(self, text: str) -> None:
        """Filter by a text that wasn't typed."""
        self.display = True
        self._input.value = text

    def clear(self) -> None:
        """Drop the filter and hide the bar."""
        self.display = False
        self._input.value = ""

    def matches(self, shown: int, total: int, problem: Clean = EMPTY) -> None:
        """Show how many of how many rows match, or what is wrong with the filter."""
        words: Words = ()
        if problem:
            words = ((f"{self._view.glyphs.warn} {problem}  ", "warn"),)
        elif self.text.strip():
            words = (f"{shown:,}", "text" if shown else "warn"), (f" of {total:,}  ", "dim")
        line = self.query_one("#matches", TextLine)
        room = max(MATCHES, self.size.width - SLASH - INPUT)
        line.styles.width = min(room, width_of(words)) if problem else MATCHES
        line.show((), words)

    def action_clear(self) -> None:
        self.clear()
        self.screen.set_focus(self._rows)

    def action_keep(self) -> None:
        self.display = bool(self.text.strip())
        self.screen.set_focus(self._rows)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))
