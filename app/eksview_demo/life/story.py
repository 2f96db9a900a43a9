"""The demo's story: what goes wrong in the cluster, in turns, for as long as it runs."""

from eksview_demo.cluster import csr
from eksview_demo.cluster.build import OLD_VERSION, VERSION, Builder
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.event_log import FLUSH
from eksview_demo.cluster.nodes import karpenter
from eksview_demo.cluster.nodes.node_state import Group, NodeState, Rollout
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import DAEMONS
from eksview_demo.life import changes, outages, pod_scripts
from eksview_demo.life.player import Player
from eksview_demo.life.pod_scripts import Script
from eksview_demo.storage.resources import NODE_CLAIMS

NEW_VERSION = "v1.33.4-eks-1a2b3c4"

PRESSURE_TRANSITION = 300.0  # seconds: the kubelet's evictionPressureTransitionPeriod
_ROLLED = 8  # nodes of a group replaced in one update: enough to see


def story(life: Player) -> Script:
    """Return the script of an outage, memory pressure and a rolling update in turns.

    The first instance is stopped at once, as of some time before anyone looks.
    """
    return _turns(life, outages.stop(life.cluster, ago=38.0))


def _turns(life: Player, stopped: NodeState | None) -> Script:
    cluster = life.cluster
    life.begin(pod_scripts.crash_loops(cluster, life.begin))
    life.begin(pod_scripts.stuck(cluster, life.begin), after=FLUSH / 2)
    life.begin(ssm_sessions(cluster), after=20.0)
    life.begin(failing_launches(cluster))
    yield 2.0
    while True:
        life.begin(outages.outage(life, stopped))
        yield 25.0
        life.begin(pressure(life))
        yield 20.0
        life.begin(rolling_update(life))
        life.begin(changes.release(cluster, life.welcome), after=15.0)
        yield 75.0
        life.begin(new_leader(life))
        yield 90.0
        stopped = outages.stop(cluster)


def failing_launches(cluster: DemoCluster) -> Script:
    """Let Karpenter claim a node that EC2 refuses, give it up after five minutes and try again."""
    while True:
        name = f"{karpenter.GPU}-{cluster.names.uid()[:5]}"
        draft = karpenter.failed_claim(name, cluster.names.uid(), cluster.clock())
        cluster.storage.put(NODE_CLAIMS, draft)
        yield karpenter.GIVEN_UP
        cluster.storage.delete(NODE_CLAIMS, name)
        yield 10.0


def ssm_sessions(cluster: DemoCluster) -> Script:
    """Open a session on a node now and then, and end it again."""
    while True:
        cluster.ssm_sessions.expire(cluster.clock())
        session = cluster.ssm_sessions.come(cluster.nodes.values(), cluster.clock())
        yield 75.0
        if session is not None and session.ended is None:
            session.ended = cluster.clock()
        yield 105.0


def pressure(life: Player) -> Script:
    """Put a node under memory pressure, unless one is; it evicts two pods and recovers."""
    cluster = life.cluster
    if any(node.pressure for node in cluster.nodes.values()):
        return
    node = _choose(cluster, "nodepool") or _choose(cluster, "nodegroup")
    if node is None:
        return
    cluster.set_pressure(node, True)
    yield 2.0
    victims = [
        pod
        for pod in _running(cluster, node)
        # The kubelet never evicts a critical pod; its priority class says which is.
        if pod.workload.kind == "Deployment" and not pod.workload.priority_class
    ]
    for pod in victims[:2]:
        life.begin(_joining(life, pod_scripts.evict(cluster, pod)))
        yield 1.5
    yield PRESSURE_TRANSITION
    if cluster.nodes.get(node.name) is node:
        cluster.set_pressure(node, False)


def rolling_update(life: Player) -> Script:
    """Replace each node of a group by one of another version: join, cordon, drain, leave."""
    cluster = life.cluster
    if any(rollout.goes_on for rollout in cluster.rollouts.values()):
        return  # EKS refuses a second update of a nodegroup
    group = _group_to_roll(cluster)
    if group is None:
        return
    version = VERSION
    if any(node.version == VERSION for node in _nodes_of(cluster, group)):
        version = NEW_VERSION
    builder = Builder(cluster)
    outdated = [node for node in _nodes_of(cluster, group)[:_ROLLED] if node.version != version]
    if not outdated:
        return
    rollout = Rollout(outdated[0].version, version, cluster.clock())
    cluster.rollouts[group.name] = rollout
    for old in outdated:
        new = builder.node(group, zone=old.zone)
        new.version, new.ready = version, "False"
        cluster.join(new)
        life.follow(new)
        life.begin(csr.join(cluster, new))
        for workload in DAEMONS:
            starting = pod_scripts.start(cluster, cluster.new_pod(workload), new)
            life.begin(_joining(life, starting))
        yield 8.0
        cluster.set_ready(new, "True")
        yield 3.0
        yield from drain(life, old)
        yield 4.0
    rollout.ended = cluster.clock()


def drain(life: Player, node: NodeState) -> Script:
    """Cordon a node, move its pods to other nodes, and delete it."""
    cluster = life.cluster
    while node.silent:  # its pods couldn't be stopped
        yield 5.0
    if cluster.nodes.get(node.name) is not node:
        return
    cluster.cordon(node)
    yield 2.0
    movable = [
        pod
        for pod in cluster.pods_on(node)
        if pod.counts and not pod.deleted and pod.workload.kind not in ("DaemonSet", "Job", "Pod")
    ]
    for pod in movable:
        if pod.key in cluster.pods and not pod.deleted:
            life.begin(_joining(life, pod_scripts.replace(cluster, pod)))
        yield min(1.0, 10.0 / len(movable))
    yield 5.0
    if cluster.nodes.get(node.name) is node:
        cluster.leave(node)


def new_leader(life: Player) -> Script:
    """Make kube-scheduler's other replica the leader."""
    cluster = life.cluster
    hosts = sorted({leader.host for leader in cluster.leaders if leader.host})
    for leader in cluster.leaders:
        if leader.name == "kube-scheduler" and hosts:
            current = leader.holder.split("_", 1)[0]
            successor = next((host for host in hosts if host != current), current)
            leader.holder = f"{successor}_{cluster.names.uid()}"
            leader.acquired = cluster.clock()
            leader.transitions += 1
            cluster.renew_leader(leader)
    yield 0.0


def _joining(life: Player, making: pod_scripts.Making) -> Script:
    """Let a new pod take part in the churn once it runs."""
    life.welcome((yield from making))


def _choose(cluster: DemoCluster, kind: str) -> NodeState | None:
    fit = [node for node in cluster.nodes.values() if node.fit and node.group.kind == kind]
    return cluster.chance.choice(fit) if len(fit) > 1 else None


def _group_to_roll(cluster: DemoCluster) -> Group | None:
    """Return the nodegroup with a node on the oldest version, so that groups take turns."""
    nodes = [node for node in cluster.nodes.values() if node.group.kind == "nodegroup"]
    order = {OLD_VERSION: 0, VERSION: 1, NEW_VERSION: 2}
    oldest = min(nodes, key=lambda node: (order[node.version], node.created), default=None)
    return oldest.group if oldest else None


def _nodes_of(cluster: DemoCluster, group: Group) -> list[NodeState]:
    return sorted(
        (node for node in cluster.nodes.values() if node.group == group),
        key=lambda node: node.created,
    )


def _running(cluster: DemoCluster, node: NodeState) -> list[PodState]:
    return [pod for pod in cluster.pods_on(node) if pod.stage is Stage.RUNNING and not pod.deleted]
