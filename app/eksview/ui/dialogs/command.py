"""The command line that `:` opens."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from eksview.domain.base.text import cells, clean
from eksview.ui.base.text_line import TextLine, WordLines
from eksview.ui.base.view import View
from eksview.ui.dialogs.commands import COMMANDS, Command, CommandError, complete, parse
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Tone, Words

SHOWN = 12
"""Completions that are shown at once."""
FRAME = 3
"""Lines that the screen keeps: its header and the command line."""


class HintLines(WordLines):
    """The completions or the error above the command line, in as many lines as they need."""

    def __init__(self, view: View) -> None:
        super().__init__(view, id="hint")
        self._words: Words = ()

    def show(self, words: Words) -> None:
        """Replace the words, which must be clean."""
        self._words = words
        self._grow()
        self.paint()

    def on_resize(self) -> None:
        self._grow()
        self.paint()

    def window(self, width: int, height: int) -> list[Words]:  # noqa: ARG002 - all are shown
        return flowed(self._words, width)

    def _grow(self) -> None:
        lines = len(flowed(self._words, self.size.width or self.app.size.width))
        most = max(1, self.app.size.height - FRAME)
        if self.styles.height is None or self.styles.height.value != min(lines, most):
            self.styles.height = min(lines, most)


def flowed(words: Words, width: int) -> list[Words]:
    """Return the words in lines; a text that is wider than a line is folded."""
    lines: list[list[tuple[str, Tone]]] = [[]]
    for text, tone in words:
        if width_of(lines[-1]) + cells(text) <= width:
            lines[-1].append((text, tone))
            continue
        pieces = fold(text.strip(), width - 1)
        new = [[(f" {piece}", tone)] for piece in pieces]
        lines = [*lines, *new] if lines[-1] else new
    return [tuple(line) for line in lines]


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
        yield HintLines(self._view)
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
        self.query_one(HintLines).show(words)
