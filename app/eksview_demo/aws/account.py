"""The demo's AWS account, derived from the demo cluster at every request; it keeps no copy.

It has the failures of real accounts: an instance that never joins, because nothing maps its
role; a stopped instance under a silent node; an instance that AWS is going to reboot. Two stopped
instances wait in a warm pool.
"""

import random
import time
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import M6I_LARGE, REGION, ZONES, Machine, NodeState

ACCOUNT = "111122223333"
CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/eksview-demo-admin/demo"
REFUSED = frozenset({"ec2:DescribeSpotInstanceRequests"})
"""The actions that no policy of the demo's identity allows: what comes of each is on the screen."""
CLUSTER = "eksview-demo"
ARN = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{CLUSTER}"
CANARY = "ng-canary"
"""The nodegroup whose node role is in no access entry and in no aws-auth."""
IMAGE = "ami-0d1f3c9b2e8a47c65"
TEMPLATE, TEMPLATE_VERSION = "lt-0a1b2c3d4e5f60718", "3"
VPC = "vpc-0e4d5c6b7a8f90123"
CLUSTER_GROUP, NODE_GROUP = "sg-0c100000000000aa1", "sg-0d000000000000bb2"
BOOT = 70.0  # seconds from an instance's launch to its node's registration
DYING = 20.0  # seconds in which an instance shuts down
_SHUTDOWN = "Client.UserInitiatedShutdown: User initiated shutdown"
POOLED = "ng-general"
"""The nodegroup with a warm pool."""
WARM = 2  # stopped instances in the pool
LATE = 25 * 60.0  # seconds since the launch of the one that doesn't join


class Instance(Struct, frozen=True):
    """An EC2 instance of the demo; `kind` and `group` as those of its node."""

    id: str
    kind: str
    group: str
    machine: Machine
    zone: str
    ip: str
    launched: float
    state: str
    spot: bool
    reason: str = ""
    event: float | None = None  # when AWS is going to reboot it
    created: float = 0.0  # when Auto Scaling launched it; `launched` is its last start
    warm: bool = False  # in the warm pool of its group
    image: str = IMAGE
    role: str = ""  # of its instance profile; empty: its nodegroup's


class Account:
    """Reads the cluster; `endpoint` and `authority` (PEM) are those of its API.

    `refused` are IAM actions that it denies; `ecs_instances` is the size of the group of ECS.
    """

    def __init__(
        self,
        cluster: DemoCluster,
        endpoint: str = "",
        authority: bytes = b"",
        refused: frozenset[str] = frozenset(),
        ecs_instances: int = 6,
    ) -> None:
        self.ecs_instances = ecs_instances
        self.refused = refused
        self.cluster = cluster
        self.endpoint = endpoint
        self.authority = authority
        self.began = cluster.clock()
        chance = random.Random(f"{cluster.names.seed} canary")  # noqa: S311 - a demo's dice
        self.stray = f"i-0{chance.getrandbits(64):016x}"
        self.warm = tuple(f"i-0{chance.getrandbits(64):016x}" for _ in range(WARM))
        self._outdated = self._count_outdated() > 0
        self._turned = self.began - 86_400.0

    @property
    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self.cluster.clock()

    def created(self, group: str) -> float:
        """Return when a nodegroup was created, before any of its nodes."""
        return self.began - (LATE + 60 if group == CANARY else 41 * 86_400.0)

    def outdated(self) -> int:
        """Return how many kubelets have an older minor version than the control plane."""
        count = self._count_outdated()
        if (count > 0) is not self._outdated:
            self._outdated, self._turned = count > 0, self.refreshed()
        return count

    def _count_outdated(self) -> int:
        minor = self.cluster.git_version.rpartition(".")[0]
        return sum(not node.version.startswith(minor) for node in self.cluster.nodes.values())

    def refreshed(self) -> float:
        """Return when the insights were refreshed: when a node came or left the last time."""
        joined = (node.created for node in self.cluster.nodes.values())
        left = (at for _, at in self.cluster.departed)
        return max((self.began - 3600.0, *joined, *left))

    def turned(self) -> float:
        """Return when the insight on kubelets has changed its status."""
        return self._turned

    def instances(self) -> Iterator[Instance]:
        """Yield all instances, those just terminated included."""
        rebooted = min(
            (n for n in self.cluster.nodes.values() if n.group.kind == "nodegroup"),
            key=lambda node: node.instance,
            default=None,
        )
        for node in self.cluster.nodes.values():
            if node.group.kind != "fargate":
                yield self._running(node, event=node is rebooted)
        for node, at in self.cluster.departed:
            if node.group.kind != "fargate":
                yield self._gone(node, at)
        yield self._canary()
        yield from self.pool(POOLED)

    def pool(self, group: str) -> list[Instance]:
        """Return the instances in the warm pool of a nodegroup."""
        machines = [node.group.machine for node in self.nodes_of(group)]
        if group != POOLED or not machines:
            return []
        return [self._warm(number, machines[0]) for number in range(WARM)]

    def of_ids(self, ids: Iterable[str]) -> dict[str, Instance]:
        """Return the instances that exist, by id."""
        wanted = set(ids)
        return {each.id: each for each in self.instances() if each.id in wanted}

    def groups(self) -> dict[str, list[Instance]]:
        """Return the living instances of each managed nodegroup, by the group's name."""
        groups: dict[str, list[Instance]] = {}
        for instance in self.instances():
            living = instance.state in ("pending", "running", "stopped")
            if instance.kind == "nodegroup" and living and not instance.warm:
                groups.setdefault(instance.group, []).append(instance)
        return dict(sorted(groups.items()))

    def pod_ips(self) -> dict[str, list[str]]:
        """Return the addresses that the pods of each node have from its network interfaces."""
        ips: dict[str, list[str]] = {}
        for pod in self.cluster.pods.values():
            if pod.counts and pod.ip not in ("", pod.host_ip):
                ips.setdefault(pod.host_ip, []).append(pod.ip)
        return ips

    def nodes_of(self, group: str) -> list[NodeState]:
        """Return the nodes of a group that have joined."""
        return [node for node in self.cluster.nodes.values() if node.group.name == group]

    def _running(self, node: NodeState, *, event: bool) -> Instance:
        stopped = node.stopped
        return self._of_node(
            node,
            state="stopped" if stopped else "running",
            reason=_SHUTDOWN if stopped else "",
            event=self.began + 3 * 86_400.0 if event else None,
        )

    def _gone(self, node: NodeState, at: float) -> Instance:
        state = "shutting-down" if self.now - at < DYING else "terminated"
        return self._of_node(node, state=state, reason=_SHUTDOWN)

    def _of_node(
        self,
        node: NodeState,
        *,
        state: str,
        reason: str,
        event: float | None = None,
    ) -> Instance:
        return Instance(
            id=node.instance,
            kind=node.group.kind,
            group=node.group.name,
            machine=node.group.machine,
            zone=node.zone,
            ip=node.ip,
            launched=node.booted or node.created - BOOT,
            created=node.created - BOOT,
            state=state,
            spot=node.group.capacity == "SPOT",
            reason=reason,
            event=event,
        )

    def _canary(self) -> Instance:
        return Instance(
            id=self.stray,
            kind="nodegroup",
            group=CANARY,
            machine=M6I_LARGE,
            zone=ZONES[1],
            ip="10.0.2.251",
            launched=self.began - LATE,
            created=self.began - LATE,
            state="running",
            spot=False,
        )

    def _warm(self, number: int, machine: Machine) -> Instance:
        launched = self.began - 5 * 86_400.0 + number * 60.0
        return Instance(
            id=self.warm[number],
            kind="nodegroup",
            group=POOLED,
            machine=machine,
            zone=ZONES[number],
            ip=f"10.0.{number + 1}.{252 + number}",
            launched=launched,
            created=launched,
            state="stopped",
            spot=False,
            reason=_SHUTDOWN,
            warm=True,
        )


