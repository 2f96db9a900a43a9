"""A dialog to choose one of a pod's containers."""

from collections.abc import Iterator

from eksview.domain.base.text import Clean
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import PickerScreen


class ContainerPicker(PickerScreen[Clean, Clean | None]):
    """A picker that returns the name of a container, or None if it was left."""

    TALLEST = 16
    HEADING = "Logs of a container"

    def pick(self, choice: Clean) -> None:
        self.dismiss(choice)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the names, in the order in which the containers start."""
        return in_columns([Row((), ((name, "text"),)) for name in self.choices], room)
