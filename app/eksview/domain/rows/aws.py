"""The rows of the AWS tables: what is kept of each answer.

As in `rows.kube`: frozen, clean texts, numbers and other rows only, times in seconds since the
epoch.
An empty text, zero or None means that AWS reported none. Readers must not change tags, whose keys
are clean too, but typed as text: they are looked up by name.
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from eksview.domain.base.reading import NOT_ASKED, Reading
from eksview.domain.base.text import EMPTY, Clean

Tags: TypeAlias = dict[str, Clean]


class Interface(Struct, frozen=True, gc=False):
    """A network interface of an instance, by DescribeInstances."""

    id: Clean
    device: int
    subnet: Clean
    private_ip: Clean
    public_ip: Clean
    addresses: int  # private IPv4 addresses assigned, the primary one included
    prefixes: int  # delegated /28 prefixes, of 16 addresses each
    security_groups: tuple[Clean, ...]
    status: Clean = EMPTY
    description: Clean = EMPTY
    more_addresses: Clean = EMPTY  # secondary private ones and those of IPv6, between spaces


class AwsRow(Struct, frozen=True, gc=False):
    """A row of AWS, of which the key is the identity too."""

    @property
    def key(self) -> Clean:
        raise NotImplementedError

    @property
    def uid(self) -> Clean:
        return self.key


class _RowById(AwsRow, frozen=True, gc=False):
    id: Clean

    @property
    def key(self) -> Clean:
        return self.id


class _AwsRowByName(AwsRow, frozen=True, gc=False):
    name: Clean

    @property
    def key(self) -> Clean:
        return self.name


class InstanceRow(_RowById, frozen=True, gc=False):
    """An EC2 instance."""

    state: Clean  # pending, running, shutting-down, terminated, stopping, stopped
    state_reason: Clean  # "Client.UserInitiatedShutdown: ..." or empty
    type: Clean
    zone: Clean
    launched: float | None
    image: Clean
    architecture: Clean
    private_dns: Clean
    private_ip: Clean
    public_ip: Clean
    vpc: Clean
    subnet: Clean
    lifecycle: Clean  # "spot", "capacity-block", "scheduled"; empty: on demand
    spot_request: Clean
    profile: Clean  # ARN of the instance profile
    security_groups: tuple[Clean, ...]
    interfaces: tuple[Interface, ...]
    volumes: tuple[Clean, ...]
    metadata_tokens: Clean  # "required" or "optional" (IMDSv2)
    metadata_hops: int
    metadata_endpoint: Clean  # "enabled" or "disabled"
    tags: Tags
    candidate: Clean = EMPTY  # without the cluster's tag: what it has in common with the nodes
    stranger: bool = False  # tagged `shared`, but of another kind than the nodes
    ipv6: Clean = EMPTY  # its first IPv6 address
    platform: Clean = EMPTY  # "windows"; empty for Linux

    @property
    def ended(self) -> bool:
        """Return whether it is terminated or soon will be, from which no instance comes back."""
        return self.state in ("shutting-down", "terminated")


class ScheduledEvent(Struct, frozen=True, gc=False):
    """A scheduled event of an instance: system-reboot, instance-retirement, ..."""

    code: Clean
    description: Clean
    not_before: float | None
    not_after: float | None = None


class StatusRow(_RowById, frozen=True, gc=False):
    """DescribeInstanceStatus of one instance: ok, impaired, initializing, insufficient-data."""

    system: Clean
    instance: Clean
    ebs: Clean = EMPTY
    events: tuple[ScheduledEvent, ...] = ()


class ImageRow(_RowById, frozen=True, gc=False):
    """An AMI in use."""

    name: Clean
    created: float | None
    deprecated: float | None = None
    owner: Clean = EMPTY  # account
    alias: Clean = EMPTY  # "amazon", "aws-marketplace"; empty for other accounts


class TypeRow(_AwsRowByName, frozen=True, gc=False):
    """An instance type in use."""

    vcpus: int
    memory: int  # bytes
    interfaces: int
    addresses: int  # IPv4 addresses an interface holds


class VpcEndpointRow(_RowById, frozen=True, gc=False):
    """A path from a VPC to an AWS service that avoids the internet."""

    vpc: Clean
    service: Clean  # "com.amazonaws.us-west-2.ecr.api"
    type: Clean  # "Interface", "Gateway"
    state: Clean  # "available", "pending", "rejected"
    private_dns: bool  # whether the service's usual name leads there
    groups: tuple[Clean, ...] = ()  # security groups of an interface endpoint
    tables: tuple[Clean, ...] = ()  # route tables that lead to a gateway endpoint


class VpcRow(_RowById, frozen=True, gc=False):
    """The DNS attributes of a VPC, by DescribeVpcAttribute."""

    dns_support: bool  # the VPC's resolver answers
    dns_hostnames: bool


class AclRule(Struct, frozen=True, gc=False):
    """A rule of a network ACL; the first one that matches decides. The default is 32767."""

    number: int
    egress: bool
    allow: bool
    protocol: Clean  # IANA's number: "6" TCP, "17" UDP; "-1" for all
    first: int  # port, -1 for all
    last: int
    cidr: Clean


class NetworkAclRow(_RowById, frozen=True, gc=False):
    """A network ACL with the subnets that it filters."""

    vpc: Clean
    subnets: tuple[Clean, ...]
    rules: tuple[AclRule, ...]  # by number


class SubnetRow(_RowById, frozen=True, gc=False):
    """A subnet of the cluster or of its nodes."""

    vpc: Clean
    zone: Clean
    cidr: Clean
    free: int  # available IPv4 addresses
    public: bool  # MapPublicIpOnLaunch
    name: Clean = EMPTY
    egress: Clean = (
        EMPTY  # what 0.0.0.0/0 goes to: "igw-…", "nat-…", "tgw-…"; empty: no route, "?": unread
    )
    egress6: Clean = EMPTY  # the same of ::/0: "eigw-…", "igw-…"
    table: Clean = EMPTY  # route table
    partial: Clean = EMPTY  # without a default route: what some public addresses go to
    nat_closed: Clean = EMPTY  # why the NAT gateway of the default route leads nowhere
    nat_doubt: Clean = EMPTY  # why that is unknown; both are empty where it leads out
    owner: Clean = EMPTY  # account; another than the cluster's for a shared subnet


class Rule(Struct, frozen=True, gc=False):
    """A security group rule. `source` is a CIDR, a prefix list or a group; the peer for egress."""

    egress: bool
    protocol: Clean  # "tcp", "udp", "icmp", "-1" for all
    first: int  # port, -1 for all
    last: int
    source: Clean
    description: Clean = EMPTY


class SecurityGroupRow(_RowById, frozen=True, gc=False):
    """A security group of the cluster or of its nodes."""

    name: Clean
    vpc: Clean
    rules: tuple[Rule, ...]
    tags: Tags = field(default_factory=dict)


class Member(Struct, frozen=True, gc=False):
    """An instance as its Auto Scaling group sees it."""

    instance: Clean
    lifecycle: Clean  # InService, Pending, Pending:Wait, Terminating, Standby, ...
    health: Clean  # Healthy or Unhealthy
    zone: Clean
    template: Clean  # "lt-… v3" or the launch configuration's name; empty
    protected: bool = False

    @property
    def warmed(self) -> bool:
        """Return whether the group's warm pool holds it."""
        return self.lifecycle.startswith("Warmed:")


