"""The health and the words of tasks and their containers."""

from typing import Any

import pytest

from eksview.domain.base.health import Health
from eksview.domain.ecs.task_status import (
    container_health,
    exit_meaning,
    first_failed,
    stop_words,
    task_health,
    task_type,
)
from tests.domain.ecs_objects import container, task

DONE = container(status="STOPPED", exit_code=0)
KILLED = container("db", status="STOPPED", exit_code=137)
OUT_OF_MEMORY = container(
    status="STOPPED",
    exit_code=137,
    reason="OutOfMemoryError: Container killed due to memory usage",
)
NEVER = container(status="STOPPED", reason="CannotPullContainerError: not found")
SCALING = "Scaling activity initiated by (deployment ecs-svc/1)"
UNHEALTHY = "Task failed container health checks"


def stopped(code: str, *containers: Any, reason: str = "") -> dict[str, Any]:
    return {
        "status": "STOPPED",
        "desired": "STOPPED",
        "stop_code": code,
        "reason": reason,
        "containers": containers,
    }


@pytest.mark.parametrize(
    ("changes", "health", "words"),
    [
        ({}, Health.OK, "RUNNING"),
        ({"health": "HEALTHY"}, Health.OK, "RUNNING"),
        ({"health": "UNHEALTHY"}, Health.BAD, "RUNNING, unhealthy"),
        ({"desired": "STOPPED"}, Health.WARN, "RUNNING, to be stopped"),
        ({"containers": (container(), KILLED)}, Health.WARN, "RUNNING, db exited with 137"),
        ({"containers": (container(), DONE)}, Health.OK, "RUNNING"),
        ({"status": "PROVISIONING"}, Health.WARN, "PROVISIONING"),
        ({"status": "ACTIVATING"}, Health.WARN, "ACTIVATING"),
        ({"status": "DEPROVISIONING"}, Health.WARN, "DEPROVISIONING"),
        ({"status": ""}, Health.UNKNOWN, "unknown"),
        (stopped("EssentialContainerExited", DONE), Health.OK, "STOPPED"),
        (
            stopped("EssentialContainerExited", DONE, KILLED),
            Health.BAD,
            "STOPPED, db exited with 137",
        ),
        (stopped("EssentialContainerExited", NEVER), Health.BAD, "STOPPED, web didn't start"),
        (stopped("TaskFailedToStart", NEVER), Health.BAD, "STOPPED, failed to start"),
        (stopped("SpotInterruption", KILLED), Health.WARN, "STOPPED, SpotInterruption"),
        (stopped("TerminationNotice", KILLED), Health.WARN, "STOPPED, TerminationNotice"),
        (stopped("UserInitiated", KILLED), Health.OK, "STOPPED"),
        (stopped("ServiceSchedulerInitiated", KILLED, reason=SCALING), Health.OK, "STOPPED"),
        (
            stopped("ServiceSchedulerInitiated", KILLED, reason=UNHEALTHY),
            Health.BAD,
            "STOPPED, failed its health check",
        ),
        (stopped(""), Health.UNKNOWN, "STOPPED"),
        (stopped("", container(status="STOPPED")), Health.UNKNOWN, "STOPPED"),
    ],
)
def test_a_task_has_the_health_of_its_status_and_end(
    changes: dict[str, Any], health: Health, words: str
) -> None:
    assert task_health(task(**changes)) == (health, words)


@pytest.mark.parametrize(
    ("launch_type", "provider", "words"),
    [
        ("EC2", "shop-cp", "EC2"),
        ("EC2", "", "EC2"),
        ("FARGATE", "", "Fargate"),
        ("FARGATE", "FARGATE", "Fargate"),
        ("FARGATE", "FARGATE_SPOT", "Fargate Spot"),
        ("", "FARGATE_SPOT", "Fargate Spot"),
        ("EXTERNAL", "", "External"),
        ("MANAGED_INSTANCES", "mi-cp", "MANAGED_INSTANCES"),
    ],
)
def test_a_task_has_a_type(launch_type: str, provider: str, words: str) -> None:
    assert task_type(task(launch_type=launch_type, provider=provider)) == words


@pytest.mark.parametrize(
    ("row", "health", "words"),
    [
        (container(), Health.OK, "RUNNING"),
        (container(health="UNHEALTHY"), Health.BAD, "RUNNING, unhealthy"),
        (container(status="PENDING"), Health.WARN, "PENDING"),
        (container(status=""), Health.UNKNOWN, "unknown"),
        (DONE, Health.OK, "STOPPED, exit code 0"),
        (
            OUT_OF_MEMORY,
            Health.BAD,
            "STOPPED, exit code 137: SIGKILL: out of memory: "
            "OutOfMemoryError: Container killed due to memory usage",
        ),
        (NEVER, Health.BAD, "STOPPED, CannotPullContainerError: not found"),
        (container(status="STOPPED", exit_code=3), Health.BAD, "STOPPED, exit code 3"),
    ],
)
def test_a_container_is_told_with_its_exit_code(row: Any, health: Health, words: str) -> None:
    assert container_health(row, task()) == (health, words)


def test_a_container_killed_because_its_task_was_stopped_is_no_trouble() -> None:
    row = task(**stopped("UserInitiated", KILLED, reason="Task stopped by user"))
    health, _ = container_health(KILLED, row)
    assert health is Health.OK


def test_the_first_failed_container_is_the_one_to_look_at() -> None:
    assert first_failed(task(containers=(container(), DONE, KILLED, NEVER))) is KILLED
    assert first_failed(task(containers=(container(), DONE))) is None


def test_the_reason_of_a_stop_has_its_code() -> None:
    row = task(**stopped("UserInitiated", reason="Task stopped by user"))
    assert stop_words(row) == "UserInitiated: Task stopped by user"
    assert stop_words(task()) == ""


def test_the_program_s_own_exit_codes_have_no_meaning() -> None:
    assert exit_meaning(container(status="STOPPED", exit_code=1)) == ""
    assert exit_meaning(container()) == ""
    assert exit_meaning(container(exit_code=143)) == "SIGTERM: asked to stop"
