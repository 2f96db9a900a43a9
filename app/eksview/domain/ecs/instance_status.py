"""The status of a container instance in ECS's words, and its health.

Sources: Amazon ECS Developer Guide, "Container instance states" and "Container agent connection
events"; Amazon ECS API Reference, `ContainerInstance`.
"""

from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.plural import plural
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.ecs import EcsInstanceRow

DISCONNECTED = Clean(
    "The agent is disconnected: ECS places no tasks on the instance and doesn't know what has "
    "changed there; the containers that run go on. ECS doesn't report since when. An agent "
    "reconnects several times an hour, so a short disconnection is no fault."
)
IMPAIRED = Clean(
    "ECS reports the container runtime as impaired: the agent got no answer from Docker."
)
UPDATE_FAILED = Clean("The last update of the agent failed; it goes on with the old version.")


def instance_health(row: EcsInstanceRow, now: float) -> tuple[Health, Clean]:
    """Return the health and the words: `ACTIVE`, `DRAINING, 2 tasks left`.

    A disconnected agent is a WARN: AWS documents that agents reconnect several times an hour.
    """
    health, words = _by_status(row, now)
    if not row.connected and row.status in ("ACTIVE", "DRAINING"):
        return Health.WARN, clean(f"{words}, agent disconnected")
    if health is Health.OK and row.health == "IMPAIRED":
        return Health.BAD, clean(f"{words}, impaired")
    if health is Health.OK and row.update == "FAILED":
        return Health.WARN, clean(f"{words}, agent update failed")
    return health, words


def instance_reasons(row: EcsInstanceRow) -> tuple[Clean, ...]:
    """Return a sentence for each trouble of a container instance."""
    return tuple(_reasons(row))


def agent_words(row: EcsInstanceRow) -> Clean:
    """Return `connected`, `disconnected`, with the state of an update that is under way."""
    state = "connected" if row.connected else "disconnected"
    if row.update in ("", "UPDATED"):
        return clean(state)
    return clean(f"{state}, update {row.update.lower()}")


def docker_version(row: EcsInstanceRow) -> Clean:
    """Return `25.0.6` of `DockerVersion: 25.0.6`; empty where none is reported."""
    return clean(row.docker.removeprefix("DockerVersion:").strip())


def _by_status(row: EcsInstanceRow, now: float) -> tuple[Health, Clean]:
    match row.status:
        case "ACTIVE":
            return Health.OK, row.status
        case "DRAINING":
            left = plural(row.running, "task") if row.running else "no tasks"
            return Health.WARN, clean(f"DRAINING, {left} left")
        case "REGISTERING":
            since = f" for {human_duration(now - row.since)}" if row.since else ""
            return Health.WARN, clean(f"REGISTERING{since}")
        case "DEREGISTERING" | "INACTIVE":
            return Health.WARN, row.status
        case "REGISTRATION_FAILED":
            return Health.BAD, row.status
    return Health.UNKNOWN, clean(row.status or "unknown")


def _reasons(row: EcsInstanceRow) -> Iterator[Clean]:
    if row.reason:
        yield row.reason
    if not row.connected and row.status in ("ACTIVE", "DRAINING"):
        yield DISCONNECTED
    if row.health == "IMPAIRED":
        yield IMPAIRED
    if row.update == "FAILED":
        yield UPDATE_FAILED
