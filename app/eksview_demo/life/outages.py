"""An instance that is stopped under its node, and started again: what the cluster sees of it."""

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes import node_shape
from eksview_demo.cluster.nodes.node_shape import boot_id
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.pods import containers
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.life import pod_scripts
from eksview_demo.life.player import Player
from eksview_demo.life.pod_scripts import Script
from eksview_demo.storage.resources import LEASES

GRACE = 50.0  # seconds: --node-monitor-grace-period since Kubernetes 1.32
MONITOR = 5.0  # seconds between two looks of the node controller: --node-monitor-period
DOWN = 45.0  # seconds a node is Unknown before its instance is started
BOOT = 22.0  # seconds until its kubelet is back


def stop(cluster: DemoCluster, ago: float = 0.0) -> NodeState | None:
    """Stop the instance of a node, so long ago; None when no node can be spared.

    A Spot instance of an Auto Scaling group can't be stopped.
    """
    fit = [node for node in cluster.nodes.values() if node.fit and node.group.kind == "nodegroup"]
    stoppable = [node for node in fit if node.group.capacity == "ON_DEMAND"]
    if len(fit) < 2 or not stoppable:
        return None
    node = cluster.chance.choice(stoppable)
    at = cluster.clock() - ago
    node.silent = True
    cluster.ssm_sessions.close(node.instance, at)
    if ago:
        node.renewed, node.heard = min(node.renewed, at), min(node.heard, at)
        cluster.store_node(node)
        cluster.storage.put(LEASES, node_shape.lease(node))
    return node


def outage(life: Player, node: NodeState | None) -> Script:
    """Let the node controller miss a stopped node; then start its instance again."""
    cluster = life.cluster
    if node is None:
        return
    overdue = max(node.renewed, node.heard) + GRACE
    yield overdue + MONITOR - overdue % MONITOR - cluster.clock()
    if cluster.nodes.get(node.name) is not node:
        return
    cluster.set_ready(node, "Unknown")
    for pod in cluster.pods_on(node):
        if pod.stage is Stage.RUNNING and not pod.deleted:
            cluster.set_stage(pod, Stage.LOST)
    yield DOWN
    node.booted = cluster.clock()
    cluster.store_node(node)  # its taint of a stopped instance is gone
    yield BOOT
    yield from _come_back(life, node)


def _come_back(life: Player, node: NodeState) -> Script:
    """Let the kubelet of a booted node start its pods again."""
    cluster, stopped = life.cluster, node.renewed
    node.silent = False
    if cluster.nodes.get(node.name) is not node:
        return
    cluster.renew(node)
    cluster.set_ready(node, "True")
    rebooted = f"Node {node.name} has been rebooted, boot id: {boot_id(node)}"
    cluster.events.node(node, "Rebooted", rebooted, "Warning")
    started = [pod for pod in cluster.pods_on(node) if _start_again(life, pod, stopped)]
    yield 4.0
    for pod in started:
        if pod_scripts.still(cluster, pod, Stage.STARTING):
            cluster.set_stage(pod, Stage.RUNNING)
            life.welcome(pod.key)


def _start_again(life: Player, pod: PodState, stopped: float) -> bool:
    """Start a pod's containers after its node has booted; return whether they ran before."""
    cluster = life.cluster
    if not pod.counts or pod.deleted or pod.stage is Stage.IMAGE_PULL:
        return False
    if pod.workload.kind == "Job":  # its pods aren't restarted; the Job's history drops this one
        cluster.remove_pod(pod)
        return False
    if not pod.up:
        life.begin(pod_scripts.run(cluster, pod))
        return False
    containers.reboot(pod, max(pod.started, stopped), cluster.clock())
    cluster.set_stage(pod, Stage.STARTING)
    return True
