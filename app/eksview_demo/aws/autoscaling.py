"""Auto Scaling: the groups behind the managed nodegroups, and what they did lately."""

from typing import Any

from eksview_demo.aws import estate as e
from eksview_demo.aws.answering import page
from eksview_demo.aws.ec2 import matches, of_tags
from eksview_demo.aws.estate import Account, Instance
from eksview_demo.aws.wire import Parameters


def describe_groups(estate: Account, parameters: Parameters) -> Parameters:
    """By name or by tag."""
    every = [_group(estate, name, each) for name, each in estate.groups().items()]
    names = parameters.get("AutoScalingGroupNames") or ()
    filters = parameters.get("Filters") or ()
    found = [
        each
        for each in every
        if (not names or each["AutoScalingGroupName"] in names) and matches(filters, _values(each))
    ]
    shown, token = page(found, parameters, "MaxRecords", "NextToken", most=50)
    return {"AutoScalingGroups": shown, **token}


def _values(group: dict[str, Any]) -> Any:
    tags = {pair["Key"]: pair["Value"] for pair in group["Tags"]}
    return lambda name: of_tags(tags, name)


def _group(estate: Account, name: str, instances: list[Instance]) -> dict[str, Any]:
    group = e.autoscaling(name)
    template = {
        "LaunchTemplateId": e.TEMPLATE,
        "LaunchTemplateName": f"eks-{name}",
        "Version": e.TEMPLATE_VERSION,
    }
    tags = {
        f"kubernetes.io/cluster/{e.CLUSTER}": "owned",
        "eks:cluster-name": e.CLUSTER,
        "eks:nodegroup-name": name,
    }
    return {
        "AutoScalingGroupName": group,
        "AutoScalingGroupARN": f"arn:aws:autoscaling:{estate.region}:{e.ACCOUNT}:"
        f"autoScalingGroup:0:autoScalingGroupName/{group}",
        "MinSize": 1,
        "MaxSize": max(4, 2 * len(instances)),
        "DesiredCapacity": len(instances),
        "DefaultCooldown": 300,
        "AvailabilityZones": sorted({each.zone for each in instances}),
        "HealthCheckType": "EC2",
        "CreatedTime": estate.began - 40 * 86_400.0,
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


def _member(each: Instance, template: dict[str, str]) -> dict[str, Any]:
    return {
        "InstanceId": each.id,
        "InstanceType": each.machine.name,
        "AvailabilityZone": each.zone,
        "LifecycleState": "InService",
        "HealthStatus": "Healthy" if each.state == "running" else "Unhealthy",
        "LaunchTemplate": template,
        "ProtectedFromScaleIn": False,
    }


def describe_activities(estate: Account, parameters: Parameters) -> Parameters:
    """The launches of those that live, the newest first."""
    wanted = parameters.get("AutoScalingGroupName", "")
    found = [
        _launch(name, each)
        for name, instances in estate.groups().items()
        for each in instances
        if not wanted or e.autoscaling(name) == wanted
    ]
    found.sort(key=lambda activity: -activity["StartTime"])
    shown, token = page(found, parameters, "MaxRecords", "NextToken", most=100)
    return {"Activities": shown, **token}


def _launch(group: str, each: Instance) -> dict[str, Any]:
    return {
        "ActivityId": f"{each.id[2:]}-0000-4000-8000",
        "AutoScalingGroupName": e.autoscaling(group),
        "Description": f"Launching a new EC2 instance: {each.id}",
        "Cause": "an instance was started in response to a difference between desired and actual "
        "capacity, increasing the capacity.",
        "StartTime": each.launched,
        "EndTime": each.launched + 32.0,
        "StatusCode": "Successful",
        "Progress": 100,
    }


OPERATIONS = {
    "DescribeAutoScalingGroups": describe_groups,
    "DescribeScalingActivities": describe_activities,
}
