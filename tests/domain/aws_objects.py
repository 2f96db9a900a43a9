"""Rows of nodes, pods and AWS, each with only what a test is about said."""

from typing import Any

from msgspec.structs import replace

from eksview.domain.rows.aws import ClusterInfo, InstanceRow
from eksview.domain.rows.kube import Amounts, Condition, NodeRow, PodRow, Requests

NOW = 1_760_000_000.0
ID = "i-0123456789abcdef0"
DNS = "ip-10-0-1-17.us-west-2.compute.internal"
ROLE = "arn:aws:iam::111122223333:role/node-role"

_NODE = NodeRow(
    name=DNS,
    uid="uid",
    created=NOW - 3600,
    unschedulable=False,
    deleted=None,
    conditions=(Condition("Ready", "True", transition=NOW - 3550),),
    taints=(),
    labels={"eks.amazonaws.com/nodegroup": "ng-general"},
    capacity=Amounts(),
    allocatable=Amounts(),
    internal_ip="10.0.1.17",
    external_ip="",
    kubelet="v1.33.4-eks-1a2b3c4",
    os_image="",
    kernel="",
    runtime="",
    architecture="amd64",
    provider_id=f"aws:///us-west-2a/{ID}",
)
_POD = PodRow(
    uid="u",
    namespace="shop",
    name="web",
    node="n",
    status="Running",
    ready=1,
    containers=1,
    restarts=0,
    restarted=None,
    created=NOW,
    ip="",
    requests=Requests(),
    labels="",
    owner="",
    counted=True,
)
_INSTANCE = InstanceRow(
    id=ID,
    state="running",
    state_reason="",
    type="m6i.large",
    zone="us-west-2a",
    launched=NOW - 3660,
    image="ami-0aa",
    architecture="x86_64",
    private_dns=DNS,
    private_ip="10.0.1.17",
    public_ip="",
    vpc="vpc-1",
    subnet="subnet-a",
    lifecycle="",
    spot_request="",
    profile="arn:aws:iam::111122223333:instance-profile/node-role",
    security_groups=("sg-node",),
    interfaces=(),
    volumes=(),
    metadata_tokens="required",
    metadata_hops=2,
    metadata_endpoint="enabled",
    tags={
        "kubernetes.io/cluster/demo": "owned",
        "eks:nodegroup-name": "ng-general",
        "aws:autoscaling:groupName": "eks-ng-general-1234",
    },
)
_CLUSTER = ClusterInfo(
    name="demo",
    arn="arn:aws:eks:us-west-2:111122223333:cluster/demo",
    status="ACTIVE",
    version="1.33",
    platform="eks.12",
    endpoint="https://ABC.gr7.us-west-2.eks.amazonaws.com",
    ca=b"",
    created=NOW - 90 * 86400,
    role="",
    vpc="vpc-1",
    subnets=("subnet-a",),
    security_group="sg-cluster",
    security_groups=(),
    public=True,
    private=True,
    cidrs=("0.0.0.0/0",),
    authentication="API_AND_CONFIG_MAP",
    logging=(),
    encryption="",
    auto_mode=False,
    deletion_protection=None,
    tier="",
    support="STANDARD",
    service_cidr="172.20.0.0/16",
    issuer="",
    issues=(),
)


def node(**changes: Any) -> NodeRow:
    """A Ready node of a managed nodegroup, an hour old."""
    return replace(_NODE, **changes)


def not_ready(**changes: Any) -> NodeRow:
    """The same, NotReady."""
    return node(conditions=(Condition("Ready", "False", transition=NOW - 60),), **changes)


def pod(**changes: Any) -> PodRow:
    """A running pod of one container, without requests."""
    return replace(_POD, **changes)


def instance(**changes: Any) -> InstanceRow:
    """Its instance, launched a minute before the node registered."""
    return replace(_INSTANCE, **changes)


def cluster(**changes: Any) -> ClusterInfo:
    """A healthy EKS cluster."""
    return replace(_CLUSTER, **changes)
