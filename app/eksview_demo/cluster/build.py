"""Filling the demo cluster: nodes of three kinds of group, and pods on them, some in trouble."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import msgspec

from eksview_demo.cluster import api_services
from eksview_demo.cluster.cluster import DemoCluster, without_collector
from eksview_demo.cluster.controllers import services
from eksview_demo.cluster.controllers.manager import NIGHT
from eksview_demo.cluster.event_log import FLUSH
from eksview_demo.cluster.nodes import karpenter, scheduling
from eksview_demo.cluster.nodes.node_state import (
    C6I_2XLARGE,
    FARGATE,
    M6I_4XLARGE,
    M6I_LARGE,
    M6I_XLARGE,
    REGION,
    ZONES,
    Group,
    Machine,
    NodeState,
)
from eksview_demo.cluster.objects import configuration, custom_types, policies, rbac, volumes
from eksview_demo.cluster.objects.leaders import Leader
from eksview_demo.cluster.objects.namespaces import namespace_draft
from eksview_demo.cluster.pods import containers
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import (
    BATCH,
    CRASHING,
    DAEMONS,
    DEBUG,
    FREE,
    MISTAGGED,
    NAMESPACES,
    SERVERLESS,
    SYSTEM,
    TOO_LARGE,
    Workload,
)
from eksview_demo.storage import template
from eksview_demo.storage.resources import (
    AUTOSCALERS,
    CLAIMS,
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    CONFIG_MAPS,
    ROLE_BINDINGS,
    ROLES,
    Resource,
)
from eksview_demo.storage.resources import NAMESPACES as NAMESPACE_OBJECTS
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, rfc3339

ROLE = "arn:aws:iam::111122223333:role"
NODE_GROUPS = ("default", "ng-general", "ng-spot")
"""Groups whose node roles are mapped; ng-canary's is missing, so its instance can't join."""
_NODE = "system:node:{{EC2PrivateDNSName}}"
_VIEWER = "arn:aws:sts::111122223333:assumed-role/eksview-demo-viewer/{{SessionName}}"
_FARGATE = "system:node:{{SessionName}}"
_NODES = ("system:bootstrappers", "system:nodes")


def _mapped(role: str, user: str, *groups: str) -> str:
    listed = "".join(f"  - {group}\n" for group in groups)
    return f"- rolearn: {ROLE}/{role}\n  username: {user}\n  groups:\n{listed}"


def roles() -> str:
    """Return the text of mapRoles. The last role has a path and therefore never matches.

    The role of the one before it is gone from IAM, and nobody has cleaned up.
    """
    nodes = [_mapped(f"eksview-demo-node-{group}", _NODE, *_NODES) for group in NODE_GROUPS]
    fargate = _mapped("eksview-demo-fargate", _FARGATE, *_NODES, "system:node-proxier")
    people = [
        _mapped("eksview-demo-viewer", _VIEWER, "eksview-demo:viewers"),
        _mapped("eksview-demo-migration", "migration", "eksview-demo:viewers"),
        _mapped("teams/shop/eksview-demo-oncall", "oncall:{{SessionName}}", "eksview-demo:viewers"),
    ]
    return "".join([*nodes, fargate, *people])


def config_map(uid: str, created: float) -> Draft:
    data = {"mapRoles": roles()}
    at = rfc3339(created)
    metadata = {
        "name": "aws-auth",
        "namespace": "kube-system",
        "uid": uid,
        "creationTimestamp": at,
        "managedFields": [managed("eks-api-server", "v1", at, {"data": data})],
    }
    return Draft("kube-system", "aws-auth", template.tail({"metadata": metadata, "data": data}), {})


VERSION = "v1.33.3-eks-3abbec1"
POOL = "default"
"""The node pool of Karpenter that has nodes."""
OLD_VERSION = "v1.32.9-eks-113cf36"

_DAY = 86_400.0
_CROWDED = 8  # pods a node, from which larger instances are used
_TEAM = 2000  # pods of one team's namespace
_FARGATE_BOOT = 45.0  # seconds a Fargate pod waits for its node


def build(cluster: DemoCluster, nodes: int = 10, pods: int = 80) -> None:
    """Fill an empty cluster with exactly so many nodes and pods."""
    now = cluster.clock()
    builder = Builder(cluster, pods / max(nodes, 1) > _CROWDED)
    machines = [builder.node(group, now) for group in builder.groups(nodes)]
    builder.age_one(machines)
    cluster.nodes = {node.name: node for node in machines}
    teams = pods // _TEAM
    placed = list(islice(builder.pods(machines, teams), pods))
    builder.leave_bare(placed)
    waiting = [pod for pod in placed if pod.stage is Stage.UNSCHEDULABLE]
    refusals = {each: scheduling.refusal(machines, each) for each in {p.workload for p in waiting}}
    for pod in waiting:
        pod.tried = refusals[pod.workload]
    names = [*NAMESPACES, *(f"team-{number:03d}" for number in range(1, teams + 1))]
    with without_collector():
        cluster.load(placed, builder.leaders(now))
        _load_fixed_objects(cluster, names, now - 90 * _DAY)
        _load_plain_objects(cluster, names, now - 90 * _DAY)
    cluster.ssm_sessions.begin(machines, now)
    for pod in placed:
        _history(cluster, pod, now)
    _trouble_of_objects(cluster, now)


class Builder:
    """Makes nodes and pods; also used when a node joins later."""

    def __init__(self, cluster: DemoCluster, crowded: bool = False) -> None:
        self._cluster = cluster
        self._chance = cluster.chance
        self._taken: set[str] = {node.ip for node in cluster.nodes.values()}
        self._crowded = crowded

    def groups(self, nodes: int) -> Iterator[Group]:
        """Yield a group for each node, in a mix of 4 : 2 : 3 and a little Fargate."""
        large = M6I_4XLARGE if self._crowded and nodes > 50 else None
        general = Group("nodegroup", "ng-general", large or M6I_LARGE)
        spot = Group("nodegroup", "ng-spot", large or M6I_XLARGE, "SPOT")
        pool = Group("nodepool", POOL, large or C6I_2XLARGE)
        fargate = Group("fargate", "serverless", FARGATE)
        serverless = min(nodes // 8, 1 + nodes // 100)
        mix = (general, spot, pool, general, pool, general, spot, pool, general)
        for number in range(nodes - serverless):
            yield mix[number % len(mix)]
        for _ in range(serverless):
            yield fargate

    def node(self, group: Group, created: float = 0.0, zone: str = "") -> NodeState:
        """Return a Ready node of a group; `created` 0: just now, otherwise days before that."""
        cluster, chance = self._cluster, self._chance
        now = cluster.clock()
        born = created - chance.uniform(1, 40) * _DAY if created else now
        zone = zone or ZONES[len(self._taken) % len(ZONES)]
        address = self._address(ZONES.index(zone))
        name = f"ip-{address.replace('.', '-')}.{REGION}.compute.internal"
        fargate = group.kind == "fargate"
        return NodeState(
            f"fargate-{name}" if fargate else name,
            cluster.names.uid(),
            address,
            zone,
            group,
            VERSION,
            cluster.names.uid()[:10] if fargate else cluster.names.instance(),
            born,
            heard=now - chance.uniform(0, 280) if created else now,
            renewed=now - chance.uniform(0, 10) if created else now,
            changed=born + 18 if created else now,
            lease_uid=cluster.names.uid(),
        )

    def age_one(self, nodes: list[NodeState]) -> None:
        """Leave one node of a group behind on the version before."""
        for node in nodes:
            if node.group.name == "ng-spot":
                node.version = OLD_VERSION
                return

    def _address(self, zone: int) -> str:
        while True:
            block = zone + 1 + 3 * (len(self._taken) // 600)
            address = f"10.0.{block}.{self._chance.randint(4, 254)}"
            if address not in self._taken:
                self._taken.add(address)
                return address

    # pods

    def pods(self, nodes: list[NodeState], teams: int) -> Iterator[PodState]:
        """Yield pods without end: the essential ones first, then what the nodes have room for."""
        seen: set[str] = set()
        for pod in chain(
            self._essential(nodes),
            self._trouble(nodes),
            self._daemons(nodes),
            self._free(nodes, teams),
        ):
            if pod.key in seen:  # two random suffixes alike, once in a few hundred thousand
                self._cluster.unbind(pod)
                continue
            seen.add(pod.key)
            yield pod

    def _essential(self, nodes: list[NodeState]) -> Iterator[PodState]:
        for replicas, workload in SYSTEM:
            for ordinal in range(replicas):
                name = f"{workload.name}-{ordinal}" if workload.kind == "StatefulSet" else ""
                yield self._placed(workload, nodes, name)
        for node in nodes:
            if node.group.kind == "fargate":
                yield self._on(SERVERLESS, node)

    def _trouble(self, nodes: list[NodeState]) -> Iterator[PodState]:
        yield self._broken(CRASHING, nodes, Stage.CRASH_LOOP, 14)
        yield self._broken(MISTAGGED, nodes, Stage.IMAGE_PULL, 0)
        yield self._pending(TOO_LARGE, 3 * 3600)
        yield self._broken(CRASHING, nodes, Stage.OOM, 5)
        nights: set[float] = set()
        for _ in range(3):
            pod = self._broken(BATCH, nodes, Stage.COMPLETED, 0)
            self._own(pod, nights)
            yield pod

    def _own(self, pod: PodState, taken: set[float]) -> None:
        """Let the Job of the last night that has none yet own a pod."""
        night = (pod.created - NIGHT) // _DAY * _DAY + NIGHT
        while night in taken:
            night -= _DAY
        taken.add(night)
        pod.job = f"{pod.workload.name}-{int(night / 60)}"
        pod.name = f"{pod.job}-{pod.name[-5:]}"
        pod.owner_uid = self._cluster.owner_uid(pod.workload, pod.job)

    def leave_bare(self, pods: list[PodState]) -> None:
        """Replace the last pod that a Deployment can spare by a bare one, if there is any."""
        replicas = Counter(pod.workload.key for pod in pods)
        for at in range(len(pods) - 1, -1, -1):
            workload = pods[at].workload
            if workload.kind == "Deployment" and workload.weight and replicas[workload.key] > 1:
                pods[at] = self._bare(pods[at])
                return

    def _bare(self, old: PodState) -> PodState:
        """Return a bare pod where another was, and as old."""
        self._cluster.unbind(old)
        bare = PodState(old.uid, DEBUG.name, DEBUG, old.created, old.stage, old.since)
        if old.node:
            self._cluster.bind(bare, self._cluster.nodes[old.node])
        for field in ("bound", "up", "started", "turned"):
            setattr(bare, field, getattr(old, field))
        return bare

    def _daemons(self, nodes: list[NodeState]) -> Iterator[PodState]:
        for node in nodes:
            if node.group.kind != "fargate":
                for workload in DAEMONS:
                    yield self._on(workload, node)

    def _free(self, nodes: list[NodeState], teams: int) -> Iterator[PodState]:
        workloads = [*FREE, *self._teams(teams)]
        weights = [workload.weight for workload in workloads]
        ordinals: dict[int, int] = {}
        while True:
            for workload in self._chance.choices(workloads, weights, k=1000):
                name = ""
                if workload.kind == "StatefulSet":
                    ordinal = ordinals.get(id(workload), 0)
                    ordinals[id(workload)] = ordinal + 1
                    name = f"{workload.name}-{ordinal}"
                yield self._placed(workload, nodes, name)

    def _teams(self, teams: int) -> Iterator[Workload]:
        for team in range(1, teams + 1):
            namespace = f"team-{team:03d}"
            for workload in FREE:
                yield msgspec.structs.replace(workload, namespace=namespace)

    def _broken(
        self, workload: Workload, nodes: list[NodeState], stage: Stage, restarts: int
    ) -> PodState:
        pod = self._placed(workload, nodes)
        if not pod.node:
            return pod
        pod.stage, pod.restarts = stage, restarts
        match stage:
            case Stage.CRASH_LOOP:
                pod.stage = Stage.ERROR
                containers.fail_again(pod, self._cluster.clock() - 130.0)
                containers.end_run(pod)
                pod.stage, pod.since = stage, pod.since + 2
            case Stage.OOM:
                containers.fail_again(pod, self._cluster.clock() - 2.0)
            case Stage.COMPLETED:
                pod.started = pod.up
                pod.since = pod.turned = pod.up + 20
                self._cluster.unbind(pod)
            case _:
                pod.since = pod.created + 2
                pod.turned, pod.up, pod.started = pod.bound, 0.0, 0.0
        return pod

    def _placed(self, workload: Workload, nodes: list[NodeState], name: str = "") -> PodState:
        node = place(self._cluster, nodes, workload)
        if node is None:
            return self._pending(workload, 600, name)
        return self._on(workload, node, name)

    def _on(self, workload: Workload, node: NodeState, name: str = "") -> PodState:
        pod = self._cluster.new_pod(workload, name)
        self._cluster.bind(pod, node)
        pod.stage = Stage.RUNNING
        age = self._cluster.clock() - node.created
        aged = age * self._chance.uniform(0.05, 0.99)
        # A Fargate node is made for its pod, which has waited for it.
        return self._aged(pod, age + _FARGATE_BOOT if node.group.kind == "fargate" else aged)

    def _pending(self, workload: Workload, age: float, name: str = "") -> PodState:
        """Return a pod that no node takes; what the scheduler says follows with all nodes known."""
        pod = self._cluster.new_pod(workload, name)
        pod.stage = Stage.UNSCHEDULABLE
        pod.created = pod.since = pod.created - age
        return pod

    def _aged(self, pod: PodState, age: float) -> PodState:
        fargate = pod.workload.fargate
        pod.created = pod.created - age
        pod.bound = pod.created + _FARGATE_BOOT if fargate else pod.created
        pod.up = pod.started = pod.bound + 3
        pod.since = pod.turned = pod.bound + 4
        if self._chance.random() < 0.06:
            pod.restarts = self._chance.randint(1, 4)
            long_runs = pod.restarts * (containers.FORGOTTEN + 100)  # none was backed off
            ended = min(max(age * self._chance.random(), long_runs), age - 10)
            containers.restarted(pod, pod.created + ended)
        return pod

    # leases

    def leaders(self, now: float) -> Iterator[Leader]:
        """Yield the control plane's leases: a leader for each controller and two API servers."""
        names = self._cluster.names
        hosts = [f"ip-10-0-{block}.{REGION}.compute.internal" for block in ("71-21", "93-3")]
        for name, at, duration in (
            ("kube-scheduler", 0, 15),
            ("kube-controller-manager", 0, 15),
            ("cloud-controller-manager", 1, 15),
            ("eks-certificates-controller", 1, 15),
            ("cp-vpc-resource-controller", 0, 15),
        ):
            holder = f"{hosts[at]}_{names.uid()}"
            acquired = now - self._chance.uniform(2, 20) * _DAY
            transitions = self._chance.randint(1, 9)
            leader = Leader(name, holder, names.uid(), acquired, now, 2.0, duration)
            leader.transitions, leader.created = transitions, now - 90 * _DAY
            yield leader
        for host in hosts:
            name = f"apiserver-{names.suffix(26)}"
            holder = f"{name}_{names.uid()}"
            acquired = now - self._chance.uniform(2, 20) * _DAY
            yield Leader(name, holder, names.uid(), acquired, now, 10.0, 3600, host=host)


