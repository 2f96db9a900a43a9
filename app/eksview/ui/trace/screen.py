"""The API trace: every call that eksview makes."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from eksview.ui.base.live_screen import Frame
from eksview.ui.base.view import View
from eksview.ui.table.filtered_screen import FilteredScreen
from eksview.ui.text.words import Words
from eksview.ui.trace.trace_table import TraceTable


class TraceScreen(FilteredScreen, inherit_bindings=False):
    """A live table of the latest calls, which `p` pauses."""

    TITLE = "API trace"
    BINDING_GROUP_TITLE = "API trace"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash", "filter", "Filter", tooltip="Show only calls that match", id="trace.filter"
        ),
        Binding("p", "pause", "Pause", tooltip="Pause / resume", id="trace.pause"),
        Binding("escape", "clear", "Clear filter", tooltip="Clear the filter", id="trace.clear"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._paused_at: float | None = None

    def make_table(self) -> TraceTable:
        return TraceTable(self.view)

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._filter
        yield self.table

    def frame(self, frame: Frame) -> None:
        if self._paused_at is None or frame.full:
            full = frame.full or frame.changes.reset
            self.table.say(*self._note())
            self.table.sync(frame.now, frame.changes.requests, full=full)
        self._count()

    def action_pause(self) -> None:
        """Stop the table, or catch up."""
        self._paused_at = self.view.clock() if self._paused_at is None else None
        if self._paused_at is None:
            self.table.sync(self.view.clock(), full=True)
        self._count()

    def _note(self) -> Words:
        if self.table.total:
            return self._no_match("calls")
        return (("No calls yet.", "dim"),)

    def _count(self) -> None:
        tallies = self.table.tallies
        failed = tallies.get("failed", 0)
        total: Words = ((f"{self.table.total:,} calls", "strong"),)
        words: Words = (("  ", "text"), *self.marked_words(), *total)
        if failed:
            words += ((f"  {failed:,} failed", "bad"),)
        if self._paused_at is not None:
            words += ((self.view.keyed("  paused; {trace.pause} resumes"), "warn"),)
        self._head.show(words)
        self._count_matches()
