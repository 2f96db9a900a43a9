"""The texts of a container instance: agent, resources, attributes, and its EC2 instance."""

from collections.abc import Iterator

from eksview.domain.base.health import Health
from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.instance_status import agent_words, docker_version
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.rows.ecs import EcsAmounts, EcsInstanceRow, EcsMachineRow
from eksview.domain.tables.ecs_columns import MIB
from eksview.domain.tables.ecs_instance_columns import used
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.sections import Figure, figures, marked, since
from eksview.ui.text.words import Words


def agent_lines(row: EcsInstanceRow, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield what ECS reports of a registration."""
    yield from figures("ECS", _ecs(row, now, glyphs), width)
    yield from figures("Resources", _resources(row), width)


def attribute_lines(row: EcsInstanceRow, width: int) -> Iterator[Words]:
    """Yield the attributes, on which the placement of tasks depends."""
    named = (
        (clean(name), value or Clean("set, without a value")) for name, value in row.attributes
    )
    yield from figures("Attributes", ((name, value, "text") for name, value in named), width)


def machine_lines(
    pair: EcsPair, row: EcsMachineRow | None, now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield what EC2 reports of the machine, and its place in the Auto Scaling group."""
    machine = pair.machine
    if machine is None:
        why = pair.reasons[-1] if pair.reasons else Clean("EC2 reports nothing of this machine.")
        yield ((why, "dim"),)
        return
    running = Health.OK if machine.state == "running" else Health.WARN
    state = clean(f"{machine.state}{f': {machine.state_reason}' if machine.state_reason else ''}")
    entries: list[Figure] = [
        ("Instance", machine.id, "strong"),
        marked("State", running, state, glyphs),
        ("Type", machine.type, "text"),
        ("Architecture", machine.architecture, "text"),
        ("Capacity", machine.lifecycle or Clean("on demand"), "text"),
        ("Zone", machine.zone, "text"),
        ("Launched", since(now, machine.launched), "text"),
        ("Image", machine.image, "text"),
        ("Private address", machine.private_ip, "text"),
        ("Public address", machine.public_ip, "text"),
        ("VPC", machine.vpc, "text"),
        ("Subnet", machine.subnet, "text"),
        ("Security groups", clean(", ".join(machine.security_groups)), "text"),
        ("Instance profile", machine.profile or Clean("none"), "text"),
    ]
    yield from figures("EC2 instance", entries, width)
    if row is not None:
        yield from group_lines(row, pair, width)


def group_lines(row: EcsMachineRow, pair: EcsPair, width: int) -> Iterator[Words]:
    """Yield the place in the Auto Scaling group, and the cluster that the user data names."""
    yield from figures("Auto Scaling and user data", _group(row, pair), width)


def _ecs(row: EcsInstanceRow, now: float, glyphs: Glyphs) -> Iterator[Figure]:
    active = Health.OK if row.status == "ACTIVE" else Health.WARN
    yield marked("Status", active, row.status, glyphs)
    agent = Health.OK if row.connected else Health.WARN
    yield marked("Agent", agent, agent_words(row), glyphs)
    yield "Agent version", row.agent, "text"
    yield "Docker version", docker_version(row), "text"
    health = Health.BAD if row.health == "IMPAIRED" else Health.OK
    yield marked("Container runtime", health, row.health, glyphs)
    yield "Registered", since(now, row.since), "text"
    yield "Capacity provider", row.provider or Clean("none"), "text"
    yield "EC2 or SSM ID", row.instance or Clean("not reported"), "text"
    yield "Cluster", row.cluster, "text"
    yield "ARN", row.arn, "text"


def _resources(row: EcsInstanceRow) -> Iterator[Figure]:
    taken = used(row)
    yield "CPU", _amount(taken.cpu, row.registered.cpu, row.remaining.cpu), "text"
    whole, left = row.registered, row.remaining
    yield "Memory", _sizes(taken, whole, left), "text"
    if whole.gpus:
        yield "GPUs", clean(f"{left.gpus} of {whole.gpus} free"), "text"
    tasks = f"{row.running:,} running, {row.pending:,} pending"
    yield "Tasks", clean(tasks), "text"


def _amount(taken: int | None, whole: int | None, left: int | None) -> Clean:
    if taken is None or whole is None:
        return EMPTY
    return clean(f"{taken:,} of {whole:,} units reserved, {left:,} free (1,024 are one vCPU)")


def _sizes(taken: EcsAmounts, whole: EcsAmounts, left: EcsAmounts) -> Clean:
    if taken.memory is None or whole.memory is None or left.memory is None:
        return EMPTY
    reserved, total = show_size(taken.memory * MIB), show_size(whole.memory * MIB)
    return clean(f"{reserved} of {total} reserved, {show_size(left.memory * MIB)} free")


def _group(row: EcsMachineRow, pair: EcsPair) -> Iterator[Figure]:
    yield "Group", row.group or Clean("none"), "text"
    yield "Lifecycle", row.lifecycle, "text"
    if row.configured is None and pair.instance is not None:
        yield "ECS_CLUSTER", Clean("not asked for: its agent is registered"), "dim"
    elif row.configured is None:
        yield "ECS_CLUSTER", row.unread or Clean("not read"), "dim"
    else:
        unset = Clean("not set: the agent joins the cluster default")
        yield "ECS_CLUSTER", row.configured or unset, "text"
