"""A picker of the namespaces that have rows in a table."""

from collections.abc import Iterable, Iterator, Mapping

from textual.widget import Widget
from textual.widgets import Static

from eksview.domain.base.text import clean
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import PickerScreen, search_box

COUNT = 8  # cells
ALL = ""


class NamespacePicker(PickerScreen[str, str | None]):
    """A picker that returns a namespace, "" for all, or None; typing filters the list."""

    ABOVE = 4  # title and filter, each with the blank line below it
    TALLEST = 16

    def __init__(self, view: View, counts: Mapping[str, int], current: str) -> None:
        super().__init__(view, [ALL, *sorted(counts)])
        self._counts = counts
        self._current = current

    def above(self) -> Iterable[Widget]:
        """Return the title and the filter."""
        title = Static("Namespace", id="picker-title", markup=False)
        return title, search_box("type to filter")

    def start(self) -> int | None:
        if self._current in self.choices and self.choices[0] == ALL:
            return self.choices.index(self._current)
        return 0 if self.choices else None

    def narrow(self, text: str) -> None:
        """Offer the names with the text, that very name first; without a text also all together."""
        held = (name for name in self._counts if text in name.lower())
        names = sorted(held, key=lambda name: (name != text, name))
        self.offer(names if text else [ALL, *names])

    def pick(self, choice: str) -> None:
        self.dismiss(choice)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the names with their numbers of rows."""
        return in_columns([self._row(choice) for choice in self.choices], room)

    def _row(self, choice: str) -> Row:
        label = clean(choice) if choice else "all namespaces"
        count = self._counts[choice] if choice else sum(self._counts.values())
        return Row((), ((label, "text"), (f"{count:>{COUNT},}", "dim")))
