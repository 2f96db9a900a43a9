"""The command line: `:` and what can be typed after it."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.widgets import Input

from eksview.domain.base.text import clean
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.dialogs.commands import COMMANDS, Command, CommandError, complete, parse
from eksview.ui.terminal.textual_private import KeyHook
from eksview.ui.text.words import Words

SHOWN = 12
"""Completions offered at once."""


class CommandScreen(KeyHook[Command | None]):
    """Gives the command, or None when none was wanted. What is wrong is said above the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", tooltip="Leave it", id="command.back"),
        Binding("tab,down", "cycle(1)", "Complete", tooltip="Next completion", id="command.next"),
        Binding(
            "shift+tab,up",
            "cycle(-1)",
            "Complete",
            show=False,
            tooltip="Previous completion",
            id="command.previous",
        ),
    ]

    def __init__(self, view: View, choices: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._view = view
        self._choices = choices
        self._offered: tuple[str, ...] = ()
        self._at = -1
        self._ahead: deque[Key] = deque()

    def compose(self) -> ComposeResult:
        """The line, and above it what it may become."""
        yield TextLine(self._view, id="hint")
        yield TextLine(self._view, id="colon")
        box = Input(compact=True, select_on_focus=False)
        box.cursor_blink = False
        yield box

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#colon", TextLine).show(((" :", "accent"),))
        self._offer("")
        self._take_ahead()
        self.query_one(Input).focus()

    def takes(self, event: Event) -> bool:
        """Keep the keys that are typed before the line has the focus: they belong to it."""
        if isinstance(event, Key) and (event.is_printable or event.key in ("enter", "backspace")):
            self._ahead.append(event)
            self._take_ahead()
            return True
        return False

    def _take_ahead(self) -> None:
        box = next(iter(self.query(Input)), None)
        while box is not None and self._ahead:
            event = self._ahead.popleft()
            if event.key == "enter":
                self.call_later(box.action_submit)
            elif event.key == "backspace":
                box.action_delete_left()
            else:
                box.insert_text_at_cursor(event.character or "")

    def action_cycle(self, by: int) -> None:
        """Take the next of what is offered."""
        if not self._offered:
            return
        self._at = (self._at + by) % len(self._offered) if self._at >= 0 or by > 0 else -1
        box = self.query_one(Input)
        with self.prevent(Input.Changed):
            box.value = self._offered[self._at]
        box.cursor_position = len(box.value)
        self._hint()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what fits."""
        self._offer(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do it, or say why not."""
        event.stop()
        if not event.value.strip():
            self.dismiss(None)
            return
        meant = parse(event.value, self._choices)
        if isinstance(meant, CommandError):
            self._say(((f" {clean(meant.why)}", "warn"),))
        else:
            self.dismiss(meant)

    def _offer(self, text: str) -> None:
        self._offered, self._at = complete(text, self._choices), -1
        self._hint()

    def _hint(self) -> None:
        if not self._offered:
            self._say(())
            return
        start = max(0, min(self._at, len(self._offered) - 1) - SHOWN + 1)
        words: list[Words] = []
        for number, line in enumerate(self._offered[start : start + SHOWN], start):
            shown = clean(line.rpartition(" ")[2])
            tone = "accent" if number == self._at else "dim"
            words.append(((f" {shown} ", tone),))  # type: ignore[arg-type]  # one of two tones
        self._say((*(part for word in words for part in word), *self._about()))

    def _about(self) -> Words:
        """What the only command that fits does."""
        names = {line.partition(" ")[0] for line in self._offered}
        spec = next((spec for spec in COMMANDS if names == {spec.name}), None)
        return ((f"  {spec.help}", "faint"),) if spec else ()

    def _say(self, words: Words) -> None:
        self.query_one("#hint", TextLine).show(words)
