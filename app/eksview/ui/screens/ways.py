"""The ways into a node: each with its command, and with why it can't be gone where it can't."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from eksview.domain.node_sessions import Way
from eksview.domain.text import cells, clean
from eksview.ui.lines.layout import fold
from eksview.ui.view import View

INDENT = "  "
FRAME = 8 + len(INDENT)
"""Cells around a command."""
SHOWN = "This dashboard is served: it runs no commands. Copy one, for a shell of yours."


class WaysScreen(ModalScreen[Way | None]):
    """Gives the way to go, or None. Without `runs` commands are only copied."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,s", "dismiss(None)", "Back", tooltip="Close", id="ways.back"),
        Binding("j", "move(1)", "Next", show=False, tooltip="Next", id="ways.down"),
        Binding("k", "move(-1)", "Previous", show=False, tooltip="Previous", id="ways.up"),
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="ways.copy"),
    ]

    def __init__(self, view: View, name: str, ways: Sequence[Way], *, runs: bool) -> None:
        super().__init__()
        self._view = view
        self._name_of = name
        self._ways = ways
        self._runs = runs

    def compose(self) -> ComposeResult:
        """Each way with its command under it."""
        with Vertical(classes="box") as box:
            title = f"Session on {clean(self._name_of)}"
            box.border_title = Content(title)
            box.styles.min_width = cells(title) + FRAME
            box.border_subtitle = self._keys()
            yield OptionList(*map(self._option, self._ways), markup=False)
            yield Static("" if self._runs else SHOWN, id="progress", markup=False)

    def on_mount(self) -> None:
        """Begin at the first that works, else at the first that can be copied."""
        options = self.query_one(OptionList)
        ranked = sorted(range(len(self._ways)), key=lambda at: bool(self._ways[at].why))
        options.highlighted = next((at for at in ranked if self._ways[at].command), None)
        options.focus()
        self.query_one("#progress").display = not self._runs

    def action_move(self, by: int) -> None:
        """As in every list."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def action_copy(self) -> None:
        """The command of the one that is highlighted."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._copy(self._ways[at])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go, or say why not."""
        way = self._ways[event.option_index]
        if not self._runs:
            self._copy(way)
        elif way.why:
            progress = self.query_one("#progress", Static)
            progress.display = True
            progress.add_class("-failed")
            progress.update("It isn't run from here; c copies the command.")
        else:
            self.dismiss(way)

    def _keys(self) -> str:
        if not any(way.command for way in self._ways):
            return "Esc closes"
        return "Enter runs, c copies, Esc closes" if self._runs else "Enter copies, Esc closes"

    def _copy(self, way: Way) -> None:
        self.app.copy_to_clipboard(way.line)
        self.app.notify("Copied the command", markup=False)
        self.dismiss(None)

    def _option(self, way: Way) -> Option:
        glyphs, room = self._view.glyphs, self.app.size.width * 9 // 10 - FRAME
        mark, tone = (glyphs.unknown, "$dim") if way.why else (glyphs.ok, "$success")
        lines = [Content.assemble((f"{mark} ", tone), (way.name, "bold"))]
        told = ((way.line, ""), (way.why, "$warning" if way.command else "$dim"))
        for text, style in told:
            folded = fold(clean(text), room) if text else []
            lines += [Content.styled(f"{INDENT}{line}", style) for line in folded]
        return Option(Content("\n").join(lines), disabled=not way.command)
