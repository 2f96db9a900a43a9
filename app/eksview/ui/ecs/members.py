"""The workers of an ECS cluster: container instances and machines without an agent, and tasks of
Fargate, which have no machine."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from eksview.domain.base.age import age
from eksview.domain.base.health import TROUBLE, Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.pair import ACTIVE, EcsPair, pair_key, pair_word
from eksview.domain.ecs.task_status import task_health, task_type
from eksview.domain.kube.node_labels import NodeGroup
from eksview.domain.rows.ecs import CapacityProviderRow, EcsInstanceRow, EcsTaskRow, last_part
from eksview.domain.tables.ecs_instance_columns import used
from eksview.store.selectors.ecs import ecs_pairs
from eksview.store.selectors.ecs_cluster import members
from eksview.store.selectors.readings import rows_of
from eksview.store.store import Store
from eksview.ui.workers.border import StateCounts
from eksview.ui.workers.worker import HIGH_USAGE, NOTHING, Gauge, Load, Scene, Worker

RUNNING = "RUNNING"
UNITS_OF_VCPU, MIB_OF_GIB = 1024, 1024
_ZONE, _TYPE = Clean("ecs.availability-zone"), Clean("ecs.instance-type")
_NAMES = {"none": "no capacity provider", "anywhere": "ECS Anywhere"}
_UNREAD = NodeGroup("provider", Clean("capacity provider not read"))
_IN_ZONE = 12
"""Characters of the ID of a task: enough to tell the tasks of a service apart."""


class EcsMembers:
    """All pairs and Fargate tasks of a cluster as workers, by the key that opens them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.workers: Mapping[str, Worker] = {}
        self.unhealthy: set[str] = set()
        self.counts: StateCounts = ()
        self.pairs: Mapping[str, EcsPair] = {}
        self._started: dict[str, float | None] = {}

    def update(self, cluster: str) -> set[str]:
        """Take the newest rows of a cluster; return the keys that look different."""
        before = self.workers
        self.pairs = {pair_key(pair): pair for pair in ecs_pairs(self._store, cluster)}
        of_group = _providers(self._store)
        tasks = [row for row in members(self._store, EcsTaskRow, cluster).values() if _shown(row)]
        self.workers = {
            **{key: pair_worker(pair, of_group) for key, pair in self.pairs.items()},
            **{row.arn: task_worker(row) for row in tasks},
        }
        self._started = {key: pair.since for key, pair in self.pairs.items()}
        self._started |= {row.arn: row.started or row.created for row in tasks}
        self.unhealthy = {key for key, one in self.workers.items() if one.health in TROUBLE}
        self.counts = list(_counted(self.workers.values()).items())
        return {key for key, one in self.workers.items() if before.get(key) != one}

    def worker_at(self, name: str, scene: Scene) -> Worker:
        """Return a worker with its age."""
        since = self._started.get(name)
        return replace(
            self.workers[name],
            age="" if since is None else age(scene.now, since),
            stale=scene.stale,
            chosen=name == scene.chosen,
        )

    def load_at(self, name: str, scene: Scene) -> Load:  # noqa: ARG002 - it is in the row
        """Return the reserved part of CPU or memory, whichever is higher."""
        worker = self.workers[name]
        shares = [
            gauge.requested / gauge.whole
            for gauge in (worker.cpu, worker.memory)
            if gauge.requested is not None and gauge.whole
        ]
        share = max(shares, default=None)
        return Load(share, share is not None and share >= HIGH_USAGE)

    def group_name(self, group: NodeGroup, *, alone: bool) -> Clean:  # noqa: ARG002 - as of nodes
        """Return the capacity provider, or the kind of its workers."""
        return clean(_NAMES.get(group.kind) or group.name)

    def good_word(self, group: NodeGroup) -> str:
        """Return the status of ECS that is the wanted one."""
        return RUNNING if group.kind == "fargate" else ACTIVE


