"""What happens to pods, as scripts: generators that yield the seconds to wait."""

from collections.abc import Callable, Generator
from typing import TypeAlias

from eksview_demo.cluster.build import place
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.event_log import FLUSH
from eksview_demo.cluster.nodes import scheduling
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.objects import volumes
from eksview_demo.cluster.pods import containers
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import BATCH, CRASHING, MISTAGGED
from eksview_demo.storage.resources import CLAIMS

Script: TypeAlias = Generator[float, None, None]
Making: TypeAlias = Generator[float, None, str]

# Changes these make, about: what `churn` sets aside for them.
REPLACE_PRICE = 24
JOB_PRICE = 20

_REMIND = 60.0  # seconds between two events of one back-off
_STUCK = 50  # pods that are tried again
_FINISHED_JOBS = 3  # a CronJob's default successfulJobsHistoryLimit


def replace(cluster: DemoCluster, pod: PodState) -> Making:
    """Delete a pod while its controller makes another; return the new pod's key, or its own.

    Nothing replaces a bare pod.
    """
    name = pod.name if pod.workload.kind == "StatefulSet" else ""
    cluster.terminate(pod)
    box = pod.workload.boxes[0]
    cluster.events.pod(pod, "Killing", f"Stopping container {box.name}")
    if pod.workload.kind == "Pod":
        yield cluster.chance.uniform(1, 3)
        cluster.remove_pod(pod)
        return pod.key
    if name:  # a StatefulSet waits for the old one to be gone
        yield cluster.chance.uniform(1, 3)
        cluster.remove_pod(pod)
        return (yield from start(cluster, cluster.new_pod(pod.workload, name)))
    node = cluster.nodes.get(pod.node) if pod.workload.kind == "DaemonSet" else None
    new = cluster.new_pod(pod.workload, job=pod.job)
    starting = start(cluster, new, node)
    yield next(starting)
    yield cluster.chance.uniform(0.5, 2)
    cluster.remove_pod(pod)
    return (yield from starting)


def start(cluster: DemoCluster, pod: PodState, node: NodeState | None = None) -> Making:
    """Run a pod from its creation to Ready; return its key. None: the scheduler picks a node.

    A pod that is refused isn't made.
    """
    if cluster.controllers.refuses(pod):
        return pod.key
    cluster.add_pod(pod)
    cluster.controllers.created(pod)
    yield cluster.chance.uniform(0.05, 0.3)
    yield from schedule(cluster, pod, node)
    return pod.key


def schedule(
    cluster: DemoCluster, pod: PodState, node: NodeState | None = None, every: float = 10.0
) -> Script:
    """Find a node for a pod, once in so many seconds, and run it there until it is Ready."""
    while node is None:
        node = place(cluster, list(cluster.nodes.values()), pod.workload)
        if node is None:
            _refuse(cluster, pod)
            yield every
        if cluster.pods.get(pod.key) is not pod:
            return
    cluster.bind(pod, node)
    if volumes.has_claim(pod.workload):
        _provision(cluster, pod, node)
    cluster.set_stage(pod, Stage.CREATING)
    assigned = f"Successfully assigned {pod.key} to {node.name}"
    cluster.events.pod(pod, "Scheduled", assigned, source="default-scheduler")
    yield from run(cluster, pod)


def _provision(cluster: DemoCluster, pod: PodState, node: NodeState) -> None:
    """Make the claim of a pod and its volume, unless a pod of this name has left its own."""
    name, namespace = volumes.claim_name(pod.name), pod.workload.namespace
    if f"{namespace}/{name}" in cluster.storage.table(CLAIMS).objects:
        return
    uid = cluster.names.uid()
    for plain in volumes.bound(pod.workload, name, uid, node.zone):
        own = uid if plain.resource is CLAIMS else cluster.names.uid()
        cluster.storage.put(plain.resource, plain.draft(own, cluster.clock()))


def _refuse(cluster: DemoCluster, pod: PodState) -> None:
    """Say why no node takes a pod."""
    tried = scheduling.refusal(cluster.nodes.values(), pod.workload)
    first, changed = pod.stage is Stage.NEW, tried != pod.tried
    pod.tried = tried
    if first:
        cluster.set_stage(pod, Stage.UNSCHEDULABLE)
    elif changed:
        cluster.store_pod(pod)
    cluster.events.unschedulable(pod)


def run(cluster: DemoCluster, pod: PodState) -> Script:
    """Start the containers of a bound pod, as the kubelet does."""
    chance, box = cluster.chance, pod.workload.boxes[0]
    yield chance.uniform(0.8, 2.5)
    if pod.workload.init is not None:
        if not still(cluster, pod, Stage.CREATING):
            return
        cluster.set_stage(pod, Stage.INIT)
        yield chance.uniform(1.5, 4)
    if not still(cluster, pod, Stage.CREATING, Stage.INIT):
        return
    if pod.workload.key == MISTAGGED.key:
        cluster.set_stage(pod, Stage.IMAGE_PULL)
        cluster.events.pull_failed(pod)
        return
    cluster.events.pod(pod, "Pulled", f'Container image "{box.image}" already present on machine')
    containers.start(pod, cluster.clock())
    yield from _until_ready(cluster, pod, chance.uniform(1.5, 5))


