"""A screen of tabs: a line that names its object, the line of tabs, and the visible tab."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.worker import WorkType

from eksview.domain.aws.link_trust import trust_of
from eksview.domain.base.age import human_duration
from eksview.ui.base.lines.tab_line import Tab, TabLine
from eksview.ui.base.lines.text_line import WordLines
from eksview.ui.base.lines_view import LinesView
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenRule, Resumed
from eksview.ui.base.searched_screen import SearchedScreen
from eksview.ui.base.view import View
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import whole_sentences
from eksview.ui.text.priority_line import Slot, slot_lines
from eksview.ui.text.words import Words, faded


def age_text(since: float, glyphs: Glyphs) -> str:
    """Return how old what is shown is, `▲ last update 12s ago`."""
    return f"{glyphs.warn} last update {human_duration(since)} ago"


class TabSource(Protocol):
    """The content of tabs that several screens share, and the request behind it."""

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The tabs that it fills."""

    def look(self, tab: str) -> bool:
        """Read the store; return True if a request is due."""

    async def ask(self) -> None:
        """Request what the store doesn't have."""

    def lines(self, tab: str, now: float, width: int) -> Iterator[Words]:
        """Return the lines of one of its tabs."""


def tab_bindings(screen: str, *tabs: tuple[Tab, str]) -> list[BindingType]:
    """Return the keys that show tabs, each with its tooltip."""
    return [
        Binding(
            tab.key, f"tab('{tab.id}')", tab.title, show=False, id=f"{screen}.{tab.id}",
            tooltip=tooltip,
        )
        for tab, tooltip in tabs
    ]  # fmt: skip


LOW = 18
"""Lines of a terminal below which the sentences of the head scroll with the text."""


class HeadLines(WordLines):
    """The line that names an object, and its sentences below it where it has no room for them."""

    DEFAULT_CSS = "HeadLines { height: 1; }"

    def __init__(self, view: View) -> None:
        super().__init__(view, id="subject")
        self._slots: Sequence[Slot] = ()
        self._single = False

    def show(self, slots: Sequence[Slot], *, single: bool = False) -> None:
        """Replace the parts, whose words must be clean; with `single` show the first line."""
        self._slots, self._single = slots, single
        lines = len(self.window(self.size.width or self.app.size.width, 0))
        if self.styles.height is None or self.styles.height.value != lines:  # it is a layout
            self.styles.height = lines
        self.paint()

    def sentences(self, width: int) -> list[Words]:
        """Return the lines after the first."""
        return slot_lines(self._slots, width, self.view.glyphs.more)[1:]

    def window(self, width: int, height: int) -> list[Words]:  # noqa: ARG002 - as many as needed
        lines = slot_lines(self._slots, width, self.view.glyphs.more)
        return lines[:1] if self._single else lines


