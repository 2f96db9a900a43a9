"""The rows of the store: what is kept of each object.

Rows are frozen and hold only strings, numbers and other rows, so the garbage collector may ignore
them (`gc=False`) and threads may share them. Their text is clean: the type checker refuses text of
a server that wasn't cleaned when the row was made. Times are seconds since the epoch (UTC); CPU is
in milli-cores and memory in bytes, both whole numbers.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows import aws, ecs


class Condition(Struct, frozen=True, gc=False):
    """One entry of a node's `status.conditions`."""

    type: Clean
    status: Clean  # "True", "False" or "Unknown"
    reason: Clean = EMPTY
    message: Clean = EMPTY
    heartbeat: float | None = None
    transition: float | None = None


class Taint(Struct, frozen=True, gc=False):
    """One entry of a node's `spec.taints`."""

    key: Clean
    value: Clean
    effect: Clean


class Amounts(Struct, frozen=True, gc=False):
    """The capacity or allocatable of a node; zero where it reports none."""

    cpu: int = 0
    memory: int = 0
    pods: int = 0
    storage: int = 0


class _ObjectRow(Struct, frozen=True, gc=False, kw_only=True):
    """The base of the rows of the API's objects.

    `undecoded` says why an object couldn't be decoded; its row has what could be, and no more.
    `values` has what columns of the configuration file show of the whole object.
    """

    undecoded: Clean = EMPTY
    values: tuple[Clean, ...] = ()


class RowByName(_ObjectRow, frozen=True, gc=False):
    """The base of the rows of objects without a namespace."""

    name: Clean

    @property
    def key(self) -> str:
        return self.name


class RowByUid(_ObjectRow, frozen=True, gc=False):
    """The base of the rows of objects that are known by their uid."""

    uid: Clean

    @property
    def key(self) -> str:
        return self.uid


class NodeRow(RowByName, frozen=True, gc=False):
    """A node, with one condition of each type; readers must not change `labels`."""

    uid: Clean
    created: float
    unschedulable: bool
    deleted: float | None
    conditions: tuple[Condition, ...]
    taints: tuple[Taint, ...]
    labels: dict[str, Clean]
    capacity: Amounts
    allocatable: Amounts
    internal_ip: Clean
    external_ip: Clean
    kubelet: Clean
    os_image: Clean
    kernel: Clean
    runtime: Clean
    architecture: Clean
    provider_id: Clean


class Requests(Struct, frozen=True, gc=False):
    """The requests and limits of a pod; pods of a template share one."""

    cpu: int = 0
    memory: int = 0
    cpu_limit: int = 0
    memory_limit: int = 0


OlderStatuses: TypeAlias = tuple[tuple[int, Clean], ...]
"""Texts that API servers up to and including a minor version print instead, the oldest first."""


class PodRow(RowByUid, frozen=True, gc=False):
    """A pod: what tables and sums need. The rest is fetched when the pod is opened.

    `status` is the text that the newest servers print, `older` what others print instead. `counted`
    is False for a pod that has run to its end, which holds no resources any more. `failed` is True
    for the phase Failed and for a container that waits because of an error, `pending` is for the
    phase Pending. `labels` is the
    interned `k=v,k=v` form, sorted by key.
    """

    namespace: Clean
    name: Clean
    node: Clean
    status: Clean
    ready: int
    containers: int
    restarts: int
    restarted: float | None
    created: float
    ip: Clean
    requests: Requests
    labels: Clean
    owner: Clean  # "ReplicaSet/web-7d876db474", or ""
    counted: bool
    nominated: Clean = EMPTY
    gates: Clean = EMPTY  # "1/2" of the readiness gates, or ""
    older: OlderStatuses = ()
    failed: bool = False
    owner_api: Clean = EMPTY  # "apps/v1", the group and version of `owner`
    owner_uid: Clean = EMPTY
    pending: bool = False


class LeaseRow(_ObjectRow, frozen=True, gc=False):
    """A lease: a node's heartbeat, a leader's claim or an API server's identity."""

    namespace: Clean
    name: Clean
    uid: Clean
    holder: Clean
    renewed: float | None
    acquired: float | None
    duration: int  # seconds
    transitions: int
    identity: Clean = EMPTY  # the label apiserver.kubernetes.io/identity
    late: int = 0  # seconds from which a heartbeat is late instead of `duration`; 0: those

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"


