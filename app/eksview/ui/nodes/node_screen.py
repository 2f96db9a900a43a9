"""The screen of a node: conditions, pods, kubelet, EC2, lifecycle, details, events, YAML."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from eksview.domain.base.age import age
from eksview.domain.base.text import clean
from eksview.domain.kube.node_labels import group_of, instance_id, instance_type_of, zone_of
from eksview.domain.kube.node_status import headline, node_health
from eksview.domain.live.watch_scope import link_of_pods
from eksview.domain.rows.kube import Amounts, Kind, NodeRow
from eksview.domain.rows.link import Phase
from eksview.store.selectors.machine import Machine, machine_of_instance, machine_of_node
from eksview.store.selectors.object_events import events_of_node
from eksview.ui.base.history_tab import HISTORY, HistoryTab
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenNode, Subject
from eksview.ui.base.object_screen import DETAILS, EVENTS, YAML, ObjectScreen
from eksview.ui.base.tabbed_screen import TabbedScreen, tab_bindings
from eksview.ui.base.usage_shown import ShowsUsage, UsageShown
from eksview.ui.base.view import View
from eksview.ui.nodes.drain_tab import DRAIN, DrainTab
from eksview.ui.nodes.kubelet_tab import KUBELET, KubeletTab
from eksview.ui.nodes.machine_tabs import EC2, LIFECYCLE, MachineTabs
from eksview.ui.nodes.node_details import condition_lines, node_detail_lines
from eksview.ui.table.pod_table import PodTable
from eksview.ui.table.table_tabs import TableTabs
from eksview.ui.text.chart import Level
from eksview.ui.text.events import event_lines
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

CONDITIONS = Tab("conditions", "o", "Conditions", "Cond.")
PODS = Tab("pods", "p", "Pods")
ROOMY = 100
"""Cells of the title from which on it has the node's name in full."""


