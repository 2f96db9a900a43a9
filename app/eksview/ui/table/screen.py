"""A screen of one live table with its counts, its state and a filter."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from eksview.domain.access.error_messages import rbac_yaml
from eksview.domain.base.plural import plural
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.live.trust import Trust
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenRule
from eksview.ui.base.view import View
from eksview.ui.table.filtered_screen import FilteredScreen
from eksview.ui.table.row_pace import TextPace
from eksview.ui.table.stream_state import StreamState
from eksview.ui.text.words import Words, faded


class TableScreen(FilteredScreen):
    """The base of the screens of nodes, pods and other rows."""

    NOUN: str
    """The name of the rows, in the plural."""
    LINK: str
    """The link that reads the rows."""
    PARTS: ClassVar[tuple[str, ...]] = ()
    """The parts of the AWS account that the rows and their cells come from."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-tall")]
        self._state = StreamState(view, self.LINK, self.PARTS, noun=self.NOUN)
        self._figures = TextPace(0)
        self._counts: Words = ()
        self.now = view.clock()
        self.awaits_rows = True

    @abstractmethod
    def head(self) -> Words:
        """Return the counts of the rows in a line."""

    def counted(self) -> bool:
        """Return whether the rows can be counted yet."""
        return bool(self.table.total) or self._state.trust.whole

    def stale(self) -> bool:
        """Return whether the rows were read but are no longer confirmed."""
        return self._state.trust is Trust.STALE

    def extras(self) -> Sequence[Words]:
        """Return the words at the right of the counts, and shorter ones, the longest first."""
        return ()

    @abstractmethod
    def touched(self, frame: Frame) -> Collection[str] | None:
        """Return the keys of the rows that have changed in a frame; None compares all rows."""

    @abstractmethod
    def nothing(self) -> str:
        """Return the sentence for a table that is live and empty."""

    def unread(self) -> str:
        """Return the sentence for a table whose rows were never read."""
        return f"No {self.NOUN} loaded."

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._state
        yield self._filter
        yield self.table

    def frame(self, frame: Frame) -> None:
        self.now = frame.now
        self._state.sync(frame.now)
        self.table.instead = self._rule()
        self.table.say(*self._note())
        self.table.stale = self.stale()
        full = frame.full or frame.changes.reset
        self.table.sync(frame.now, self.touched(frame), full=full)
        self.awaits_rows = not self.table.total and self._is_loading()
        second = int(frame.now)
        if full or self._figures.due(second):  # readable figures, fewer bytes
            before = self._counts
            self._count()
            self._figures.changed(second, bool(before) and self._counts != before)

    def narrow(self, text: str) -> None:
        """Filter by a text that wasn't typed."""
        self.call_after_refresh(self._filter.hold, text)

    def order(self, column: str) -> None:
        """Sort by a column, unless that is done already."""
        self.call_after_refresh(self.table.order, column)

    def _count(self) -> None:
        head: Words = self.head() if self.counted() else ((self.NOUN.capitalize(), "strong"),)
        head = faded(head, self.view.glyphs) if self.stale() else head
        self._counts = head
        hidden = self.table.hidden_columns if self.table.shown else 0
        wide = self.view.keyed("{table.wide}")
        key = self.view.glyphs.right if self.table.wide else wide
        more: Words = (
            ((f"{plural(hidden, 'more column')} ", "faint"), (f"{key} ", "dim")) if hidden else ()
        )
        extra = [extra for extra in self.extras() if extra]
        both = [(*extra[0], ("  ", "text"), *more)] if extra and more else []
        ended = [(*words, (" ", "text")) for words in extra]
        self._head.count((("  ", "text"), *self.marked_words(), *head), [*both, *ended, more])
        self._count_matches()

    def _note(self) -> Words:
        """Return the note for a table without rows."""
        more = self.view.glyphs.more
        if self.table.busy:
            return ((f"Sorting {self.table.total:,} {self.NOUN}{more}", "dim"),)
        if self.table.total:
            return self._no_match(self.NOUN)
        if (rule := self._rule()) is not None:
            return _refusal(rule.key, self.table.size.height, self.view)
        if self._is_loading():
            return ((f"Loading {self.NOUN}{more}", "dim"),)
        if not self._state.trust.whole:
            return ((self.unread(), "dim"),)
        return ((self.nothing(), "text"),)

    def _is_loading(self) -> bool:
        return self._state.trust is Trust.LOADING or self.LINK not in self.view.store.links

    def _rule(self) -> OpenRule | None:
        """Return the rule that would grant the rows; None where none is missing."""
        link = self.view.store.links.get(self.LINK)
        if link is None or link.missing is None:
            return None
        return OpenRule(rbac_yaml(link.missing, self._user))

    @property
    def _user(self) -> str:
        identity = value_of(self.view.store.facts.identity)
        return identity.user if identity else ""


APPLIES = "This role would grant it. A cluster administrator can apply it ({app.copy} copies it):"


def _refusal(rule: str, height: int, view: View) -> Words:
    lines: list[str] = [clean(line) for line in rule.rstrip().splitlines()]
    if len(lines) + 3 > height and "---" in lines:  # the binding is less important than the role
        lines = [
            *lines[: lines.index("---")],
            view.keyed("--- ({table.open} shows the binding too)"),
        ]
    width = max(map(cells, lines), default=0)
    return (
        (view.keyed(APPLIES), "dim"),
        ("", "text"),
        *((fit(line, width), "text") for line in lines),
    )
