"""A screen of one live table with a filter."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.text import Clean, clean
from eksview.domain.tables.contents import AnyContents
from eksview.ui.base.lines.count_line import CountLine
from eksview.ui.base.lines.input_bar import InputBar
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import Subject
from eksview.ui.base.view import View
from eksview.ui.table.filter_bar import FilterBar
from eksview.ui.table.live_table import LiveTable
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Words

NOTE = 72
"""Cells of a line of a note at most."""


class FilteredScreen(LiveScreen):
    """The base of the screens of a table, a filter above it and a line of counts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash", "filter", "Filter", tooltip="Show only rows that match", id="table.filter"
        ),
        Binding("escape", "clear", "Clear filter", tooltip="Clear the filter", id="table.clear"),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "LiveTable"  # not the hidden filter

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.table = self.make_table()
        self._head = CountLine(view, id="head")
        self._filter = FilterBar(view, self.table)
        self._filters = False

    @abstractmethod
    def make_table(self) -> LiveTable[Any, Any]:
        """Return the table of this screen."""

    @abstractmethod
    def _note(self) -> Words:
        """Return the lines for a table without rows."""

    @abstractmethod
    def _count(self) -> None:
        """Show the counts of the rows, of all and of those that match."""

    def subject(self) -> Subject | None:
        """Return the row under the cursor."""
        return self.table.subject()

    def marked(self) -> tuple[Subject, ...]:
        """Return the marked rows."""
        return self.table.marked()

    def hold_cursor(self) -> None:
        self.table.finish()

    def why_no_target(self) -> str:
        return self.table.why_no_row()

    def table_contents(self) -> AnyContents:
        return self.table.contents()

    def marked_words(self) -> Words:
        """Return `3 marked, 1 filtered out, of ` for the line of counts; nothing without marks."""
        marks, hidden = self.table.marks, self.table.marks_filtered_out
        if not marks:
            return ()
        out: Words = ((f" ({hidden:,} filtered out)", "warn"),) if hidden else ()
        return ((f"{marks:,} marked", "accent"), *out, (" of ", "dim"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable `clear` without a filter, so that Esc goes back, and `filter` while typing."""
        if action == "filter":
            return not self._filter.typing
        if action == "clear":
            return self._filter.display
        return super().check_action(action, parameters)

    def filter_at_once(self) -> None:
        """Open the filter, of a new screen when it has been mounted."""
        if self.is_mounted:
            self.action_filter()
        else:
            self._filters = True

    def on_mount(self) -> None:
        if self._filters:
            self.action_filter()

    def action_filter(self) -> None:
        self._filter.open()
        self.table.expect_filter()

    def action_clear(self) -> None:
        self._filter.clear()

    def _count_matches(self) -> None:
        """Show beside the filter how many rows match, or what is wrong with it."""
        self._filter.count(self.table.shown, self.table.total, self.table.filter.problem)

    def within(self) -> str:
        """Return where the rows of the table are, such as " in shop"; empty for everywhere."""
        return ""

    def ways_out(self) -> Iterator[Clean]:
        """Yield what shows rows where no row matches the filter."""
        if not self.table.filter.problem:
            advice = self.table.filter.advice
            yield from (advice,) if advice else ()
        yield clean(self.view.keyed("{table.clear} clears the filter"))

    def _no_match(self, noun: str) -> Words:
        """Return the note for a table of which no row matches the filter."""
        text = self._filter.text.strip()
        sentence = self.table.filter.problem or clean(f"No {noun}{self.within()} match {text}")
        width = min(NOTE, self.table.size.width - 4)
        ways = (line for way in self.ways_out() for line in fold(way, width))
        return (
            *((line, "text") for line in fold(sentence, width)),
            ("", "text"),
            *((line, "dim") for line in ways),
        )

    def on_input_bar_changed(self, event: InputBar.Changed) -> None:
        self.table.find(event.text)
        self._count()

    def on_marked_table_marked(self) -> None:
        self._count()

    def on_table_view_arranged(self) -> None:
        """Update counts and notes after a filter or a sort."""
        self.table.say(*self._note())
        self._count()
