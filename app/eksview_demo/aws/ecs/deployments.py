"""Deployments of services: when each begins and ends, and which DescribeServices lists."""

from functools import lru_cache

from msgspec import Struct

from eksview_demo.aws.ecs.estate import DAY, EcsEstate
from eksview_demo.aws.ecs.names import definition_arn, deployment_id
from eksview_demo.aws.ecs.services import EcsService, places

AGE = 12 * DAY  # since the deployment of services that have no newer one
FIRST = 8.0  # seconds from a deployment to its first task
SETTLE = 95.0  # seconds from the last task's creation to the end of a deployment
TRIES, TRY = 10, 30.0  # of a deployment that fails, before the circuit breaker opens
STABLE = -1_000_000
"""The number of the deployment that a failing service goes back to."""


class ServiceRollout(Struct, frozen=True):
    """A deployment; `number` counts from the demo's beginning, and so do revisions."""

    service: EcsService
    number: int
    id: str
    created: float
    step: float  # seconds between the creation of two tasks
    ended: float
    failing: bool = False

    @property
    def revision(self) -> int:
        return max(1, self.service.family.revision + self.number)

    @property
    def definition(self) -> str:
        return definition_arn(self.service.name, self.revision)


@lru_cache(maxsize=64)
def calm(estate: EcsEstate, service: EcsService) -> int:
    """Return how many times as long things take in a service of thousands of tasks."""
    return 1 + len(places(estate, service)) // 200


def period(estate: EcsEstate, service: EcsService) -> float:
    """Return the seconds between two deployments."""
    return service.every * calm(estate, service)


@lru_cache(maxsize=512)
def rollout(estate: EcsEstate, service: EcsService, number: int) -> ServiceRollout:
    """Return a deployment by its number."""
    name = deployment_id(estate.seed, service.key, number)
    if not service.every or (service.failing and number == STABLE):
        created = estate.began - AGE
        ended = float("inf") if service.unplaced else created + SETTLE
        return ServiceRollout(service, number, name, created, 0.0, ended)
    created = estate.began + service.lead + number * period(estate, service)
    if service.failing:
        ended = created + FIRST + TRIES * TRY
        return ServiceRollout(service, number, name, created, TRY, ended, failing=True)
    count = len(places(estate, service)) or 1
    step = min(service.step, period(estate, service) / 3 / count)
    ended = created + FIRST + (count - 1) * step + SETTLE
    return ServiceRollout(service, number, name, created, step, ended)


def newest(estate: EcsEstate, service: EcsService, now: float) -> int:
    """Return the number of the deployment that began last."""
    if not service.every:
        return 0
    return int((now - estate.began - service.lead) // period(estate, service))


def listed(estate: EcsEstate, service: EcsService, now: float) -> list[ServiceRollout]:
    """Return the deployments of a service at a time, the primary one first."""
    number = newest(estate, service, now)
    primary = rollout(estate, service, number)
    if primary.failing:
        return [primary, rollout(estate, service, STABLE)]
    if now < primary.ended and service.every:
        return [primary, rollout(estate, service, number - 1)]
    return [primary]
