"""One struct with all that a worker's picture shows, and how it is made."""

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.aws.ssm_sessions import count
from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean, short_name
from eksview.domain.base.versions import minors_behind
from eksview.domain.join.node_instance import RowKind
from eksview.domain.kube.node_labels import (
    NodeGroup,
    capacity_type_of,
    group_of,
    instance_id,
    instance_type_of,
    natural_key,
    short_zone,
    zone_of,
)
from eksview.domain.kube.node_status import (
    headline,
    heartbeat_age,
    heartbeat_health,
    node_health,
    status_text,
)
from eksview.domain.rows.kube import LeaseRow, NodeRow
from eksview.store.store import Store

Mood: TypeAlias = tuple[Health, str]
"""How a node is, and the word for it."""

TROUBLE = (Health.WARN, Health.BAD)
_MACHINES = {
    "pending": ("pend", Health.UNKNOWN),
    "running": ("run", Health.OK),
    "stopping": ("stop!", Health.BAD),
    "stopped": ("stop!", Health.BAD),
    "shutting-down": ("term!", Health.BAD),
    "terminated": ("term!", Health.BAD),
}
_COARSE = (10, 20, 40)
FINE = 16
"""Up to so many nodes on screen heartbeats tick by the second; with more it would only be bytes."""


class Scene(Struct, frozen=True):
    """What all workers have in common at this moment."""

    now: float
    stale: bool  # nodes are no longer confirmed
    counted: bool  # pods are known, so sums mean something
    fine: bool  # heartbeats tick by the second
    server: str  # the API server's version
    chosen: str  # the node under the cursor; empty where there is none
    measured: bool = False  # what is used is known
    usage: str = ""  # how long ago that was read, or why it isn't known
    apart: bool = False  # pods aren't followed, as opposed to: can't be


class Gauge(Struct, frozen=True):
    """What is requested and used of what is allocatable, in milli-cores or bytes.

    None is what isn't known.
    """

    requested: int | None
    whole: int
    used: int | None = None

    @property
    def shown(self) -> int | None:
        """What the figure beside the bar is about."""
        return self.requested if self.used is None else self.used


NOTHING = Gauge(None, 0)


class Worker(Struct, frozen=True, kw_only=True):
    """One node with all that a picture of it shows: the same worker is the same picture.

    The roster keeps it up to `instance`, for every node; `at_moment` adds the rest, for those on
    the screen. Texts are clean, but for `zone` and the names of the group.
    """

    name: str  # shortened
    group: NodeGroup
    zone: str  # in full
    order: str  # sorts names in natural order
    kind: str  # of instance
    spot: bool
    health: Health = Health.UNKNOWN
    word: str = ""  # "Ready", or the worst thing about it
    status: str = ""  # as kubectl prints it
    version: str = ""
    instance: str = ""
    behind: int = 0  # minor versions behind the API server
    cpu: Gauge = NOTHING
    memory: Gauge = NOTHING
    pods: str = ""
    machine: str = ""  # the instance's state in a word; empty while that isn't known
    machine_health: Health = Health.UNKNOWN
    beat: str = "-"  # age of the heartbeat
    beat_health: Health = Health.UNKNOWN
    age: str = ""
    stale: bool = False
    chosen: bool = False
    sessions: int = 0  # that are open on it

    @property
    def mood(self) -> Mood:
        """What it counts as."""
        return self.health, self.word

    @property
    def ready(self) -> bool:
        """Whether kubectl would call it Ready, cordoned or not."""
        return self.status.startswith("Ready")

    @property
    def place(self) -> str:
        """Its zone as it is drawn."""
        return clean(short_zone(self.zone))


def worker_of(node: NodeRow) -> Worker:
    """Return a node as its name and its labels describe it; it isn't judged yet."""
    return Worker(
        name=short_name(node.name),
        group=group_of(node.labels, node.provider_id),
        zone=zone_of(node.labels),
        order=natural_key(node.name),
        kind=clean(instance_type_of(node.labels)),
        spot=capacity_type_of(node.labels) == "spot",
    )


def judged(worker: Worker, node: NodeRow, lease: LeaseRow | None, now: float) -> Worker:
    """Return the worker with the verdict on its node and its heartbeat."""
    return replace(
        worker,
        health=node_health(node, lease, now),
        word=clean(headline(node, lease, now)),
        status=status_text(node),
        version=clean(node.kubelet).split("-", 1)[0],
        instance=instance_id(node.provider_id),
    )


def at_moment(
    worker: Worker, node: NodeRow, lease: LeaseRow | None, store: Store, scene: Scene
) -> Worker:
    """Return the worker with its figures, its instance and its heartbeat of now."""
    name = node.name
    sums, used = store.sums_of(name), store.usage_of(name, scene.now)
    machine, machine_health = machine_word(store, name)
    pods = str(sums.pods) if scene.counted else "?"
    return replace(
        worker,
        behind=minors_behind(node.kubelet, scene.server),
        cpu=Gauge(
            sums.cpu if scene.counted else None,
            node.allocatable.cpu,
            used.cpu if used else None,
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
    """`run`, or what isn't right with the instance under a node, as `stop!`."""
    row = store.mapping.of_node(node)
    if row is None or row.kind in (RowKind.UNREAD, RowKind.ELSEWHERE):
        return "", Health.UNKNOWN
    if row.kind is RowKind.ORPHAN:
        return "none!", Health.BAD
    instance = store.instances().get(row.instance)
    if instance is None:
        return "", Health.UNKNOWN
    if row.kind is RowKind.DISAGREE and instance.state == "running":
        return "fail!", Health.BAD
    return _MACHINES.get(instance.state, (clean(instance.state), Health.UNKNOWN))


def beat_words(seconds: float | None, *, fine: bool) -> str:
    """`3s`; when not fine `<10s`, so that a large and healthy cluster stands still."""
    if seconds is None:
        return "-"
    if not fine:
        for step in _COARSE:
            if seconds < step:
                return f"<{step}s"
    return human_duration(seconds)


def load(node: NodeRow, cpu: int, memory: int) -> float:
    """What is requested of the scarcer of CPU and memory, 0 to 1 and above."""
    shares = [
        part / whole
        for part, whole in ((cpu, node.allocatable.cpu), (memory, node.allocatable.memory))
        if whole > 0
    ]
    return max(shares, default=0.0)
