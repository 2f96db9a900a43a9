"""The texts of a task: what it is, its containers, its definition."""

from collections.abc import Iterator

from eksview.domain.base.health import Health
from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import Clean, clean
from eksview.domain.ecs.log_source import TaskLogSource
from eksview.domain.ecs.task_status import container_health, stop_words, task_health, task_type
from eksview.domain.rows.ecs import (
    ContainerSpec,
    EcsContainer,
    EcsTaskRow,
    TaskDefinitionRow,
    last_part,
)
from eksview.domain.tables.ecs_columns import MIB
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.sections import Figure, figures, marked, sentence, since
from eksview.ui.text.words import Words

_HEALTH = {"HEALTHY": Health.OK, "UNHEALTHY": Health.BAD}


def task_lines(
    row: EcsTaskRow, machine: str, now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield what ECS reports of a task."""
    yield from figures("Task", _task(row, machine, now, glyphs), width)


def stop_lines(row: EcsTaskRow, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield why the task stopped; nothing while it runs."""
    health, _ = task_health(row)
    if stopped := stop_words(row):
        yield from sentence(health, stopped, width, glyphs)


def container_lines(
    container: EcsContainer,
    row: EcsTaskRow,
    log: TaskLogSource | Clean,
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """Yield a container with its state, exit code and log."""
    health, words = container_health(container, row)
    entries: list[Figure] = [
        marked("State", health, words, glyphs),
        ("Image", container.image, "text"),
    ]
    if container.health and container.health != "UNKNOWN":
        checked = _HEALTH.get(container.health, Health.UNKNOWN)
        entries.append(marked("Health check", checked, container.health, glyphs))
    if container.exec_agent:
        entries.append(("ECS Exec agent", container.exec_agent, "text"))
    entries.append(("Log", log_words(log), "text"))
    yield from figures(f"Container {container.name}", entries, width)


def log_words(log: TaskLogSource | Clean) -> Clean:
    """Return where a log is: `CloudWatch Logs: /ecs/web, stream web/web/3f2a`."""
    if isinstance(log, TaskLogSource):
        return clean(f"CloudWatch Logs: {log.group}, stream {log.stream}")
    return log


def definition_lines(
    row: EcsTaskRow, definition: TaskDefinitionRow | None, unread: Clean, width: int
) -> Iterator[Words]:
    """Yield the task definition, or why it isn't known."""
    if definition is None:
        name = last_part(row.definition)
        why = unread or Clean("ECS no longer has it, or it isn't read yet.")
        yield ((clean(f"Task definition {name}: {why}"), "dim"),)
        return
    named = clean(f"{definition.family}:{definition.revision}")
    entries: list[Figure] = [
        ("Name", named, "strong"),
        ("Status", definition.status, "text"),
        ("Network mode", definition.network, "text"),
        ("CPU", clean(f"{definition.cpu} units") if definition.cpu else Clean(""), "text"),
        ("Memory", clean(f"{definition.memory} MiB") if definition.memory else Clean(""), "text"),
        ("Task role", definition.task_role or Clean("none"), "text"),
        ("Execution role", definition.execution_role or Clean("none"), "text"),
        ("ARN", definition.arn, "text"),
    ]
    yield from figures("Task definition", entries, width)
    for spec in definition.containers:
        yield from figures(f"Container {spec.name}", _spec(spec), width)


def _task(row: EcsTaskRow, machine: str, now: float, glyphs: Glyphs) -> Iterator[Figure]:
    health, words = task_health(row)
    yield marked("Status", health, words, glyphs)
    yield "Wanted", row.desired if row.desired != row.status else Clean(""), "text"
    if row.health and row.health != "UNKNOWN":
        checked = _HEALTH.get(row.health, Health.UNKNOWN)
        yield marked("Health", checked, row.health, glyphs)
    yield "Group", row.group, "text"
    yield "Definition", last_part(row.definition), "text"
    yield "Runs on", clean(", ".join(filter(None, (task_type(row), machine)))), "text"
    yield "Capacity provider", row.provider, "text"
    yield "Zone", row.zone, "text"
    yield "Address", row.address, "text"
    yield "CPU", clean(f"{row.cpu} units") if row.cpu else Clean(""), "text"
    yield "Memory", _size(row.memory), "text"
    yield "Platform", row.platform, "text"
    yield "Created", since(now, row.created), "text"
    yield "Started", since(now, row.started), "text"
    yield "Stopped", since(now, row.stopped), "text"
    yield "Started by", row.started_by, "text"
    yield "ECS Exec", clean("enabled" if row.exec_enabled else "not enabled"), "text"
    yield "ARN", row.arn, "text"


def _size(mebibytes: str) -> Clean:
    return show_size(int(mebibytes) * MIB) if mebibytes.isdecimal() else clean(mebibytes)


def _spec(spec: ContainerSpec) -> Iterator[Figure]:
    yield "Image", spec.image, "text"
    yield "Essential", clean("yes: the task stops with it" if spec.essential else "no"), "text"
    yield "CPU", clean(f"{spec.cpu} units") if spec.cpu else Clean(""), "text"
    limit = show_size(spec.memory * MIB) if spec.memory is not None else Clean("none")
    yield "Memory limit", limit, "text"
    if spec.reserved is not None:
        yield "Memory reserved", show_size(spec.reserved * MIB), "text"
    yield "Log driver", spec.log_driver or Clean("none set"), "text"
    for name, value in spec.log_options:
        yield clean(f"  {name}"), value, "dim"
