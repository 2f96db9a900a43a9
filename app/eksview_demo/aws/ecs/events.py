"""The events of services, in the words of ECS.

Source: Amazon ECS Developer Guide, "Amazon ECS service event messages".
"""

from collections.abc import Iterator
from typing import Any

from eksview_demo.aws.ecs.deployments import ServiceRollout
from eksview_demo.aws.ecs.names import target_group, uuid
from eksview_demo.aws.ecs.services import EcsService
from eksview_demo.aws.ecs.task_life import NEVER, TaskLife
from eksview_demo.aws.ecs.world import ClusterTime

_MOST = 100
_STEADY = 6 * 3600.0  # ECS repeats it so often
_SETTLED = 30.0  # seconds without an event until the state is steady
_Event = tuple[float, str]


def events(
    time: ClusterTime, service: EcsService, rolled: list[ServiceRollout]
) -> list[dict[str, Any]]:
    """Return the newest events, the newest first."""
    tasks = time.of_group[f"service:{service.name}"]
    dated = [each for task in tasks for each in _of_task(service, task)]
    for deployment in rolled:
        dated += _of_deployment(service, deployment)
    if service.unplaced:
        repeated = (time.now - rolled[0].created) // _STEADY * _STEADY
        dated.append((rolled[0].created + repeated, _unplaced(time, service)))
    if time.now >= rolled[0].ended:
        settled = max(at for at, _ in dated if at <= time.now) + _SETTLED
        repeated = max(0.0, (time.now - settled) // _STEADY * _STEADY)
        dated.append((settled + repeated, _steady(service)))
    past = sorted((each for each in dated if each[0] <= time.now), reverse=True)
    return [_document(service, at, message) for at, message in past[:_MOST]]


def _document(service: EcsService, at: float, message: str) -> dict[str, Any]:
    return {"id": uuid(service.key, at, message), "createdAt": at, "message": message}


def _steady(service: EcsService) -> str:
    return f"(service {service.name}) has reached a steady state."


def _unplaced(time: ClusterTime, service: EcsService) -> str:
    fit = next((host.id for host in time.hosts.values() if host.fit), "")
    closest = (
        f"The closest matching (container-instance {fit}) has insufficient memory available."
        if fit
        else "Reason: No Container Instances were found in your cluster."
    )
    return (
        f"(service {service.name}) was unable to place a task because no container instance met "
        f"all of its requirements. {closest} For more information, see the Troubleshooting "
        "section of the Amazon ECS Developer Guide."
    )


def _of_task(service: EcsService, task: TaskLife) -> Iterator[_Event]:
    name = f"(service {service.name})"
    yield task.created, f"{name} has started 1 tasks: (task {task.id})."
    group = f"(target-group {target_group(service.name)})"
    if service.balanced and task.started < NEVER:
        yield task.started + 2.0, f"{name} registered 1 targets in {group}"
    if task.stopping == NEVER:
        return
    if task.ending.sick:
        yield (
            task.stopping - 1.0,
            f"{name} (task {task.id}) failed container health checks.",
        )
    if service.balanced and task.started < NEVER:
        yield task.stopping, f"{name} deregistered 1 targets in {group}"
    if task.ending.code == "ServiceSchedulerInitiated":
        yield task.stopping, f"{name} has stopped 1 running tasks: (task {task.id})."


def _of_deployment(service: EcsService, rolled: ServiceRollout) -> Iterator[_Event]:
    name = f"(service {service.name}) (deployment {rolled.id})"
    if rolled.failing:
        yield (
            (rolled.created + rolled.ended) / 2,
            f"(service {service.name}) is unable to consistently start tasks successfully. For "
            "more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
        )
        yield rolled.ended, f"{name} deployment failed: tasks failed to start."
    else:
        yield rolled.ended, f"{name} deployment completed."