class Activity(Struct, frozen=True, gc=False):
    """A scaling activity."""

    started: float | None
    ended: float | None
    status: Clean  # Successful, Failed, InProgress, ...
    description: Clean
    cause: Clean
    message: Clean


class WarmPool(Struct, frozen=True, gc=False):
    """The warm pool of an Auto Scaling group."""

    state: Clean  # of its instances: Stopped, Running or Hibernated
    least: int
    status: Clean = EMPTY  # PendingDelete, or empty
    members: Reading[tuple[Member, ...]] = NOT_ASKED


class AutoScalingRow(_AwsRowByName, frozen=True, gc=False):
    """An Auto Scaling group of the cluster; `members` without those of the warm pool."""

    least: int
    desired: int
    most: int
    members: tuple[Member, ...]
    suspended: tuple[Clean, ...]  # processes
    template: Clean
    tags: Tags
    activities: tuple[Activity, ...] | None = ()  # newest first; None: not read
    warm: WarmPool | None = None


class Issue(Struct, frozen=True, gc=False):
    """A health issue of a cluster, a nodegroup or an add-on."""

    code: Clean
    message: Clean
    resources: tuple[Clean, ...] = ()


class UpdateRow(_RowById, frozen=True, gc=False):
    """An EKS update of a cluster, a nodegroup or an add-on."""

    about: Clean  # "" for the cluster, "nodegroup/NAME" or "addon/NAME"
    type: Clean  # VersionUpdate, EndpointAccessUpdate, ...
    status: Clean  # InProgress, Failed, Cancelled, Successful
    started: float | None
    parameters: tuple[tuple[Clean, Clean], ...] = ()
    errors: tuple[Issue, ...] = ()


