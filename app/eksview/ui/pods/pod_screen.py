"""The screen of a pod: containers, details, events and YAML."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.age import age
from eksview.domain.base.json_values import items
from eksview.domain.base.text import Clean, clean, clean_name
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.pod_status import health_of_pod, restarts_text, status_text
from eksview.domain.live.trust import HEALTH, trust
from eksview.domain.live.watch_scope import WatchScope, link_of_pods
from eksview.domain.rows.kube import EventRow, Kind, PodRow, Requests
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.object_events import events_of, events_of_pod
from eksview.ui.base.command_context import command_context
from eksview.ui.base.history_tab import HISTORY, HistoryTab
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenLogs, OpenNode, OpenPod, Subject
from eksview.ui.base.object_screen import DETAILS, EVENTS, YAML, ObjectScreen
from eksview.ui.base.tabbed_screen import TabbedScreen, tab_bindings
from eksview.ui.base.view import View
from eksview.ui.dialogs.container_picker import ContainerPicker
from eksview.ui.pods.claims import PodClaims
from eksview.ui.pods.container_usage import ContainerFigures
from eksview.ui.pods.pending import NearestNodes, PendingVolumes, pending_lines
from eksview.ui.pods.pod_details import container_lines, pod_detail_lines
from eksview.ui.text.chart import Level
from eksview.ui.text.events import event_lines
from eksview.ui.text.object_fields import text
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

CONTAINERS = Tab("containers", "o", "Containers")


class PodScreen(ObjectScreen):
    """A live `kubectl describe pod`."""

    TITLE = "Pod"
    TABS = (CONTAINERS, HISTORY, DETAILS, EVENTS, YAML)
    FETCHED = frozenset({CONTAINERS.id, DETAILS.id, YAML.id})
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "pod",
            (CONTAINERS, "Containers and conditions"),
            (HISTORY, "CPU and memory of the last hour, day and week, or since start"),
        ),
        Binding("n", "node", "Open node", tooltip="Open the node it runs on", id="pod.node"),
        Binding(
            "L",
            "container_logs",
            "Container log",
            tooltip="Logs of one container",
            id="pod.container-logs",
        ),
    ]

    def __init__(self, view: View, row: PodRow, tab: str = "") -> None:
        self._row = row
        self._usage = ContainerFigures(view, row)
        self._nearest = NearestNodes(view.store, view.clock)
        self._claims = PodClaims(view)
        super().__init__(view, tab)
        ref = ObjectRef("v1", "Pod", "pods", row.name, row.namespace, row.uid)
        key, rings = f"{row.namespace}/{row.name}", view.store.usage_rings
        rings.keep_pod(key)
        self.sources = (
            HistoryTab(
                view, ref, lambda: levels_of(self._row.requests), lambda: rings.pods.get(key)
            ),
        )

    @property
    def row(self) -> PodRow:
        return self._row

    @property
    def events_link(self) -> Link | None:
        """The stream of events, or why events about pods aren't in it."""
        if self.view.settings.watch is not WatchScope.NODES:
            return super().events_link
        words = ("events", "-n", self._row.namespace, "--for", f"pod/{self._row.name}")
        command = command_context(self.view).kubectl(*words)
        reason = f"--watch nodes leaves out pod events; run: {command}"
        return Link("events", Phase.OFF, self.now, clean(reason))

    def frame(self, frame: Frame) -> None:
        super().frame(frame)
        measured = self.tab in (CONTAINERS.id, HISTORY.id) and self.gone is None
        if measured and self._usage.due(self._row):
            self.request(lambda: self._usage.ask(self._usage.ref), "usage")
        if self.tab == CONTAINERS.id and self.gone is None and self._claims.due(self.whole):
            self.request(self._claims.ask, "claims")

    def look_up(self) -> bool:
        row = self.view.store.pods.get(self._row.uid)
        self._row = row or self._row
        return row is not None

    def subject(self) -> Subject | None:
        return OpenPod(self._row.uid)

    def copied(self) -> str:
        return super().copied() or self._row.name

    @property
    def crumb(self) -> str:
        return self._row.name

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why `n` or `L` would do nothing."""
        if action == "container_logs":
            return "" if self._container_names() else "Its containers haven't been read yet."
        bound = action != "node" or bool(self._row.node)
        return "" if bound else "The pod isn't bound to a node yet."

    def action_node(self) -> None:
        if self._row.node:
            self.post_message(OpenNode(self._row.node))

    def action_container_logs(self) -> None:
        """Open the log of one container, which is chosen where there are several."""
        names = self._container_names()
        if len(names) == 1:
            self._open_log(names[0])
        else:
            self.app.push_screen(ContainerPicker(self.view, names), self._open_log)

    def _open_log(self, name: str | None) -> None:
        row = self._row
        if name is not None:
            ref = ObjectRef("v1", "Pod", "pods", row.name, row.namespace, row.uid)
            self.post_message(OpenLogs(ref, name))

    def _container_names(self) -> list[Clean]:
        keys = ("initContainers", "containers", "ephemeralContainers")
        containers = (each for key in keys for each in items(self.whole, "spec", key))
        return [clean_name(text(each, "name")) for each in containers]

    def subject_slots(self) -> list[Slot]:
        row = self._row
        health = health_of_pod(row)
        mark, tone = self.view.glyphs.mark(health), TONE_OF[health]
        restarts = f"restarts {restarts_text(row, self.now)}" if row.restarts else ""
        place = (
            (restarts, 2),
            (self.view.store.names.short(row.node), 3),
            (row.ip, 4),
            (age(self.now, row.created or None), 1),
        )
        status = clean(status_text(row, self.view.server_minor))
        named: Words = (f" {mark} ", tone), (f"{row.namespace}/", "dim")
        return [
            Slot((*named, (row.name, "strong"))),
            Slot(((status, tone), (f"  {row.ready}/{row.containers}", "dim"))),
            *(Slot(((clean(text), "dim"),), rank, "right") for text, rank in place),
        ]

    def stale_for(self, tab: str = "") -> float | None:  # noqa: ARG002 - all tabs are of the pod
        link = self.view.store.links.get(Kind.POD)
        if link is not None and link.phase is Phase.OFF:  # the pods of one node are followed
            link = self.view.store.links.get(link_of_pods(self._row.node))
        if not trust(link, self.view.store.links.get(HEALTH)).aged:
            return None
        return self.overview.stale_for(Kind.POD, self.now)

    def tab_lines(self, tab: str, width: int) -> Iterator[Words]:
        row, glyphs = self._row, self.view.glyphs
        if tab == CONTAINERS.id:
            return self._containers(width)
        if tab == DETAILS.id:
            return pod_detail_lines(self.whole, width, self.view.keyed("{app.owner}"))
        if tab != EVENTS.id:
            return iter(TabbedScreen.lines(self, tab, width))
        about = events_of_pod(self.view.store, row, self.whole)
        return event_lines(about, self.events_link, self.now, width, glyphs)

    def _containers(self, width: int) -> Iterator[Words]:
        glyphs, problem = self.view.glyphs, self._row.undecoded
        if problem:
            yield ((f"{glyphs.warn} ", "warn"), (f"could not be decoded: {problem}", "text"))
            yield ()
        row = self._row
        about = events_of_pod(self.view.store, row, self.whole)
        claims, nearest = self._claims, self._nearest
        volumes = PendingVolumes(
            claims.states, claims.left_out, nearest.fitting, self._events_of_claim
        )
        yield from pending_lines(self.whole, self.now, width, nearest.of, about, volumes)
        usage_of = self._usage.text_of
        yield from container_lines(self.whole, self.now, width, glyphs, usage_of)

    def _events_of_claim(self, name: str) -> Iterable[EventRow]:
        return events_of(self.view.store, "PersistentVolumeClaim", self._row.namespace, name, "")

    async def ask(self) -> dict[str, Any]:
        return await self.view.backend.fetch(Kind.POD, self._row.name, self._row.namespace)


def levels_of(row: Requests) -> tuple[Sequence[Level], Sequence[Level]]:
    """Return the lines of a pod's charts, in cores and bytes."""
    cpu = ("requests", row.cpu / 1000), ("limits", row.cpu_limit / 1000)
    memory = ("requests", float(row.memory)), ("limits", float(row.memory_limit))
    return cpu, memory
