"""The reading and the showing of a log; `screen.py` adds the keys."""

from collections.abc import Iterator
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.events import ScreenSuspend

from eksview.domain.base.text import EMPTY
from eksview.domain.filter.line_filter import LineFilter
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.source_names import short_names
from eksview.domain.logs.view_lines import LogLines
from eksview.ui.base.lines.count_line import CountLine
from eksview.ui.base.lines.input_bar import InputBar
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.view import View
from eksview.ui.logs.feed import LogFeed
from eksview.ui.logs.folded_words import FoldedWords
from eksview.ui.logs.log_head import LogState, count_words, trouble_words
from eksview.ui.logs.log_pane import LogPane
from eksview.ui.logs.log_text import JsonMode, LogPainter
from eksview.ui.logs.pickers import SINCE, LogChoice
from eksview.ui.text.words import Words

_OVER = (SourcePhase.ENDED, SourcePhase.FAILED)
SLICE_EVERY = 0.02
"""Seconds between two slices of a filter's work."""


class LogView(LiveScreen):
    """The lines of a feed: taken with each frame, counted, filtered and drawn."""

    def __init__(self, view: View, feed: LogFeed) -> None:
        super().__init__(view)
        self.feed = feed
        self.lines = LogLines()
        self._inbox = LogInbox()
        self._sources: dict[int, LogSource] = {}
        self._state = LogState()
        self._since: LogChoice = SINCE[0]
        self._narrowed = True
        self._line_filter: LineFilter | None = None
        self._broken = EMPTY  # what is wrong with the typed filter
        self._source: int | None = None
        self._working = False  # a slice of the filter's work is about to come
        self._head = CountLine(view, id="head")
        self._trouble = FoldedWords(view, id="trouble")
        self._filter = InputBar(view, lambda: self._pane, "text or regular expression")
        self._pane = LogPane(view, self.lines)
        self._note = FoldedWords(view, id="note")

    @property
    def crumb(self) -> str:
        return f"Logs of {self.feed.title}"

    def targets(self) -> tuple[ObjectRef, ...]:
        return (self.feed.ref,) if self.feed.ref else ()

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._trouble
        yield self._filter
        yield self._note
        yield self._pane

    def on_mount(self) -> None:
        self._trouble.display = self._note.display = False
        self._open()

    def on_unmount(self) -> None:
        self._inbox.close()

    def on_screen_suspend(self, _: ScreenSuspend) -> None:
        """Let the reader wait while another screen is shown."""
        self._inbox.held = True

    def frame(self, frame: Frame) -> None:  # noqa: ARG002 - lines don't come by the store
        """Take all lines that have come, unless it is paused or the filter doesn't keep up."""
        state = self._state
        self._inbox.held = state.paused
        taken = self._inbox.take(lines=not (state.paused or self.lines.behind))
        state.problem, state.more = taken.state, taken.more
        state.read_at = taken.read_at
        state.left_out += taken.left_out
        for source in taken.sources:
            self._sources[source.number] = source
        if taken.lines:
            self.lines.merged = self.feed.is_late or len(self._sources) > 1
            self._pane.changed_from(self.lines.add(taken.lines))
        if taken.sources:
            self._restyle()
        self._show()
        self._work()

    # reading

    def _open(self) -> None:
        """Read from the beginning of what is chosen."""
        self._inbox.close()
        self._sources.clear()
        self._source = None
        self._state.left_out = 0
        self._empty()
        self._inbox = self.feed.open(previous=self._state.previous, since=self._since.value)
        self._pane.follow()
        self._select(self._line_filter)

    def _empty(self) -> None:
        """Forget the lines that are kept."""
        self.lines.clear()
        self._pane.current = None
        self._pane.forget()

    def _select(self, line_filter: LineFilter | None) -> None:
        """Show the lines of the chosen source that match."""
        self._line_filter = line_filter
        only = None if self._source is None else {self._source}
        self.lines.select(line_filter, narrowed=self._narrowed, only=only)
        self._pane.current = None
        self._restyle()
        self._show()
        self._work()

    def _work(self) -> None:
        """Let the filter look at more lines, a slice at a time between the keys."""
        if self.lines.unfinished and not self._working:
            self._working = True
            self.set_timer(SLICE_EVERY, self._work_on)

    def _work_on(self) -> None:
        self._working = False
        self.lines.work()  # the next frame shows what it found
        self._work()

    # showing

    def _restyle(self) -> None:
        sources = list(self._sources.values())
        names = short_names(sources) if len(sources) > 1 else {}
        painter = LogPainter(self._pane.ink, self._pane.look, names, self._line_filter)
        self._pane.restyle(painter)

    def _show(self) -> None:
        state, ring = self._state, self.lines.ring
        state.following = self._pane.following
        state.lines, state.size = len(ring), ring.size
        state.waiting = self._inbox.waiting
        state.since = self._since.label if self._since.value is not None else EMPTY
        state.forms = tuple(self._forms())
        sources = self._sources.values()
        self._head.count(count_words(self.feed.title, state, sources))
        self._trouble.show(trouble_words(state, sources, self.view.glyphs))
        self._note.show(self._emptiness())
        if self._filter.display:
            self._filter.count(len(self.lines.hits), len(ring), self._broken)
        self._pane.paint()

    def _forms(self) -> Iterator[str]:
        look = self._pane.look
        if self._state.read_at is not None:
            yield f"as of {datetime.fromtimestamp(self._state.read_at, UTC):%H:%M:%S} UTC"
        if look.wrap:
            yield "wrapped"
        if look.timestamps:
            yield "times in UTC"
        if look.json is not JsonMode.RAW:
            yield f"JSON {look.json}"
        if self._source is not None:
            yield f"only {self._sources[self._source].container}"

    def _emptiness(self) -> Words:
        if self.lines.shown or self._state.problem:
            return ()
        if len(self.lines.ring):
            return (("  No line matches.", "dim"),)
        sources = self._sources.values()
        if self.feed.remedy and any(source.phase is SourcePhase.FAILED for source in sources):
            return ((f"  {self.feed.remedy}", "text"),)
        if sources and all(source.phase in _OVER for source in sources):
            ended = (each.reason for each in sources if each.phase is SourcePhase.ENDED)
            reason = next(filter(None, ended), EMPTY)  # that of a failure is said above
            return ((f"  No lines{f': {reason}' if reason else '.'}", "dim"),)
        return ((f"  No lines yet{self.view.glyphs.more}", "dim"),)
