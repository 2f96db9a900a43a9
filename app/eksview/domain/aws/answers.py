"""The member that every answer of an operation has: without it, something else has answered.

AWS sends an empty list as one, so a missing list isn't an empty one: a captive portal, a proxy or
another service answered, whose JSON or XML botocore parses as an answer without members.
"""

from collections.abc import Mapping

MEMBERS: Mapping[str, str] = {
    "autoscaling:DescribeAutoScalingGroups": "AutoScalingGroups",
    "autoscaling:DescribeScalingActivities": "Activities",
    "autoscaling:DescribeWarmPool": "Instances",
    "ec2:DescribeImages": "Images",
    "ec2:DescribeInstanceAttribute": "InstanceId",
    "ec2:DescribeInstanceStatus": "InstanceStatuses",
    "ec2:DescribeInstanceTypes": "InstanceTypes",
    "ec2:DescribeInstances": "Reservations",
    "ec2:DescribeNatGateways": "NatGateways",
    "ec2:DescribeNetworkAcls": "NetworkAcls",
    "ec2:DescribeRouteTables": "RouteTables",
    "ec2:DescribeSecurityGroups": "SecurityGroups",
    "ec2:DescribeSpotInstanceRequests": "SpotInstanceRequests",
    "ec2:DescribeSubnets": "Subnets",
    "ec2:DescribeVolumes": "Volumes",
    "ec2:DescribeVpcAttribute": "VpcId",
    "ec2:DescribeVpcEndpoints": "VpcEndpoints",
    "ec2:GetConsoleOutput": "InstanceId",
    "ecs:DescribeCapacityProviders": "capacityProviders",
    "ecs:DescribeClusters": "clusters",
    "ecs:DescribeContainerInstances": "containerInstances",
    "ecs:DescribeServices": "services",
    "ecs:DescribeTaskDefinition": "taskDefinition",
    "ecs:DescribeTasks": "tasks",
    "ecs:ListClusters": "clusterArns",
    "ecs:ListContainerInstances": "containerInstanceArns",
    "ecs:ListServices": "serviceArns",
    "ecs:ListTasks": "taskArns",
    "eks:DescribeAccessEntry": "accessEntry",
    "eks:DescribeAddon": "addon",
    "eks:DescribeAddonVersions": "addons",
    "eks:DescribeCluster": "cluster",
    "eks:DescribeClusterVersions": "clusterVersions",
    "eks:DescribeFargateProfile": "fargateProfile",
    "eks:DescribeInsight": "insight",
    "eks:DescribeNodegroup": "nodegroup",
    "eks:DescribeUpdate": "update",
    "eks:ListAccessEntries": "accessEntries",
    "eks:ListAddons": "addons",
    "eks:ListAssociatedAccessPolicies": "associatedAccessPolicies",
    "eks:ListClusters": "clusters",
    "eks:ListFargateProfiles": "fargateProfileNames",
    "eks:ListInsights": "insights",
    "eks:ListNodegroups": "nodegroups",
    "eks:ListUpdates": "updateIds",
    "iam:GetInstanceProfile": "InstanceProfile",
    "iam:ListAttachedRolePolicies": "AttachedPolicies",
    "iam:ListRoles": "Roles",
    "logs:DescribeLogGroups": "logGroups",
    "logs:DescribeLogStreams": "logStreams",
    "logs:FilterLogEvents": "events",
    "ssm:DescribeSessions": "Sessions",
    "sts:GetCallerIdentity": "Account",
}


def is_answer(action: str, answer: Mapping[str, object]) -> bool:
    """Return whether an answer has the member that AWS always sends."""
    member = MEMBERS.get(action)
    return member is None or answer.get(member) is not None