def place(cluster: DemoCluster, nodes: list[NodeState], workload: Workload) -> NodeState | None:
    """Return the emptier of two random fitting nodes, as a scheduler; None when none has room."""
    for _ in range(6):
        first, second = cluster.chance.choice(nodes), cluster.chance.choice(nodes)
        candidates = [node for node in (first, second) if _takes(node, workload)]
        if candidates:
            return min(candidates, key=_load)
    fitting = [node for node in nodes if _takes(node, workload)]
    return min(fitting, key=_load, default=None)


def _load_fixed_objects(cluster: DemoCluster, namespaces: Iterable[str], created: float) -> None:
    """Fill in namespaces, roles and their bindings, and the ConfigMap that maps IAM roles."""
    uid, load = cluster.names.uid, cluster.storage.load
    load(NAMESPACE_OBJECTS, [namespace_draft(name, uid(), created) for name in namespaces])
    load(CLUSTER_ROLES, list(rbac.role_drafts(uid, created, clustered=True)))
    load(ROLES, list(rbac.role_drafts(uid, created, clustered=False)))
    load(CLUSTER_ROLE_BINDINGS, list(rbac.binding_drafts(uid, created, clustered=True)))
    load(ROLE_BINDINGS, list(rbac.binding_drafts(uid, created, clustered=False)))
    load(CONFIG_MAPS, [config_map(uid(), created)])


