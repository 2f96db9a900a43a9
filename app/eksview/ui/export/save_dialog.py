"""The menu of what can be saved as a file, and into which folder."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.text import clean
from eksview.process.saved_files import file_name, save_folder
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.export.saved_documents import Document, save


class SaveDialog(PickerScreen[Document, Callable[[], Awaitable[Path]] | None]):
    """A picker that returns what saves the chosen document, or None."""

    HEADING = "Save"
    KEYS = "{choices.pick} save · {picker.back} close"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "dismiss(None)", "Close", show=False, tooltip="Close", id="save.back"),
    ]

    def __init__(self, view: View, documents: Sequence[Document], title: str) -> None:
        super().__init__(view, documents)
        self._title_of_file = title
        self._folder = save_folder(view.settings.save_dir)

    def on_mount(self) -> None:
        """Show the folder."""
        self.say(f"Into {clean(str(self._folder))}")

    def pick(self, choice: Document) -> None:
        name = file_name(self._title_of_file, self.view.clock(), choice.extension)
        self.dismiss(partial(save, choice, self._folder, name))

    def entries(self, room: int) -> Iterator[Entry]:
        """Return what each document has, and its kind of file."""
        rows = [
            Row((), ((each.title, "text"), (f".{each.extension}", "dim"))) for each in self.choices
        ]
        return in_columns(rows, room)
