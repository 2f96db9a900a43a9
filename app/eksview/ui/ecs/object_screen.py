"""The screen of something of ECS: its row as last read, and the tasks that it has."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from textual.widget import Widget

from eksview.domain.aws.poll_plan import ECS, ECS_INSTANCES, ECS_TASKS
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.trust import awaited
from eksview.domain.rows.ecs import EcsTaskRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs_cluster import members, shown_name, unread_tables
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import Subject
from eksview.ui.base.tabbed_screen import PagesScreen
from eksview.ui.base.view import View
from eksview.ui.ecs.task_table import EcsTaskTable
from eksview.ui.table.table_tabs import TableTabs
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.unread import parts_lines
from eksview.ui.text.words import TONE_OF, Words

DETAILS = Tab("details", "d", "Details")
TASKS = Tab("pods", "p", "Tasks")


class EcsObjectScreen(TableTabs, PagesScreen):
    """The base of the screens of a cluster, a service, a container instance and a task."""

    LINKS = (ECS, ECS_INSTANCES, ECS_TASKS)
    KIND: ClassVar[Kind]
    """The table that it has a row of."""
    FOUND_IN: ClassVar[tuple[Kind, ...]] = ()
    """Other tables that may have its row."""
    HIDDEN: ClassVar[frozenset[str]] = frozenset()
    """Columns of the tasks that are the same for all of them."""

    def __init__(self, view: View, subject: Subject, tab: str = "") -> None:
        self._subject = subject
        self._key = subject.key
        self.gone: float | None = None
        self._last_name = EMPTY  # as last read: its row is forgotten while another screen is shown
        self._tasks: EcsTaskTable | None = None
        self.ecs = ""
        super().__init__(view, tab)
        self.ecs = self.cluster_name() or shown_name(view.store, view.ecs_cluster)

    @abstractmethod
    def look_up(self) -> bool:
        """Take the newest row from the store; return False if it isn't there."""

    @abstractmethod
    def cluster_name(self) -> str:
        """Return the name of its cluster; empty while it isn't known."""

    @abstractmethod
    def state(self) -> tuple[Health, Clean, Sequence[Clean]]:
        """Return health, words, and what stands at the right of them."""

    @abstractmethod
    def text_lines(self, tab: str, width: int) -> Iterator[Words]:
        """Return the lines of a tab of text."""

    def own_task(self, row: EcsTaskRow) -> bool:  # noqa: ARG002 - those without tasks have none
        """Return whether a task is one of those that its tab of tasks lists."""
        return False

    def make_body(self, tab: str) -> Widget:
        if tab != TASKS.id:
            return super().make_body(tab)
        self._tasks = EcsTaskTable(self.view, self._own_tasks, self.HIDDEN)
        return self._tasks

    def frame(self, frame: Frame) -> None:
        if self.look_up():
            self.gone = None
            self._last_name = clean(self._subject.text(self.view.store))
            self.ecs = self.cluster_name() or self.ecs
        elif self.gone is None and not self._loading and not self._unread:
            self.gone = frame.now
        super().frame(frame)
        if self._tasks is None:
            return
        unread = bool(self._gaps)
        self._tabs.count(TASKS.id, None if unread else len(self._own_tasks()))
        if self.tab == TASKS.id:
            self._tasks.stale = unread or self.stale_for(TASKS.id) is not None
            self._tasks.say(*self._no_tasks())
            self._tasks.sync(frame.now, full=frame.full)

    def subject(self) -> Subject | None:
        """Return the task under the cursor, else what the screen is about."""
        return super().subject() or self._subject

    @property
    def crumb(self) -> str:
        return self._last_name or self._subject.text(self.view.store)

    def copied(self) -> str:
        return super().copied() or self._subject.text(self.view.store)

    def head(self) -> Sequence[Slot]:
        glyphs, name = self.view.glyphs, self._subject.text(self.view.store)
        if self.gone is not None or not self.look_up():
            words = "loading" if self._loading else "not read"
            if self.gone is not None:
                since = human_duration(max(0.0, self.now - self.gone))
                words = f"no longer listed by ECS for {since}"
            mark: Words = ((f" {glyphs.unknown} ", "unknown"), (name, "strong"))
            return Slot(mark), Slot(((words, "dim"),), folds=True)
        health, words, place = self.state()
        right = (
            Slot(((text, "dim"),), rank, "right") for rank, text in enumerate(place, 1) if text
        )
        return (
            Slot(((f" {glyphs.mark(health)} ", TONE_OF[health]), (name, "strong"))),
            Slot(((words, TONE_OF[health]),), folds=True),
            *(Slot(((text, "warn"),), folds=True) for text in self._gaps if self.tab == TASKS.id),
            *self.marked_slots(),
            *right,
        )

    def lines(self, tab: str, width: int) -> Iterable[Words]:
        found = self.look_up()
        unread = unread_tables(self.view.store, self.now, self.KIND) if found else self._unread
        yield from parts_lines(unread, width, self.view.glyphs)
        yield from self.text_lines(tab, width)

    @property
    def _unread(self) -> tuple[Clean, ...]:
        """Why its row may exist though no table has it."""
        return unread_tables(self.view.store, self.now, self.KIND, *self.FOUND_IN)

    @property
    def _gaps(self) -> tuple[Clean, ...]:
        """Why the list of its tasks isn't whole and up to date."""
        return unread_tables(self.view.store, self.now, self.KIND, Kind.ECS_TASK)

    @property
    def _loading(self) -> bool:
        return awaited(self.view.store.links.get(self.KIND.link))

    def _own_tasks(self) -> Mapping[str, EcsTaskRow]:
        rows = members(self.view.store, EcsTaskRow, self.ecs or "")
        return {key: row for key, row in rows.items() if self.own_task(row)}

    def _no_tasks(self) -> Words:
        """Return the note for a table without tasks."""
        if awaited(self.view.store.links.get(Kind.ECS_TASK.link)):
            return ((f"Loading tasks{self.view.glyphs.more}", "dim"),)
        return ((clean(" ".join(self._gaps)) or Clean("No task is listed here."), "dim"),)
