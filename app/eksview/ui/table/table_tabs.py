"""The screen of an object some of whose tabs are live tables, with the keys that tables have."""

from collections.abc import Iterator
from typing import Any

from textual.widget import Widget

from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.tables.contents import AnyContents
from eksview.ui.base.messages import Subject
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.table.live_table import LiveTable
from eksview.ui.text.priority_line import Slot


class TableTabs(TabbedScreen):
    """The base of screens that search, mark and save the rows of a tab as a screen of a table does.

    `make_body` returns the table of such a tab; each subclass gives its rows to it.
    """

    @property
    def table(self) -> LiveTable[Any, Any] | None:
        """The table of the visible tab; None where it is a text."""
        return self.body if isinstance(self.body, LiveTable) else None

    def subject(self) -> Subject | None:
        """Return the row under the cursor; None on a tab of text."""
        return self.table.subject() if self.table else None

    def marked(self) -> tuple[Subject, ...]:
        """Return the marked rows of the visible tab."""
        return self.table.marked() if self.table else ()

    def hold_cursor(self) -> None:
        if self.table:
            self.table.finish()

    def targets(self) -> tuple[ObjectRef, ...]:
        """Return the rows that an action is about: never the object itself for want of a row."""
        return () if self._lacks_row else super().targets()

    def why_no_target(self) -> str:
        return self.table.why_no_row() if self.table else super().why_no_target()

    @property
    def _lacks_row(self) -> bool:
        return self.table is not None and not (self.table.marks or self.table.subject())

    def table_contents(self) -> AnyContents | None:
        return self.table.contents() if self.table else None

    def marked_slots(self) -> Iterator[Slot]:
        """Yield how many rows of the visible tab are marked, for the line that names the object."""
        if self.table and self.table.marks:
            yield Slot(((f"{self.table.marks:,} marked", "accent"),), 0, "right")

    def find_in(self, body: Widget, text: str) -> None:
        if isinstance(body, LiveTable):
            body.find(text)
        super().find_in(body, text)

    def count_matches(self) -> None:
        if table := self.table:
            self._search.count(table.shown, table.total, table.filter.problem)
        super().count_matches()

    def on_table_view_arranged(self) -> None:
        """Update the count after rows were filtered."""
        self.count_matches()

    def on_marked_table_marked(self) -> None:
        self.fill()
