"""The rows of the AWS tables: what is kept of each answer.

As in `rows.kube`: frozen, strings, numbers and other rows only, times in seconds since the epoch.
An empty string, zero or None means that AWS reported none. Readers must not change tags.
"""

from typing import TypeAlias

from msgspec import Struct, field

from eksview.domain.base.reading import NOT_ASKED, Reading

Tags: TypeAlias = dict[str, str]


class Interface(Struct, frozen=True, gc=False):
    """A network interface of an instance, by DescribeInstances."""

    id: str
    device: int
    subnet: str
    private_ip: str
    public_ip: str
    addresses: int  # private IPv4 addresses assigned, the primary one included
    prefixes: int  # delegated /28 prefixes, of 16 addresses each
    security_groups: tuple[str, ...]
    status: str = ""
    description: str = ""


class AwsRow(Struct, frozen=True, gc=False):
    """A row of AWS, of which the key is the identity too."""

    @property
    def key(self) -> str:
        raise NotImplementedError

    @property
    def uid(self) -> str:
        return self.key


class _RowById(AwsRow, frozen=True, gc=False):
    id: str

    @property
    def key(self) -> str:
        return self.id


class _AwsRowByName(AwsRow, frozen=True, gc=False):
    name: str

    @property
    def key(self) -> str:
        return self.name


class InstanceRow(_RowById, frozen=True, gc=False):
    """An EC2 instance."""

    state: str  # pending, running, shutting-down, terminated, stopping, stopped
    state_reason: str  # "Client.UserInitiatedShutdown: ..." or empty
    type: str
    zone: str
    launched: float | None
    image: str
    architecture: str
    private_dns: str
    private_ip: str
    public_ip: str
    vpc: str
    subnet: str
    lifecycle: str  # "spot", "capacity-block", "scheduled"; empty: on demand
    spot_request: str
    profile: str  # ARN of the instance profile
    security_groups: tuple[str, ...]
    interfaces: tuple[Interface, ...]
    volumes: tuple[str, ...]
    metadata_tokens: str  # "required" or "optional" (IMDSv2)
    metadata_hops: int
    metadata_endpoint: str  # "enabled" or "disabled"
    tags: Tags


class ScheduledEvent(Struct, frozen=True, gc=False):
    """A scheduled event of an instance: system-reboot, instance-retirement, ..."""

    code: str
    description: str
    not_before: float | None
    not_after: float | None = None


class StatusRow(_RowById, frozen=True, gc=False):
    """DescribeInstanceStatus of one instance: ok, impaired, initializing, insufficient-data."""

    system: str
    instance: str
    ebs: str = ""
    events: tuple[ScheduledEvent, ...] = ()


class ImageRow(_RowById, frozen=True, gc=False):
    """An AMI in use."""

    name: str
    created: float | None
    deprecated: float | None = None


class TypeRow(_AwsRowByName, frozen=True, gc=False):
    """An instance type in use."""

    vcpus: int
    memory: int  # bytes
    interfaces: int
    addresses: int  # IPv4 addresses an interface holds


class VpcEndpointRow(_RowById, frozen=True, gc=False):
    """A path from a VPC to an AWS service that avoids the internet."""

    vpc: str
    service: str  # "com.amazonaws.us-west-2.ecr.api"
    type: str  # "Interface", "Gateway"
    state: str  # "available", "pending", "rejected"
    private_dns: bool  # whether the service's usual name leads there


class SubnetRow(_RowById, frozen=True, gc=False):
    """A subnet of the cluster or of its nodes."""

    vpc: str
    zone: str
    cidr: str
    free: int  # available IPv4 addresses
    public: bool  # MapPublicIpOnLaunch
    name: str = ""
    egress: str = (
        ""  # what 0.0.0.0/0 goes to: "igw-…", "nat-…", "tgw-…"; empty: no route, "?": unread
    )


class Rule(Struct, frozen=True, gc=False):
    """A security group rule. `source` is a CIDR, a prefix list or a group; the peer for egress."""

    egress: bool
    protocol: str  # "tcp", "udp", "icmp", "-1" for all
    first: int  # port, -1 for all
    last: int
    source: str
    description: str = ""


