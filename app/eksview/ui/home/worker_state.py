"""The state of one worker as a struct: everything that its picture shows."""

from typing import NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.aws.ssm_sessions import count
from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.text import clean
from eksview.domain.base.versions import minors_behind
from eksview.domain.join.mapping_row import RowKind
from eksview.domain.kube.node_counts import READY, node_words
from eksview.domain.kube.node_labels import (
    NodeGroup,
    capacity_type_of,
    group_of,
    instance_id,
    instance_type_of,
    short_zone,
    zone_of,
)
from eksview.domain.kube.node_status import (
    headline,
    heartbeat_age,
    heartbeat_health,
    node_health,
)
from eksview.domain.rows.kube import LeaseRow, NodeRow
from eksview.store.store import Store

WorkerState: TypeAlias = tuple[Health, str]
"""A node's health, and the word for it."""

_ENDED = ("stopping", "stopped", "shutting-down", "terminated")
_COARSE = (10, 20, 40)
FINE = 16
"""The most nodes on screen with heartbeats by the second; more of them only cost bytes."""


HIGH_USAGE = 0.9
"""The part of CPU or memory from which on its usage is high."""


class Scene(Struct, frozen=True):
    """Values that all workers share at one moment."""

    now: float
    stale: bool  # nodes are no longer confirmed
    counted: bool  # pods are read, so their sums are valid
    fine: bool  # heartbeats tick by the second
    server: str  # the API server's version
    chosen: str  # the node under the cursor, or empty
    measured: bool = False  # usage is read
    usage: str = ""  # the age of that reading, or why there is none
    unwatched: bool = False  # pods can be read, but aren't


class Gauge(Struct, frozen=True):
    """Requested and used parts of allocatable, in milli-cores or bytes; None is unknown."""

    requested: int | None
    whole: int
    used: int | None = None

    @property
    def shown(self) -> int | None:
        """The amount that the percentage beside the bar gives."""
        return self.requested if self.used is None else self.used


NOTHING = Gauge(None, 0)


class Worker(Struct, frozen=True, kw_only=True):
    """A node with everything that its picture shows: equal workers have equal pictures.

    `NodeStates` keeps the fields up to `instance` for every node; `at_moment` adds the rest for
    nodes on the screen. Texts are clean, except `zone` and the name of the group.
    """

    group: NodeGroup
    zone: str  # in full
    order: str  # sorts names naturally
    kind: str  # of instance
    spot: bool
    name: str = ""  # shortened
    health: Health = Health.UNKNOWN
    word: str = ""  # "Ready", or its worst problem
    words: tuple[str, ...] = ()  # under which it is counted
    version: str = ""
    instance: str = ""
    behind: int = 0  # minor versions behind the API server
    cpu: Gauge = NOTHING
    memory: Gauge = NOTHING
    pods: str = ""
    machine: str = ""  # the instance's state; empty while unknown
    machine_health: Health = Health.UNKNOWN
    beat: str = "-"  # age of the heartbeat
    beat_health: Health = Health.UNKNOWN
    age: str = ""
    stale: bool = False
    chosen: bool = False
    sessions: int = 0  # open ones

    @property
    def state(self) -> WorkerState:
        return self.health, self.word

    @property
    def ready(self) -> bool:  # cordoned or not, as kubectl counts
        return READY in self.words

    @property
    def place(self) -> str:
        return clean(short_zone(self.zone))


def worker_of(node: NodeRow) -> Worker:
    """Return a worker with what a node's name and labels give, without a health."""
    return Worker(
        group=group_of(node.labels, node.provider_id),
        zone=zone_of(node.labels),
        order=natural_key(node.name),
        kind=instance_type_of(node.labels),
        spot=capacity_type_of(node.labels) == "spot",
    )


def short_worker_name(name: str, store: Store) -> str:
    """Return a name without the shared domain, and without `fargate-`, which the group says."""
    return store.names.short(name).removeprefix("fargate-")


def judged(worker: Worker, node: NodeRow, lease: LeaseRow | None, now: float) -> Worker:
    """Return the worker with the health of its node and heartbeat."""
    return replace(
        worker,
        health=node_health(node, lease, now),
        word=clean(headline(node, lease, now)),
        words=node_words(node, heartbeat_health(lease, now)),
        version=node.kubelet.split("-", 1)[0],
        instance=instance_id(node.provider_id),
    )


def at_moment(
    worker: Worker, node: NodeRow, lease: LeaseRow | None, store: Store, scene: Scene
) -> Worker:
    """Return the worker with its current figures, instance and heartbeat."""
    name = node.name
    sums, used = store.pod_totals_of(name), store.usage_of(name, scene.now)
    machine, machine_health = machine_word(store, name)
    pods = str(sums.pods) if scene.counted else "?"
    return replace(
        worker,
        name=short_worker_name(name, store),
        behind=minors_behind(node.kubelet, scene.server),
        cpu=Gauge(
            sums.cpu if scene.counted else None, node.allocatable.cpu, used.cpu if used else None
        ),
        memory=Gauge(
            sums.memory if scene.counted else None,
            node.allocatable.memory,
            used.memory if used else None,
        ),
        pods=f"{pods}/{node.allocatable.pods}",
        machine=machine,
        machine_health=machine_health,
        beat=beat_words(heartbeat_age(lease, scene.now), fine=scene.fine),
        beat_health=heartbeat_health(lease, scene.now),
        age=age(scene.now, node.created),
        stale=scene.stale,
        chosen=name == scene.chosen,
        sessions=max(0, count(store.mapping.sessions_of(name))),
    )


def machine_word(store: Store, node: str) -> tuple[str, Health]:
    """Return the state of a node's instance, or what is wrong with it, and how bad that is."""
    row = store.mapping.of_node(node)
    if row is None or row.kind in (RowKind.UNKNOWN, RowKind.NOT_EC2):
        return "", Health.UNKNOWN
    if row.kind is RowKind.ORPHAN:
        return "missing", Health.BAD
    instance = store.instances.get(row.instance)
    if instance is None:
        return "", Health.UNKNOWN
    if row.kind is RowKind.MISMATCH and instance.state == "running":
        return "mismatch", Health.BAD
    calm = Health.OK if instance.state == "running" else Health.UNKNOWN
    return instance.state, Health.BAD if instance.state in _ENDED else calm


def beat_words(seconds: float | None, *, fine: bool) -> str:
    """Return `3s`, or `<10s` unless `fine`, so that a large and healthy cluster doesn't change."""
    if seconds is None:
        return "-"
    if not fine:
        for step in _COARSE:
            if seconds < step:
                return f"<{step}s"
    return human_duration(seconds)


class Load(NamedTuple):
    """The part of CPU or memory in use, whichever is higher; it may exceed 1."""

    share: float
    high: bool = False


def load_of(node: NodeRow, store: Store, scene: Scene) -> Load:
    """Return the load of a node: its usage where that is read, otherwise its pods' requests.

    Usage is high before it fills the allocatable; requests may fill it by intent, but no more.
    """
    used = store.usage_of(node.name, scene.now) if scene.measured else None
    if used is not None:
        share = _share(node, used.cpu, used.memory)
        return Load(share, share >= HIGH_USAGE)
    if not scene.counted:
        return Load(0.0)
    sums = store.pod_totals_of(node.name)
    share = _share(node, sums.cpu, sums.memory)
    return Load(share, share > 1)


def _share(node: NodeRow, cpu: int, memory: int) -> float:
    pairs = ((cpu, node.allocatable.cpu), (memory, node.allocatable.memory))
    return max((part / whole for part, whole in pairs if whole > 0), default=0.0)
