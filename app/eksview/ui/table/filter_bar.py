"""The filter above a table: live while typing, kept with Enter, gone with Esc."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.words import Words

HINT = "text   label=value   label!=value   !not"


class FilterBar(Horizontal):
    """Takes no room until it is opened or while it holds a filter."""

    DEFAULT_CSS = """
    FilterBar { height: 1; display: none; }
    FilterBar > #slash { width: 4; }
    FilterBar > Input { width: 1fr; }
    FilterBar > #matches { width: 24; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", tooltip="Show all rows again", id="filter.clear"),
        Binding("enter,down", "keep", "Keep", tooltip="Back to the rows", id="filter.keep"),
    ]

    class Changed(Message):
        """Another filter: the text as typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """Keys go back to the table."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(id=id)
        self._view = view

    def compose(self) -> ComposeResult:
        """A slash, what is typed, and how much matches."""
        yield TextLine(self._view, id="slash")
        box = Input(placeholder=HINT, compact=True, select_on_focus=False)
        box.cursor_blink = False  # a blink is bytes, over SSH too
        yield box
        yield TextLine(self._view, id="matches")

    def on_mount(self) -> None:
        """The slash doesn't change."""
        self.query_one("#slash", TextLine).show((("  / ", "accent"),))

    @property
    def text(self) -> str:
        """The filter."""
        return self.query_one(Input).value

    def open(self) -> None:
        """Let it be typed."""
        self.display = True
        # At once: `focus` is a message, and what is typed next would overtake it.
        self.screen.set_focus(self.query_one(Input))

    def hold(self, text: str) -> None:
        """Filter by this, without typing."""
        self.display = True
        self.query_one(Input).value = text

    def clear(self) -> None:
        """No filter, and no room taken."""
        self.display = False
        self.query_one(Input).value = ""

    def matches(self, shown: int, total: int) -> None:
        """How many of how many rows match."""
        words: Words = ()
        if self.text.strip():
            words = (f"{shown:,}", "text" if shown else "warn"), (f" of {total:,}  ", "dim")
        self.query_one("#matches", TextLine).show((), words)

    def action_clear(self) -> None:
        """Esc while typing."""
        self.clear()
        self.post_message(self.Left())

    def action_keep(self) -> None:
        """Enter or down while typing."""
        self.display = bool(self.text.strip())
        self.post_message(self.Left())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every keystroke filters."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.action_keep()