class NodegroupRow(_AwsRowByName, frozen=True, gc=False):
    """An EKS managed nodegroup."""

    arn: Clean
    status: Clean  # CREATING, ACTIVE, UPDATING, DELETING, CREATE_FAILED, DELETE_FAILED, DEGRADED
    version: Clean
    release: Clean
    ami_type: Clean
    capacity: Clean  # ON_DEMAND, SPOT, CAPACITY_BLOCK
    types: tuple[Clean, ...]
    least: int
    desired: int
    most: int
    autoscaling: tuple[Clean, ...]  # names of its Auto Scaling groups
    template: Clean  # "lt-… v3"; empty
    role: Clean  # ARN of the node role
    subnets: tuple[Clean, ...]
    issues: tuple[Issue, ...]
    created: float | None


class FargateRow(_AwsRowByName, frozen=True, gc=False):
    """A Fargate profile."""

    status: Clean
    role: Clean  # pod execution role
    selectors: tuple[Clean, ...]  # "namespace" or "namespace k=v,k=v"
    subnets: tuple[Clean, ...]


class AddonRow(_AwsRowByName, frozen=True, gc=False):
    """An EKS add-on."""

    version: Clean
    status: Clean  # ACTIVE, DEGRADED, UPDATING, CREATE_FAILED, ...
    issues: tuple[Issue, ...]
    role: Clean = EMPTY
    latest: Clean = EMPTY  # newest version compatible with the cluster; empty: not read


class InsightRow(_RowById, frozen=True, gc=False):
    """An EKS insight."""

    name: Clean
    category: Clean  # UPGRADE_READINESS, MISCONFIGURATION
    status: Clean  # PASSING, WARNING, ERROR, UNKNOWN
    reason: Clean
    version: Clean  # Kubernetes version it is about
    description: Clean = EMPTY
    recommendation: Clean = EMPTY
    refreshed: float | None = None


class AccessEntryRow(AwsRow, frozen=True, gc=False):
    """An EKS access entry, with the policies associated to it."""

    principal: Clean  # ARN
    type: Clean  # STANDARD, EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, EC2, ...; empty: only listed
    user: Clean
    groups: tuple[Clean, ...]
    policies: tuple[Clean, ...] | None  # "AmazonEKSClusterAdminPolicy cluster"; None: unread
    created: float | None = None

    @property
    def described(self) -> bool:
        """Return whether more than the principal was read."""
        return bool(self.type)

    @property
    def key(self) -> Clean:
        return self.principal


class SessionRow(_RowById, frozen=True, gc=False):
    """A Session Manager session, by DescribeSessions."""

    target: Clean  # the instance: "i-…"
    owner: Clean  # ARN of its user
    started: float | None
    ended: float | None
    document: Clean  # "SSM-SessionManagerRunShell", "AWS-StartPortForwardingSession", ...
    status: Clean  # Connected, Connecting, Disconnected, Terminated, Terminating, Failed
    reason: Clean = EMPTY  # as its owner gave it
    open: bool = False  # among the active ones, connected or not


class PastSessions(Struct, frozen=True):
    """The time since which ended sessions were read. A fact: `past-sessions`."""

    since: float
    whole: bool  # False: there were more than are read at a time


