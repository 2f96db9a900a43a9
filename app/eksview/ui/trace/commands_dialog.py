"""How is this asked? The commands behind a screen, to copy."""

from collections.abc import Collection
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from eksview.domain.base.text import clean
from eksview.ui.base.messages import Subject
from eksview.ui.base.view import View
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.trace.call_screen import asking
from eksview.ui.trace.equivalent_commands import Asked, commands


class AskingScreen(PickerScreen[Asked, str | None]):
    """Gives the command to copy, or None."""

    HEADING = "How is this asked?"
    KEYS = "Enter copies, Esc closes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K", "dismiss(None)", "Back", show=False, tooltip="Close", id="asking.back"),
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="asking.copy"),
    ]

    def __init__(self, view: View, subject: Subject | None, askers: Collection[str] = ()) -> None:
        super().__init__(view, commands(view.store, subject, asking(view), askers))

    def option(self, choice: Asked) -> Option:
        """Return the command under what it asks."""
        return Option(f"{clean(choice.what)}\n  {clean(choice.command)}")

    def pick(self, choice: Asked) -> None:
        """Give its command."""
        self.dismiss(choice.command)

    def action_copy(self) -> None:
        """The one that is highlighted."""
        self.dismiss(self.chosen.command if self.chosen else None)
