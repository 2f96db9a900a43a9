"""Explain: how the cluster works, in chapters of one page each, with its own values."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.worker import WorkType

from eksview.domain.base.reading import value_of
from eksview.domain.base.text import Clean, clean
from eksview.domain.explain.chapters import CHAPTER_IDS, chapter_of
from eksview.domain.explain.value import Absent
from eksview.domain.fields.field import FieldValue
from eksview.domain.live.trust import Trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.server import Target
from eksview.store.selectors.ecs_cluster import shown_name
from eksview.store.selectors.explain.joining import joined_nodes
from eksview.ui.base.bindings import hidden_bindings
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.view import View
from eksview.ui.dialogs.node_picker import NodePicker
from eksview.ui.explain.check_run import CheckRun
from eksview.ui.explain.contents import ABOUT_NODE, CHECKED, MEASURED, Contents
from eksview.ui.explain.heading import heading, state_words
from eksview.ui.explain.page import page_lines
from eksview.ui.explain.page_view import PageView
from eksview.ui.text.wording import Wording

INSPECTED = ("authentication", "authorization", "iam")
"""The chapters about the user and the user's rights, which are read only while shown."""
COMPARED = "ecs"
"""The chapter about ECS, which is read only while shown."""
PERIOD = 30  # seconds between two inspections