class ClusterInfo(Struct, frozen=True):
    """DescribeCluster. A fact, not a row: there is one."""

    name: Clean
    arn: Clean
    status: Clean  # CREATING, ACTIVE, DELETING, FAILED, UPDATING, PENDING
    version: Clean  # "1.33"
    platform: Clean  # "eks.12"
    endpoint: Clean
    ca: bytes  # in base64, as EKS gives it
    created: float | None
    role: Clean
    vpc: Clean
    subnets: tuple[Clean, ...]
    security_group: Clean  # the cluster security group
    security_groups: tuple[Clean, ...]  # additional ones
    public: bool
    private: bool
    cidrs: tuple[Clean, ...]  # allowed on the public endpoint
    authentication: Clean  # CONFIG_MAP, API, API_AND_CONFIG_MAP
    logging: tuple[tuple[Clean, bool], ...]  # by component: api, audit, authenticator, ...
    encryption: Clean  # ARN of the KMS key for secrets; empty: none of one's own
    auto_mode: bool
    deletion_protection: bool | None
    tier: Clean  # control-plane scaling tier; empty: not said
    support: Clean  # upgrade policy: STANDARD or EXTENDED
    service_cidr: Clean
    issuer: Clean  # OIDC
    issues: tuple[Issue, ...]
    support_ends: float | None = None  # of standard support, by DescribeClusterVersions
    extended_ends: float | None = None
    support_status: Clean = EMPTY  # STANDARD_SUPPORT, EXTENDED_SUPPORT, UNSUPPORTED
    tags: Tags = field(default_factory=dict)
    local_id: Clean = EMPTY  # in tokens for a local cluster on Outposts; empty for others


class AwsIdentity(Struct, frozen=True):
    """The caller identity and the account's context. A fact."""

    account: Clean
    arn: Clean
    region: Clean
    cluster: Clean  # EKS cluster's name; empty: none known
    profile: Clean = EMPTY
    source: Clean = EMPTY  # where region and credentials come from, in words
    expires: float | None = None  # of the credentials
    warnings: tuple[Clean, ...] = ()  # mismatches, each one sentence
    key_id: str = ""  # of the access key, to compare and never shown; empty: unknown
    refused: bool = False  # AWS doesn't accept the credentials, or there are none
    cluster_account: Clean = EMPTY  # of the cluster by the kubeconfig
    server: Clean = EMPTY  # the URL of the cluster's API server by the kubeconfig


class Call(Struct, frozen=True):
    """The calls of a link, with its budget. A fact named `calls/LINK`."""

    name: Clean  # "ec2:DescribeInstances"
    period: float  # seconds between two rounds
    budget: int  # calls a minute at most
    used: int  # in the last minute
    throttled: float | None = None  # when AWS last throttled
    at: float | None = None  # last whole answer
    outcome: Reading[None] = NOT_ASKED  # of the last round; what is missing are IAM actions


class IamRoles(Struct, frozen=True):
    """The ARNs of every role of the account. A fact named `iam-roles`."""

    arns: frozenset[Clean]
    created: Mapping[Clean, float] = field(default_factory=dict)  # by ARN


class Volume(Struct, frozen=True, gc=False):
    """An EBS volume."""

    id: Clean
    device: Clean
    size: int  # GiB
    type: Clean
    iops: int
    encrypted: bool
    state: Clean


class InstanceDetail(Struct, frozen=True):
    """Details that an opened instance has; `reason` holds a sentence per refused part."""

    volumes: tuple[Volume, ...] = ()
    role: Clean = EMPTY  # ARN of the instance profile's role
    no_role: Clean = EMPTY  # why the instance profile has none; empty where it has, or is unread
    policies: tuple[Clean, ...] | None = None  # managed ones of the role; None: not read
    console: tuple[Clean, ...] = ()  # serial console's last lines; empty: not asked
    spot: Clean = EMPTY  # the spot request's status code and message
    rebalance: bool | None = None  # by its Auto Scaling group's activities; None: not read there
    reason: tuple[Clean, ...] = ()
    denied: tuple[Clean, ...] = ()  # IAM actions


class OpenedInstances(Struct, frozen=True):
    """The details of the instances that were opened last, by instance, without their consoles."""

    details: Mapping[str, InstanceDetail]


class ClusterEntry(Struct, frozen=True):
    """One line of `:clusters` and `eksview get clusters`."""

    name: Clean
    region: Clean
    status: Clean
    version: Clean
    platform: Clean
    endpoint: Clean
    created: float | None
    reason: Clean = EMPTY  # set when it couldn't be described
