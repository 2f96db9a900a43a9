"""Clusters and capacity providers as ECS describes them."""

from typing import Any

from eksview_demo.aws.ecs.machines import GROUP, group_arn
from eksview_demo.aws.ecs.names import arn
from eksview_demo.aws.ecs.service_documents import strategy
from eksview_demo.aws.ecs.services import Strategy
from eksview_demo.aws.ecs.world import ClusterTime

PROVIDERS = ("FARGATE", "FARGATE_SPOT", GROUP)
_OF_CLUSTER = {"shop": PROVIDERS, "batch": PROVIDERS[:2], "edge": ()}
_DEFAULT: dict[str, Strategy] = {
    "shop": ((GROUP, 1, 0),),
    "batch": (("FARGATE_SPOT", 3, 1), ("FARGATE", 1, 0)),
    "edge": (),
}
_INSIGHTS = {"shop": "enhanced", "batch": "enabled", "edge": "disabled"}


def cluster_document(time: ClusterTime, include: list[str]) -> dict[str, Any]:
    """Return a cluster; its settings and configuration only on request."""
    running, pending = time.count(list(time.tasks.values()))
    document: dict[str, Any] = {
        "clusterArn": time.arn,
        "clusterName": time.name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": len(time.hosts),
        "runningTasksCount": running,
        "pendingTasksCount": pending,
        "activeServicesCount": len(time.services),
        "capacityProviders": list(_OF_CLUSTER[time.name]),
        "defaultCapacityProviderStrategy": strategy(_DEFAULT[time.name]),
        "statistics": [],
        "settings": [],
        "tags": [],
    }
    if "SETTINGS" in include:
        setting = {"name": "containerInsights", "value": _INSIGHTS[time.name]}
        document["settings"] = [setting]
    if "CONFIGURATIONS" in include and time.name == "shop":
        execution = {"executeCommandConfiguration": {"logging": "DEFAULT"}}
        document["configuration"] = execution
    return document


def provider_document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "capacityProviderArn": arn("capacity-provider", name),
        "name": name,
        "status": "ACTIVE",
        "tags": [],
    }
    if name != GROUP:
        return document
    return document | {
        "updateStatus": "UPDATE_COMPLETE",
        "autoScalingGroupProvider": {
            "autoScalingGroupArn": group_arn(),
            "managedScaling": {
                "status": "ENABLED",
                "targetCapacity": 90,
                "minimumScalingStepSize": 1,
                "maximumScalingStepSize": 100,
                "instanceWarmupPeriod": 300,
            },
            "managedTerminationProtection": "DISABLED",
            "managedDraining": "ENABLED",
        },
    }
