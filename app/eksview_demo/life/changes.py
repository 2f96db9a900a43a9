"""What the cluster does after a change by a person: pods move, rollouts run, numbers change."""

from msgspec.structs import replace

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.owners import Key
from eksview_demo.cluster.pod_state import PodState
from eksview_demo.life import pod_scripts
from eksview_demo.life.pod_scripts import Script


def delete(cluster: DemoCluster, pod: PodState) -> Script:
    """Delete a pod; its controller makes another, a DaemonSet's on the same node."""
    if pod.deleted:
        return
    kind = pod.workload.kind
    if kind in ("Deployment", "StatefulSet"):
        yield from pod_scripts.replace(cluster, pod)
        return
    cluster.terminate(pod)
    yield cluster.chance.uniform(0.5, 2)
    cluster.remove_pod(pod)
    if kind == "DaemonSet" and (node := cluster.nodes.get(pod.node)) is not None:
        yield from pod_scripts.start(cluster, cluster.new_pod(pod.workload), node)


def restart(cluster: DemoCluster, key: Key, at: str) -> Script:
    """Roll out a workload again: its template changes, and its pods are replaced one by one."""
    owner = cluster.controllers.workloads[key]
    pods = _pods_of(cluster, key)
    hash_ = cluster.names.suffix(10) if key[0] == "Deployment" else owner.workload.hash
    cluster.controllers.update(key, replace(owner.workload, restarted_at=at, hash=hash_))
    for pod in pods:
        if cluster.pods.get(pod.key) is pod:
            yield from delete(cluster, pod)


def scale(cluster: DemoCluster, key: Key, replicas: int) -> Script:
    """Start or end pods of a workload until it has so many; the youngest end first."""
    cluster.controllers.scale(key, replicas)
    owner = cluster.controllers.workloads[key]
    pods = _pods_of(cluster, key)
    for number in range(len(pods), replicas):
        name = f"{owner.name}-{number}" if key[0] == "StatefulSet" else ""
        yield from pod_scripts.start(cluster, cluster.new_pod(owner.workload, name))
    for pod in sorted(pods, key=lambda each: each.created)[replicas:]:
        cluster.terminate(pod)
        yield cluster.chance.uniform(0.3, 1)
        cluster.remove_pod(pod)


def _pods_of(cluster: DemoCluster, key: Key) -> list[PodState]:
    pods = cluster.pods.values()
    return [pod for pod in pods if pod.workload.key == key and pod.counts and not pod.deleted]
