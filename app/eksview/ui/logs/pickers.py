"""Dialogs of the log view: since when, and of which sources."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from eksview.domain.base.text import Clean
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import PickerScreen


class LogChoice(Struct, frozen=True):
    """A choice and what it gives: seconds, or the number of a source; None for all."""

    label: Clean
    value: int | None


class Chosen(Struct, frozen=True):
    """The choice that was taken."""

    value: int | None


SINCE = (
    LogChoice(Clean("the last lines"), None),
    LogChoice(Clean("the last minute"), 60),
    LogChoice(Clean("the last 5 minutes"), 300),
    LogChoice(Clean("the last 15 minutes"), 900),
    LogChoice(Clean("the last 30 minutes"), 1800),
    LogChoice(Clean("the last hour"), 3600),
    LogChoice(Clean("the last 24 hours"), 86_400),
)


class LogChoicePicker(PickerScreen[LogChoice, Chosen | None]):
    """A picker that returns the chosen value, or None if it was left."""

    TALLEST = 16

    def __init__(
        self, view: View, heading: str, choices: Sequence[LogChoice], current: int | None
    ) -> None:
        super().__init__(view, choices)
        self.heading = heading
        self._current = current

    def start(self) -> int | None:
        values = [choice.value for choice in self.choices]
        return values.index(self._current) if self._current in values else 0

    def pick(self, choice: LogChoice) -> None:
        self.dismiss(Chosen(choice.value))

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the labels."""
        return in_columns([Row((), ((each.label, "text"),)) for each in self.choices], room)
