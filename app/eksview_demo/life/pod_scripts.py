"""What happens to pods, as scripts: generators that yield the seconds to wait."""

from collections.abc import Generator
from typing import TypeAlias

from eksview_demo.cluster.build import place
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.node_state import NodeState
from eksview_demo.cluster.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import BATCH, CRASHING, MISTAGGED

Script: TypeAlias = Generator[float, None, None]
Making: TypeAlias = Generator[float, None, str]

# Changes these make, about: what `churn` sets aside for them.
REPLACE_PRICE = 15
JOB_PRICE = 14

_FINISHED_JOBS = 3  # a CronJob's default successfulJobsHistoryLimit


def replace(cluster: DemoCluster, pod: PodState) -> Making:
    """Delete a pod while its controller makes another; return the new pod's key."""
    name = pod.name if pod.workload.kind == "StatefulSet" else ""
    cluster.terminate(pod)
    box = pod.workload.boxes[0]
    cluster.events.pod(pod, "Killing", f"Stopping container {box.name}")
    if name:  # a StatefulSet waits for the old one to be gone
        yield cluster.chance.uniform(1, 3)
        cluster.remove_pod(pod)
        return (yield from start(cluster, cluster.new_pod(pod.workload, name)))
    new = cluster.new_pod(pod.workload)
    starting = start(cluster, new)
    yield next(starting)
    yield cluster.chance.uniform(0.5, 2)
    cluster.remove_pod(pod)
    return (yield from starting)


def start(cluster: DemoCluster, pod: PodState, node: NodeState | None = None) -> Making:
    """Run a pod from its creation to Ready; return its key. None: the scheduler picks a node."""
    chance = cluster.chance
    cluster.add_pod(pod)
    yield chance.uniform(0.05, 0.3)
    while node is None:
        node = place(cluster, list(cluster.nodes.values()), pod.workload)
        if node is None:
            cluster.events.unschedulable(pod, len(cluster.nodes))
            yield 10.0
        if cluster.pods.get(pod.key) is not pod:
            return pod.key
    cluster.bind(pod, node)
    cluster.set_stage(pod, Stage.CREATING)
    assigned = f"Successfully assigned {pod.key} to {node.name}"
    cluster.events.pod(pod, "Scheduled", assigned, source="default-scheduler")
    yield chance.uniform(0.8, 2.5)
    yield from _run(cluster, pod)
    return pod.key


def _run(cluster: DemoCluster, pod: PodState) -> Script:
    """Start the containers, as the kubelet does."""
    chance, box = cluster.chance, pod.workload.boxes[0]
    if pod.workload.init is not None:
        cluster.set_stage(pod, Stage.INIT)
        yield chance.uniform(1.5, 4)
    if pod.workload is MISTAGGED:
        cluster.set_stage(pod, Stage.IMAGE_PULL)
        cluster.events.pull_failed(pod)
        return
    cluster.events.pod(pod, "Pulled", f'Container image "{box.image}" already present on machine')
    cluster.set_stage(pod, Stage.STARTING)
    cluster.events.pod(pod, "Started", f"Started container {box.name}")
    yield chance.uniform(1.5, 5)
    if pod.key in cluster.pods and pod.stage is Stage.STARTING:
        cluster.set_stage(pod, Stage.RUNNING)
    if pod.workload is CRASHING:
        yield from _crash(cluster, pod)


def restart(cluster: DemoCluster, pod: PodState) -> Script:
    """Let a container fail and be restarted."""
    stage = Stage.OOM if cluster.chance.random() < 0.3 else Stage.ERROR
    cluster.set_stage(pod, stage)
    yield cluster.chance.uniform(1, 3)
    if not _still(cluster, pod, stage):
        return
    pod.restarts += 1
    pod.restarted = cluster.clock()
    cluster.set_stage(pod, Stage.STARTING)
    box = pod.workload.boxes[0]
    cluster.events.pod(pod, "Started", f"Started container {box.name}")
    yield cluster.chance.uniform(2, 6)
    if _still(cluster, pod, Stage.STARTING):
        cluster.set_stage(pod, Stage.RUNNING)


def probe_fails(cluster: DemoCluster, pod: PodState) -> Script:
    """Let a readiness probe fail once."""
    port = pod.workload.boxes[0].port
    message = f"Readiness probe failed: dial tcp {pod.ip}:{port}: connect: connection refused"
    cluster.events.pod(pod, "Unhealthy", message, "Warning")
    yield 0.0


def report(cluster: DemoCluster, node: NodeState) -> Script:
    """Post a node's status once."""
    cluster.report(node)
    yield 0.0


def job(cluster: DemoCluster) -> Script:
    """Run a job's pod to its end; delete the oldest finished one."""
    pod = cluster.new_pod(BATCH)
    yield from start(cluster, pod)
    yield cluster.chance.uniform(5, 15)
    if not _still(cluster, pod, Stage.RUNNING):
        return
    cluster.set_stage(pod, Stage.COMPLETED)
    done = cluster.finished_jobs
    done.append(pod.key)
    while len(done) > _FINISHED_JOBS:
        if (old := cluster.pods.get(done.popleft())) is not None:
            cluster.remove_pod(old)


def evict(cluster: DemoCluster, pod: PodState) -> Making:
    """Evict a pod because memory is short; its controller makes another."""
    message = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 87Mi."
    cluster.events.pod(pod, "Evicted", message, "Warning")
    cluster.set_stage(pod, Stage.EVICTED)
    new = yield from start(cluster, cluster.new_pod(pod.workload))
    yield 60.0
    cluster.remove_pod(pod)
    return new


def crash_loop(cluster: DemoCluster) -> Script:
    """Restart the crashing workload again and again."""
    while True:
        yield cluster.chance.uniform(40, 70)
        for pod in list(cluster.pods.values()):
            if pod.workload is CRASHING and _still(cluster, pod, Stage.CRASH_LOOP):
                cluster.set_stage(pod, Stage.RUNNING)
                yield from _crash(cluster, pod)


def _crash(cluster: DemoCluster, pod: PodState) -> Script:
    yield cluster.chance.uniform(2, 5)
    if not _still(cluster, pod, Stage.RUNNING):
        return
    pod.restarts += 1
    pod.restarted = cluster.clock()
    cluster.set_stage(pod, Stage.ERROR)
    yield 2.0
    if not _still(cluster, pod, Stage.ERROR):
        return
    cluster.set_stage(pod, Stage.CRASH_LOOP)
    cluster.events.back_off(pod)


def _still(cluster: DemoCluster, pod: PodState, stage: Stage) -> bool:
    """Return whether a pod is in the stage the script left it in: a drain may have moved it on."""
    return cluster.pods.get(pod.key) is pod and pod.stage is stage and not pod.deleted
