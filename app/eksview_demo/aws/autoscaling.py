"""Auto Scaling: the groups behind the managed nodegroups, and what they did lately."""

from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.account import Account, Instance
from eksview_demo.aws.answering import page
from eksview_demo.aws.ec2 import matches, of_tags
from eksview_demo.aws.ecs import machines
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.nodes.node_state import REGION

POOL = {"PoolState": "Stopped", "MinSize": e.WARM, "InstanceReusePolicy": {"ReuseOnScaleIn": False}}


def describe_groups(account: Account, parameters: Parameters) -> Parameters:
    every = [_group(account, name, each) for name, each in account.groups().items()]
    every.append(_ecs_group(account))
    names = parameters.get("AutoScalingGroupNames") or ()
    groups = [
        each
        for each in every
        if (not names or each["AutoScalingGroupName"] in names)
        and matches(parameters, _values(each))
    ]
    shown, token = page(groups, parameters, "MaxRecords", "NextToken", most=50)
    return {"AutoScalingGroups": shown, **token}


def _values(group: dict[str, Any]) -> Any:
    tags = {pair["Key"]: pair["Value"] for pair in group["Tags"]}
    return lambda name: of_tags(tags, name)


def _group(account: Account, name: str, instances: list[Instance]) -> dict[str, Any]:
    group = e.autoscaling(name)
    template = _template(name)
    tags = {
        f"kubernetes.io/cluster/{e.CLUSTER}": "owned",
        "eks:cluster-name": e.CLUSTER,
        "eks:nodegroup-name": name,
    }
    pool = {"WarmPoolConfiguration": POOL, "WarmPoolSize": e.WARM} if name == e.POOLED else {}
    return pool | {
        "AutoScalingGroupName": group,
        "AutoScalingGroupARN": f"arn:aws:autoscaling:{REGION}:{e.ACCOUNT}:"
        f"autoScalingGroup:0:autoScalingGroupName/{group}",
        "MinSize": 1,
        "MaxSize": max(4, 2 * len(instances)),
        "DesiredCapacity": len(instances),
        "DefaultCooldown": 300,
        "AvailabilityZones": sorted({each.zone for each in instances}),
        "HealthCheckType": "EC2",
        "CreatedTime": account.created(name),
        "Instances": [_member(each, template) for each in instances],
        "SuspendedProcesses": [],
        "MixedInstancesPolicy": {
            "LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": []}
        },
        "Tags": [
            {"Key": key, "Value": value, "ResourceId": group, "PropagateAtLaunch": True,
             "ResourceType": "auto-scaling-group"}
            for key, value in tags.items()
        ],
    }  # fmt: skip


def _ecs_group(account: Account) -> dict[str, Any]:
    """Return the group of ECS's capacity provider."""
    name, instances = machines.GROUP, machines.machines(account)
    template = {"LaunchTemplateId": "lt-0ec5a1b2c3d4e5f60", "LaunchTemplateName": name,
                "Version": "4"}  # fmt: skip
    return {
        "AutoScalingGroupName": name,
        "AutoScalingGroupARN": machines.group_arn(),
        "MinSize": 1,
        "MaxSize": 2 * len(instances),
        "DesiredCapacity": len(instances),
        "DefaultCooldown": 300,
        "AvailabilityZones": sorted({each.zone for each in instances}),
        "VPCZoneIdentifier": ",".join(sorted(set(map(e.subnet_of, instances)))),
        "HealthCheckType": "EC2",
        "CreatedTime": account.began - 90 * 86_400.0,
        "Instances": [_member(each, template) for each in instances],
        "SuspendedProcesses": [],
        "LaunchTemplate": template,
        "Tags": [
            {"Key": "AmazonECSManaged", "Value": "", "ResourceId": name, "PropagateAtLaunch": True,
             "ResourceType": "auto-scaling-group"}
        ],
    }  # fmt: skip


def _template(name: str) -> dict[str, str]:
    return {
        "LaunchTemplateId": e.TEMPLATE,
        "LaunchTemplateName": f"eks-{name}",
        "Version": e.TEMPLATE_VERSION,
    }


def _member(instance: Instance, template: dict[str, str]) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "InstanceType": instance.machine.name,
        "AvailabilityZone": instance.zone,
        "LifecycleState": "Warmed:Stopped" if instance.warm else "InService",
        "HealthStatus": "Healthy" if instance.warm or instance.state == "running" else "Unhealthy",
        "LaunchTemplate": template,
        "ProtectedFromScaleIn": False,
    }


def describe_pool(account: Account, parameters: Parameters) -> Parameters:
    """Return the instances in a group's warm pool."""
    wanted = parameters["AutoScalingGroupName"]
    instances = account.pool(e.POOLED) if wanted == e.autoscaling(e.POOLED) else []
    members = [_member(each, _template(e.POOLED)) for each in instances]
    shown, token = page(members, parameters, "MaxRecords", "NextToken", most=50)
    pool = {"WarmPoolConfiguration": POOL} if instances else {}
    return pool | {"Instances": shown, **token}


def describe_activities(account: Account, parameters: Parameters) -> Parameters:
    """Return the launches of living instances, the newest first."""
    wanted = parameters.get("AutoScalingGroupName", "")
    launches = [
        _launch(e.autoscaling(name), each)
        for name, instances in account.groups().items()
        if not wanted or e.autoscaling(name) == wanted
        for each in instances
    ]
    if wanted in ("", machines.GROUP):
        launches += [_launch(machines.GROUP, each) for each in machines.machines(account)]
    launches.sort(key=lambda activity: -activity["StartTime"])
    shown, token = page(launches, parameters, "MaxRecords", "NextToken", most=100)
    return {"Activities": shown, **token}


def _launch(group: str, instance: Instance) -> dict[str, Any]:
    return {
        "ActivityId": f"{instance.id[2:]}-0000-4000-8000",
        "AutoScalingGroupName": group,
        "Description": f"Launching a new EC2 instance: {instance.id}",
        "Cause": "an instance was started in response to a difference between desired and actual "
        "capacity, increasing the capacity.",
        "StartTime": instance.created,
        "EndTime": instance.created + 32.0,
        "StatusCode": "Successful",
        "Progress": 100,
    }


OPERATIONS = {
    "DescribeAutoScalingGroups": describe_groups,
    "DescribeScalingActivities": describe_activities,
    "DescribeWarmPool": describe_pool,
}
