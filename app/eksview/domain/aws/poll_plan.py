"""The links of the AWS side by name, with the period and budget of each."""

from msgspec import Struct

STS = "sts"
EC2 = "ec2"
STATUS = "status"
AUTOSCALING = "autoscaling"
EKS = "eks"
ACCESS = "access-entries"
NETWORK = "network"
IMAGES = "images"
SSM = "ssm"
ECS = "ecs"
ECS_INSTANCES = "ecs-instances"
ECS_TASKS = "ecs-tasks"


class PollPlan(Struct, frozen=True):
    """A link: its main action, seconds between two rounds, calls a minute at most."""

    name: str
    action: str
    period: float
    budget: int


PLANS = {
    plan.name: plan
    for plan in (
        PollPlan(STS, "sts:GetCallerIdentity", 300.0, 12),
        PollPlan(EC2, "ec2:DescribeInstances", 30.0, 180),
        PollPlan(STATUS, "ec2:DescribeInstanceStatus", 60.0, 90),
        PollPlan(AUTOSCALING, "autoscaling:DescribeAutoScalingGroups", 30.0, 60),
        PollPlan(EKS, "eks:DescribeCluster", 30.0, 90),
        PollPlan(ACCESS, "eks:ListAccessEntries", 300.0, 60),
        PollPlan(NETWORK, "ec2:DescribeSubnets", 60.0, 30),
        PollPlan(IMAGES, "ec2:DescribeInstanceTypes", 60.0, 30),
        PollPlan(SSM, "ssm:DescribeSessions", 30.0, 30),
    )
}
"""EC2 refills 20 calls a second for its describing actions (Amazon EC2 Developer Guide, "Request
throttling"); the budgets stay far below, for the account's own controllers use the same bucket."""

ECS_PLANS = {
    plan.name: plan
    for plan in (
        PollPlan(ECS, "ecs:ListClusters", 30.0, 120),
        PollPlan(ECS_INSTANCES, "ecs:ListContainerInstances", 30.0, 240),
        PollPlan(ECS_TASKS, "ecs:ListTasks", 15.0, 240),
    )
}
"""Polled only while ECS is shown. ECS refills 20 calls a second for reading clusters, services,
container instances and tasks (Amazon ECS Developer Guide, "Request throttling for the Amazon ECS
API")."""

CONTROL_PLANE_LOGS = PollPlan("control-plane-logs", "logs:FilterLogEvents", 10.0, 60)
"""Calls only while a view shows these logs, so it is no link that is always polled. AWS allows 5 to
25 of them a second by region (CloudWatch Logs User Guide, "CloudWatch Logs quotas")."""

TASK_LOGS = PollPlan("task-logs", "logs:FilterLogEvents", 5.0, 60)
"""As above; awslogs sends what a container writes within seconds."""