def role(group: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{CLUSTER}-node-{group}"


def profile(group: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:instance-profile/{CLUSTER}-node-{group}"


def profile_of(instance: Instance) -> str:
    """Return the instance profile of an instance, which has its role's name."""
    if instance.role:
        return f"arn:aws:iam::{ACCOUNT}:instance-profile/{instance.role}"
    return profile(instance.group)


@cache
def autoscaling(group: str) -> str:
    """Return the name that EKS gives the Auto Scaling group of a nodegroup."""
    digits = random.Random(group).getrandbits(128)  # noqa: S311 - a name
    text = f"{digits:032x}"
    return f"eks-{group}-{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def subnet(block: int) -> str:
    """Return the id of the subnet 10.0.`block`.0/24."""
    return f"subnet-0a{block:015x}"


def subnet_of(instance: Instance) -> str:
    return subnet(block_of(instance))


def block_of(instance: Instance) -> int:
    """Return the third number of its address."""
    return int(instance.ip.split(".")[2])


def tags(instance: Instance) -> dict[str, str]:
    """Return the tags that a managed nodegroup, Karpenter, or ECS's group sets."""
    if instance.kind == "ecs":
        return {
            "Name": f"ECS Instance - {instance.group}",
            "AmazonECSManaged": "",
            "aws:autoscaling:groupName": instance.group,
        }
    common = {f"kubernetes.io/cluster/{CLUSTER}": "owned", "team": "platform"}
    if instance.kind == "nodepool":
        return common | {
            "Name": f"{CLUSTER}-{instance.group}",
            "eks:eks-cluster-name": CLUSTER,
            "karpenter.sh/nodepool": instance.group,
            "karpenter.sh/nodeclaim": f"{instance.group}-{instance.id[-5:]}",
        }
    return common | {
        "Name": f"{CLUSTER}-{instance.group}-Node",
        "aws:autoscaling:groupName": autoscaling(instance.group),
        "aws:ec2launchtemplate:id": TEMPLATE,
        "aws:ec2launchtemplate:version": TEMPLATE_VERSION,
        "aws:eks:cluster-name": CLUSTER,
        "eks:cluster-name": CLUSTER,
        "eks:nodegroup-name": instance.group,
    }


def day(text: str) -> float:
    """Return midnight, UTC, of a day such as `2025-09-10`."""
    return float(time.mktime(time.strptime(f"{text} UTC", "%Y-%m-%d %Z")) - time.timezone)


ACCESS_KEY = "AKIADEMO0000EXAMPLE0"
