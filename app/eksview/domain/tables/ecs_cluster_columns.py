"""The table of ECS clusters."""

from typing import TypeAlias

from msgspec.structs import replace

from eksview.domain.base.health import WORST_FIRST
from eksview.domain.ecs.service_status import cluster_health
from eksview.domain.rows.ecs import EcsClusterRow
from eksview.domain.tables.column import Column, number_column, text_column
from eksview.domain.tables.ecs_columns import EcsContext

EcsClusterColumn: TypeAlias = Column[EcsClusterRow, EcsContext]

ECS_CLUSTER_COLUMNS: tuple[EcsClusterColumn, ...] = (
    text_column("NAME", lambda row, _: row.name, 28, 0, "N", kubectl="default"),
    replace(
        text_column("STATUS", lambda row, _: row.status, 14, 0, "S", kubectl="default"),
        sort=lambda row, _: f"{WORST_FIRST[cluster_health(row)[0]]}{row.status}",
    ),
    number_column("INSTANCES", lambda row, _: row.instances, 9, 0, "I", kubectl="default"),
    number_column("SERVICES", lambda row, _: row.services, 8, 0, "E", kubectl="default"),
    number_column("RUNNING", lambda row, _: row.running, 7, 0, "R", kubectl="default"),
    number_column("PENDING", lambda row, _: row.pending, 7, 0, "P", kubectl="default"),
    text_column("PROVIDERS", lambda row, _: ",".join(row.providers), 24, 1, "O", kubectl="default"),
    text_column("INSIGHTS", lambda row, _: row.insights, 9, 2, "C", kubectl="wide"),
    text_column("EXEC-LOGGING", lambda row, _: row.exec_logging, 12, 2, "X", kubectl="wide"),
    text_column("STRATEGY", lambda row, _: ", ".join(row.strategy), 30, 2, "T", kubectl="wide"),
)
