"""A picker of a node."""

from collections.abc import Iterable, Iterator, Sequence

from textual.widget import Widget
from textual.widgets import Static

from eksview.domain.base.text import Clean
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import PickerScreen, search_box


class NodePicker(PickerScreen[Clean, Clean | None]):
    """A picker that returns the name of a node, or None; typing filters the list."""

    ABOVE = 4  # title and filter, each with the blank line below it
    TALLEST = 16

    def __init__(self, view: View, names: Sequence[Clean], current: Clean) -> None:
        super().__init__(view, names)
        self._names = names
        self._current = current

    def above(self) -> Iterable[Widget]:
        """Return the title and the filter."""
        return Static("Node", id="picker-title", markup=False), search_box("type to filter")

    def start(self) -> int | None:
        if self._current in self.choices:
            return self.choices.index(self._current)
        return super().start()

    def narrow(self, text: str) -> None:
        """Offer the nodes whose names have the text."""
        self.offer([name for name in self._names if text in name])

    def pick(self, choice: Clean) -> None:
        self.dismiss(choice)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the names, in the order in which they are given."""
        return in_columns([Row((), ((name, "text"),)) for name in self.choices], room)
