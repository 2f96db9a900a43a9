"""Making the pods what their workloads want: rollouts, scaling, and pods that somebody deleted."""

import msgspec

from eksview_demo.cluster import owner_shape
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.owners import DaemonSet, Deployment, Key, Owner, StatefulSet
from eksview_demo.cluster.pod_state import PodState
from eksview_demo.cluster.workloads import Box, Workload
from eksview_demo.life import pod_scripts
from eksview_demo.life.player import Player
from eksview_demo.life.pod_scripts import Script

EVERY = 0.5  # seconds between two looks at what is wanted
_RELEASED = ("cart", "checkout", "ledger", "grafana", "search")


def reconcile(life: Player) -> Script:
    """Begin what each changed workload and each deleted pod needs, for ever."""
    controllers = life.cluster.controllers
    while True:
        while controllers.changed:
            life.begin(roll(life, controllers.changed.popleft()))
        while controllers.deleted:
            life.begin(_deleted(life, controllers.deleted.popleft()))
        yield EVERY


def _deleted(life: Player, pod: PodState) -> Script:
    if life.cluster.pods.get(pod.key) is pod:
        life.cluster.terminate(pod)
        yield from _reachable(life.cluster, pod)
        if life.cluster.pods.get(pod.key) is pod:
            life.welcome((yield from pod_scripts.replace(life.cluster, pod)))


def _reachable(cluster: DemoCluster, pod: PodState) -> Script:
    """Wait until the kubelet of a pod can stop it."""
    while (node := cluster.nodes.get(pod.node)) is not None and node.silent:
        yield 5.0


def roll(life: Player, key: Key) -> Script:
    """Bring a workload to its number of pods, all of its newest template, one after the other."""
    owner = life.cluster.controllers.workloads.get(key)
    if not isinstance(owner, Deployment | StatefulSet | DaemonSet):
        return
    template = owner.workload
    if not isinstance(owner, DaemonSet):
        yield from _scale(life, owner)
    for pod in reversed(_pods(life.cluster, key)):
        if owner.workload is not template:  # a newer rollout goes on with the rest
            return
        if pod.workload.hash == template.hash:
            continue
        yield from _reachable(life.cluster, pod)
        if _is_there(life.cluster, pod):
            life.welcome((yield from pod_scripts.replace(life.cluster, pod)))
            yield 1.0


def _is_there(cluster: DemoCluster, pod: PodState) -> bool:
    return cluster.pods.get(pod.key) is pod and not pod.deleted


def _pods(cluster: DemoCluster, key: Key) -> list[PodState]:
    """Return the pods of a workload that neither ended nor are deleted, the oldest first."""
    return [
        pod
        for pod in cluster.pods.values()
        if pod.workload.key == key and pod.counts and not pod.deleted
    ]


def _scale(life: Player, owner: Owner) -> Script:
    cluster = life.cluster
    pods = _pods(cluster, owner.workload.key)
    for number in range(len(pods), owner.desired):
        name = f"{owner.name}-{number}" if owner.workload.kind == "StatefulSet" else ""
        life.begin(_started(life, cluster.new_pod(owner.workload, name)))
        yield 0.2
    for pod in pods[owner.desired :]:
        cluster.terminate(pod)
        yield cluster.chance.uniform(0.5, 1.5)
        cluster.remove_pod(pod)


def _started(life: Player, pod: PodState) -> Script:
    life.welcome((yield from pod_scripts.start(life.cluster, pod)))


def release(life: Player) -> Script:
    """Roll out the next version of one of the shop's workloads, if any of them runs."""
    cluster = life.cluster
    owners = [
        owner
        for owner in cluster.controllers.workloads.values()
        if isinstance(owner, Deployment) and owner.name in _RELEASED and owner.desired
    ]
    if owners:
        owner = cluster.chance.choice(owners)
        cluster.controllers.update(owner.workload.key, _next(owner.workload))
    yield 0.0


def _next(workload: Workload) -> Workload:
    """Return a workload with the next version of its first image."""
    first, *others = workload.boxes
    head, _, last = first.image.rpartition(".")
    image = f"{head}.{int(last) + 1}" if last.isdigit() else f"{first.image}.1"
    newer: Box = msgspec.structs.replace(first, image=image)
    template_hash = owner_shape.hash_of(f"{workload.namespace}/{workload.name}/{image}")
    return msgspec.structs.replace(workload, boxes=(newer, *others), hash=template_hash)
