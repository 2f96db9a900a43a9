"""A picker of the namespaces that have pods."""

from collections.abc import Iterable, Mapping

from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from eksview.domain.base.text import clean, fit
from eksview.ui.base.view import View
from eksview.ui.dialogs.picker import PickerScreen

NAME = 32  # cells; most namespaces are shorter
ALL = ""


class NamespacePicker(PickerScreen[str, str | None]):
    """A picker that returns a namespace, "" for all, or None; typing filters the list."""

    def __init__(self, view: View, counts: Mapping[str, int], current: str) -> None:
        super().__init__(view, [ALL, *sorted(counts)])
        self._counts = counts
        self._current = current

    def above(self) -> Iterable[Widget]:
        """Return the title and the filter."""
        box = Input(placeholder="type to filter", compact=True)
        box.cursor_blink = False
        return Static("Namespace", id="picker-title", markup=False), box

    def start(self) -> int | None:
        if self._current in self.choices and self.choices[0] == ALL:
            return self.choices.index(self._current)
        return 0 if self.choices else None

    def narrow(self, text: str) -> None:
        """Offer the names that contain the text; without a text also all namespaces together."""
        names = sorted(name for name in self._counts if text in name.lower())
        self.offer(names if text else [ALL, *names])

    def pick(self, choice: str) -> None:
        self.dismiss(choice)

    def option(self, choice: str) -> Option:
        label = clean(choice) if choice else "all namespaces"
        count = self._counts[choice] if choice else sum(self._counts.values())
        return Option(f"{fit(label, NAME)}  {count:>8,}")
