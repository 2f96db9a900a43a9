"""One object on a screen of its own: a line that names it, tabs, and what the tab shows."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from eksview.domain.age import human_duration
from eksview.domain.updates import Link
from eksview.ui.fetching import Fetch
from eksview.ui.frame import Frame, LiveScreen
from eksview.ui.intents import Resumed
from eksview.ui.lines.yaml import yaml_lines
from eksview.ui.slots import Slot, choose, join
from eksview.ui.view import View
from eksview.ui.widgets.lines_view import LinesView
from eksview.ui.widgets.tab_line import Tab, TabLine
from eksview.ui.widgets.text_line import TextLine, Words

DETAILS = Tab("details", "d", "Details")
EVENTS = Tab("events", "e", "Events")
YAML = Tab("yaml", "y", "YAML")


class DetailScreen(LiveScreen):
    """What a node's screen and a pod's screen have in common.

    Row and events are live; the whole object is fetched when a tab that needs it is looked at, and
    again when its row has changed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next(1)", "Next tab", tooltip="Next tab", id="detail.next"),
        Binding(
            "shift+tab", "next(-1)", "Previous tab", show=False, tooltip="Previous tab",
            id="detail.previous",
        ),
    ]  # fmt: skip
    TABS: ClassVar[tuple[Tab, ...]]
    FETCHED: ClassVar[frozenset[str]] = frozenset({DETAILS.id, YAML.id})
    """Tabs that show the whole object."""

    def __init__(self, view: View, tab: str) -> None:
        super().__init__(view)
        names = [each.id for each in self.TABS]
        self.tab = tab if tab in names else names[0]
        self.now = view.clock()
        self.gone: float | None = None
        self._head = TextLine(view, id="subject")
        self._tabs = TabLine(view, self.TABS)
        self._bodies = {name: self.make_body(name) for name in names}
        self._fetch = Fetch(self.ask, view.clock)
        self._yaml_of: object = None
        self._yaml: Sequence[Words] = ()

    @property
    @abstractmethod
    def row(self) -> object:
        """The row as last known."""

    @abstractmethod
    def look_up(self) -> bool:
        """Take the newest row from the store; False when it isn't there any more."""

    @abstractmethod
    def head(self) -> Sequence[Slot]:
        """The line that names it; its parts give way by rank."""

    @abstractmethod
    def lines(self, tab: str, width: int) -> Iterator[Words]:
        """What a tab of text shows; of the whole object only when it has been fetched."""

    @abstractmethod
    async def ask(self) -> dict[str, Any]:
        """Fetch the whole object; raises only `Problem`."""

    def make_body(self, tab: str) -> Widget:
        """The widget of a tab; text where nothing else is said."""
        body = LinesView(self.view, id=f"tab-{tab}")
        body.border_title = next(each.title for each in self.TABS if each.id == tab)
        return body

    @property
    def body(self) -> Widget:
        """What is shown now."""
        return self._bodies[self.tab]

    @property
    def found(self) -> Any:
        """The whole object, or None."""
        return self._fetch.found

    @property
    def events_link(self) -> Link | None:
        """The stream of events."""
        return self.view.store.links.get("events")

    def compose(self) -> ComposeResult:
        """All tabs, of which one is displayed."""
        yield self._head
        yield self._tabs
        for body in self._bodies.values():
            body.add_class("tab")
            body.display = False
            yield body

    def on_mount(self) -> None:
        """Begin where it was asked for."""
        self._show(self.tab)

    def on_resize(self) -> None:
        """Fold anew."""
        self.call_after_refresh(self._lay_out)

    def frame(self, frame: Frame) -> None:
        """The row, what is said of it, and the tab that is shown."""
        self.now = frame.now
        if self.look_up():
            self.gone = None
        elif self.gone is None:
            self.gone = frame.now
        self._call()
        self._fill()
        if self.tab in self.FETCHED and self.gone is None and self._fetch.due(self.row):
            # Its coroutine is made when it runs: one that is replaced before that is never made.
            self.run_worker(self._fetched, exclusive=True)  # type: ignore[arg-type]  # mypy infers Never

    def look(self, tab: str) -> bool:
        """Show a tab, if there is one of that name."""
        if tab not in self._bodies:
            return False
        self._show(tab)
        return True

    def copied(self) -> str:
        """The YAML where that is shown, else the name."""
        if self.tab == YAML.id and self.found is not None:
            return "\n".join("".join(text for text, _ in words) for words in self._as_yaml())
        return super().copied()

    def action_next(self, by: int) -> None:
        """The tab beside this one."""
        names = list(self._bodies)
        self._show(names[(names.index(self.tab) + by) % len(names)])

    def action_tab(self, tab: str) -> None:
        """A tab by its name."""
        self._show(tab)

    def _show(self, tab: str) -> None:
        self.tab = tab
        for name, body in self._bodies.items():
            body.display = name == tab
        self._tabs.choose(tab)
        self.body.focus()
        # Its width is known only when it has been laid out; the app answers with a frame.
        self.call_after_refresh(self.post_message, Resumed())

    def _lay_out(self) -> None:
        self._call()
        self._fill()

    def _call(self) -> None:
        slots = list(self.head())
        if self.gone is not None:
            since = human_duration(self.now - self.gone)
            said = f"{self.view.glyphs.bad} gone since {since}"
            slots = [each for each in slots if each.side == "left"]
            slots.append(Slot(((said, "bad"),), side="right"))
            slots.append(Slot((("this is the last known", "dim"),), rank=1, side="right"))
        kept = choose(slots, self._head.size.width)
        self._head.show(join(kept, "left"), join(kept, "right"))

    def _fill(self) -> None:
        body = self.body
        if isinstance(body, LinesView) and body.size.width:
            body.show(tuple(self._text(self.tab, body.room)))

    def _text(self, tab: str, width: int) -> Iterator[Words]:
        if tab in self.FETCHED:
            yield self._state()
            yield ()
            if self._fetch.found is None:
                return
        if tab == YAML.id:
            yield from self._as_yaml()
        else:
            yield from self.lines(tab, width)

    def _as_yaml(self) -> Sequence[Words]:
        if self._yaml_of is not self._fetch.found and self._fetch.found is not None:
            self._yaml_of = self._fetch.found
            self._yaml = tuple(yaml_lines(self._fetch.found))
        return self._yaml

    def _state(self) -> Words:
        """How old the whole object is, or why there is none."""
        fetch = self._fetch
        if fetch.problem:
            return ((f"{self.view.glyphs.warn} {fetch.problem}", "warn"),)
        if fetch.since is None:
            return ((f"Asking the API server{self.view.glyphs.more}", "dim"),)
        return ((f"fetched {human_duration(self.now - fetch.since)} ago", "faint"),)

    async def _fetched(self) -> None:
        await self._fetch.ask(self.row)
        self._fill()
