"""A screen of pages: a line that names it, tabs, and text that is made anew as facts arrive."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from eksview.ui.frame import Frame, LiveScreen
from eksview.ui.intents import Resumed
from eksview.ui.slots import Slot, choose, join
from eksview.ui.view import View
from eksview.ui.widgets.lines_view import LinesView
from eksview.ui.widgets.tab_line import Tab, TabLine
from eksview.ui.widgets.text_line import TextLine, Words


class PagesScreen(LiveScreen):
    """Subclasses say the tabs and what each shows; everything is read from the store."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next(1)", "Next tab", tooltip="Next tab", id="pages.next"),
        Binding(
            "shift+tab", "next(-1)", "Previous tab", show=False, tooltip="Previous tab",
            id="pages.previous",
        ),
    ]  # fmt: skip
    TABS: ClassVar[tuple[Tab, ...]]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.tab = self.TABS[0].id
        self.now = view.clock()
        self._second = -1
        self._head = TextLine(view, id="subject")
        self._tabs = TabLine(view, self.TABS)
        self._bodies = {tab.id: LinesView(view, id=f"tab-{tab.id}") for tab in self.TABS}

    @abstractmethod
    def head(self) -> Sequence[Slot]:
        """The line that names it; its parts give way by rank."""

    @abstractmethod
    def lines(self, tab: str, width: int) -> Iterator[Words]:
        """What a tab shows."""

    def attend(self) -> None:
        """Called once a second while it can be seen: ask for what it shows."""

    def compose(self) -> ComposeResult:
        """All tabs, of which one is displayed."""
        yield self._head
        yield self._tabs
        for tab in self.TABS:
            body = self._bodies[tab.id]
            body.border_title = tab.title
            body.add_class("tab")
            body.display = False
            yield body

    def on_mount(self) -> None:
        """Begin with the first."""
        self._show(self.tab)

    def on_resize(self) -> None:
        """Fold anew."""
        self.call_after_refresh(self._fill)

    def frame(self, frame: Frame) -> None:
        """Once a second, and when a fact has arrived."""
        self.now, second = frame.now, int(frame.now)
        if second != self._second:
            self.attend()
        if frame.full or second != self._second or frame.changes.facts:
            self._second = second
            self._fill()

    def look(self, tab: str) -> bool:
        """Show a tab, if there is one of that name."""
        if tab not in self._bodies:
            return False
        self._show(tab)
        return True

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
        self._bodies[tab].focus()
        # Its width is known only when it has been laid out; the app answers with a frame.
        self.call_after_refresh(self.post_message, Resumed())

    def _fill(self) -> None:
        kept = choose(self.head(), self._head.size.width)
        self._head.show(join(kept, "left"), join(kept, "right"))
        body = self._bodies[self.tab]
        if body.size.width:
            body.show(tuple(self.lines(self.tab, body.room)))