def _until_ready(cluster: DemoCluster, pod: PodState, after: float) -> Script:
    """Make a pod Ready, so long after its container was started."""
    cluster.set_stage(pod, Stage.STARTING)
    cluster.events.pod(pod, "Started", f"Started container {pod.workload.boxes[0].name}")
    yield after
    if still(cluster, pod, Stage.STARTING):
        cluster.set_stage(pod, Stage.RUNNING)


def restart(cluster: DemoCluster, pod: PodState) -> Script:
    """Let a container fail and be restarted."""
    if not still(cluster, pod, Stage.RUNNING):
        return
    cluster.set_stage(pod, Stage.OOM if cluster.chance.random() < 0.3 else Stage.ERROR)
    yield from _restarted(cluster, pod, cluster.chance.uniform(2, 6))


def _restarted(cluster: DemoCluster, pod: PodState, ready_after: float) -> Script:
    """Restart a container that has ended, at once or when its back-off is over."""
    if pod.stage in containers.BROKEN:
        stage = pod.stage
        yield cluster.chance.uniform(1, 3)
        if not still(cluster, pod, stage):
            return
        containers.end_run(pod)
        if pod.backoff:
            cluster.set_stage(pod, Stage.CRASH_LOOP)
    while pod.stage is Stage.CRASH_LOOP:
        left = pod.restarted + pod.backoff - cluster.clock()
        if left <= 0:
            break
        cluster.events.back_off(pod)
        yield min(left, _REMIND)
        if not still(cluster, pod, Stage.CRASH_LOOP):
            return
    containers.restart(pod, cluster.clock())
    yield from _until_ready(cluster, pod, ready_after)


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
    pod = cluster.new_pod(BATCH, job=f"{BATCH.name}-manual-{cluster.names.suffix(3)}")
    yield from start(cluster, pod)
    yield cluster.chance.uniform(5, 15)
    if not still(cluster, pod, Stage.RUNNING):
        return
    cluster.set_stage(pod, Stage.COMPLETED)
    for old in cluster.controllers.finished_jobs(BATCH)[:-_FINISHED_JOBS]:
        if old.pod is not None:
            cluster.remove_pod(old.pod)
        cluster.controllers.delete_job(old)


def evict(cluster: DemoCluster, pod: PodState) -> Making:
    """Evict a pod because memory is short; its controller makes another."""
    message = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 87Mi."
    cluster.events.pod(pod, "Evicted", message, "Warning")
    cluster.set_stage(pod, Stage.EVICTED)
    new = yield from start(cluster, cluster.new_pod(pod.workload))
    yield 60.0
    cluster.remove_pod(pod)
    return new


def crash_loops(cluster: DemoCluster, begin: Callable[[Script], None]) -> Script:
    """Let every pod of the crashing workload fail again and again."""
    looping: set[str] = set()
    while True:
        crashing = {pod.uid: pod for pod in cluster.pods.values() if _crashes(pod)}
        for uid in crashing.keys() - looping:
            begin(_crash_loop(cluster, crashing[uid]))
        looping = set(crashing)
        yield 10.0


def _crashes(pod: PodState) -> bool:
    return pod.workload.key == CRASHING.key


def _crash_loop(cluster: DemoCluster, pod: PodState) -> Script:
    """Let a pod fail shortly after each of its restarts, always in the same way."""
    half = containers.RUN / 2
    while cluster.pods.get(pod.key) is pod and pod.counts and not pod.deleted:
        if still(cluster, pod, Stage.CRASH_LOOP, *containers.BROKEN):
            yield from _restarted(cluster, pod, half)
        elif still(cluster, pod, Stage.RUNNING):
            yield half
            if still(cluster, pod, Stage.RUNNING):
                oom = pod.failure is Stage.OOM
                cluster.set_stage(pod, Stage.OOM if oom else Stage.ERROR)
        else:
            yield 5.0


def stuck(cluster: DemoCluster, begin: Callable[[Script], None]) -> Script:
    """Try the pods again that were in trouble from the beginning, as often as a cluster does."""
    pods = list(cluster.pods.values())
    for pod in [pod for pod in pods if pod.stage is Stage.UNSCHEDULABLE][:_STUCK]:
        begin(schedule(cluster, pod, every=FLUSH))
    pulling = [pod for pod in pods if pod.stage is Stage.IMAGE_PULL]
    while True:
        for pod in pulling:
            if still(cluster, pod, Stage.IMAGE_PULL):
                cluster.events.pull_failed(pod)
        yield FLUSH


def still(cluster: DemoCluster, pod: PodState, *stages: Stage) -> bool:
    """Return whether a pod is in the stage a script left it in, and its kubelet works.

    A drain may have deleted it, or its node's instance may be stopped.
    """
    if cluster.pods.get(pod.key) is not pod or pod.stage not in stages or pod.deleted:
        return False
    node = cluster.nodes.get(pod.node)
    return node is None or not node.silent
