"""The API trace: every call that eksview makes."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from eksview.domain.base.text import clean
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.messages import Subject
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.table.filter_bar import FilterBar
from eksview.ui.text.words import Words
from eksview.ui.trace.trace_table import TraceTable


class TraceScreen(LiveScreen):
    """A live table of the latest calls, which `p` pauses."""

    BINDING_GROUP_TITLE = "API trace"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash", "filter", "Filter", tooltip="Show only calls that match", id="trace.filter"
        ),
        Binding("p", "pause", "Pause", tooltip="Pause / resume", id="trace.pause"),
        Binding(
            "escape", "clear", "Clear", show=False, tooltip="Clear the filter", id="trace.clear"
        ),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "TraceTable"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.table = TraceTable(view, id="trace")
        self._head = TextLine(view, id="head")
        self._filter = FilterBar(view, self.table)
        self._paused_at: float | None = None

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._filter
        yield self.table

    def frame(self, frame: Frame) -> None:
        if self._paused_at is None or frame.full:
            full = frame.full or frame.changes.reset
            self.table.say(*self._empty_text())
            self.table.sync(frame.now, frame.changes.requests, full=full)
        self._count()

    def subject(self) -> Subject | None:
        return self.table.subject()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer Esc where there is a filter to clear; without one Esc is the app's, to go back."""
        if action == "clear":
            return self._filter.display
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        self._filter.open()
        self.table.expect_filter()

    def action_clear(self) -> None:
        self._filter.clear()

    def action_pause(self) -> None:
        """Stop the table, or catch up."""
        self._paused_at = self.view.clock() if self._paused_at is None else None
        if self._paused_at is None:
            self.table.sync(self.view.clock(), full=True)
        self._count()

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        self.table.find(event.text)
        self._count()

    def on_table_view_arranged(self) -> None:
        """Show the result of a filter."""
        self.table.say(*self._empty_text())
        self._count()

    def _empty_text(self) -> Words:
        if self.table.total:
            return ((f"No calls match {clean(self._filter.text.strip())}", "text"),)
        return (("No calls yet.", "dim"),)

    def _count(self) -> None:
        tallies = self.table.tallies
        failed = tallies.get("failed", 0)
        words: Words = (("  ", "text"), (f"{self.table.total:,} calls", "strong"))
        if failed:
            words += ((f"  {failed:,} failed", "bad"),)
        if self._paused_at is not None:
            words += (("  paused; p resumes", "warn"),)
        self._head.show(words)
        self._filter.matches(self.table.shown, self.table.total)
