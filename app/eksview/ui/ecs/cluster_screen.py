"""The screen of an ECS cluster: its settings and its capacity providers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from eksview.domain.aws.poll_plan import ECS
from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.service_status import cluster_health, provider_health
from eksview.domain.rows.ecs import CapacityProviderRow, EcsClusterRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs_cluster import unread_tables
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.messages import OpenEcsCluster
from eksview.ui.base.view import View
from eksview.ui.ecs.object_screen import EcsObjectScreen
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.sections import Figure, figures, marked
from eksview.ui.text.unread import parts_lines
from eksview.ui.text.words import Words

CLUSTER = Tab("details", "", "Details")


class EcsClusterScreen(EcsObjectScreen):
    """What ECS reports of a cluster."""

    TITLE = "ECS cluster"
    BINDING_GROUP_TITLE = "ECS cluster"
    KIND = Kind.ECS_CLUSTER
    TABS = (CLUSTER,)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {CLUSTER.id: (ECS,)}

    def __init__(self, view: View, subject: OpenEcsCluster) -> None:
        self._row = view.store.table(EcsClusterRow).get(subject.key)
        super().__init__(view, subject)

    def look_up(self) -> bool:
        row = self.view.store.table(EcsClusterRow).get(self._key)
        self._row = row or self._row
        return row is not None

    def cluster_name(self) -> str:
        return self._row.name if self._row else EMPTY

    def state(self) -> tuple[Health, Clean, Sequence[Clean]]:
        if self._row is None:
            return Health.UNKNOWN, EMPTY, ()
        return *cluster_health(self._row), ()

    def text_lines(self, tab: str, width: int) -> Iterator[Words]:  # noqa: ARG002 - there is one
        row, store, glyphs = self._row, self.view.store, self.view.glyphs
        if row is None:
            return
        yield from figures("Cluster", _cluster(row, glyphs), width)
        unread = unread_tables(store, self.now, Kind.ECS_PROVIDER)
        yield from parts_lines(unread, width, glyphs)
        table = store.table(CapacityProviderRow)
        for name in row.providers:
            if name in table:
                title = f"Capacity provider {name}"
                yield from figures(title, _provider(table[name], glyphs), width)


def _cluster(row: EcsClusterRow, glyphs: Glyphs) -> Iterator[Figure]:
    yield "Name", row.name, "strong"
    yield marked("Status", *cluster_health(row), glyphs)
    yield "Services", clean(f"{row.services:,}"), "text"
    yield "Tasks", clean(f"{row.running:,} running, {row.pending:,} pending"), "text"
    yield "Instances", clean(f"{row.instances:,} registered"), "text"
    strategy = ", ".join(row.strategy) or "none: services and tasks name a launch type"
    yield "Default strategy", clean(strategy), "text"
    yield "Container Insights", row.insights or Clean("not reported"), "text"
    yield "Logs of ECS Exec", row.exec_logging or Clean("not reported"), "text"
    yield "ARN", row.arn, "text"


def _provider(row: CapacityProviderRow, glyphs: Glyphs) -> Iterator[Figure]:
    yield marked("Status", *provider_health(row), glyphs)
    if not row.group:
        yield "Instances", Clean("none of yours: AWS runs the tasks"), "text"
        return
    yield "Auto Scaling group", row.group, "text"
    target = f", target {row.target}% of its capacity in use" if row.target is not None else ""
    yield "Managed scaling", clean(f"{row.scaling or 'not reported'}{target}"), "text"
    yield "Managed draining", row.draining, "text"
    yield "Protection", row.protection, "text"
    yield "Update", row.update, "text"