class SecurityGroupRow(_RowById, frozen=True, gc=False):
    """A security group of the cluster or of its nodes."""

    name: str
    vpc: str
    rules: tuple[Rule, ...]
    tags: Tags = field(default_factory=dict)


class Member(Struct, frozen=True, gc=False):
    """An instance as its Auto Scaling group sees it."""

    instance: str
    lifecycle: str  # InService, Pending, Pending:Wait, Terminating, Standby, ...
    health: str  # Healthy or Unhealthy
    zone: str
    template: str  # "lt-… v3" or the launch configuration's name; empty
    protected: bool = False


class Activity(Struct, frozen=True, gc=False):
    """A scaling activity."""

    started: float | None
    ended: float | None
    status: str  # Successful, Failed, InProgress, ...
    description: str
    cause: str
    message: str


class AutoScalingRow(_AwsRowByName, frozen=True, gc=False):
    """An Auto Scaling group of the cluster."""

    least: int
    desired: int
    most: int
    members: tuple[Member, ...]
    suspended: tuple[str, ...]  # processes
    template: str
    tags: Tags
    activities: tuple[Activity, ...] = ()  # newest first


class Issue(Struct, frozen=True, gc=False):
    """A health issue of a cluster, a nodegroup or an add-on."""

    code: str
    message: str
    resources: tuple[str, ...] = ()


class UpdateRow(_RowById, frozen=True, gc=False):
    """An EKS update of a cluster, a nodegroup or an add-on."""

    about: str  # "" for the cluster, "nodegroup/NAME" or "addon/NAME"
    type: str  # VersionUpdate, EndpointAccessUpdate, ...
    status: str  # InProgress, Failed, Cancelled, Successful
    started: float | None
    parameters: tuple[tuple[str, str], ...] = ()
    errors: tuple[Issue, ...] = ()


class NodegroupRow(_AwsRowByName, frozen=True, gc=False):
    """An EKS managed nodegroup."""

    arn: str
    status: str  # CREATING, ACTIVE, UPDATING, DELETING, CREATE_FAILED, DELETE_FAILED, DEGRADED
    version: str
    release: str
    ami_type: str
    capacity: str  # ON_DEMAND, SPOT, CAPACITY_BLOCK
    types: tuple[str, ...]
    least: int
    desired: int
    most: int
    autoscaling: tuple[str, ...]  # names of its Auto Scaling groups
    template: str  # "lt-… v3"; empty
    role: str  # ARN of the node role
    subnets: tuple[str, ...]
    issues: tuple[Issue, ...]
    created: float | None


class FargateRow(_AwsRowByName, frozen=True, gc=False):
    """A Fargate profile."""

    status: str
    role: str  # pod execution role
    selectors: tuple[str, ...]  # "namespace" or "namespace k=v,k=v"
    subnets: tuple[str, ...]


class AddonRow(_AwsRowByName, frozen=True, gc=False):
    """An EKS add-on."""

    version: str
    status: str  # ACTIVE, DEGRADED, UPDATING, CREATE_FAILED, ...
    issues: tuple[Issue, ...]
    role: str = ""
    latest: str = ""  # newest version compatible with the cluster; empty: not read


class InsightRow(_RowById, frozen=True, gc=False):
    """An EKS insight."""

    name: str
    category: str  # UPGRADE_READINESS, MISCONFIGURATION
    status: str  # PASSING, WARNING, ERROR, UNKNOWN
    reason: str
    version: str  # Kubernetes version it is about
    description: str = ""
    recommendation: str = ""
    refreshed: float | None = None


class AccessEntryRow(AwsRow, frozen=True, gc=False):
    """An EKS access entry, with the policies associated to it."""

    principal: str  # ARN
    type: str  # STANDARD, EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, EC2, HYBRID_LINUX, ...
    user: str
    groups: tuple[str, ...]
    policies: tuple[str, ...]  # "AmazonEKSClusterAdminPolicy cluster"
    created: float | None = None

    @property
    def key(self) -> str:
        return self.principal


