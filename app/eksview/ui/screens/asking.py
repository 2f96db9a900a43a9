"""How is this asked? The commands behind a screen, to copy."""

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from eksview.domain.text import clean
from eksview.ui.asked import commands
from eksview.ui.intents import Subject
from eksview.ui.screens.request import asking
from eksview.ui.view import View


class AskingScreen(ModalScreen[str | None]):
    """Gives the command to copy, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,K", "dismiss(None)", "Back", tooltip="Close", id="asking.back"),
        Binding("j", "move(1)", "Next", show=False, tooltip="Next", id="asking.down"),
        Binding("k", "move(-1)", "Previous", show=False, tooltip="Previous", id="asking.up"),
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="asking.copy"),
    ]

    def __init__(self, view: View, subject: Subject | None, askers: Collection[str] = ()) -> None:
        super().__init__()
        self._commands = commands(view.store, subject, asking(view), askers)

    def compose(self) -> ComposeResult:
        """Each command under what it asks."""
        with Vertical(classes="box") as box:
            box.border_title = "How is this asked?"
            box.border_subtitle = "Enter copies, Esc closes"
            yield OptionList(
                *(
                    Option(f"{clean(each.what)}\n  {clean(each.command)}")
                    for each in self._commands
                ),
                markup=False,
            )

    def on_mount(self) -> None:
        """Keys move."""
        self.query_one(OptionList).focus()

    def action_move(self, by: int) -> None:
        """Up and down."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def action_copy(self) -> None:
        """The one that is highlighted."""
        at = self.query_one(OptionList).highlighted
        self.dismiss(None if at is None else self._commands[at].command)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click."""
        self.dismiss(self._commands[event.option_index].command)
