"""What the cluster does after a change by a person: pods move, rollouts run, numbers change."""

from collections.abc import Callable

from msgspec.structs import replace

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.controllers import owner_shape
from eksview_demo.cluster.controllers.owners import Deployment, Key
from eksview_demo.cluster.pods.pod_state import PodState
from eksview_demo.cluster.workloads import Workload
from eksview_demo.life import pod_scripts
from eksview_demo.life.pod_scripts import Script

_TRIES, _AGAIN = 120, 5.0  # looks at whether a silent kubelet is back, and seconds between them
_RELEASED = ("cart", "checkout", "ledger", "grafana", "search")

Welcome = Callable[[str], None]
"""Receives the key of each pod that a rollout has made."""


def _nobody(key: str) -> None:
    """Receive a key that nobody wants."""


def delete(cluster: DemoCluster, pod: PodState) -> Script:
    """Delete a pod; its controller makes another, a DaemonSet's on the same node."""
    if not pod.deleted:
        yield from pod_scripts.replace(cluster, pod)


def restart(cluster: DemoCluster, key: Key, at: str) -> Script:
    """Roll out a workload again: its template changes, and its pods are replaced one by one."""
    before = cluster.controllers.workloads[key].workload
    template_hash = owner_shape.hash_of("/".join((*key, before.hash, at)))
    yield from roll_out(cluster, replace(before, restarted_at=at, hash=template_hash))


def roll_out(cluster: DemoCluster, newer: Workload, welcome: Welcome = _nobody) -> Script:
    """Give a workload another template, and its pods one after the other."""
    cluster.controllers.update(newer)
    for pod in reversed(_pods_of(cluster, newer.key)):
        yield from _reachable(cluster, pod)
        if cluster.controllers.current(newer) is not newer:  # a newer rollout goes on from here
            return
        if cluster.pods.get(pod.key) is pod and not pod.deleted and pod.workload is not newer:
            welcome((yield from pod_scripts.replace(cluster, pod)))


def _reachable(cluster: DemoCluster, pod: PodState) -> Script:
    """Wait until the kubelet of a pod can stop it, but not for ever."""
    for _ in range(_TRIES):
        node = cluster.nodes.get(pod.node)
        if node is None or not node.silent or cluster.pods.get(pod.key) is not pod:
            return
        yield _AGAIN


def scale(cluster: DemoCluster, key: Key, replicas: int) -> Script:
    """Start or end pods of a workload until it has so many, or is scaled again.

    The youngest end first.
    """
    cluster.controllers.scale(key, replicas)
    owner = cluster.controllers.workloads[key]
    pods = _pods_of(cluster, key)
    for number in range(len(pods), replicas):
        if owner.desired != replicas:
            return
        name = f"{owner.name}-{number}" if key[0] == "StatefulSet" else ""
        yield from pod_scripts.start(cluster, cluster.new_pod(owner.workload, name))
    for pod in sorted(pods, key=lambda each: each.created)[replicas:]:
        if owner.desired != replicas:
            return
        cluster.terminate(pod)
        yield cluster.chance.uniform(0.3, 1)
        cluster.remove_pod(pod)


def release(cluster: DemoCluster, welcome: Welcome) -> Script:
    """Roll out the next version of one of the shop's workloads, if any of them runs."""
    owners = [
        owner.workload
        for owner in cluster.controllers.workloads.values()
        if isinstance(owner, Deployment) and owner.name in _RELEASED and owner.desired
    ]
    if owners:
        yield from roll_out(cluster, _next(cluster.chance.choice(owners)), welcome)


def _next(workload: Workload) -> Workload:
    """Return a workload with the next version of its first image."""
    first, *others = workload.boxes
    head, _, last = first.image.rpartition(".")
    image = f"{head}.{int(last) + 1}" if last.isdigit() else f"{first.image}.1"
    template_hash = owner_shape.hash_of(f"{workload.namespace}/{workload.name}/{image}")
    return replace(workload, boxes=(replace(first, image=image), *others), hash=template_hash)


def _pods_of(cluster: DemoCluster, key: Key) -> list[PodState]:
    pods = cluster.pods.values()
    return [pod for pod in pods if pod.workload.key == key and pod.counts and not pod.deleted]