class EventRow(RowByUid, frozen=True, gc=False):
    """An event about one object. `about` is `Kind/namespace/name` (namespace empty for nodes)."""

    namespace: Clean
    name: Clean
    about: Clean
    type: Clean
    reason: Clean
    message: Clean
    source: Clean
    count: int
    first: float | None
    last: float | None
    about_uid: Clean = EMPTY  # of the object; empty where its reporter names none


class ClaimRow(RowByName, frozen=True, gc=False):
    """A Karpenter NodeClaim, from the launch of its instance to the node."""

    uid: Clean
    created: float
    nodepool: Clean
    provider_id: Clean
    node: Clean
    type: Clean
    conditions: tuple[Condition, ...]  # Launched, Registered, Initialized, Ready, ...
    deleted: float | None = None
    zone: Clean = EMPTY
    capacity: Clean = EMPTY  # "on-demand", "spot", "reserved"


class SigningRow(RowByName, frozen=True, gc=False):
    """A kubelet's certificate signing request."""

    uid: Clean
    created: float
    signer: Clean  # kubernetes.io/kubelet-serving, kubernetes.io/kube-apiserver-client-kubelet
    user: Clean  # "system:node:ip-10-0-1-234.us-west-2.compute.internal"
    state: Clean  # Pending, Approved, Issued, Denied, Failed


class UsageRow(RowByName, frozen=True, gc=False):
    """The usage of a node, in the mean of a short while that ended at `at`."""

    at: float
    cpu: int
    memory: int
    uid: Clean = EMPTY


class PodUsageRow(Struct, frozen=True, gc=False):
    """The usage of a pod's containers together, in the mean of a short while that ended at `at`.

    It is as small as can be, because 150,000 pods have one each. `key` is `namespace/name`:
    metrics.k8s.io knows no uid.
    """

    key: Clean
    at: float
    cpu: int
    memory: int

    @property
    def namespace(self) -> str:
        return self.key.partition("/")[0]

    @property
    def uid(self) -> Clean:
        return EMPTY


KubeRow: TypeAlias = (
    NodeRow | PodRow | LeaseRow | EventRow | ClaimRow | SigningRow | UsageRow | PodUsageRow
)
Row: TypeAlias = KubeRow | aws.AwsRow
RowT = TypeVar("RowT", bound=Row)
UNDECODED = Clean("Undecodable")
"""The STATUS of an object that couldn't be decoded."""


