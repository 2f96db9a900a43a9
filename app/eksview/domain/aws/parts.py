"""The parts of what is read of an AWS account: each is a call of its own, refused on its own.

A part is named by its first IAM action, which lists what the others describe.
"""

from collections.abc import Mapping

from eksview.domain.aws.poll_plan import ACCESS, AUTOSCALING, EC2, ECS_INSTANCES, EKS, NETWORK, SSM
from eksview.domain.rows.kube import Kind

CLUSTER = "eks:DescribeCluster"
SUPPORT = "eks:DescribeClusterVersions"
ADDON_VERSIONS = "eks:DescribeAddonVersions"
ROUTES = "ec2:DescribeRouteTables"
NAT_GATEWAYS = "ec2:DescribeNatGateways"
ACTIVITIES = "autoscaling:DescribeScalingActivities"
CANDIDATES = "ec2:DescribeInstances (candidates)"
WARM_POOLS = "autoscaling:DescribeWarmPool"
ROLES = "iam:ListRoles"
ENTRIES = Kind.ACCESS_ENTRY.part
POLICIES = "eks:ListAssociatedAccessPolicies"
PAST_SESSIONS = "ssm:DescribeSessions (history)"
ECS_GROUPS = "autoscaling:DescribeAutoScalingGroups (ECS)"
USER_DATA = "ec2:DescribeInstanceAttribute"

LINK_OF: Mapping[str, str] = {kind.part: kind.link for kind in Kind if kind.part} | {
    CLUSTER: EKS,
    SUPPORT: EKS,
    ADDON_VERSIONS: EKS,
    ROUTES: NETWORK,
    NAT_GATEWAYS: NETWORK,
    ACTIVITIES: AUTOSCALING,
    WARM_POOLS: AUTOSCALING,
    CANDIDATES: EC2,
    ROLES: ACCESS,
    POLICIES: ACCESS,
    PAST_SESSIONS: SSM,
    ECS_GROUPS: ECS_INSTANCES,
    USER_DATA: ECS_INSTANCES,
}
"""The link that reads a part."""

FOUND_BY: Mapping[str, tuple[str, ...]] = {
    Kind.STATUS.part: (Kind.INSTANCE.part,),
    Kind.IMAGE.part: (Kind.INSTANCE.part,),
    Kind.TYPE.part: (Kind.INSTANCE.part,),
    Kind.SESSION.part: (Kind.INSTANCE.part,),
    Kind.SUBNET.part: (CLUSTER, Kind.NODEGROUP.part, Kind.INSTANCE.part),
    Kind.SECURITY_GROUP.part: (CLUSTER, Kind.INSTANCE.part),
    Kind.AUTOSCALING.part: (Kind.NODEGROUP.part, Kind.INSTANCE.part),
    ROUTES: (CLUSTER,),  # by its VPC, as the next
    NAT_GATEWAYS: (CLUSTER,),
    Kind.VPC_ENDPOINT.part: (CLUSTER,),
    Kind.VPC.part: (CLUSTER,),
    Kind.NETWORK_ACL.part: (CLUSTER,),
    ACTIVITIES: (Kind.AUTOSCALING.part,),
    WARM_POOLS: (Kind.AUTOSCALING.part,),
    CANDIDATES: (CLUSTER, Kind.INSTANCE.part),
    SUPPORT: (CLUSTER,),
    ADDON_VERSIONS: (CLUSTER, Kind.ADDON.part),
    POLICIES: (ENTRIES,),
    PAST_SESSIONS: (Kind.SESSION.part,),
    Kind.ECS_SERVICE.part: (Kind.ECS_CLUSTER.part,),
    Kind.ECS_PROVIDER.part: (Kind.ECS_CLUSTER.part,),
    Kind.ECS_INSTANCE.part: (Kind.ECS_CLUSTER.part,),
    Kind.ECS_TASK.part: (Kind.ECS_CLUSTER.part,),
    Kind.ECS_DEFINITION.part: (Kind.ECS_TASK.part, Kind.ECS_SERVICE.part),
    Kind.ECS_MACHINE.part: (Kind.ECS_INSTANCE.part, Kind.ECS_PROVIDER.part, ECS_GROUPS),
    ECS_GROUPS: (Kind.ECS_PROVIDER.part,),
    USER_DATA: (Kind.ECS_MACHINE.part,),
}
"""The parts that the arguments of a part's call come from: it is no more complete than they are."""

SUBJECTS: Mapping[str, str] = {kind.part: kind.value.replace("-", " ") for kind in Kind} | {
    CLUSTER: "the cluster",
    SUPPORT: "end of support",
    ADDON_VERSIONS: "newest add-on versions",
    ROUTES: "route tables",
    NAT_GATEWAYS: "NAT gateways",
    ACTIVITIES: "scaling activities",
    WARM_POOLS: "warm pools",
    ROLES: "IAM roles",
    POLICIES: "policies of access entries",
    PAST_SESSIONS: "ended sessions",
    ECS_GROUPS: "Auto Scaling groups of ECS",
    USER_DATA: "user data of EC2 instances",
    Kind.ADDON.part: "add-ons",
    Kind.AUTOSCALING.part: "Auto Scaling groups",
    Kind.FARGATE.part: "Fargate profiles",
    Kind.IMAGE.part: "AMIs",
    Kind.NETWORK_ACL.part: "network ACLs",
    Kind.STATUS.part: "status checks",
    Kind.VPC.part: "VPC DNS attributes",
    Kind.VPC_ENDPOINT.part: "VPC endpoints",
    Kind.ECS_CLUSTER.part: "ECS clusters",
    Kind.ECS_SERVICE.part: "ECS services",
    Kind.ECS_INSTANCE.part: "container instances",
    Kind.ECS_MACHINE.part: "EC2 instances of ECS",
    Kind.ECS_TASK.part: "ECS tasks",
    Kind.ECS_DEFINITION.part: "task definitions",
    Kind.ECS_PROVIDER.part: "capacity providers",
}
"""The parts in the words of a sentence."""
