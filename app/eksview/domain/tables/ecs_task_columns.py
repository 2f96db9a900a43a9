"""The table of tasks of ECS."""

from typing import TypeAlias

from msgspec.structs import replace

from eksview.domain.base.health import WORST_FIRST
from eksview.domain.base.quantity import show_size
from eksview.domain.ecs.task_status import first_failed, stop_words, task_health, task_type
from eksview.domain.rows.ecs import EcsTaskRow, last_part
from eksview.domain.tables.column import Column, age_column, number_column, text_column
from eksview.domain.tables.ecs_columns import MIB, EcsContext

EcsTaskColumn: TypeAlias = Column[EcsTaskRow, EcsContext]


def place_of(row: EcsTaskRow, ctx: EcsContext) -> str:
    """Return the machine that a task is on: `i-…`, else the ID of its container instance."""
    if not row.on:
        return ""
    instance = ctx.instance_of(row.on)
    return (instance.instance if instance else "") or last_part(row.on)


def _amount(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _memory(row: EcsTaskRow) -> str:
    amount = _amount(row.memory)
    return show_size(amount * MIB) if amount >= 0 else ""


def _exit(row: EcsTaskRow) -> int:
    """Return the exit code to look at: that of the first failed container, else 0 if all ended."""
    failed = first_failed(row)
    if failed is not None:
        return -1 if failed.exit_code is None else failed.exit_code
    ended = row.containers and all(each.exit_code == 0 for each in row.containers)
    return 0 if ended else -1


ECS_TASK_COLUMNS: tuple[EcsTaskColumn, ...] = (
    text_column("CLUSTER", lambda row, _: row.cluster, 16, 3, "C", kubectl="namespace"),
    text_column("NAME", lambda row, _: row.id, 32, 0, "N", kubectl="default"),
    text_column("GROUP", lambda row, _: row.group, 24, 1, "Q", kubectl="default"),
    replace(
        text_column("STATUS", lambda row, _: task_health(row)[1], 24, 0, "S", kubectl="default"),
        sort=lambda row, _: f"{WORST_FIRST[task_health(row)[0]]}{task_health(row)[1]}",
    ),
    text_column("HEALTH", lambda row, _: row.health, 9, 2, "H", kubectl="default"),
    text_column("TYPE", lambda row, _: task_type(row), 12, 1, "T", kubectl="default"),
    text_column(
        "DEFINITION", lambda row, _: last_part(row.definition), 20, 1, "D", kubectl="default"
    ),
    text_column("ON", place_of, 19, 1, "O", kubectl="default"),
    text_column("ZONE", lambda row, _: row.zone, 11, 2, "Z", kubectl="default"),
    number_column("CPU", lambda row, _: _amount(row.cpu), 5, 2, "U", kubectl="default"),
    replace(
        text_column("MEM", lambda row, _: _memory(row), 6, 2, "M", kubectl="default"),
        sort=lambda row, _: _amount(row.memory),
        align="right",
    ),
    number_column("EXIT", lambda row, _: _exit(row), 4, 1, "X", kubectl="default"),
    age_column("AGE", lambda row, _: row.started or row.created, 6, 0, "A", kubectl="default"),
    text_column("REASON", lambda row, _: stop_words(row), 40, 1, "R", kubectl="default"),
    text_column("DESIRED", lambda row, _: row.desired, 8, 3, "E", kubectl="wide"),
    text_column("IP", lambda row, _: row.address, 15, 3, "I", kubectl="wide"),
    text_column("PLATFORM", lambda row, _: row.platform, 8, 3, "P", kubectl="wide"),
    text_column("STARTED-BY", lambda row, _: row.started_by, 20, 3, "B", kubectl="wide"),
)