def _load_plain_objects(cluster: DemoCluster, namespaces: list[str], created: float) -> None:
    """Fill in what stays as it is: configuration, policies, volumes and custom resources."""
    uid_of, loaded = cluster.names.stable, defaultdict[Resource, list[Draft]](list)
    workloads = [owner.workload for owner in cluster.controllers.workloads.values()]
    claimed = [
        (pod.workload, pod.name, cluster.nodes[pod.node].zone if pod.node else ZONES[0])
        for pod in cluster.pods.values()
        if volumes.has_claim(pod.workload)
    ]
    for plain in chain(
        configuration.objects(namespaces, workloads),
        policies.objects(namespaces),
        services.without_pods(),
        volumes.objects(claimed, uid_of),
        custom_types.objects(namespaces, created),
        api_services.objects(created),
    ):
        uid = uid_of(plain.resource.kind, plain.namespace, plain.name)
        loaded[plain.resource].append(plain.draft(uid, created))
    for resource, drafts in loaded.items():
        cluster.storage.load(resource, drafts)
    cluster.pools.load((POOL, karpenter.GPU), cluster.nodes.values())


def _takes(node: NodeState, workload: Workload) -> bool:
    return node.fit and node.fits(workload.cpu, workload.memory)


def _load(node: NodeState) -> float:
    machine: Machine = node.group.machine
    return node.cpu / machine.cpu_allocatable + node.memory / machine.memory_allocatable