def pair_worker(pair: EcsPair, of_group: Mapping[Clean, Clean] | None) -> Worker:
    """Return the picture of a pair; `of_group` has the capacity providers by Auto Scaling group.

    It is None where they aren't read.
    """
    row, machine = pair.instance, pair.machine
    attributes = dict(row.attributes) if row else {}
    zone = machine.zone if machine else attributes.get(_ZONE, EMPTY)
    kind = machine.type if machine else attributes.get(_TYPE, EMPTY)
    state = machine.state if machine else EMPTY
    word = pair_word(pair)
    ended = bool(state) and state not in ("running", "pending")
    return Worker(
        group=_group(pair, of_group),
        zone=zone,
        order=natural_key(pair.id),
        kind=kind,
        spot=machine is not None and machine.lifecycle == "spot",
        name=pair.id,
        health=pair.health,
        word=word,
        words=(word,),
        version=f"agent {row.agent}" if row and row.agent else "",
        cpu=Gauge(used(row).cpu, row.registered.cpu or 0) if row else NOTHING,
        memory=Gauge(used(row).memory, row.registered.memory or 0) if row else NOTHING,
        pods=_tasks(row),
        counted="tasks",
        machine=state,
        machine_health=Health.BAD if ended else Health.OK if state else Health.UNKNOWN,
        beat="agent" if row is not None and row.connected else "",
        beat_health=Health.OK,
    )


def task_worker(row: EcsTaskRow) -> Worker:
    """Return the picture of a task of Fargate: what it has is its own, so nothing has a bar."""
    health, word = task_health(row)
    name = row.group.partition(":")[2] or row.group or EMPTY
    up = sum(each.status == RUNNING for each in row.containers)
    return Worker(
        group=NodeGroup("fargate", task_type(row)),
        zone=row.zone,
        order=f"{natural_key(name)}\0{row.id}",
        kind=last_part(row.definition),
        spot=False,
        name=clean(f"{name} {row.id[:_IN_ZONE]}".strip()),
        health=health,
        word=word,
        words=(word,),
        version=clean(f"platform {row.platform}") if row.platform else "",
        cpu=Gauge(None, 0, words=_amount(row.cpu, UNITS_OF_VCPU, "vCPU")),
        memory=Gauge(None, 0, words=_amount(row.memory, MIB_OF_GIB, "GiB")),
        pods=f"{up}/{len(row.containers)}",
        counted="containers",
        beat="",
    )


def _shown(row: EcsTaskRow) -> bool:
    return row.launch_type == "FARGATE" and row.status != "STOPPED"


def _providers(store: Store) -> Mapping[Clean, Clean] | None:
    """Return the capacity providers by Auto Scaling group; None while they aren't read."""
    rows = rows_of(store, CapacityProviderRow)
    return None if rows is None else {row.group: row.name for row in rows if row.group}


def _group(pair: EcsPair, of_group: Mapping[Clean, Clean] | None) -> NodeGroup:
    if pair.instance is not None and pair.instance.anywhere:
        return NodeGroup("anywhere", EMPTY)
    name = pair.instance.provider if pair.instance else EMPTY
    if of_group is None and not name and pair.group:
        return _UNREAD
    name = name or (of_group or {}).get(pair.group, EMPTY)
    return NodeGroup("provider", name) if name else NodeGroup("none", EMPTY)


def _tasks(row: EcsInstanceRow | None) -> str:
    if row is None:
        return "-"
    return f"{row.running}+{row.pending}" if row.pending else f"{row.running}"


def _amount(text: str, whole: int, unit: str) -> str:
    """Return `0.25 vCPU` of `256` units."""
    return f"{int(text) / whole:g} {unit}" if text.isdecimal() else "?"


def _counted(workers: Iterable[Worker]) -> Counter[tuple[Health, str]]:
    return Counter(_states(workers))


def _states(workers: Iterable[Worker]) -> Iterator[tuple[Health, str]]:
    for worker in workers:
        yield worker.health, worker.word
