"""What each of the four lists of ECS is made of."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from eksview.cli.get.ecs.objects import (
    cluster_object,
    instance_object,
    service_object,
    task_object,
)
from eksview.cli.kubectl_format import Object
from eksview.domain.aws.poll_plan import ECS, ECS_INSTANCES, ECS_TASKS
from eksview.domain.base.natural_key import natural_key
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.rows.ecs import EcsClusterRow, EcsServiceRow, EcsTaskRow
from eksview.domain.rows.kube import Kind
from eksview.domain.tables.column import Column
from eksview.domain.tables.ecs_cluster_columns import ECS_CLUSTER_COLUMNS
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.domain.tables.ecs_instance_columns import ECS_INSTANCE_COLUMNS
from eksview.domain.tables.ecs_service_columns import ECS_SERVICE_COLUMNS
from eksview.domain.tables.ecs_task_columns import ECS_TASK_COLUMNS
from eksview.store.selectors.ecs import ecs_pairs
from eksview.store.store import Store

RowT = TypeVar("RowT")


class EcsTable(Struct, Generic[RowT], frozen=True):
    """A list of ECS: its rows and how each is printed.

    `kinds` are the tables of the store that it is made of, `links` those that read them. The first
    of the `names` of a row is printed by `-o name`.
    """

    noun: str  # ECS task
    word: str  # ecs-task
    kinds: tuple[Kind, ...]
    links: tuple[str, ...]
    columns: Sequence[Column[RowT, EcsContext]]
    rows: Callable[[Store], Sequence[RowT]]
    cluster: Callable[[RowT], str]
    names: Callable[[RowT], tuple[str, ...]]
    item: Callable[[RowT, float], Object]

    def sorted_rows(self, store: Store, cluster: str) -> list[RowT]:
        """Return the rows of a cluster by name; of all clusters for ""."""
        rows = [row for row in self.rows(store) if cluster in ("", self.cluster(row))]
        return sorted(rows, key=lambda row: (self.cluster(row), natural_key(self.names(row)[0])))


AnyEcsTable: TypeAlias = EcsTable[Any]


def _names_of_pair(pair: EcsPair) -> tuple[str, ...]:
    row = pair.instance
    return (pair.id,) if row is None else (pair.id, row.id, row.arn)


ECS_TABLES: dict[Kind, AnyEcsTable] = {
    Kind.ECS_CLUSTER: EcsTable(
        noun="ECS cluster",
        word="ecs-cluster",
        kinds=(Kind.ECS_CLUSTER,),
        links=(ECS,),
        columns=ECS_CLUSTER_COLUMNS,
        rows=lambda store: tuple(store.table(EcsClusterRow).values()),
        cluster=lambda row: row.name,
        names=lambda row: (row.name, row.arn),
        item=lambda row, _: cluster_object(row),
    ),
    Kind.ECS_INSTANCE: EcsTable(
        noun="container instance",
        word="ecs-instance",
        kinds=(Kind.ECS_INSTANCE, Kind.ECS_MACHINE),
        links=(ECS, ECS_INSTANCES),
        columns=ECS_INSTANCE_COLUMNS,
        rows=ecs_pairs,
        cluster=lambda row: row.cluster,
        names=_names_of_pair,
        item=lambda row, _: instance_object(row),
    ),
    Kind.ECS_SERVICE: EcsTable(
        noun="ECS service",
        word="ecs-service",
        kinds=(Kind.ECS_SERVICE,),
        links=(ECS,),
        columns=ECS_SERVICE_COLUMNS,
        rows=lambda store: tuple(store.table(EcsServiceRow).values()),
        cluster=lambda row: row.cluster,
        names=lambda row: (row.name, row.arn),
        item=service_object,
    ),
    Kind.ECS_TASK: EcsTable(
        noun="ECS task",
        word="ecs-task",
        kinds=(Kind.ECS_TASK, Kind.ECS_INSTANCE),
        links=(ECS, ECS_TASKS, ECS_INSTANCES),  # the machines of the column ON
        columns=ECS_TASK_COLUMNS,
        rows=lambda store: tuple(store.table(EcsTaskRow).values()),
        cluster=lambda row: row.cluster,
        names=lambda row: (row.id, row.arn),
        item=lambda row, _: task_object(row),
    ),
}
"""The lists by the table that each is named after."""