class Kind(StrEnum):
    """A table of the store, named as the API's resource is; those of AWS, with their link, last."""

    row: type[Row]
    link: str  # the link that says how fresh the table is
    part: str  # of an AWS table: the part of its link that reads it, as in `domain.aws.parts`

    def __new__(cls, value: str, row: type[Row], link: str = "", part: str = "") -> "Kind":
        """Make a member; a table of Kubernetes has a link of its own name."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.row = row
        kind.link = link or value
        kind.part = part
        return kind

    NODE = "nodes", NodeRow
    POD = "pods", PodRow
    LEASE = "leases", LeaseRow
    EVENT = "events", EventRow
    NODECLAIM = "nodeclaims", ClaimRow
    SIGNING = "certificatesigningrequests", SigningRow, "signing"
    USAGE = "usage", UsageRow
    POD_USAGE = "pod-usage", PodUsageRow
    INSTANCE = "instances", aws.InstanceRow, "ec2", "ec2:DescribeInstances"
    STATUS = "instance-statuses", aws.StatusRow, "status", "ec2:DescribeInstanceStatus"
    IMAGE = "images", aws.ImageRow, "images", "ec2:DescribeImages"
    TYPE = "instance-types", aws.TypeRow, "images", "ec2:DescribeInstanceTypes"
    SUBNET = "subnets", aws.SubnetRow, "network", "ec2:DescribeSubnets"
    SECURITY_GROUP = (
        "security-groups", aws.SecurityGroupRow, "network", "ec2:DescribeSecurityGroups",
    )  # fmt: skip
    VPC_ENDPOINT = "vpc-endpoints", aws.VpcEndpointRow, "network", "ec2:DescribeVpcEndpoints"
    VPC = "vpcs", aws.VpcRow, "network", "ec2:DescribeVpcAttribute"
    NETWORK_ACL = "network-acls", aws.NetworkAclRow, "network", "ec2:DescribeNetworkAcls"
    AUTOSCALING = (
        "autoscaling-groups", aws.AutoScalingRow, "autoscaling",
        "autoscaling:DescribeAutoScalingGroups",
    )  # fmt: skip
    NODEGROUP = "nodegroups", aws.NodegroupRow, "eks", "eks:ListNodegroups"
    FARGATE = "fargate-profiles", aws.FargateRow, "eks", "eks:ListFargateProfiles"
    ADDON = "addons", aws.AddonRow, "eks", "eks:ListAddons"
    INSIGHT = "insights", aws.InsightRow, "eks", "eks:ListInsights"
    UPDATE = "updates", aws.UpdateRow, "eks", "eks:ListUpdates"
    ACCESS_ENTRY = "access-entries", aws.AccessEntryRow, "access-entries", "eks:ListAccessEntries"
    SESSION = "sessions", aws.SessionRow, "ssm", "ssm:DescribeSessions"
    ECS_CLUSTER = "ecs-clusters", ecs.EcsClusterRow, "ecs", "ecs:ListClusters"
    ECS_PROVIDER = (
        "ecs-capacity-providers", ecs.CapacityProviderRow, "ecs", "ecs:DescribeCapacityProviders",
    )  # fmt: skip
    ECS_SERVICE = "ecs-services", ecs.EcsServiceRow, "ecs", "ecs:ListServices"
    ECS_INSTANCE = (
        "ecs-instances", ecs.EcsInstanceRow, "ecs-instances", "ecs:ListContainerInstances",
    )  # fmt: skip
    ECS_MACHINE = (
        "ecs-machines", ecs.EcsMachineRow, "ecs-instances", "ec2:DescribeInstances (ECS)",
    )  # fmt: skip
    ECS_TASK = "ecs-tasks", ecs.EcsTaskRow, "ecs-tasks", "ecs:ListTasks"
    ECS_DEFINITION = (
        "ecs-task-definitions", ecs.TaskDefinitionRow, "ecs-tasks", "ecs:DescribeTaskDefinition",
    )  # fmt: skip


KUBE_KINDS = (
    Kind.NODE, Kind.POD, Kind.EVENT, Kind.LEASE, Kind.NODECLAIM, Kind.SIGNING, Kind.USAGE,
)  # fmt: skip
"""The kinds of Kubernetes that are read from the start; each has a module of its name in
`domain.resources`."""
KIND_OF: Mapping[type[object], Kind] = {kind.row: kind for kind in Kind}


def undecoded(row: Any, problem: str) -> Any:
    """Return the row of an object that couldn't be decoded, with the reason."""
    if isinstance(row, PodRow):
        row = replace(row, status=UNDECODED, older=())
    return replace(row, undecoded=clean(problem))


def undecoded_reason(row: object) -> str:
    """Return why a row's object couldn't be decoded; empty if it was."""
    return getattr(row, "undecoded", "")


def undecoded_text(count: int) -> str:
    """Return `2 objects could not be decoded`."""
    return f"{count:,} {'object' if count == 1 else 'objects'} could not be decoded"


def scope_of(row: object) -> str:
    """Return the part of a table that a list replaces.

    It is that of a node for pods, of a cluster for ECS, else of a namespace.
    """
    if isinstance(row, PodRow):
        return row.node
    return str(getattr(row, "cluster" if isinstance(row, aws.AwsRow) else "namespace", ""))


def namespace_scope(kind: object, namespace: str) -> str:
    """Return the scope of a namespace; a plain name is a node's for pods."""
    return f"{_NAMESPACE}{namespace}" if kind is Kind.POD and namespace else namespace


def both_scope(node: str, namespace: str) -> str:
    """Return the scope of the pods of a node in a namespace."""
    return f"{_BOTH}{node}/{namespace}"


def in_scope(row: object, scope: str) -> bool:
    """Check whether a swap of this scope covers a row; an empty scope covers all."""
    if scope.startswith(_NAMESPACE):
        return scope == f"{_NAMESPACE}{getattr(row, 'namespace', '')}"
    if scope.startswith(_BOTH):
        return scope == both_scope(getattr(row, "node", ""), getattr(row, "namespace", ""))
    return not scope or scope_of(row) == scope


_NAMESPACE, _BOTH = "namespace/", "both/"  # no name has a slash
