"""The demo cluster: its nodes, pods, leases and events, and what can happen to them.

Every method changes the state and stores the objects touched, so that whoever watches sees it.
Nothing here knows about time passing; `life` decides when.
"""

import contextlib
import gc
import hashlib
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from eksview_demo.cluster.controllers.manager import Controllers
from eksview_demo.cluster.controllers.services import Services
from eksview_demo.cluster.event_log import EventLog
from eksview_demo.cluster.nodes import karpenter, node_shape
from eksview_demo.cluster.nodes.node_state import NodeState, Rollout
from eksview_demo.cluster.nodes.ssm_sessions import SsmSessions
from eksview_demo.cluster.objects.leaders import Leader, leader_lease
from eksview_demo.cluster.objects.node_pools import NodePools
from eksview_demo.cluster.pods import pod_shape
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage.resources import LEASES, NODE_CLAIMS, NODES, PODS
from eksview_demo.storage.storage import Draft, Storage
from eksview_demo.times import Clock

GIT_VERSION = "v1.33.4-eks-1a2b3c4"
_DAY = 86_400.0
DEPARTED = 8
"""Nodes that are remembered after they left: EC2 shows a terminated instance for an hour."""


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Let the collector rest: it would walk hundreds of thousands of objects in vain."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Names:
    """Identifiers that look like Kubernetes' and AWS's, from one seeded source of chance."""

    _ALPHABET = "bcdfghjklmnpqrstvwxz2456789"  # apimachinery's rand.SafeEncodeString

    def __init__(self, chance: random.Random, seed: int = 0) -> None:
        self._chance = chance
        self.seed = seed

    def uid(self) -> str:
        digits = f"{self._chance.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def stable(self, *parts: str) -> str:
        """Return the uid of what is always the same, such as a namespace's Deployment of a name."""
        text = "/".join((str(self.seed), *parts))
        digits = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def suffix(self, length: int = 5) -> str:
        """Return the suffix that a ReplicaSet adds to a pod's name."""
        return "".join(self._chance.choices(self._ALPHABET, k=length))

    def instance(self) -> str:
        """Return an EC2 instance id."""
        return f"i-0{self._chance.getrandbits(64):016x}"


def exhaust(script: Iterator[float]) -> None:
    """Run a script to its end at once, in a cluster without a life of its own."""
    deque(script, maxlen=0)


