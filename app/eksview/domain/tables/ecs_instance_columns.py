"""The table of container instances joined with EC2's. Amounts are of ECS: used/registered."""

from typing import TypeAlias

from msgspec.structs import replace

from eksview.domain.base.health import WORST_FIRST
from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import Clean, clean
from eksview.domain.ecs.instance_status import agent_words, docker_version
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.rows.ecs import EcsAmounts, EcsInstanceRow
from eksview.domain.tables.column import (
    NONE,
    Column,
    age_column,
    number_column,
    text_column,
)
from eksview.domain.tables.ecs_columns import MIB, EcsContext, share

EcsInstanceColumn: TypeAlias = Column[EcsPair, EcsContext]


def used(row: EcsInstanceRow | None) -> EcsAmounts:
    """Return what the tasks of a container instance have reserved; None where it is unknown."""
    if row is None:
        return EcsAmounts()
    whole, left = row.registered, row.remaining
    return EcsAmounts(
        cpu=None if whole.cpu is None or left.cpu is None else whole.cpu - left.cpu,
        memory=None if whole.memory is None or left.memory is None else whole.memory - left.memory,
    )


def _cpu(pair: EcsPair) -> Clean:
    taken, row = used(pair.instance).cpu, pair.instance
    if taken is None or row is None:
        return NONE
    return clean(f"{taken}/{row.registered.cpu}")


def _memory(pair: EcsPair) -> Clean:
    taken, row = used(pair.instance).memory, pair.instance
    if taken is None or row is None or row.registered.memory is None:
        return NONE
    return clean(f"{show_size(taken * MIB)}/{show_size(row.registered.memory * MIB)}")


def _cpu_share(pair: EcsPair) -> int:
    return share(used(pair.instance).cpu, pair.instance.registered.cpu if pair.instance else None)


def _memory_share(pair: EcsPair) -> int:
    row = pair.instance
    return share(used(row).memory, row.registered.memory if row else None)


def _machine(pair: EcsPair, name: str) -> str:
    return str(getattr(pair.machine, name)) if pair.machine else ""


def _of_ecs(pair: EcsPair, name: str) -> str:
    return str(getattr(pair.instance, name)) if pair.instance else ""


def _brief(words: str) -> str:
    """Return the status of an instance in trouble for a narrow column: `agent disconnected`."""
    return words.removeprefix("ACTIVE, ").replace(" tasks left", " left")


ECS_INSTANCE_COLUMNS: tuple[EcsInstanceColumn, ...] = (
    text_column("CLUSTER", lambda row, _: row.cluster, 16, 3, "C", kubectl="namespace"),
    text_column("NAME", lambda row, _: row.id, 19, 0, "N", kubectl="default"),
    replace(
        text_column("STATUS", lambda row, _: row.words, 26, 0, "S", kubectl="default"),
        sort=lambda row, _: f"{WORST_FIRST[row.health]}{row.words}",
        brief=_brief,
    ),
    text_column(
        "AGENT",
        lambda row, _: agent_words(row.instance) if row.instance else "",
        12,
        1,
        "A",
        kubectl="default",
    ),
    text_column("VERSION", lambda row, _: _of_ecs(row, "agent"), 8, 2, "V", kubectl="default"),
    replace(
        text_column("CPU", lambda row, _: _cpu(row), 10, 0, "U", kubectl="default"),
        sort=lambda row, _: _cpu_share(row),
        align="right",
    ),
    replace(
        text_column("MEM", lambda row, _: _memory(row), 13, 0, "M", kubectl="default"),
        sort=lambda row, _: _memory_share(row),
        align="right",
    ),
    number_column(
        "RUNNING",
        lambda row, _: row.instance.running if row.instance else -1,
        7,
        0,
        "R",
        kubectl="default",
    ),
    number_column(
        "PENDING",
        lambda row, _: row.instance.pending if row.instance else -1,
        7,
        1,
        "P",
        kubectl="default",
    ),
    text_column("TYPE", lambda row, _: _machine(row, "type"), 12, 1, "T", kubectl="default"),
    text_column("STATE", lambda row, _: _machine(row, "state"), 10, 1, "E", kubectl="default"),
    text_column("ZONE", lambda row, _: _machine(row, "zone"), 11, 2, "Z", kubectl="default"),
    text_column("PROVIDER", lambda row, _: _of_ecs(row, "provider"), 16, 2, "O", kubectl="default"),
    age_column("AGE", lambda row, _: row.since, 6, 1, "B", kubectl="default"),
    text_column(
        "DOCKER",
        lambda row, _: docker_version(row.instance) if row.instance else "",
        8,
        3,
        "D",
        kubectl="wide",
    ),
    text_column("GROUP", lambda row, _: row.group, 20, 3, "Q", kubectl="wide"),
    text_column(
        "CONTAINER-INSTANCE", lambda row, _: _of_ecs(row, "id"), 32, 4, "I", kubectl="wide"
    ),
    text_column("WHY", lambda row, _: " ".join(row.reasons), 60, 4, "W", kubectl="wide"),
)
