"""The table of services of ECS."""

from typing import TypeAlias

from msgspec.structs import replace

from eksview.domain.base.health import WORST_FIRST
from eksview.domain.ecs.service_status import deployment_words, primary, service_health
from eksview.domain.rows.ecs import EcsServiceRow, last_part
from eksview.domain.tables.column import Column, age_column, number_column, text_column
from eksview.domain.tables.ecs_columns import EcsContext

EcsServiceColumn: TypeAlias = Column[EcsServiceRow, EcsContext]


def service_type(row: EcsServiceRow) -> str:
    """Return the launch type, else the strategy: `EC2`, `FARGATE_SPOT weight 3 base 1`."""
    return row.launch_type or ", ".join(row.strategy)


def _deployment(row: EcsServiceRow, now: float) -> str:
    newest = primary(row)
    return deployment_words(newest, now) if newest else ""


def _event(row: EcsServiceRow) -> str:
    return row.events[0].message if row.events else ""


ECS_SERVICE_COLUMNS: tuple[EcsServiceColumn, ...] = (
    text_column("CLUSTER", lambda row, _: row.cluster, 16, 3, "C", kubectl="namespace"),
    text_column("NAME", lambda row, _: row.name, 24, 0, "N", kubectl="default"),
    replace(
        text_column("STATUS", lambda row, _: row.status, 8, 0, "S", kubectl="default"),
        sort=lambda row, ctx: f"{WORST_FIRST[service_health(row, ctx.now)[0]]}{row.status}",
    ),
    number_column("DESIRED", lambda row, _: row.desired, 7, 0, "D", kubectl="default"),
    number_column("RUNNING", lambda row, _: row.running, 7, 0, "R", kubectl="default"),
    number_column("PENDING", lambda row, _: row.pending, 7, 0, "P", kubectl="default"),
    text_column("TYPE", lambda row, _: service_type(row), 14, 1, "T", kubectl="default"),
    text_column(
        "DEPLOYMENT", lambda row, ctx: _deployment(row, ctx.now), 24, 0, "L", kubectl="default"
    ),
    text_column(
        "DEFINITION", lambda row, _: last_part(row.definition), 20, 1, "F", kubectl="default"
    ),
    age_column("AGE", lambda row, _: row.created, 6, 1, "A", kubectl="default"),
    text_column("SCHEDULING", lambda row, _: row.scheduling, 10, 3, "H", kubectl="wide"),
    text_column("EVENT", lambda row, _: _event(row), 60, 3, "E", kubectl="wide"),
)
