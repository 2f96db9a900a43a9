"""What the screens and commands of ECS need of several tables."""

from collections.abc import Mapping

from msgspec.structs import replace

from eksview.domain.aws.parts import SUBJECTS
from eksview.domain.aws.unread import capitalized, unread_state
from eksview.domain.base.reading import NotAsked, Read
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.log_source import TaskLogSource, log_of
from eksview.domain.ecs.pair import EcsEvidence, EcsPair, pair_key, pair_up
from eksview.domain.ecs.sessions import ways_into_container, ways_into_instance
from eksview.domain.join.node_shell import Reach, ShellCommand
from eksview.domain.rows.ecs import (
    EcsContainer,
    EcsInstanceRow,
    EcsMachineRow,
    EcsTaskRow,
    TaskDefinitionRow,
)
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.readings import part_reading
from eksview.store.store import Store


def ecs_pairs(store: Store, cluster: str = "") -> tuple[EcsPair, ...]:
    """Return the container instances of a cluster joined with EC2's; of all clusters for ""."""
    instances = store.table(EcsInstanceRow).values()
    machines = store.table(EcsMachineRow).values()
    evidence = EcsEvidence(
        store.time.now(),
        unread_sentence_of(store, Kind.ECS_INSTANCE),
        unread_sentence_of(store, Kind.ECS_MACHINE),
        {row.instance: row.cluster for row in instances if row.instance},
    )
    return pair_up(
        [row for row in instances if cluster in ("", row.cluster)],
        [row for row in machines if cluster in ("", row.cluster)],
        evidence,
    )


def unread_sentence_of(store: Store, kind: Kind) -> Clean:
    """Return `Container instances not read: ecs:ListContainerInstances is denied.`

    Empty for a table that was read as a whole.
    """
    words = unread_state(SUBJECTS[kind.part], part_reading(store, kind.part), store.time.now())
    return clean(f"{capitalized(words).rstrip('.')}.") if words else EMPTY


def container_log(store: Store, task: EcsTaskRow, container: EcsContainer) -> TaskLogSource | Clean:
    """Return the stream of a container's log, else a sentence where the log is."""
    definition = store.table(TaskDefinitionRow).get(task.definition)
    if definition is not None:
        return _with_region(log_of(container, task, definition), task)
    reading = part_reading(store, Kind.ECS_DEFINITION.part)
    if isinstance(reading, Read):
        return Clean("Its log is unknown: ECS no longer has the task definition.")
    if isinstance(reading, NotAsked):
        return Clean("Its log is unknown until its task definition is read.")
    return unread_sentence_of(store, Kind.ECS_DEFINITION)


def _with_region(log: TaskLogSource | Clean, task: EcsTaskRow) -> TaskLogSource | Clean:
    """Return a stream in the task's region where the definition names none."""
    if isinstance(log, TaskLogSource) and not log.region:
        return replace(log, region=clean(task.arn.split(":")[3]))
    return log


def task_logs(store: Store, arn: str) -> Mapping[str, TaskLogSource | Clean]:
    """Return where the log of each container of a task is, by its name."""
    task = store.table(EcsTaskRow).get(arn)
    if task is None:
        return {}
    return {each.name: container_log(store, task, each) for each in task.containers}


def readable_logs(store: Store, arn: str) -> tuple[Clean, ...]:
    """Return the names of a task's containers whose logs are in CloudWatch Logs."""
    logs = task_logs(store, arn).items()
    return tuple(clean(name) for name, log in logs if isinstance(log, TaskLogSource))


def why_no_task_log(store: Store, arn: str) -> str:
    """Return where the logs of a task are if none of them can be read; empty if one can."""
    logs = task_logs(store, arn)
    if readable_logs(store, arn):
        return ""
    return " ".join(map(str, logs.values())) or "No container of this task is known."


def ways_into_task(store: Store, arn: str, reach: Reach) -> tuple[ShellCommand, ...]:
    """Return the sessions in each container of a task, then those on its instance."""
    task = store.table(EcsTaskRow).get(arn)
    if task is None:
        return ()
    pair = pair_of(store, task.on)
    ways = [ways_into_container(each, task, pair, reach) for each in task.containers]
    named = [
        replace(inside, name=f"{inside.name}: {each.name}")
        for each, (inside, *_) in zip(task.containers, ways, strict=True)
    ]
    return (*named, *(way for _, *others in ways[:1] for way in others))


def ways_into_instance_of(store: Store, key: str, reach: Reach) -> tuple[ShellCommand, ...]:
    """Return the sessions on a container instance by its ARN, or on a machine by its ID."""
    pair = pair_of(store, key)
    return () if pair is None else ways_into_instance(pair, reach)


def pair_of(store: Store, key: str) -> EcsPair | None:
    """Return the pair of a container instance by its ARN, or of a machine by its ID."""
    return next((pair for pair in ecs_pairs(store) if key and pair_key(pair) == key), None)
