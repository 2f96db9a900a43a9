"""Every call eksview makes, live; each with the command that asks the same."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from eksview.domain.base.text import clean
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.messages import Subject
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.table.filter_bar import FilterBar
from eksview.ui.text.words import Words
from eksview.ui.trace.trace_table import TraceTable


class TraceScreen(LiveScreen):
    """A table of what is remembered; `p` holds it still while somebody reads."""

    BINDING_GROUP_TITLE = "API trace"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            tooltip="Show only what matches",
            id="trace.filter",
            priority=True,
        ),
        Binding("p", "pause", "Pause", tooltip="Hold still, or go on", id="trace.pause"),
        Binding(
            "escape", "clear", "Clear", show=False, tooltip="Clear the filter", id="trace.clear"
        ),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "TraceTable"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.table = TraceTable(view, id="trace")
        self._head = TextLine(view, id="head")
        self._filter = FilterBar(view)
        self._held: float | None = None

    def compose(self) -> ComposeResult:
        """What they come to, a filter, and the calls."""
        yield self._head
        yield self._filter
        yield self.table

    def frame(self, frame: Frame) -> None:
        """New calls, unless it is held."""
        if self._held is None or frame.full:
            full = frame.full or frame.changes.reset
            self.table.say(*self._said())
            self.table.sync(frame.now, frame.changes.requests, full=full)
        self._count()

    def subject(self) -> Subject | None:
        """The call under the cursor."""
        return self.table.subject()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc clears a filter first; without one it is the app's, to go back."""
        if action == "clear":
            return self._filter.display
        if action == "filter" and isinstance(self.focused, Input):
            return False  # a slash is being typed
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Type a filter."""
        self._filter.open()
        self.table.expect_filter()

    def action_clear(self) -> None:
        """Show all calls again."""
        self._filter.clear()

    def action_pause(self) -> None:
        """Hold still, or catch up."""
        self._held = self.view.clock() if self._held is None else None
        if self._held is None:
            self.table.sync(self.view.clock(), full=True)
        self._count()

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """A keystroke in the filter."""
        self.table.find(event.text)
        self._count()

    def on_filter_bar_left(self) -> None:
        """Done typing."""
        self.table.focus()

    def on_table_view_arranged(self) -> None:
        """A filter has been through."""
        self.table.say(*self._said())
        self._count()

    def _said(self) -> Words:
        if self.table.total:
            return ((f"Nothing matches {clean(self._filter.text.strip())}", "text"),)
        return (("Nothing has been asked yet.", "dim"),)

    def _count(self) -> None:
        tallies = self.table.tallies
        failed = tallies.get("failed", 0)
        words: Words = (("  ", "text"), (f"{self.table.total:,} calls", "strong"))
        if failed:
            words += ((f"  {failed:,} failed", "bad"),)
        if self._held is not None:
            words += (("  held; p goes on", "warn"),)
        self._head.show(words)
        self._filter.matches(self.table.shown, self.table.total)
