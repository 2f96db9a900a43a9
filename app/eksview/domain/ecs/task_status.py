"""The status of a task in ECS's words, and its health.

Sources: Amazon ECS Developer Guide, "Amazon ECS task lifecycle" and "Amazon ECS stopped tasks error
messages"; Amazon ECS API Reference, `Task`.
"""

from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.exit_code import OOM, exit_words
from eksview.domain.rows.ecs import EcsContainer, EcsTaskRow

FARGATE_SPOT = "FARGATE_SPOT"
ON_THE_WAY = ("PROVISIONING", "PENDING", "ACTIVATING")
_LEAVING = ("DEACTIVATING", "STOPPING", "DEPROVISIONING")
_BY_REQUEST = ("UserInitiated", "ServiceSchedulerInitiated")
_INTERRUPTED = ("SpotInterruption", "TerminationNotice")
_OUT_OF_MEMORY = "OutOfMemoryError"
_TROUBLE = "Task failed"
"""The scheduler's reason begins so for a task that failed a health check."""


def task_health(row: EcsTaskRow) -> tuple[Health, Clean]:
    """Return the health and the words: `RUNNING, unhealthy`, `STOPPED, web exited with 137`."""
    if row.status == "STOPPED":
        return _stopped(row)
    if row.status == "RUNNING":
        return _running(row)
    if row.status in ON_THE_WAY + _LEAVING:
        return Health.WARN, row.status
    return Health.UNKNOWN, clean(row.status or "unknown")


def task_type(row: EcsTaskRow) -> Clean:
    """Return where a task runs: `EC2`, `Fargate`, `Fargate Spot`, `External`."""
    if row.provider == FARGATE_SPOT:
        return Clean("Fargate Spot")
    names = {"FARGATE": "Fargate", "EXTERNAL": "External"}
    return clean(names.get(row.launch_type, row.launch_type))


def container_health(container: EcsContainer, task: EcsTaskRow) -> tuple[Health, Clean]:
    """Return the health and the words of a container: `STOPPED, exit code 137: SIGKILL: ...`."""
    if container.status == "STOPPED":
        words = f"STOPPED{_exit(container)}"
        failed = _failed(container) and not _asked_to_stop(task)
        return (Health.BAD if failed else Health.OK), clean(words)
    if container.health == "UNHEALTHY":
        return Health.BAD, clean(f"{container.status}, unhealthy")
    if container.status == "RUNNING":
        return Health.OK, container.status
    health = Health.WARN if container.status == "PENDING" else Health.UNKNOWN
    return health, clean(container.status or "unknown")


def first_failed(row: EcsTaskRow) -> EcsContainer | None:
    """Return the first container that exited with another code than 0, or never started."""
    return next(filter(_failed, row.containers), None)


def stop_words(row: EcsTaskRow) -> Clean:
    """Return why a task stopped, or is being stopped; empty while it runs."""
    return clean(": ".join(filter(None, (row.stop_code, row.reason))))


def exit_meaning(container: EcsContainer) -> Clean:
    """Return what the exit code means; empty for the program's own codes and while it runs."""
    if container.exit_code is None:
        return EMPTY
    reason = OOM if container.reason.startswith(_OUT_OF_MEMORY) else ""
    return exit_words(container.exit_code, reason=reason)


def _running(row: EcsTaskRow) -> tuple[Health, Clean]:
    if row.health == "UNHEALTHY":
        return Health.BAD, Clean("RUNNING, unhealthy")
    if row.desired == "STOPPED":
        return Health.WARN, Clean("RUNNING, to be stopped")
    failed = first_failed(row)
    if failed is not None:
        return Health.WARN, clean(f"RUNNING, {failed.name}{_brief(failed)}")
    return Health.OK, row.status


def _stopped(row: EcsTaskRow) -> tuple[Health, Clean]:
    if row.stop_code in _INTERRUPTED:
        return Health.WARN, clean(f"STOPPED, {row.stop_code}")
    if row.stop_code == "TaskFailedToStart":
        return Health.BAD, Clean("STOPPED, failed to start")
    if _asked_to_stop(row):
        return Health.OK, row.status
    if row.stop_code == "ServiceSchedulerInitiated":
        return Health.BAD, Clean("STOPPED, failed its health check")
    failed = first_failed(row)
    if failed is not None:
        return Health.BAD, clean(f"STOPPED, {failed.name}{_brief(failed)}")
    known = row.containers and all(each.exit_code == 0 for each in row.containers)
    return (Health.OK if known else Health.UNKNOWN), row.status


def _asked_to_stop(row: EcsTaskRow) -> bool:
    """Return whether a person or the service stopped it, so that exit codes 137 and 143 are due."""
    return row.stop_code in _BY_REQUEST and not row.reason.startswith(_TROUBLE)


def _failed(container: EcsContainer) -> bool:
    if container.status != "STOPPED":
        return False
    return bool(container.exit_code) or (container.exit_code is None and bool(container.reason))


def _brief(container: EcsContainer) -> str:
    """Return ` exited with 137`, or that it never ran."""
    if container.exit_code is None:
        return " didn't start"
    return f" exited with {container.exit_code}"


def _exit(container: EcsContainer) -> str:
    code = container.exit_code
    meaning = exit_meaning(container)
    parts = ("" if code is None else f"exit code {code}", meaning, container.reason)
    words = ": ".join(filter(None, parts))
    return f", {words}" if words else ""
