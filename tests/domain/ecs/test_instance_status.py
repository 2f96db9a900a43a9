"""The health and the words of container instances."""

from typing import Any

import pytest

from eksview.domain.base.health import Health
from eksview.domain.ecs.instance_status import (
    DISCONNECTED,
    agent_words,
    docker_version,
    instance_health,
    instance_reasons,
)
from tests.domain.aws_objects import NOW
from tests.domain.ecs_objects import ecs_instance


@pytest.mark.parametrize(
    ("changes", "health", "words"),
    [
        ({}, Health.OK, "ACTIVE"),
        ({"connected": False}, Health.WARN, "ACTIVE, agent disconnected"),
        ({"status": "DRAINING"}, Health.WARN, "DRAINING, 3 tasks left"),
        ({"status": "DRAINING", "running": 0}, Health.WARN, "DRAINING, no tasks left"),
        (
            {"status": "DRAINING", "running": 1, "connected": False},
            Health.WARN,
            "DRAINING, 1 task left, agent disconnected",
        ),
        ({"status": "REGISTERING", "since": NOW - 180}, Health.WARN, "REGISTERING for 3m"),
        ({"status": "REGISTERING", "since": None}, Health.WARN, "REGISTERING"),
        ({"status": "DEREGISTERING", "connected": False}, Health.WARN, "DEREGISTERING"),
        ({"status": "INACTIVE", "connected": False}, Health.WARN, "INACTIVE"),
        ({"status": "REGISTRATION_FAILED"}, Health.BAD, "REGISTRATION_FAILED"),
        ({"health": "IMPAIRED"}, Health.BAD, "ACTIVE, impaired"),
        ({"health": "INSUFFICIENT_DATA"}, Health.OK, "ACTIVE"),
        ({"update": "FAILED"}, Health.WARN, "ACTIVE, agent update failed"),
        ({"update": "STAGING"}, Health.OK, "ACTIVE"),
        ({"status": ""}, Health.UNKNOWN, "unknown"),
        ({"status": "NEW_WORD"}, Health.UNKNOWN, "NEW_WORD"),
    ],
)
def test_a_container_instance_has_the_health_of_its_status_and_agent(
    changes: dict[str, Any], health: Health, words: str
) -> None:
    assert instance_health(ecs_instance(**changes), NOW) == (health, words)


def test_a_disconnected_agent_is_said_without_a_time_that_ecs_does_not_report() -> None:
    assert instance_reasons(ecs_instance(connected=False)) == (DISCONNECTED,)
    assert instance_reasons(ecs_instance()) == ()


def test_the_reason_that_ecs_gives_comes_first() -> None:
    row = ecs_instance(status="REGISTRATION_FAILED", reason="ENI trunking isn't supported.")
    assert instance_reasons(row) == ("ENI trunking isn't supported.",)


@pytest.mark.parametrize(
    ("connected", "update", "words"),
    [
        (True, "", "connected"),
        (True, "UPDATED", "connected"),
        (True, "PENDING", "connected, update pending"),
        (False, "", "disconnected"),
        (False, "UPDATING", "disconnected, update updating"),
    ],
)
def test_an_agent_is_told_with_its_update(connected: bool, update: str, words: str) -> None:
    assert agent_words(ecs_instance(connected=connected, update=update)) == words


def test_the_version_of_docker_is_told_without_its_name() -> None:
    assert docker_version(ecs_instance()) == "25.0.6"
    assert docker_version(ecs_instance(docker="")) == ""
