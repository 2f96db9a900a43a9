"""Tasks as DescribeTasks returns them."""

from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.ecs.definitions import Recipe
from eksview_demo.aws.ecs.machines import TASK_BLOCK
from eksview_demo.aws.ecs.names import arn, digits, uuid
from eksview_demo.aws.ecs.task_life import NEVER, TaskLife
from eksview_demo.aws.ecs.world import PENDING
from eksview_demo.cluster.nodes.node_state import ZONES

_PLATFORM = "1.4.0"


def task_document(task: TaskLife, now: float) -> dict[str, Any]:
    """Return a task; members that AWS leaves out at this time are None."""
    fargate = task.launch == "FARGATE"
    cpu, memory = task.family.reserved
    return {
        "taskArn": task.arn,
        "clusterArn": arn("cluster", task.cluster),
        "taskDefinitionArn": task.definition,
        "containerInstanceArn": task.host.arn if task.host else None,
        "availabilityZone": task.zone or None,
        "capacityProviderName": task.provider or None,
        "group": task.group,
        "launchType": task.launch,
        "lastStatus": task.status(now),
        "desiredStatus": task.desired(now),
        "healthStatus": task.health(now),
        "cpu": str(cpu),
        "memory": str(memory),
        "platformVersion": _PLATFORM if fargate else None,
        "platformFamily": "Linux" if fargate else None,
        "startedBy": task.by,
        "enableExecuteCommand": task.exec,
        "version": 1 + sum(now >= at for at in (task.started, task.stopping, task.stopped)),
        "containers": [_container(task, each, now) for each in task.family.containers],
        "attachments": [_interface(task, now)] if fargate else [],
        "attributes": [{"name": "ecs.cpu-architecture", "value": "x86_64"}],
        "overrides": {"containerOverrides": [], "inferenceAcceleratorOverrides": []},
        "tags": [],
        **_times(task, now),
    }


def _times(task: TaskLife, now: float) -> dict[str, Any]:
    """Return when things happened that have happened, and why it stopped."""
    pulled = task.started if task.started < NEVER else task.stopping
    times: dict[str, Any] = {
        "createdAt": task.created,
        "connectivity": "CONNECTED",
        "connectivityAt": task.created + 3.0,
        "pullStartedAt": task.created + 4.0,
        "pullStoppedAt": pulled - 1.0,
        "startedAt": task.started,
        "stoppingAt": task.stopping,
        "executionStoppedAt": task.stopping + 1.0 if task.started < NEVER else NEVER,
        "stoppedAt": task.stopped,
    }
    past = {name: at for name, at in times.items() if not isinstance(at, float) or at <= now}
    if "connectivityAt" not in past:
        del past["connectivity"]
    if now >= task.stopping:
        past |= {"stopCode": task.ending.code, "stoppedReason": task.ending.reason}
    return past


def _container(task: TaskLife, recipe: Recipe, now: float) -> dict[str, Any]:
    ran = task.started < NEVER
    over = now >= task.stopping
    main = recipe is task.family.containers[0]
    ending = task.ending
    runtime = f"{task.id}-{int(digits(task.id, recipe.name, count=8), 16):010d}"
    health = task.health(now) if recipe.health else "UNKNOWN"
    document: dict[str, Any] = {
        "containerArn": arn("container", task.cluster, task.id, digits(task.id, recipe.name)),
        "taskArn": task.arn,
        "name": recipe.name,
        "image": recipe.image,
        "lastStatus": _status(task, now),
        "healthStatus": health,
        "cpu": str(recipe.cpu),
        "memory": str(recipe.memory) if recipe.memory else None,
        "networkBindings": _bindings(task, now) if main else [],
        "networkInterfaces": [],
    }
    if ran and now >= task.started:
        document["runtimeId"] = runtime
    if over and ran:
        document["exitCode"] = ending.exit if main else 0
    if over and main and ending.container:
        document["reason"] = ending.container
    if task.launch == "FARGATE":
        document["networkInterfaces"] = [_address(task)]
    if task.exec:
        document["managedAgents"] = [_exec_agent(task, now)]
    return document


def _status(task: TaskLife, now: float) -> str:
    if now >= task.stopping:
        return "STOPPED"
    return "PENDING" if task.status(now) in PENDING else "RUNNING"


def _exec_agent(task: TaskLife, now: float) -> dict[str, Any]:
    running = task.started <= now < task.stopping
    status = "RUNNING" if running else "STOPPED" if now >= task.stopping else "PENDING"
    agent = {"name": "ExecuteCommandAgent", "lastStatus": status}
    return agent | ({"lastStartedAt": task.started} if now >= task.started else {})


def _bindings(task: TaskLife, now: float) -> list[dict[str, Any]]:
    """Return the port of the host that leads to a container in bridge mode."""
    if task.launch == "FARGATE" or not task.family.port or not task.started <= now < task.stopping:
        return []
    host = 32768 + int(digits(task.id, count=4), 16) % 28000
    return [{"bindIP": "0.0.0.0", "containerPort": task.family.port, "hostPort": host,  # noqa: S104
             "protocol": "tcp"}]  # fmt: skip


def address(task: TaskLife) -> str:
    """Return the address of a Fargate task."""
    block = TASK_BLOCK + ZONES.index(task.zone)
    return f"10.0.{block}.{4 + int(digits(task.id, count=4), 16) % 250}"


def _attachment_id(task: TaskLife) -> str:
    return uuid(task.id, "attachment")


def _address(task: TaskLife) -> dict[str, str]:
    return {"attachmentId": _attachment_id(task), "privateIpv4Address": address(task)}


def _interface(task: TaskLife, now: float) -> dict[str, Any]:
    status = "DELETED" if now >= task.stopped else "ATTACHED"
    if now < task.created + 6.0:
        status = "PRECREATED"
    block = TASK_BLOCK + ZONES.index(task.zone)
    details = {
        "subnetId": e.subnet(block),
        "networkInterfaceId": f"eni-0{digits(task.id, 'eni', count=16)}",
        "privateIPv4Address": address(task),
    }
    return {
        "id": _attachment_id(task),
        "type": "ElasticNetworkInterface",
        "status": status,
        "details": [{"name": name, "value": value} for name, value in details.items()],
    }