class TabbedScreen(SearchedScreen):
    """A screen whose subclasses name the tabs and return their lines.

    A single tab without a key has no line of tabs above it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next(1)", "Next tab", tooltip="Next tab", id="tabs.next"),
        Binding(
            "shift+tab", "next(-1)", "Previous tab", show=False, tooltip="Previous tab",
            id="tabs.previous",
        ),
        Binding(
            "enter", "open_rule", "Show the rule", key_display="enter",
            tooltip="Show what grants the missing right", id="tabs.rule",
        ),
    ]  # fmt: skip
    AUTO_FOCUS: ClassVar[str | None] = ""  # the visible tab has it, not the hidden search
    TABS: ClassVar[tuple[Tab, ...]]

    def __init__(self, view: View, tab: str = "") -> None:
        super().__init__(view)
        names = [tab.id for tab in self.TABS]
        self.tab = tab if tab in names else names[0]
        self.now = view.clock()
        self.sources: tuple[TabSource, ...] = ()
        self._head = HeadLines(view)
        self._tabs = TabLine(view, self.TABS)
        self._bodies = {name: self.make_body(name) for name in names}

    @abstractmethod
    def head(self) -> Sequence[Slot]:
        """Return the parts of the line that names the object; high ranks are dropped first."""

    def lines(self, tab: str, width: int) -> Iterable[Words]:
        """Return the lines of a tab of text."""
        source = next((each for each in self.sources if tab in [own.id for own in each.tabs]), None)
        return source.lines(tab, self.now, width) if source else ()

    def whole_lines(self, tab: str, width: int) -> Iterable[Words]:
        """Return the lines of a tab, in which no sentence is cut."""
        return whole_sentences(self.lines(tab, width), width)

    def make_body(self, tab: str) -> Widget:
        """Return the widget of a tab: a text, unless a subclass returns another one."""
        body = LinesView(self.view, id=f"tab-{tab}")
        body.border_title = next(each.title for each in self.TABS if each.id == tab)
        return body

    @property
    def body(self) -> Widget:
        """The widget of the tab that is shown."""
        return self._bodies[self.tab]

    @property
    def bodies(self) -> Iterable[Widget]:
        return self._bodies.values()

    def compose(self) -> ComposeResult:
        yield self._head
        if self._has_keys:
            yield self._tabs
        yield self._search
        for body in self._bodies.values():
            body.add_class("tab")
            body.display = False
            yield body

    def on_mount(self) -> None:
        self._show(self.tab)

    def on_resize(self) -> None:
        self.call_after_refresh(self.fill)

    def frame(self, frame: Frame) -> None:
        """Update the sources of the visible tab."""
        self.now = frame.now
        for source in self.sources:
            if source.look(self.tab):
                self.request(source.ask, type(source).__name__)

    def request(self, ask: Callable[[], Awaitable[None]], group: str) -> None:
        """Run a request and show its result; it replaces the one before it of the same group."""

        async def run() -> None:
            await ask()
            self.fill()

        # Its coroutine is made when it runs: one that is replaced before that is never made.
        work: WorkType[None] = run
        self.run_worker(work, group=group, exclusive=True)

    def look(self, tab: str) -> bool:
        """Show a tab; return False if this screen has none of that name."""
        if tab not in self._bodies:
            return False
        self._show(tab)
        return True

    @property
    def path(self) -> tuple[str, ...]:
        """The way to the tab that is shown."""
        title = next(tab.title for tab in self.TABS if tab.id == self.tab)
        return (*super().path, title) if self._has_keys else super().path

    def why_not_look(self, tab: str) -> str:
        if tab == self.tab:
            return "This tab is shown."
        return "" if tab in self._bodies else super().why_not_look(tab)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable `next` where there is one tab, and `open_rule` where no right is missing."""
        if action == "open_rule" and not isinstance(self.subject(), OpenRule):
            return False
        return super().check_action(action, parameters) and (action != "next" or len(self.TABS) > 1)

    def action_open_rule(self) -> None:
        """Open the text that grants the missing right."""
        if isinstance(subject := self.subject(), OpenRule):
            self.post_message(subject)

    def action_next(self, by: int) -> None:
        names = list(self._bodies)
        self._show(names[(names.index(self.tab) + by) % len(names)])

    def action_tab(self, tab: str) -> None:
        self._show(tab)

    def fill(self) -> None:
        """Show the current head and text."""
        body = self.body
        low = isinstance(body, LinesView) and self.app.size.height < LOW
        self._head.show(self.head(), single=low)
        if isinstance(body, LinesView) and body.size.width:
            first = self._head.sentences(body.room) if low else []
            between = [()] if first else []
            body.show((*first, *between, *self.whole_lines(self.tab, body.room)))
            if self._search.display:
                self.count_matches()

    @property
    def _has_keys(self) -> bool:
        return bool(self.TABS[0].key)

    def _show(self, tab: str) -> None:
        self.tab = tab
        for name, body in self._bodies.items():
            body.display = name == tab
        if self._has_keys:
            self._tabs.choose(tab)
        self.set_focus(self.body)  # at once: the next key may have been typed already
        # Its width is known only when it has been laid out; the app answers with a frame.
        self.call_after_refresh(self.post_message, Resumed())


class PagesScreen(TabbedScreen):
    """A screen of tabs whose text is all read from the store.

    Its text is made again once a second and when facts arrive.
    """

    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """The links by the tab that they fill, which is old while one of them isn't live."""

    def __init__(self, view: View, tab: str = "") -> None:
        super().__init__(view, tab)
        self._second = -1

    def whole_lines(self, tab: str, width: int) -> Iterable[Words]:
        """Return the lines of a tab; old ones without colors, below their age."""
        since, lines = self.stale_for(tab), super().whole_lines(tab, width)
        if since is None:
            return lines
        glyphs = self.view.glyphs
        age = f"  {age_text(since, glyphs)}"
        return ((age, "warn"),), (), *(faded(words, glyphs) for words in lines)

    def stale_for(self, tab: str) -> float | None:
        """Return the seconds since a tab was last confirmed; None while it is live."""
        links = self.view.store.links
        heard = [
            link.heard
            for name in self.SOURCES.get(tab, ())
            if (link := links.get(name)) is not None
            and link.heard is not None
            and trust_of(name, links).aged
        ]
        return max(0.0, self.now - min(heard)) if heard else None

    def attend(self) -> None:
        """Request what the screen shows; called once a second while it is visible."""

    def frame(self, frame: Frame) -> None:
        super().frame(frame)
        second = int(frame.now)
        if second != self._second:
            self.attend()
        if frame.full or second != self._second or frame.changes.facts:
            self._second = second
            self.fill()
