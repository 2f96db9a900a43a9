"""What the demo's account holds: read from the demo cluster at every question, nothing kept twice.

The estate has what goes wrong in real ones: an instance that never joins, because nothing lets its
role in; a stopped instance under a node that has fallen silent; one that AWS is going to reboot.
"""

import random
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.node_state import M6I_LARGE, REGION, Machine, NodeState

if TYPE_CHECKING:
    pass


ACCOUNT = "111122223333"
CLUSTER = "eksview-demo"
ARN = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{CLUSTER}"
CANARY = "ng-canary"
"""The nodegroup whose node role is in no access entry and in no aws-auth."""
IMAGE = "ami-0d1f3c9b2e8a47c65"
TEMPLATE, TEMPLATE_VERSION = "lt-0a1b2c3d4e5f60718", "3"
VPC = "vpc-0e4d5c6b7a8f90123"
CLUSTER_GROUP, NODE_GROUP = "sg-0c100000000000aa1", "sg-0d000000000000bb2"
ZONES = tuple(f"{REGION}{letter}" for letter in "abc")
BOOT = 70.0  # seconds from an instance's launch to its node's registration
DYING = 20.0  # seconds in which an instance shuts down
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
    addresses: int
    reason: str = ""
    event: float | None = None  # when AWS is going to reboot it


class Account:
    """Reads the cluster; `endpoint` and `authority` (PEM) are those of its API."""

    def __init__(self, cluster: DemoCluster, endpoint: str = "", authority: bytes = b"") -> None:
        self.cluster = cluster
        self.endpoint = endpoint
        self.authority = authority
        self.region = REGION
        self.began = cluster.clock()
        chance = random.Random(f"{cluster.names.seed} canary")  # noqa: S311 - a demo's dice
        self.stray = f"i-0{chance.getrandbits(64):016x}"

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self.cluster.clock()

    def instances(self) -> Iterator[Instance]:
        """All there are, those just terminated too."""
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

    def of_ids(self, ids: Iterable[str]) -> dict[str, Instance]:
        """Those of these ids that exist."""
        wanted = set(ids)
        return {each.id: each for each in self.instances() if each.id in wanted}

    def groups(self) -> dict[str, list[Instance]]:
        """The living instances of each managed nodegroup, in the order of their names."""
        found: dict[str, list[Instance]] = {}
        for each in self.instances():
            if each.kind == "nodegroup" and each.state in ("pending", "running", "stopped"):
                found.setdefault(each.group, []).append(each)
        return dict(sorted(found.items()))

    def nodes_of(self, group: str) -> list[NodeState]:
        """The nodes that have joined."""
        return [node for node in self.cluster.nodes.values() if node.group.name == group]

    def _running(self, node: NodeState, *, event: bool) -> Instance:
        stopped = node.silent
        return Instance(
            id=node.instance,
            kind=node.group.kind,
            group=node.group.name,
            machine=node.group.machine,
            zone=node.zone,
            ip=node.ip,
            launched=node.created - BOOT,
            state="stopped" if stopped else "running",
            spot=node.group.capacity == "SPOT",
            addresses=node.pods + 1,
            reason="Client.UserInitiatedShutdown: User initiated shutdown" if stopped else "",
            event=self.began + 3 * 86_400.0 if event else None,
        )

    def _gone(self, node: NodeState, at: float) -> Instance:
        return Instance(
            id=node.instance,
            kind=node.group.kind,
            group=node.group.name,
            machine=node.group.machine,
            zone=node.zone,
            ip=node.ip,
            launched=node.created - BOOT,
            state="shutting-down" if self.now - at < DYING else "terminated",
            spot=node.group.capacity == "SPOT",
            addresses=0,
            reason="Client.UserInitiatedShutdown: User initiated shutdown",
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
            state="running",
            spot=False,
            addresses=1,
        )


def role(group: str) -> str:
    """The node role of a group."""
    return f"arn:aws:iam::{ACCOUNT}:role/{CLUSTER}-node-{group}"


def profile(group: str) -> str:
    """The instance profile with that role."""
    return f"arn:aws:iam::{ACCOUNT}:instance-profile/{CLUSTER}-node-{group}"


def autoscaling(group: str) -> str:
    """The name EKS gives the Auto Scaling group of a nodegroup."""
    digits = random.Random(group).getrandbits(128)  # noqa: S311 - a name
    text = f"{digits:032x}"
    return f"eks-{group}-{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def subnet(block: int) -> str:
    """The subnet 10.0.`block`.0/24."""
    return f"subnet-0a{block:015x}"


def subnet_of(instance: Instance) -> str:
    """The subnet that holds its address."""
    return subnet(block_of(instance))


def block_of(instance: Instance) -> int:
    """The third number of its address."""
    return int(instance.ip.split(".")[2])


def tags(instance: Instance) -> dict[str, str]:
    """As a managed nodegroup, or Karpenter, writes them."""
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
    """Midnight of `2025-09-10`, UTC."""
    return float(time.mktime(time.strptime(f"{text} UTC", "%Y-%m-%d %Z")) - time.timezone)


ACCESS_KEY = "AKIADEMO0000EXAMPLE0"