class DemoCluster:
    """State and storage of one cluster. `build` (in `build.py`) fills it."""

    def __init__(self, seed: int = 0, clock: Clock = time.time, max_events: int = 400) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a demo's dice
        self.names = Names(self.chance, seed)
        self.clock = clock
        self.storage = Storage()
        self.git_version = GIT_VERSION
        self.nodes: dict[str, NodeState] = {}
        self.pods: dict[str, PodState] = {}
        self.leaders: list[Leader] = []
        self.events = EventLog(self.storage, self.chance, self.names.uid, clock, max_events)
        self.departed: deque[tuple[NodeState, float]] = deque(maxlen=DEPARTED)
        self.ssm_sessions = SsmSessions(seed)
        self.rollouts: dict[str, Rollout] = {}  # the last of each nodegroup
        self.controllers = Controllers(self.storage, self.names.stable, clock, self.events)
        self.pools = NodePools(self.storage, self.names.stable, clock() - 90 * _DAY)
        self.services = Services(self.storage, self.names.stable)
        self.owners: dict[tuple[str, str], str] = {}
        self.begin: Callable[[Iterator[float]], None] = exhaust  # `Life` lets time pass
        self._next_ip = 0

    # storing

    def store_node(self, node: NodeState) -> None:
        """Store a node as it is now."""
        self.storage.put(NODES, node_shape.draft(node))

    def store_pod(self, pod: PodState) -> None:
        """Store a pod as it is now, and its owner if that counts it differently."""
        self.storage.put(PODS, pod_shape.draft(pod))
        self.controllers.observe(pod)
        self.services.observe(pod)

    def load(self, pods: Iterable[PodState], leaders: Iterable[Leader]) -> None:
        """Store the nodes and these pods at once, leaving no trace in any watch's log."""
        self.pods = {pod.key: pod for pod in pods}
        self.leaders = list(leaders)
        storage = self.storage
        storage.load(NODES, [node_shape.draft(node) for node in self.nodes.values()])
        storage.load(PODS, (pod_shape.draft(pod) for pod in self.pods.values()))
        self.controllers.load(self.pods.values())
        owned = [owner.workload for owner in self.controllers.workloads.values()]
        self.services.load(owned, self.pods.values(), self.clock() - 90 * _DAY)
        storage.load(LEASES, self._leases())
        storage.load(NODE_CLAIMS, self._claims())

    def _leases(self) -> Iterator[Draft]:
        yield from (node_shape.lease(node) for node in self.nodes.values())
        yield from (leader_lease(leader) for leader in self.leaders)

    def _claims(self) -> Iterator[Draft]:
        for node in self.nodes.values():
            if node.group.kind == "nodepool":
                yield karpenter.claim(node, node.created + karpenter.READY)

    # nodes

    def join(self, node: NodeState) -> None:
        """Register a node and its lease."""
        self.nodes[node.name] = node
        self.store_node(node)
        self.storage.put(LEASES, node_shape.lease(node))
        if node.group.kind == "nodepool":
            self.storage.put(NODE_CLAIMS, karpenter.claim(node, None))
        self.pools.change(node, 1)
        self.controllers.join(node)
        message = f"Node {node.name} event: Registered Node {node.name} in Controller"
        self.events.node(node, "RegisteredNode", message, source="node-controller")

    def leave(self, node: NodeState) -> None:
        """Delete a node, its lease and the pods that still run on it."""
        for pod in self.pods_on(node):
            self.remove_pod(pod)
        message = f"Node {node.name} event: Removing Node {node.name} from Controller"
        self.events.node(node, "RemovingNode", message, source="node-controller")
        del self.nodes[node.name]
        self.controllers.leave(node)
        self.departed.append((node, self.clock()))
        self.ssm_sessions.close(node.instance, self.clock())
        self.storage.delete(NODES, node.name)
        self.storage.delete(LEASES, f"kube-node-lease/{node.name}")
        self.storage.delete(NODE_CLAIMS, karpenter.claim_name(node))
        self.pools.change(node, -1)

    def renew(self, node: NodeState) -> None:
        """Renew a node's lease."""
        node.renewed = self.clock()
        self.storage.put(LEASES, node_shape.lease(node))

    def report(self, node: NodeState) -> None:
        """Post a node's status, as its kubelet does."""
        node.heard = self.clock()
        self.store_node(node)

    def renew_leader(self, leader: Leader) -> None:
        """Renew the lease of a leader or of an API server."""
        leader.renewed = self.clock()
        self.storage.put(LEASES, leader_lease(leader))

    def set_ready(self, node: NodeState, status: str) -> None:
        """Set Ready to True, False or Unknown."""
        now = self.clock()
        if status == "True" and node.group.kind == "nodepool" and node.changed <= node.created:
            self.storage.put(NODE_CLAIMS, karpenter.claim(node, now))  # Ready for the first time
        if node.ready == "Unknown":
            node.recovered = now
        node.ready, node.changed = status, now
        if status != "Unknown":
            node.heard = now
        self.store_node(node)
        if status == "True":
            self.events.node(node, "NodeReady", f"Node {node.name} status is now: NodeReady")
            return
        message = f"Node {node.name} status is now: NodeNotReady"
        source = "kubelet" if status == "False" else "node-controller"
        self.events.node(node, "NodeNotReady", message, source=source)

    def set_pressure(self, node: NodeState, short: bool) -> None:
        """Set or clear memory pressure."""
        now = self.clock()
        node.pressure, node.cleared = (now, 0.0) if short else (0.0, now)
        self.report(node)
        reason = "NodeHasInsufficientMemory" if short else "NodeHasSufficientMemory"
        self.events.node(node, reason, f"Node {node.name} status is now: {reason}")

    def cordon(self, node: NodeState) -> None:
        """Mark a node unschedulable."""
        node.cordoned = self.clock()
        self.store_node(node)
        reason = "NodeNotSchedulable"
        self.events.node(node, reason, f"Node {node.name} status is now: {reason}")

    def pods_on(self, node: NodeState) -> list[PodState]:
        return [pod for pod in self.pods.values() if pod.node == node.name]

    # pods

    def new_pod(self, workload: Workload, name: str = "", job: str = "") -> PodState:
        """Return a pod that isn't stored yet, made of its controller's template as it is now.

        `job` names the Job of the pod of one.
        """
        now = self.clock()
        workload = self.controllers.current(workload)
        return PodState(
            self.names.uid(),
            name or self._free_name(workload, job),
            workload,
            now,
            Stage.NEW,
            now,
            owner_uid=self.owner_uid(workload, job),
            job=job,
        )

    def _free_name(self, workload: Workload, job: str) -> str:
        """Return a name that no pod has; in a real cluster the second creation would be refused."""
        while True:
            name = f"{job or workload.owner_name}-{self.names.suffix()}"
            if f"{workload.namespace}/{name}" not in self.pods:
                return name

    def owner_uid(self, workload: Workload, job: str = "") -> str:
        """Return the uid of a workload's ReplicaSet, DaemonSet, StatefulSet or Job."""
        if job:
            return self.names.stable("Job", workload.namespace, job)
        if uid := self.controllers.uid_of_next(workload):
            return uid
        key = (workload.namespace, workload.name)
        return self.owners.setdefault(key, self.names.uid())

    def add_pod(self, pod: PodState) -> None:
        self.pods[pod.key] = pod
        self.store_pod(pod)

    def bind(self, pod: PodState, node: NodeState) -> None:
        """Bind a pod to a node; it is counted there, not stored."""
        pod.node, pod.host_ip = node.name, node.ip
        pod.bound = pod.turned = self.clock()
        # A Fargate pod has the only network interface of its machine.
        shared = pod.workload.host_network or node.group.kind == "fargate"
        pod.ip = node.ip if shared else self.pod_ip()
        self.events.attempts["scheduled"] += 1
        node.pods += 1
        node.cpu += pod.workload.cpu
        node.memory += pod.workload.memory

    def set_stage(self, pod: PodState, stage: Stage) -> None:
        """Move a pod to another stage, unless it is deleted by now."""
        if self.pods.get(pod.key) is not pod:
            return
        counted = pod.counts
        now = self.clock()
        if (stage is Stage.RUNNING) is not (pod.stage is Stage.RUNNING):
            pod.turned = now
        pod.stage, pod.since = stage, now
        if counted and not pod.counts:
            self.unbind(pod)
        self.store_pod(pod)

    def terminate(self, pod: PodState, grace: float = 30.0) -> None:
        """Ask a pod to go: it is Terminating until it is removed."""
        pod.deleted = self.clock() + grace
        self.store_pod(pod)

    def remove_pod(self, pod: PodState) -> None:
        """Delete a pod, unless it is deleted or replaced by now."""
        if self.pods.get(pod.key) is not pod:  # gone, or another has its name by now
            return
        del self.pods[pod.key]
        if pod.counts:
            self.unbind(pod)
        self.storage.delete(PODS, pod.key)
        self.controllers.forget(pod)
        self.services.forget(pod)

    def pod_ip(self) -> str:
        """Return the next free address of the VPC's secondary range."""
        self._next_ip += 1
        high, low = divmod(self._next_ip, 250)
        return f"100.{64 + high // 250}.{high % 250}.{low + 1}"

    def unbind(self, pod: PodState) -> None:
        """Release what a pod holds of its node."""
        node = self.nodes.get(pod.node)
        if node is not None:
            node.pods -= 1
            node.cpu -= pod.workload.cpu
            node.memory -= pod.workload.memory
