"""All that a worker's picture depends on: the same look is the same picture."""

from msgspec import Struct

from eksview.domain.age import age, human_duration
from eksview.domain.groups import instance_id, short_zone
from eksview.domain.health import Health
from eksview.domain.mapping import RowKind
from eksview.domain.node_status import heartbeat_age, heartbeat_health
from eksview.domain.rows import NodeRow
from eksview.domain.sessions import count
from eksview.domain.text import clean
from eksview.domain.versions import minors_behind
from eksview.store.store import Store
from eksview.ui.roster import Roster

_HOSTS = ("ip-", "i-", "fargate-ip-")
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


class Look(Struct, frozen=True):
    """A node as it is drawn. Texts are clean."""

    name: str
    health: Health
    word: str
    zone: str
    cpu: Gauge
    memory: Gauge
    pods: str
    version: str
    behind: int  # minor versions behind the API server
    kind: str  # of instance
    spot: bool
    instance: str
    machine: str  # the instance's state in a word; empty while that isn't known
    machine_health: Health
    beat: str  # age of the heartbeat
    beat_health: Health
    age: str
    stale: bool
    chosen: bool
    sessions: int = 0  # that are open on it


def look_at(store: Store, roster: Roster, name: str, scene: Scene) -> Look:
    """Everything about a node that its picture shows."""
    node, sums, lease = roster.node(name), store.sums_of(name), roster.lease_of(name)
    state, spot = roster.states[name], roster.spots[name]
    machine, machine_health = machine_word(store, name)
    used = store.usage_of(name, scene.now)
    pods = str(sums.pods) if scene.counted else "?"
    return Look(
        name=short_name(name),
        health=state.health,
        word=state.word,
        zone=clean(short_zone(spot.zone)),
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
        version=clean(node.kubelet).split("-", 1)[0],
        behind=minors_behind(node.kubelet, scene.server),
        kind=clean(spot.machine),
        spot=spot.spare,
        instance=instance_id(node.provider_id),
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


def short_name(name: str) -> str:
    """`ip-10-0-1-234` of `ip-10-0-1-234.us-west-2.compute.internal`; others as they are.

    Of `fargate-ip-10-0-1-47…` too: that it is Fargate's is said by its group.
    """
    short = name.split(".", 1)[0] if name.startswith(_HOSTS) else name
    return clean(short.removeprefix("fargate-"))


def load(node: NodeRow, cpu: int, memory: int) -> float:
    """What is requested of the scarcer of CPU and memory, 0 to 1 and above."""
    shares = [
        part / whole
        for part, whole in ((cpu, node.allocatable.cpu), (memory, node.allocatable.memory))
        if whole > 0
    ]
    return max(shares, default=0.0)
