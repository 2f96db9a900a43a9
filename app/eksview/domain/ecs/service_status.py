"""The health of services, their deployments and capacity providers.

Sources: Amazon ECS Developer Guide, "Amazon ECS services" and "How the Amazon ECS deployment
circuit breaker detects failures"; Amazon ECS API Reference, `Deployment` and `CapacityProvider`.
"""

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.plural import plural
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.ecs import (
    CapacityProviderRow,
    EcsClusterRow,
    EcsDeployment,
    EcsServiceRow,
)


def service_health(row: EcsServiceRow, now: float) -> tuple[Health, Clean]:
    """Return the health and the words: `3 of 4 running, deploying for 5m`."""
    if row.status == "DRAINING":
        return Health.WARN, clean(f"DRAINING, {plural(row.running, 'task')} left")
    if row.status != "ACTIVE":
        health = Health.WARN if row.status == "INACTIVE" else Health.UNKNOWN
        return health, clean(row.status or "unknown")
    words = f"{row.running:,} of {row.desired:,} running"
    newest = primary(row)
    state = deployment_words(newest, now) if newest and newest.rollout != "COMPLETED" else EMPTY
    return _active_health(row, newest), clean(", ".join(filter(None, (words, state))))


def deployment_health(deployment: EcsDeployment) -> Health:
    """Return the health of a deployment; one by another controller than ECS reports no state."""
    if deployment.rollout == "FAILED":
        return Health.BAD
    if deployment.rollout == "IN_PROGRESS" or deployment.running < deployment.desired:
        return Health.WARN
    return Health.OK


def deployment_words(deployment: EcsDeployment, now: float) -> Clean:
    """Return `deploying for 5m, 2 tasks failed`; empty where ECS reports no state."""
    match deployment.rollout:
        case "IN_PROGRESS":
            since = deployment.created
            words = "deploying" if since is None else f"deploying for {human_duration(now - since)}"
            failed = f", {plural(deployment.failed, 'task')} failed" if deployment.failed else ""
            return clean(f"{words}{failed}")
        case "FAILED":
            return Clean("deployment failed")
        case "COMPLETED":
            return Clean("deployed")
    return EMPTY


def primary(row: EcsServiceRow) -> EcsDeployment | None:
    """Return the newest deployment."""
    return next((each for each in row.deployments if each.status == "PRIMARY"), None)


def provider_health(row: CapacityProviderRow) -> tuple[Health, Clean]:
    """Return the health and the words of a capacity provider: `ACTIVE, UPDATE_FAILED`."""
    if row.update.endswith("_FAILED"):
        return Health.BAD, clean(f"{row.status}, {row.update}")
    if row.update.endswith("_IN_PROGRESS"):
        return Health.WARN, clean(f"{row.status}, {row.update}")
    return _plain_health(row.status)


def cluster_health(row: EcsClusterRow) -> tuple[Health, Clean]:
    """Return the health and the words of an ECS cluster."""
    if row.status == "FAILED":
        return Health.BAD, row.status
    if row.status in ("PROVISIONING", "DEPROVISIONING"):
        return Health.WARN, row.status
    return _plain_health(row.status)


def _plain_health(status: Clean) -> tuple[Health, Clean]:
    healths = {"ACTIVE": Health.OK, "INACTIVE": Health.WARN}
    return healths.get(status, Health.UNKNOWN), clean(status or "unknown")


def _active_health(row: EcsServiceRow, newest: EcsDeployment | None) -> Health:
    if newest is not None and newest.rollout == "FAILED":
        return Health.BAD
    deploying = newest is not None and newest.rollout == "IN_PROGRESS"
    if row.running < row.desired:
        return Health.BAD if row.running == 0 and not deploying else Health.WARN
    return Health.WARN if deploying else Health.OK
