"""The health and the words of services, deployments, capacity providers and clusters."""

from typing import Any

import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean
from eksview.domain.ecs.service_status import (
    cluster_health,
    deployment_health,
    deployment_words,
    provider_health,
    service_health,
)
from eksview.domain.rows.ecs import CapacityProviderRow
from tests.domain.aws_objects import NOW
from tests.domain.ecs_objects import deployment, ecs_cluster, service

DEPLOYING = deployment(rollout="IN_PROGRESS")
FAILED = deployment(rollout="FAILED", reason="tasks failed to start")
OLD = deployment(status="ACTIVE", rollout="FAILED")


@pytest.mark.parametrize(
    ("changes", "health", "words"),
    [
        ({}, Health.OK, "4 of 4 running"),
        ({"deployments": (deployment(), OLD)}, Health.OK, "4 of 4 running"),
        ({"desired": 0, "running": 0}, Health.OK, "0 of 0 running"),
        ({"running": 3}, Health.WARN, "3 of 4 running"),
        ({"running": 0}, Health.BAD, "0 of 4 running"),
        (
            {"running": 0, "deployments": (DEPLOYING,)},
            Health.WARN,
            "0 of 4 running, deploying for 5m",
        ),
        ({"deployments": (DEPLOYING, OLD)}, Health.WARN, "4 of 4 running, deploying for 5m"),
        ({"deployments": (FAILED,)}, Health.BAD, "4 of 4 running, deployment failed"),
        ({"deployments": (deployment(rollout=""),)}, Health.OK, "4 of 4 running"),
        ({"status": "DRAINING", "running": 1}, Health.WARN, "DRAINING, 1 task left"),
        ({"status": "INACTIVE"}, Health.WARN, "INACTIVE"),
        ({"status": ""}, Health.UNKNOWN, "unknown"),
    ],
)
def test_a_service_has_the_health_of_its_tasks_and_deployment(
    changes: dict[str, Any], health: Health, words: str
) -> None:
    assert service_health(service(**changes), NOW) == (health, words)


@pytest.mark.parametrize(
    ("changes", "health", "words"),
    [
        ({}, Health.OK, "deployed"),
        ({"running": 2}, Health.WARN, "deployed"),
        ({"rollout": "IN_PROGRESS"}, Health.WARN, "deploying for 5m"),
        (
            {"rollout": "IN_PROGRESS", "failed": 2},
            Health.WARN,
            "deploying for 5m, 2 tasks failed",
        ),
        ({"rollout": "IN_PROGRESS", "created": None}, Health.WARN, "deploying"),
        ({"rollout": "FAILED"}, Health.BAD, "deployment failed"),
        ({"rollout": ""}, Health.OK, ""),
    ],
)
def test_a_deployment_is_told_by_its_state(
    changes: dict[str, Any], health: Health, words: str
) -> None:
    row = deployment(**changes)
    assert (deployment_health(row), deployment_words(row, NOW)) == (health, words)


@pytest.mark.parametrize(
    ("status", "update", "health", "words"),
    [
        ("ACTIVE", "", Health.OK, "ACTIVE"),
        ("ACTIVE", "UPDATE_COMPLETE", Health.OK, "ACTIVE"),
        ("ACTIVE", "UPDATE_FAILED", Health.BAD, "ACTIVE, UPDATE_FAILED"),
        ("ACTIVE", "DELETE_IN_PROGRESS", Health.WARN, "ACTIVE, DELETE_IN_PROGRESS"),
        ("INACTIVE", "DELETE_COMPLETE", Health.WARN, "INACTIVE"),
        ("", "", Health.UNKNOWN, "unknown"),
    ],
)
def test_a_capacity_provider_is_told_with_its_update(
    status: str, update: str, health: Health, words: str
) -> None:
    texts = map(Clean, ("cp", status, "asg", "ENABLED"))
    row = CapacityProviderRow(*texts, 100, Clean("ENABLED"), Clean("ENABLED"), Clean(update))
    assert provider_health(row) == (health, words)


@pytest.mark.parametrize(
    ("status", "health"),
    [
        ("ACTIVE", Health.OK),
        ("PROVISIONING", Health.WARN),
        ("FAILED", Health.BAD),
        ("INACTIVE", Health.WARN),
        ("NEW", Health.UNKNOWN),
    ],
)
def test_a_cluster_has_the_health_of_its_status(status: str, health: Health) -> None:
    assert cluster_health(ecs_cluster(status=status)) == (health, status)
