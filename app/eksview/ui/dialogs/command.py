"""The command line that `:` opens."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from eksview.domain.base.text import clean
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.dialogs.commands import COMMANDS, Command, CommandError, complete, parse
from eksview.ui.text.words import Tone, Words

SHOWN = 12
"""Completions that are shown at once."""


class CommandScreen(ModalScreen[Command | None]):
    """A dialog that returns a command or None; errors are shown above the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", tooltip="Close", id="command.back"),
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
        self._completions: tuple[str, ...] = ()
        self._at = -1

    def compose(self) -> ComposeResult:
        yield TextLine(self._view, id="hint")
        yield TextLine(self._view, id="colon")
        box = Input(compact=True, select_on_focus=False)
        box.cursor_blink = False
        yield box

    def on_mount(self) -> None:
        self.query_one("#colon", TextLine).show(((" :", "accent"),))
        self._offer("")
        self.set_focus(self.query_one(Input))

    def action_cycle(self, by: int) -> None:
        if not self._completions:
            return
        self._at = (self._at + by) % len(self._completions) if self._at >= 0 or by > 0 else -1
        box = self.query_one(Input)
        with self.prevent(Input.Changed):
            box.value = self._completions[self._at]
        box.cursor_position = len(box.value)
        self._hint()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the command, or show why the text isn't one."""
        event.stop()
        if not event.value.strip():
            self.dismiss(None)
            return
        command = parse(event.value, self._choices)
        if isinstance(command, CommandError):
            self._show(((f" {clean(command.reason)}", "warn"),))
        else:
            self.dismiss(command)

    def _offer(self, text: str) -> None:
        self._completions, self._at = complete(text, self._choices), -1
        self._hint()

    def _hint(self) -> None:
        if not self._completions:
            self._show(())
            return
        start = max(0, min(self._at, len(self._completions) - 1) - SHOWN + 1)
        words: list[tuple[str, Tone]] = []
        for number, line in enumerate(self._completions[start : start + SHOWN], start):
            shown = clean(line.rpartition(" ")[2])
            words.append((f" {shown} ", "accent" if number == self._at else "dim"))
        self._show((*words, *self._help()))

    def _help(self) -> Words:
        """Return the help of the only command that matches."""
        names = {line.partition(" ")[0] for line in self._completions}
        spec = next((spec for spec in COMMANDS if names == {spec.name}), None)
        return ((f"  {spec.help}", "faint"),) if spec else ()

    def _show(self, words: Words) -> None:
        self.query_one("#hint", TextLine).show(words)
