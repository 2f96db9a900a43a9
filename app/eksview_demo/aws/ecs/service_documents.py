"""Services as DescribeServices returns them."""

from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.ecs.deployments import FIRST, TRIES, TRY, ServiceRollout, listed
from eksview_demo.aws.ecs.events import events
from eksview_demo.aws.ecs.machines import SECURITY_GROUP, TASK_BLOCK
from eksview_demo.aws.ecs.names import target_group
from eksview_demo.aws.ecs.services import EcsService, Strategy, places
from eksview_demo.aws.ecs.task_life import TaskLife
from eksview_demo.aws.ecs.world import ClusterTime
from eksview_demo.cluster.nodes.node_state import ZONES

_CREATED = 90 * 86_400.0


def service_document(time: ClusterTime, service: EcsService) -> dict[str, Any]:
    tasks = time.of_group[f"service:{service.name}"]
    running, pending = time.count(tasks)
    rolled = listed(time.estate, service, time.now)
    launch: dict[str, Any] = (
        {"capacityProviderStrategy": strategy(service.strategy)}
        if service.strategy
        else {"launchType": service.launch}
    )
    return launch | {
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": time.arn,
        "status": "ACTIVE",
        "desiredCount": desired(time, service),
        "runningCount": running,
        "pendingCount": pending,
        "taskDefinition": rolled[0].definition,
        "schedulingStrategy": "DAEMON" if service.daemon else "REPLICA",
        "deploymentController": {"type": "ECS"},
        "deploymentConfiguration": _configuration(service),
        "deployments": [_deployment(time, each, tasks, launch, rolled) for each in rolled],
        "events": events(time, service, rolled),
        "loadBalancers": _balancers(service),
        "serviceRegistries": [],
        "placementConstraints": [],
        "placementStrategy": _placement(service),
        "createdAt": time.estate.began - _CREATED,
        "createdBy": f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-admin",
        "enableExecuteCommand": service.exec,
        "enableECSManagedTags": True,
        "propagateTags": "NONE",
        **_network(service),
    }


def desired(time: ClusterTime, service: EcsService) -> int:
    """Return the number of tasks that a service is to have."""
    return service.count if service.unplaced else len(places(time.estate, service))


def strategy(providers: Strategy) -> list[dict[str, Any]]:
    return [
        {"capacityProvider": name, "weight": weight, "base": base}
        for name, weight, base in providers
    ]


def _deployment(
    time: ClusterTime,
    rolled: ServiceRollout,
    tasks: list[TaskLife],
    launch: dict[str, Any],
    every: list[ServiceRollout],
) -> dict[str, Any]:
    running, pending = time.count([task for task in tasks if task.by == rolled.id])
    primary = rolled is every[0]
    state, reason = _rollout(rolled, time.now)
    total = desired(time, rolled.service)
    return launch | _network(rolled.service) | {
        "id": rolled.id,
        "status": "PRIMARY" if primary else "ACTIVE",
        "taskDefinition": rolled.definition,
        "desiredCount": _share(rolled, every, total, running),
        "runningCount": running,
        "pendingCount": pending,
        "failedTasks": _failed(rolled, time.now),
        "createdAt": rolled.created,
        "updatedAt": min(time.now, rolled.ended),
        "rolloutState": state,
        "rolloutStateReason": reason,
    }  # fmt: skip


def _share(rolled: ServiceRollout, every: list[ServiceRollout], total: int, running: int) -> int:
    """Return the number of tasks of a deployment: old ones keep those not replaced yet."""
    if rolled is every[0]:
        return 0 if rolled.failing and len(every) > 1 else total
    return total if every[0].failing else min(running, total)


def _failed(rolled: ServiceRollout, now: float) -> int:
    if not rolled.failing:
        return 0
    tried = (now - rolled.created - FIRST - TRY) // TRY + 1
    return int(max(0, min(TRIES, tried)))


def _rollout(rolled: ServiceRollout, now: float) -> tuple[str, str]:
    if now < rolled.ended:
        return "IN_PROGRESS", f"ECS deployment {rolled.id} in progress."
    if rolled.failing:
        return "FAILED", "ECS deployment circuit breaker: tasks failed to start."
    return "COMPLETED", f"ECS deployment {rolled.id} completed."


def _configuration(service: EcsService) -> dict[str, Any]:
    breaker = {"enable": service.failing or service.balanced, "rollback": False}
    return {
        "deploymentCircuitBreaker": breaker,
        "maximumPercent": 100 if service.daemon else 200,
        "minimumHealthyPercent": 0 if service.daemon else 100,
    }


def _placement(service: EcsService) -> list[dict[str, str]]:
    if service.launch != "EC2" or service.daemon:
        return []
    return [{"type": "spread", "field": "attribute:ecs.availability-zone"}]


def _balancers(service: EcsService) -> list[dict[str, Any]]:
    if not service.balanced:
        return []
    family = service.family
    return [
        {
            "targetGroupArn": target_group(service.name),
            "containerName": family.containers[0].name,
            "containerPort": family.port,
        }
    ]


def _network(service: EcsService) -> dict[str, Any]:
    """Return the subnets of tasks that have an interface of their own."""
    if service.launch != "FARGATE":
        return {}
    subnets = [e.subnet(TASK_BLOCK + number) for number in range(len(ZONES))]
    network = {"subnets": subnets, "securityGroups": [SECURITY_GROUP], "assignPublicIp": "DISABLED"}
    return {
        "networkConfiguration": {"awsvpcConfiguration": network},
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
    }
