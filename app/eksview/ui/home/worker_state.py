"""The worker of a node: its health, requests, usage, instance and heartbeat."""

from msgspec.structs import replace

from eksview.domain.aws.ssm_sessions import count
from eksview.domain.base.age import age
from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.text import clean
from eksview.domain.base.versions import minors_behind
from eksview.domain.join.mapping_row import RowKind
from eksview.domain.kube.node_counts import node_words
from eksview.domain.kube.node_labels import (
    capacity_type_of,
    group_of,
    instance_id,
    instance_type_of,
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
from eksview.ui.workers.worker import (
    HIGH_USAGE,
    Gauge,
    Load,
    Scene,
    Worker,
    beat_words,
)

_ENDED = ("stopping", "stopped", "shutting-down", "terminated")


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
