"""The table of tasks: all of a cluster, or those of an instance or a service."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.ecs.task_status import stop_words, task_health, task_type
from eksview.domain.rows.ecs import EcsInstanceRow, EcsTaskRow, last_part
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.domain.tables.ecs_task_columns import ECS_TASK_COLUMNS
from eksview.ui.base.messages import OpenTask
from eksview.ui.base.view import View
from eksview.ui.ecs.table_screen import searched, tally
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import tone_of


def _health(row: EcsTaskRow, _: EcsContext) -> Health:
    return task_health(row)[0]


def _text(row: EcsTaskRow) -> str:
    return searched(
        row.id, row.group, row.status, row.zone, task_type(row), last_part(row.definition),
        row.address, stop_words(row), last_part(row.on), *(each.name for each in row.containers),
    )  # fmt: skip


ECS_TASKS: TableSpec[EcsTaskRow, EcsContext] = TableSpec(
    table="ecs-tasks",
    columns=ECS_TASK_COLUMNS,
    name=lambda row: f"{natural_key(row.group)}\0{row.id}",
    text=_text,
    labels=lambda row: {"status": row.status, "group": row.group, "type": task_type(row)},
    tally=lambda row: tally(task_health(row)[0], row.status),
    health=_health,
    tones={
        "status": lambda row, ctx: tone_of(_health(row, ctx), "dim"),
        "health": lambda row, _: "bad" if row.health == "UNHEALTHY" else "dim",
        "exit": lambda row, ctx: tone_of(_health(row, ctx), "dim"),
        "reason": lambda row, ctx: tone_of(_health(row, ctx), "dim"),
    },
    quiet=frozenset({
        "cluster", "type", "definition", "on", "zone", "cpu", "mem", "ip", "platform",
        "started-by", "desired",
    }),
    least={"status": 24, "group": 14, "name": 8, "reason": 14, "definition": 10},
    falling=frozenset({"cpu", "mem", "exit"}),
    opened=OpenTask,
)  # fmt: skip


class EcsTaskTable(LiveTable[EcsTaskRow, EcsContext]):
    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(ECS_TASK_COLUMNS)]

    def __init__(
        self,
        view: View,
        rows: Callable[[], Mapping[str, EcsTaskRow]],
        hide: frozenset[str] = frozenset(),
    ) -> None:
        store = view.store
        super().__init__(
            view,
            ECS_TASKS,
            rows,
            lambda now: EcsContext(now, store.table(EcsInstanceRow).get),
            hide=hide,
        )