def _trouble_of_objects(cluster: DemoCluster, now: float) -> None:
    """Record why a claim isn't bound and an autoscaler doesn't scale."""
    span = (now - 3000.0, now - 11.0)
    for resource, namespace, name, source, reason, message in (
        (
            CLAIMS,
            "batch",
            volumes.ARCHIVE,
            "persistentvolume-controller",
            "ProvisioningFailed",
            'storageclass.storage.k8s.io "gp3-archive" not found',
        ),
        (
            AUTOSCALERS,
            CRASHING.namespace,
            CRASHING.name,
            "horizontal-pod-autoscaler",
            "FailedGetResourceMetric",
            "failed to get cpu utilization: did not receive metrics for targeted pods",
        ),
    ):
        key = f"{namespace}/{name}"
        if key in cluster.storage.table(resource).objects:
            uid = cluster.names.stable(resource.kind, namespace, name)
            about = (resource.kind, namespace, name, uid, resource.api_version)
            cluster.events.record(about, ("Warning", reason, message), source, span=span)


def _history(cluster: DemoCluster, pod: PodState, now: float) -> None:
    """Record the events that explain a failing pod."""
    match pod.stage:
        case Stage.CRASH_LOOP:
            cluster.events.back_off(pod, (containers.first_wait(pod), now - 7))
        case Stage.OOM:
            cluster.events.back_off(pod, (containers.first_wait(pod), pod.started - 9))
        case Stage.IMAGE_PULL:
            cluster.events.pull_failed(pod, (pod.since, now - 160))
        case Stage.UNSCHEDULABLE if pod.workload is TOO_LARGE:
            cluster.events.unschedulable(pod, (pod.created, now - FLUSH / 2))
