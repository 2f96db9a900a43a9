"""Container instances as DescribeContainerInstances returns them."""

from typing import Any

from eksview_demo.aws.ecs.hosts import CPU, MEMORY, EcsHost, attributes
from eksview_demo.aws.ecs.task_life import TaskLife
from eksview_demo.aws.ecs.world import ClusterTime

_PORTS = ["22", "2375", "2376", "51678", "51679"]
"""The ports that an agent reserves."""


def instance_document(time: ClusterTime, host: EcsHost, include: list[str]) -> dict[str, Any]:
    tasks = [task for task in time.of_host[host.id] if task.status(time.now) != "STOPPED"]
    running, pending = time.count(tasks)
    cpu, memory = left(tasks)
    document: dict[str, Any] = {
        "containerInstanceArn": host.arn,
        "ec2InstanceId": host.instance,
        "capacityProviderName": host.provider or None,
        "version": 3,
        "versionInfo": {
            "agentVersion": "1.98.0" if host.connected else "1.75.3",
            "agentHash": "4a2b6f1c" if host.connected else "c6d0e1aa",
            "dockerVersion": "DockerVersion: 25.0.8",
        },
        "registeredResources": _resources(CPU, MEMORY),
        "remainingResources": _resources(cpu, memory),
        "status": host.status,
        "agentConnected": host.connected,
        "runningTasksCount": running,
        "pendingTasksCount": pending,
        "attributes": attributes(host),
        "attachments": [],
        "registeredAt": host.registered,
        "tags": [],
    }
    if "CONTAINER_INSTANCE_HEALTH" in include:
        document["healthStatus"] = _health(host, time.now)
    return document


def left(tasks: list[TaskLife]) -> tuple[int, int]:
    """Return the CPU units and the MiB that tasks leave free."""
    taken = [task.family.reserved for task in tasks]
    return CPU - sum(cpu for cpu, _ in taken), MEMORY - sum(memory for _, memory in taken)


def _resources(cpu: int, memory: int) -> list[dict[str, Any]]:
    return [
        {"name": "CPU", "type": "INTEGER", "integerValue": cpu},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": memory},
        {"name": "PORTS", "type": "STRINGSET", "stringSetValue": _PORTS},
        {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": []},
    ]


def _health(host: EcsHost, now: float) -> dict[str, Any]:
    status = "OK" if host.connected else "INSUFFICIENT_DATA"
    detail = {
        "type": "CONTAINER_RUNTIME",
        "status": status,
        "lastUpdated": now // 30 * 30,
        "lastStatusChange": host.registered + 30.0,
    }
    return {"overallStatus": status, "details": [detail]}
