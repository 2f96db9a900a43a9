"""The dialog of the logs of a node: of its pods, and the journals of its services."""

from collections.abc import Iterator

from msgspec import Struct

from eksview.domain.base.text import clean
from eksview.domain.logs.journal import SERVICES
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import PickerScreen


class NodeLog(Struct, frozen=True):
    """A log of a node: of all its pods, or the journal of a service by a session or the kubelet."""

    label: str
    note: str
    service: str = ""
    by_session: bool = False


def _choices() -> Iterator[NodeLog]:
    yield NodeLog("Containers", "All containers of its pods, followed")
    for service in SERVICES:
        yield NodeLog(f"{service} journal", "Read by its kubelet's log query", service)
    for service in SERVICES:
        label = f"{service} journal by a session"
        yield NodeLog(label, "journalctl -f over SSM, SSH or a debug pod", service, by_session=True)


class NodeLogPicker(PickerScreen[NodeLog, NodeLog | None]):
    """A picker that returns the chosen log, or None if it was left."""

    KEYS = "{choices.pick} open · {picker.back} close"

    def __init__(self, view: View, node: str) -> None:
        super().__init__(view, list(_choices()))
        self.heading = clean(f"Logs of {view.store.names.short(node)}")

    def pick(self, choice: NodeLog) -> None:
        self.dismiss(choice)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the label of each log, and how it is read."""
        rows = [Row((), ((each.label, "text"), (each.note, "dim"))) for each in self.choices]
        return in_columns(rows, room)
