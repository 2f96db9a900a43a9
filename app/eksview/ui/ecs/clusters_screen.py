"""The table of the ECS clusters of a region, to choose the one that is shown."""

from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.ecs.service_status import cluster_health
from eksview.domain.rows.ecs import EcsClusterRow
from eksview.domain.rows.kube import Kind
from eksview.domain.tables.ecs_cluster_columns import ECS_CLUSTER_COLUMNS
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.store.selectors.ecs_cluster import why_no_clusters
from eksview.ui.base.messages import OpenEcsCluster
from eksview.ui.ecs.table_screen import EcsTableScreen, searched, tally
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import tone_of


def _health(row: EcsClusterRow, _: EcsContext) -> Health:
    return cluster_health(row)[0]


ECS_CLUSTERS: TableSpec[EcsClusterRow, EcsContext] = TableSpec(
    table="ecs-clusters",
    columns=ECS_CLUSTER_COLUMNS,
    name=lambda row: natural_key(row.name),
    text=lambda row: searched(row.name, row.status, *row.providers),
    labels=lambda row: {"status": row.status},
    tally=lambda row: tally(*cluster_health(row)),
    health=_health,
    tones={
        "status": lambda row, ctx: tone_of(_health(row, ctx), "dim"),
        "pending": lambda row, _: "warn" if row.pending else "dim",
    },
    quiet=frozenset({"providers", "insights", "exec-logging", "strategy"}),
    least={"name": 12, "providers": 10},
    falling=frozenset({"instances", "services", "running", "pending"}),
    opened=OpenEcsCluster,
)


class EcsClusterTable(LiveTable[EcsClusterRow, EcsContext]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "screen.choose", "Show", key_display="enter", id="ecs-clusters.show",
            tooltip="Show this cluster on the ECS screens",
        ),
        *sort_bindings(ECS_CLUSTER_COLUMNS),
    ]  # fmt: skip


class EcsClustersScreen(EcsTableScreen):
    """A screen of clusters; Enter shows one on all screens of ECS."""

    NOUN = "ECS clusters"
    NOUNS = ("cluster", "clusters")
    LINK = Kind.ECS_CLUSTER.link
    TITLE: ClassVar[str | None] = "ECS clusters"
    LINKS = (Kind.ECS_CLUSTER.link,)
    PARTS = (Kind.ECS_CLUSTER.part,)
    KINDS = (Kind.ECS_CLUSTER,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d", "app.look('details')", "Describe", id="ecs-clusters.describe",
            tooltip="Capacity providers, services and settings of the cluster",
        ),
    ]  # fmt: skip

    def make_table(self) -> LiveTable[Any, Any]:
        store = self.view.store
        return EcsClusterTable(
            self.view, ECS_CLUSTERS, lambda: store.table(EcsClusterRow), EcsContext
        )

    def within(self) -> str:
        return ""

    def nothing(self) -> str:
        return why_no_clusters(self.view.store, "")

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why there is no cluster to show."""
        missing = action == "choose" and self.table.subject() is None
        return "There is no cluster to show." if missing else ""

    def action_choose(self) -> None:
        """Show the cluster under the cursor on the screens of ECS."""
        subject = self.table.subject()
        row = self.view.store.table(EcsClusterRow).get(subject.key) if subject else None
        if row is not None:
            self.view.ecs_cluster = row.name
            self.call_later(self.run_action, "app.go('ecs')")
