"""The command line that `:` opens."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from eksview.domain.aws.target import eks_name
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import Clean, cells, clean
from eksview.ui.base.lines.text_line import TextLine, WordLines
from eksview.ui.base.view import View
from eksview.ui.dialogs.command_history import CommandHistory
from eksview.ui.dialogs.commands import (
    NO_RESOURCES,
    Command,
    CommandError,
    complete,
    is_command,
    meaning,
    parse,
    takes_context,
    with_alias,
)
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
        pieces = fold(clean(text.strip()), width - 1)
        new = [[(f" {piece}", tone)] for piece in pieces]
        lines = [*lines, *new] if lines[-1] else new
    return [tuple(line) for line in lines]


def _differing(line: str) -> Clean:
    """Return what differs between completions: an argument, of an ARN only its parts."""
    text = line.partition(" ")[2] or line
    name = eks_name(text)
    return clean(f"{name.cluster} {name.region} {name.account}".strip() if name else text)


class CommandScreen(ModalScreen[Command | None]):
    """A dialog that returns a command or None; errors are shown above the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", tooltip="Close", id="command.back"),
        Binding("tab", "cycle(1)", "Complete", tooltip="Next completion", id="command.next"),
        Binding(
            "shift+tab",
            "cycle(-1)",
            "Complete",
            show=False,
            tooltip="Previous completion",
            id="command.previous",
        ),
        Binding("up", "recall(-1)", "Older", tooltip="The command before", id="command.older"),
        Binding(
            "down", "recall(1)", "Newer", show=False, tooltip="The command after it",
            id="command.newer",
        ),
    ]  # fmt: skip

    def __init__(
        self, view: View, choices: Mapping[str, Sequence[str]], history: CommandHistory
    ) -> None:
        super().__init__()
        self._view = view
        self._choices = dict(choices)
        self._aliases = view.settings.aliases
        self._history = history
        self._resources = NO_RESOURCES
        self._looked_up: set[tuple[str, bool]] = set()
        """The lines for which the resources were read, and whether again."""
        self._reading: Literal["", "unread", "reading", "submitted"] = "unread"
        """The state of the contexts, read for a command that takes one; empty at the end."""
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
        self._history.begin()
        self._offer("")
        self.run_worker(self._read_resources(), group="resources")
        self.set_focus(self.query_one(Input))

    def action_cycle(self, by: int) -> None:
        if not self._completions:
            return
        self._at = (self._at + by) % len(self._completions) if self._at >= 0 or by > 0 else -1
        self._fill(self._completions[self._at])
        self._hint()

    def action_recall(self, by: int) -> None:
        """Show an older or newer command of this session."""
        line = self._history.move(by, self.query_one(Input).value)
        if line is not None:
            self._fill(line)
            self._offer(line)

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._reading == "submitted":
            self._reading = "reading"
        self._offer(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the command, or show why the text isn't one."""
        event.stop()
        if self._reading and takes_context(with_alias(event.value, self._aliases)):
            self._reading = "submitted"
            self._show(((f" Reading the kubeconfig{self._view.glyphs.more}", "dim"),))
        elif event.value.strip(" :"):
            self._submit(event.value)
        else:
            self.dismiss(None)

    def _submit(self, text: str) -> None:
        line = with_alias(text, self._aliases)
        command = parse(line, self._choices, self._resources)
        unread = self._resources is NO_RESOURCES and not is_command(line)
        unknown = isinstance(command, CommandError) and command.unknown
        tried = text, not unread
        if (unread or unknown) and tried not in self._looked_up:
            self._looked_up.add(tried)
            more = self._view.glyphs.more
            self._show(((f" Reading the resources of the API server{more}", "dim"),))
            self.run_worker(self._look_up(text, again=not unread), group="resources")
            return
        if isinstance(command, Command):
            self._history.add(text)
            self.dismiss(command)
            return
        if command.line:
            self._fill(command.line)
            self._complete(command.line)
        self._show(((f" {clean(self._view.keyed(command.reason))}", "warn"),))

    async def _look_up(self, text: str, *, again: bool) -> None:
        """Read the resources, `again` where they don't have a word, and submit the line."""
        await self._read_resources(again=again)
        if self.query_one(Input).value == text:
            self._submit(text)

    async def _read_resources(self, *, again: bool = False) -> None:
        with suppress(UserError):  # then commands alone are known
            self._resources = await self._view.backend.resources(again=again)
            if not self._looked_up:
                self._offer(self.query_one(Input).value)

    async def _read_contexts(self) -> None:
        with suppress(UserError):  # then any name is accepted, and switching reports the problem
            contexts = await self._view.backend.contexts()
            self._choices["context"] = [context.name for context in contexts]
        submitted, self._reading = self._reading == "submitted", ""
        text = self.query_one(Input).value
        if submitted:
            self._submit(text)
        else:
            self._offer(text)

    def _fill(self, line: str) -> None:
        box = self.query_one(Input)
        with self.prevent(Input.Changed):
            box.value = line
        box.cursor_position = len(line)

    def _offer(self, text: str) -> None:
        if self._reading == "unread" and takes_context(with_alias(text, self._aliases)):
            self._reading = "reading"
            self.run_worker(self._read_contexts())
        self._complete(text)
        self._hint()

    def _complete(self, text: str) -> None:
        own = [word for word in self._aliases if text.strip(" :") and word.startswith(text)]
        lines = complete(with_alias(text, self._aliases), self._choices, self._resources)
        self._completions, self._at = (*own, *lines), -1

    def _hint(self) -> None:
        """Show what Enter does, and the completions."""
        text = self.query_one(Input).value
        line = with_alias(text, self._aliases)
        does = meaning(line, self._choices, self._resources) if text.strip(" :") else ""
        words: list[tuple[str, Tone]] = []
        if does:
            words.append((f" {self._view.glyphs.right} {does} ", "text"))
        start = max(0, min(self._at, len(self._completions) - 1) - SHOWN + 1)
        for number, line in enumerate(self._completions[start : start + SHOWN], start):
            if line != text or self._at >= 0:
                words.append((f" {_differing(line)} ", "accent" if number == self._at else "dim"))
        self._show(tuple(words))

    def _show(self, words: Words) -> None:
        self.query_one(HintLines).show(words)
