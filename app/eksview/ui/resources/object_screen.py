"""The screen of any object: its description, pods, owners and children, events and YAML."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from eksview.domain.base.age import age
from eksview.domain.base.json_values import items, word
from eksview.domain.base.text import clean
from eksview.domain.describe.beside import Beside
from eksview.domain.describe.common import Related
from eksview.domain.describe.description import described
from eksview.domain.guides.pods_of import phases_of, pods_of
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.server_table import ObjectRow
from eksview.domain.live.trust import HEALTH, Trust, awaited, trust
from eksview.domain.rows.kube import Kind, PodRow
from eksview.store.selectors.object_events import events_of
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenObject, Subject
from eksview.ui.base.object_screen import EVENTS, YAML, ObjectScreen
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.base.usage_shown import ShowsUsage, UsageShown
from eksview.ui.base.view import View
from eksview.ui.resources.creation import creation_lines
from eksview.ui.resources.describe_text import MOST_LINES, bounded, describe_lines
from eksview.ui.resources.object_spec import ObjectJudge
from eksview.ui.resources.relatives import Relatives, status_of
from eksview.ui.resources.tree import TreeTable, numbered
from eksview.ui.table.pod_table import PodTable
from eksview.ui.table.table_tabs import TableTabs
from eksview.ui.text.events import event_lines
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

DESCRIBE = Tab("details", "d", "Describe")
PODS = Tab("pods", "p", "Pods")
OWNERS = Tab("owners", "o", "Owners")


class ResourceObjectScreen(ShowsUsage, TableTabs, ObjectScreen):
    """A live `kubectl describe` of an object of any resource."""

    TITLE = "Object"
    TABS = (DESCRIBE, PODS, OWNERS, EVENTS, YAML)
    FETCHED = frozenset({DESCRIBE.id, YAML.id})
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "object", (PODS, "Its pods"), (OWNERS, "Its owners and what it owns, as a tree")
        ),
    ]

    def __init__(self, view: View, ref: ObjectRef, tab: str = "") -> None:
        self._relatives = Relatives(view, ref)
        self._row: ObjectRow | None = None
        self._uid = ref.uid
        self._pods: PodTable
        self._tree: TreeTable
        self._test_of: object = None  # what the test of the pods was made of
        self._lines_of: object = None
        self._lines: Sequence[Words] = ()
        self._beside = Beside()
        self.usage = UsageShown(view)
        super().__init__(view, tab)
        self.title = clean(ref.kind)

    @property
    def _ref(self) -> ObjectRef:
        return self._relatives.ref

    @property
    def row(self) -> ObjectRow | None:
        return self._row

    @property
    def crumb(self) -> str:
        return clean(self._ref.name)

    def on_mount(self) -> None:
        self.request(self._relatives.find, "resource")

    def on_unmount(self) -> None:
        self._relatives.leave()

    def look_up(self) -> bool:
        """Take the newest row; an object whose table isn't live isn't known to be gone."""
        row = self._relatives.row()
        self._row = row or self._row
        if row is not None:
            self._uid = row.uid
            return True
        self._uid = self._uid or word(self.whole, "metadata", "uid")
        key = self._relatives.table_of(self._relatives.resource)
        links = self.view.store.links
        return key is None or not trust(links.get(key.link), links.get(HEALTH)).whole

    def subject(self) -> Subject | None:
        """Return what is under the cursor of the tab, else the object itself."""
        if (row := super().subject()) is not None:
            return row
        return OpenObject(self._ref) if self._ref.plural else None  # it is looked up

    def owner(self) -> ObjectRef | None:
        """Return the nearest owner."""
        return next(iter(self._relatives.owners), None)

    def copied(self) -> str:
        return super().copied() or self._ref.name

    def make_body(self, tab: str) -> Widget:
        if tab == PODS.id:
            self._pods = PodTable(self.view)
            self._pods.admit(lambda _: False)
            return self._pods
        if tab == OWNERS.id:
            self._tree = TreeTable(self.view)
            return self._tree
        return super().make_body(tab)

    def frame(self, frame: Frame) -> None:
        self.title = clean(self._relatives.kind)
        super().frame(frame)
        self._admit_pods()
        self.usage.show(self._ref.namespace if self.tab == PODS.id else None)
        if Kind.POD_USAGE in frame.changes.members:
            self._pods.outside_changed()
        self._pods.stale = self.overview.trust(Kind.POD) is Trust.STALE
        self._pods.say((self._no_pods(), "dim"))
        full = frame.full or frame.changes.reset
        self._pods.sync(frame.now, frame.changes.pods, full=full)
        if self._relatives.guide.pods:
            self._tabs.count(PODS.id, self._pods.total)
        if self.tab == OWNERS.id:
            pods = [*self._pods.rows.values()]
            tree = self._relatives.tree(self._uid, pods, self.view.server_minor)
            self._tree.show(numbered(tree, self.view.glyphs), frame.now)

    def _admit_pods(self) -> None:
        """Select the object's pods, again when it or its children have changed."""
        by = self._relatives.guide.pods
        children = (row.uid for _, row in self._relatives.owned(self._uid))
        owners = frozenset((self._uid, *children)) - {""}
        made_of = by, owners, self.whole if by == "selector" else None
        if made_of != self._test_of:
            self._test_of = made_of
            self._pods.admit(pods_of(by, self._ref, self.whole, owners))

    def _no_pods(self) -> str:
        link = self.view.store.links.get(Kind.POD)
        if link is not None and trust(link) is Trust.ABSENT:
            return link.reason or "Pods aren't read."
        if awaited(link):
            return f"Loading pods{self.view.glyphs.more}"
        if self._relatives.guide.pods:
            failure = self._relatives.failure(self.whole)
            why = f": {failure.refusal.cause}" if failure else ""
            return f"This {clean(self._ref.kind)} has no pods{why}."
        return f"A {clean(self._ref.kind)} has no pods of its own."

    def subject_slots(self) -> list[Slot]:
        row, ref, resource = self._row, self._ref, self._relatives.resource
        place = f"{ref.namespace}/" if ref.namespace else ""
        named: Words = (clean(place), "dim"), (clean(ref.name), "strong")
        if row is None or resource is None:
            kind = Slot(((clean(self._relatives.kind), "dim"),), 1)
            return [Slot(((" ", "text"), *named)), kind, *self.marked_slots()]
        health = ObjectJudge(self._relatives.guide).health(row)
        mark: Words = ((" ", "text"),)
        if health is not None:
            mark = ((f" {self.view.glyphs.mark(health)} ", TONE_OF[health]),)
        return [
            Slot((*mark, *named)),
            Slot(((status_of(resource, row), "text"),), 1),
            *self.marked_slots(),
            Slot(((clean(self._relatives.kind), "dim"),), 2, "right"),
            Slot(((age(self.now, row.created or None), "dim"),), 1, "right"),
        ]

    def stale_for(self, tab: str = "") -> float | None:  # noqa: ARG002 - all tabs are of the object
        key = self._relatives.table_of(self._relatives.resource)
        link = None if key is None else self.view.store.links.get(key.link)
        if link is None or not trust(link, self.view.store.links.get(HEALTH)).aged:
            return None
        return None if link.heard is None else max(0.0, self.now - link.heard)

    def tab_lines(self, tab: str, width: int) -> Iterator[Words]:
        if tab == DESCRIBE.id:
            failure = self._relatives.failure(self.whole)
            why_none = creation_lines(failure, self.now, width)
            return chain(why_none, self._description())
        about = self._events_about()
        return event_lines(about, self.events_link, self.now, width, self.view.glyphs)

    def _events_about(self) -> Any:
        ref = self._ref
        return events_of(self.view.store, ref.kind, ref.namespace, ref.name, self._uid)

    def _description(self) -> Sequence[Words]:
        """Return the description, made once a second at most while nothing has changed.

        The ages in one of thousands of lines, which takes long to make, don't go on.
        """
        second = int(self.now) if len(self._lines) < MOST_LINES else 0
        made_of = id(self.whole), second, self._pods.total, id(self._beside)
        if made_of != self._lines_of:
            self._lines_of = made_of
            lines = described(self.whole, self._related())
            self._lines = tuple(describe_lines([*bounded(lines)]))
        return self._lines

    def _related(self) -> Related:
        events = self._events_about()
        link = self.view.store.links.get(Kind.EVENT)
        pods_read = trust(self.view.store.links.get(Kind.POD)) not in (Trust.ABSENT, Trust.LOADING)
        pods: list[PodRow] = [*self._pods.rows.values()]
        replicas = self._replica_sets()
        return Related(
            now=self.now,
            events=events if events or trust(link).whole else None,
            phases=phases_of(pods) if pods_read else None,
            beside=self._beside,
            new_replicas=None if replicas is None else replicas[0],
            old_replicas=() if replicas is None else replicas[1],
        )

    def _replica_sets(self) -> tuple[list[str], list[str]] | None:
        """Return the new and the old replica sets of a deployment; None where they aren't read.

        The new one is the one that the condition Progressing names.
        """
        if self._ref.kind != "Deployment":
            return None
        rows = [row for _, row in self._relatives.owned(self._uid)]
        if not rows:
            return None
        messages = " ".join(
            word(each, "message") for each in items(self.whole, "status", "conditions")
        )
        texts = {row.name: _replicas(row) for row in rows}
        new = [text for name, text in texts.items() if f'"{name}"' in messages]
        old = [text for text in texts.values() if text not in new and "(0/0 " not in text]
        return new, old

    async def ask(self) -> dict[str, Any]:
        whole = await self.view.backend.fetch_object(self._ref)
        await self._relatives.climb(whole)
        self._beside = await self._relatives.beside()
        return whole


def _replicas(row: ObjectRow) -> str:
    """Return a replica set as kubectl lists those of a deployment."""
    cells = {column.name.lower(): row.cells[at] for at, column in enumerate(row.columns.columns)}
    return f"{row.name} ({cells.get('current')}/{cells.get('desired')} replicas created)"
