"""The menu of the fields that can be copied, with their values."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.fields.field import FieldValue, without_repeats
from eksview.domain.fields.kube_fields import object_values
from eksview.ui.base.object_screen import yaml_lines
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import GAP, Entry, Row, in_columns
from eksview.ui.dialogs.picker import PickerScreen, search_box
from eksview.ui.export.copied_fields import CopiedFields, Fetch

LEAST_VALUE = 12  # cells of a value at least; with less it is below its title


class CopyDialog(PickerScreen[FieldValue, str | None]):
    """A picker that returns the value to copy, or None; typing filters the fields.

    Fields that only the whole object has are added when it has been fetched: a key has asked.
    """

    HEADING = "Copy"
    KEYS = "{choices.pick} copy · {picker.back} close"
    ABOVE = 2  # the filter and the blank line below it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+y", "dismiss(None)", "Close", show=False, tooltip="Close", id="copy.back"),
    ]

    def __init__(self, view: View, fields: CopiedFields) -> None:
        self._fields = fields
        self._whole: tuple[FieldValue, ...] = ()
        self._yaml: tuple[FieldValue, ...] = ()
        self._typed = ""
        self._last: FieldValue | None = None  # highlighted before more fields were offered
        super().__init__(view, fields.values)
        self.heading = f"Copy {clean(fields.title)}"

    def above(self) -> Iterable[Widget]:
        """Return the filter."""
        return (search_box("type to filter"),)

    def on_mount(self) -> None:
        """Fetch the whole object."""
        if self._fields.fetch is not None:
            self.say(f"Loading more fields{self.view.glyphs.more}")
            self.run_worker(self._read(self._fields.fetch), exclusive=True)

    async def _read(self, fetch: Fetch) -> None:
        try:
            whole = await fetch()
        except UserError as problem:
            self.say(f"Other fields weren't read: {problem.sentence}", failed=True)
            return
        self._whole = tuple(object_values(whole))
        lines = ("".join(text for text, _ in words) for words in yaml_lines(whole))
        self._yaml = (FieldValue("YAML", "\n".join(lines)),)
        self._last = self.chosen
        self.offer(self._matching())
        self._last = None

    def start(self) -> int | None:
        if self._last in self.choices:
            return self.choices.index(self._last)
        return super().start()

    def narrow(self, text: str) -> None:
        """Offer the fields whose title or value contains the text."""
        self._typed = text
        sentence, tone = self._sentence
        self.offer(self._matching(), sentence, failed=tone == "warn")

    def pick(self, choice: FieldValue) -> None:
        """Return the value, or say why it isn't known."""
        if choice.text:
            self.dismiss(choice.text)
        else:
            self.say(f"{choice.title} isn't known. {choice.unread}", failed=True)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return each title with as much of its value as has room."""
        widest = max((cells(choice.title) for choice in self.choices), default=0)
        left = max(LEAST_VALUE, room - widest - GAP)
        return in_columns([self._row(choice, left) for choice in self.choices], room)

    def _row(self, choice: FieldValue, room: int) -> Row:
        if not choice.text:
            return Row((), ((choice.title, "dim"), ("not known", "faint")))
        lines = choice.text.splitlines()
        more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
        first = "" if choice in self._yaml else clean(lines[0])
        text = f"{first}{more}" if first else f"{len(lines):,} lines"
        shown = fit(text, min(cells(text), room), more=self.view.glyphs.more)
        return Row((), ((choice.title, "dim"), (shown, "text")))

    def _all(self) -> tuple[FieldValue, ...]:
        return without_repeats((*self._fields.values, *self._whole, *self._yaml))

    def _matching(self) -> tuple[FieldValue, ...]:
        """Return the fields that have the typed text in their titles, then those in their values.

        The YAML has most words in it, so it is found by its title only.
        """
        typed, values = self._typed, self._all()
        titled = [value for value in values if typed in value.title.lower()]
        searched = [value for value in values if value not in (*titled, *self._yaml)]
        return (*titled, *(value for value in searched if typed in value.text.lower()))