class NodeScreen(ShowsUsage, TableTabs, ObjectScreen):
    """A live `kubectl describe node`."""

    TITLE = "Node"
    TABS = (CONDITIONS, PODS, KUBELET, EC2, LIFECYCLE, HISTORY, DRAIN, DETAILS, EVENTS, YAML)
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "node",
            (CONDITIONS, "Conditions and heartbeat"),
            (PODS, "The node's pods"),
            (KUBELET, "Heartbeat, configuration and certificates"),
            (EC2, "The instance it runs on"),
            (LIFECYCLE, "From launch to heartbeat"),
            (HISTORY, "CPU and memory of the last hour, day and week, or since start"),
            (DRAIN, "What would move if it were drained"),
        ),
    ]

    def __init__(self, view: View, name: str, tab: str = "") -> None:
        self._node = name
        self._row = view.store.nodes.get(name)
        self._instance = ""
        self._pods: PodTable
        self._pods_changed = False  # since the table of pods was last compared
        self.usage = UsageShown(view)
        super().__init__(view, tab)
        self._machine = MachineTabs(view, self._find_machine)
        address = self._row.internal_ip if self._row else ""
        history = HistoryTab(
            view,
            OpenNode(name).ref(view.store),
            lambda: levels_of(self._row),
            lambda: view.store.usage_rings.nodes.get(name),
            address,
        )
        self.sources = (self._machine, KubeletTab(view, name), history, DrainTab(view, name))

    @property
    def crumb(self) -> str:
        return self.view.store.names.short(self._node)

    def _find_machine(self) -> Machine:
        """Return the node with its instance; after the node has left, its last instance."""
        store = self.view.store
        if self._node not in store.nodes and self._instance:
            return machine_of_instance(store, self._instance)
        machine = machine_of_node(store, self._node)
        self._instance = machine.instance.id if machine.instance else self._instance
        return machine

    @property
    def row(self) -> NodeRow | None:
        """The node as last read; None when it had left before the screen opened."""
        return self._row

    def on_mount(self) -> None:
        self.view.backend.follow_pods(self._node)

    def on_unmount(self) -> None:
        self.view.backend.leave_pods(self._node)

    def look_up(self) -> bool:
        row = self.view.store.nodes.get(self._node)
        self._row = row or self._row
        return row is not None

    def subject(self) -> Subject | None:
        """Return the pod under the cursor, else the node."""
        return super().subject() or OpenNode(self._node)

    def make_body(self, tab: str) -> Widget:
        if tab != PODS.id:
            return super().make_body(tab)
        store, name = self.view.store, self._node
        self._pods = PodTable(
            self.view,
            rows=lambda: {pod.uid: pod for pod in store.pods_of(name)},
            hide={"node", "nominated", "gates"},
        )
        return self._pods

    def frame(self, frame: Frame) -> None:
        super().frame(frame)
        store = self.view.store
        pods = store.pod_totals_of(self._node).pods
        if pods >= 0:
            self._tabs.count(PODS.id, pods)
        self._pods_changed = self._pods_changed or bool(frame.changes.pods)
        self.usage.show("" if self.tab == PODS.id else None)
        if Kind.POD_USAGE in frame.changes.members:
            self._pods.outside_changed()
        if self.tab == PODS.id:
            self._pods.stale = self.stale_for() is not None
            self._pods.say((self._no_pods(), "dim"))
            self._pods.sync(frame.now, None if self._pods_changed else (), full=frame.full)
            self._pods_changed = False

    def subject_slots(self) -> list[Slot]:
        store, row = self.view.store, self._row
        lease = store.lease_of(self._node) if store.heartbeats.judges(self.now) else None
        if row is None:
            return [Slot(((f" {clean(self._node)}", "strong"),))]
        health = node_health(row, lease, self.now)
        tone = TONE_OF[health]
        place = (
            (group_of(row.labels, row.provider_id).name, 2),
            (zone_of(row.labels), 3),
            (instance_type_of(row.labels), 4),
            (instance_id(row.provider_id), 5),
            (age(self.now, row.created or None), 1),
        )
        return [
            Slot(((f" {self.view.glyphs.mark(health)} ", tone), (self._title(row), "strong"))),
            Slot(((headline(row, lease, self.now), tone),), folds=True),
            *self._about_pods(),
            *(Slot(((clean(text), "dim"),), rank, "right") for text, rank in place),
        ]

    def _about_pods(self) -> Iterator[Slot]:
        """Yield how many pods are marked, and which are read if the user may not read all."""
        yield from self.marked_slots()
        link = self.view.store.links.get(link_of_pods(self._node))
        if link is not None and link.only:
            yield Slot(((f"pods of {link.only} only", "dim"),), 1, "right")

    def _title(self, row: NodeRow) -> str:
        roomy = self._head.size.width >= ROOMY
        return row.name if roomy else self.view.store.names.short(row.name)

    def stale_for(self, tab: str = "") -> float | None:
        if tab == EC2.id:  # its own line tells how old it is
            return None
        aged = self.overview.trust(Kind.NODE).aged
        return self.overview.stale_for(Kind.NODE, self.now) if aged else None

    def tab_lines(self, tab: str, width: int) -> Iterable[Words]:
        store, name, glyphs = self.view.store, self._node, self.view.glyphs
        if tab == CONDITIONS.id and self._row is not None:
            judged, lease = store.heartbeats.judges(self.now), store.lease_of(name)
            return condition_lines(self._row, lease, self.now, width, glyphs, judged=judged)
        if tab == DETAILS.id:
            used = store.usage_of(name, self.now)
            totals, limits = store.pod_totals_of(name), self.view.settings.thresholds
            return node_detail_lines(self.whole, totals, used, self.now, width, limits)
        if tab == EVENTS.id:
            about = events_of_node(store, self._row) if self._row else ()
            return event_lines(about, self.events_link, self.now, width, glyphs)
        return TabbedScreen.lines(self, tab, width)

    def copied(self) -> str:
        return (self._machine.url if self.tab == EC2.id else "") or super().copied()

    async def ask(self) -> dict[str, Any]:
        return await self.view.backend.fetch(Kind.NODE, self._node)

    def _no_pods(self) -> str:
        links = self.view.store.links
        link = links.get(Kind.POD)
        if link is not None and link.phase is Phase.OFF:
            link = links.get(link_of_pods(self._node))
        if link is not None and link.missing is not None:
            return link.reason or "Can't list pods: RBAC denies `list pods`."
        if link is None or link.remaining or not link.heard:
            return f"Loading pods{self.view.glyphs.more}"
        if link.only:
            return f"No pods of {clean(link.only)} are bound to this node; others aren't read."
        return "No pods are bound to this node."


def levels_of(row: NodeRow | None) -> tuple[Sequence[Level], Sequence[Level]]:
    """Return the lines of a node's charts, in cores and bytes."""
    amounts = row.allocatable if row else Amounts()
    return (("allocatable", amounts.cpu / 1000),), (("allocatable", float(amounts.memory)),)