class ExplainScreen(LiveScreen):
    """A page for each chapter; the arrows turn it, and Enter opens the screen it is about."""

    TITLE = "Explain"
    BINDING_GROUP_TITLE = "Explain"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "measure", "Measure", tooltip="Send the request now", id="explain.measure"),
        Binding("r", "replay", "Next phase", tooltip="Replay its phases", id="explain.replay"),
        Binding("n", "node", "Node", tooltip="Choose the node", id="explain.node"),
        Binding("escape", "close", "Commands", tooltip="Close the output", id="explain.close"),
        Binding("right,l", "turn(1)", "Next", tooltip="Next chapter", id="explain.next"),
        Binding(
            "left,h", "turn(-1)", "Previous", tooltip="Previous chapter", id="explain.previous"
        ),
        Binding(
            "enter", "open", "Open", tooltip="Open the screen of this chapter", id="explain.open"
        ),
        *hidden_bindings(
            "explain",
            ("command", "tab", "choose(1)", "Next command"),
            ("command-before", "shift+tab", "choose(-1)", "Previous command"),
        ),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "PageView"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        view.newcomer = False
        self.now = view.clock()
        self.tab = CHAPTER_IDS[0]
        self._second = -1
        self._contents = Contents(view, self.overview)
        self._check = CheckRun(view)
        self._inspected = float("-inf")
        self._tried = False  # whether a request was measured, or tried
        self._target = value_of(view.store.facts.target)
        self._line = TextLine(view, id="chapter")
        self._page = PageView(view)

    def compose(self) -> ComposeResult:
        yield self._line
        yield self._page

    def on_resize(self) -> None:
        self.call_after_refresh(self.fill)

    def frame(self, frame: Frame) -> None:
        """Show the current values once a second, and when facts arrive."""
        self.now = frame.now
        self._attend()
        if self._check.due(frame.now):
            self._request(self._check.ask)
        second = int(frame.now)
        if frame.full or second != self._second or frame.changes.facts:
            self._second = second
            self.fill()

    def _attend(self) -> None:
        """Have read what the chapter shows, as far as nothing else does."""
        target = value_of(self.view.store.facts.target)
        if target is not None and target != self._target:
            self._begin_again(target)
        if self.tab in INSPECTED and abs(self.now - self._inspected) >= PERIOD:
            self._inspected = self.now
            self.view.backend.inspect()
        if self.tab == MEASURED and not self._tried and self._contents.applies(self.now):
            self.action_measure()
        shown = self.tab == COMPARED
        self.ecs = shown_name(self.view.store, self.view.ecs_cluster) if shown else None

    def _begin_again(self, target: Target) -> None:
        """Forget what was read of the cluster before."""
        self._target, self._tried, self._inspected = target, False, float("-inf")
        self._contents.forget()
        self._check.close()

    @property
    def path(self) -> tuple[str, ...]:
        return (*super().path, clean(self._contents.text.title))

    def look(self, tab: str) -> bool:
        """Show a chapter by its id or its number; return False if there is none."""
        chapter = chapter_of(tab)
        if chapter is None:
            return False
        self.tab = self._contents.id = chapter.id
        self._contents.chosen = 0
        self._check.close()
        self._page.action_top()
        self.fill()
        return True

    def copied(self) -> str:
        contents = self._contents
        return contents.commands[contents.chosen] if contents.commands else ""

    def fields(self) -> tuple[FieldValue, ...]:
        return tuple(FieldValue("Command", command) for command in self._contents.commands)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable turning past the ends, choosing of one command, and Enter of no screen."""
        contents, output = self._contents, self._check.shown
        at_request = self.tab == MEASURED
        works = {
            "choose": len(contents.commands) > 1 and not output,
            "open": bool(contents.chapter.screen or contents.checks) and not output,
            "measure": at_request,
            "replay": at_request and contents.measured is not None,
            "node": self.tab in ABOUT_NODE and bool(self.view.store.nodes) and not output,
            "close": output,
        }
        if action == "turn":
            return 0 <= contents.at + int(str(parameters[0])) < len(CHAPTER_IDS)
        return works.get(action, super().check_action(action, parameters))

    def action_turn(self, by: int) -> None:
        self.look(CHAPTER_IDS[self._contents.at + by])
        self.refresh_bindings()

    def action_choose(self, by: int) -> None:
        contents = self._contents
        contents.chosen = (contents.chosen + by) % len(contents.commands)
        self.fill()

    async def action_open(self) -> None:
        """Open the screen that shows what the chapter is about, or run the chosen check."""
        contents = self._contents
        if self.tab != CHECKED:
            await self.run_action(f"app.go({contents.chapter.screen!r})")
            return
        self._check.begin(contents.checks[contents.chosen], contents.node)
        self._page.action_top()
        self._request(self._check.ask)
        self.fill()
        self.refresh_bindings()

    def action_close(self) -> None:
        """Show the commands again instead of an output."""
        self._check.close()
        self.fill()
        self.refresh_bindings()

    def action_measure(self) -> None:
        """Send the request now, and show its phases."""
        self._tried = True
        self._request(self._measure)

    def action_replay(self) -> None:
        """Show the next phase of the measured request."""
        self._contents.replay()
        self.fill()

    def action_node(self) -> None:
        """Choose the node that the chapters about one node show."""
        names = joined_nodes(self.view.store)
        self.app.push_screen(NodePicker(self.view, names, self._contents.node), self._choose_node)

    def _choose_node(self, name: Clean | None) -> None:
        if name is not None:
            self._contents.wanted = name
            self.fill()

    async def _measure(self) -> None:
        problem = await self._contents.measure()
        if problem:
            self.app.notify(problem, severity="error", markup=False)
        self.refresh_bindings()

    def _request(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Run a request and show its result; it replaces the one before it."""

        async def run() -> None:
            await ask()
            self.fill()

        work: WorkType[None] = run
        self.run_worker(work, group="request", exclusive=True)

    def on_page_view_turned(self, event: PageView.Turned) -> None:
        if self.check_action("turn", (event.by,)):
            self.action_turn(event.by)

    def fill(self) -> None:
        """Show the chapter with the current values."""
        contents, glyphs = self._contents, self.view.glyphs
        values = contents.values(self.now)
        read = {} if isinstance(values, Absent) else values.values
        wording = Wording(contents.texts, read, self.now, glyphs)
        page = contents.page(values, wording)
        if self._page.size.width:
            lines = page_lines(page, self._page.room, self._page.size.height, glyphs)
            if self._check.shown:
                lines = self._check.lines(clean(self.copied()), wording)
            self._page.show(lines)
        stale = self.overview.trust(Kind.NODE) is Trust.STALE
        state = state_words(contents.at, read, wording, glyphs, stale=stale)
        title = clean(contents.text.title)
        self._line.show(*heading(contents.at, title, state, self._line.size.width))
