"""The table of the services of an ECS cluster."""

from typing import Any, ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.ecs.service_status import primary, service_health
from eksview.domain.rows.ecs import EcsServiceRow, last_part
from eksview.domain.rows.kube import Kind
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.domain.tables.ecs_service_columns import ECS_SERVICE_COLUMNS
from eksview.store.selectors.ecs_cluster import members
from eksview.ui.base.messages import OpenService
from eksview.ui.ecs.table_screen import EcsTableScreen, searched, tally
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import Tone, tone_of


def _health(row: EcsServiceRow, ctx: EcsContext) -> Health:
    return service_health(row, ctx.now)[0]


def _tone(row: EcsServiceRow, ctx: EcsContext) -> Tone:
    return tone_of(_health(row, ctx))


def _tally(row: EcsServiceRow) -> str:
    newest = primary(row)
    rollout = newest.rollout if newest else ""
    if row.status != "ACTIVE":
        word: str = row.status
    elif rollout == "FAILED":
        word = "with a failed deployment"
    elif row.running < row.desired:
        word = "with fewer tasks than desired"
    else:
        word = "deploying" if rollout == "IN_PROGRESS" else "as desired"
    return tally(service_health(row, 0.0)[0], word)


ECS_SERVICES: TableSpec[EcsServiceRow, EcsContext] = TableSpec(
    table="ecs-services",
    columns=ECS_SERVICE_COLUMNS,
    name=lambda row: natural_key(row.name),
    text=lambda row: searched(
        row.name, row.status, row.launch_type, *row.strategy, last_part(row.definition)
    ),
    labels=lambda row: {"status": row.status, "type": row.launch_type},
    tally=_tally,
    health=_health,
    tones={
        "status": lambda row, ctx: tone_of(_health(row, ctx), "dim"),
        "running": lambda row, ctx: "text" if row.running >= row.desired else _tone(row, ctx),
        "pending": lambda row, _: "warn" if row.pending else "dim",
        "deployment": lambda row, ctx: tone_of(_health(row, ctx), "dim"),
    },
    quiet=frozenset({"cluster", "type", "definition", "scheduling", "event"}),
    least={"name": 12, "deployment": 32, "type": 14, "definition": 10},
    falling=frozenset({"desired", "running", "pending"}),
    opened=OpenService,
)


class EcsServiceTable(LiveTable[EcsServiceRow, EcsContext]):
    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(ECS_SERVICE_COLUMNS)]


class EcsServicesScreen(EcsTableScreen):
    """A screen of services; Enter opens one."""

    NOUN = "ECS services"
    NOUNS = ("service", "services")
    LINK = Kind.ECS_SERVICE.link
    TITLE: ClassVar[str | None] = "ECS services"
    LINKS = (Kind.ECS_SERVICE.link,)
    PARTS = (Kind.ECS_CLUSTER.part, Kind.ECS_SERVICE.part)
    KINDS = (Kind.ECS_SERVICE,)

    def make_table(self) -> LiveTable[Any, Any]:
        return EcsServiceTable(
            self.view,
            ECS_SERVICES,
            lambda: members(self.view.store, EcsServiceRow, self.ecs or ""),
            EcsContext,
        )

    def none(self) -> str:
        return f"The cluster {self.ecs} has no service."