class SessionRow(_RowById, frozen=True, gc=False):
    """A Session Manager session, by DescribeSessions."""

    target: str  # the instance: "i-…"
    owner: str  # ARN of its user
    started: float | None
    ended: float | None
    document: str  # "SSM-SessionManagerRunShell", "AWS-StartPortForwardingSession", ...
    status: str  # Connected, Connecting, Disconnected, Terminated, Terminating, Failed
    reason: str = ""  # as its owner gave it
    open: bool = False  # among the active ones, connected or not


class PastSessions(Struct, frozen=True):
    """The time since which ended sessions were read. A fact: `past-sessions`."""

    since: float
    whole: bool  # False: there were more than are read at a time


class ClusterInfo(Struct, frozen=True):
    """DescribeCluster. A fact, not a row: there is one."""

    name: str
    arn: str
    status: str  # CREATING, ACTIVE, DELETING, FAILED, UPDATING, PENDING
    version: str  # "1.33"
    platform: str  # "eks.12"
    endpoint: str
    ca: str  # base64, as EKS gives it
    created: float | None
    role: str
    vpc: str
    subnets: tuple[str, ...]
    security_group: str  # the cluster security group
    security_groups: tuple[str, ...]  # additional ones
    public: bool
    private: bool
    cidrs: tuple[str, ...]  # allowed on the public endpoint
    authentication: str  # CONFIG_MAP, API, API_AND_CONFIG_MAP
    logging: tuple[tuple[str, bool], ...]  # api, audit, authenticator, controllerManager, scheduler
    encryption: str  # ARN of the KMS key for secrets; empty: none of one's own
    auto_mode: bool
    deletion_protection: bool | None
    tier: str  # control-plane scaling tier; empty: not said
    support: str  # upgrade policy: STANDARD or EXTENDED
    service_cidr: str
    issuer: str  # OIDC
    issues: tuple[Issue, ...]
    support_ends: float | None = None  # of standard support, by DescribeClusterVersions
    extended_ends: float | None = None
    support_status: str = ""  # STANDARD_SUPPORT, EXTENDED_SUPPORT, UNSUPPORTED
    tags: Tags = field(default_factory=dict)


class AwsIdentity(Struct, frozen=True):
    """The caller identity and the account's context. A fact."""

    account: str
    arn: str
    region: str
    cluster: str  # EKS cluster's name; empty: none known
    profile: str = ""
    source: str = ""  # where region and credentials come from, in words
    expires: float | None = None  # of the credentials
    warnings: tuple[str, ...] = ()  # mismatches, each one sentence


class Call(Struct, frozen=True):
    """The calls of a link, with its budget. A fact named `calls/LINK`."""

    name: str  # "ec2:DescribeInstances"
    period: float  # seconds between two rounds
    budget: int  # calls a minute at most
    used: int  # in the last minute
    throttled: float | None = None  # when AWS last throttled
    at: float | None = None  # last whole answer
    outcome: Reading[None] = NOT_ASKED  # of the last round; what is missing are IAM actions


class IamRoles(Struct, frozen=True):
    """The ARNs of every role of the account. A fact named `iam-roles`."""

    arns: frozenset[str]


class Volume(Struct, frozen=True, gc=False):
    """An EBS volume."""

    id: str
    device: str
    size: int  # GiB
    type: str
    iops: int
    encrypted: bool
    state: str


class InstanceDetail(Struct, frozen=True):
    """Details that an opened instance has; `reason` holds a sentence per refused part."""

    volumes: tuple[Volume, ...] = ()
    role: str = ""  # ARN of the instance profile's role
    policies: tuple[str, ...] = ()  # managed policies attached to the role
    console: str = ""  # serial console's last lines; empty: not asked
    spot: str = ""  # the spot request's status code and message
    rebalance: bool | None = None  # by its Auto Scaling group's activities; None: not read there
    reason: tuple[str, ...] = ()


class ClusterEntry(Struct, frozen=True):
    """One line of `:clusters` and `eksview get clusters`."""

    name: str
    region: str
    status: str
    version: str
    platform: str
    endpoint: str
    created: float | None
    reason: str = ""  # set when it couldn't be described
