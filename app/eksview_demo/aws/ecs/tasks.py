"""The tasks of a cluster: how each service replaces them, and those that no service starts."""

import random
from collections.abc import Iterator
from functools import lru_cache, partial

from eksview_demo.aws.ecs import deployments
from eksview_demo.aws.ecs.definitions import DELETED, FAMILIES
from eksview_demo.aws.ecs.deployments import (
    FIRST,
    STABLE,
    TRIES,
    ServiceRollout,
    calm,
    newest,
    rollout,
)
from eksview_demo.aws.ecs.estate import DAY, EcsEstate
from eksview_demo.aws.ecs.hosts import EcsHost, hosts
from eksview_demo.aws.ecs.names import digits
from eksview_demo.aws.ecs.services import EcsService, places, services_of
from eksview_demo.aws.ecs.task_life import KEPT, NEVER, RUNS_ON, SICK, Ending, TaskLife
from eksview_demo.cluster.nodes.node_state import ZONES

_OVERLAP = 10.0  # seconds from a new task's start to the old one's end
_YOUNG = SICK + 60.0  # seconds in which a task doesn't fail
_CALM = 60.0  # seconds before a replacement in which a task doesn't fail
_AGAIN = 6.0  # seconds from a task's failure to the next one
_PULL = 22.0  # seconds until an image isn't found
_JOB_EVERY, _JOB_LASTS = 600.0, 240.0
_EXIT = "Essential container in task exited"
_OOM = "OutOfMemoryError: Container killed due to memory usage"
_SPOT = Ending("SpotInterruption", "Your Spot Task was interrupted.", 143)
_UNHEALTHY = Ending(
    "ServiceSchedulerInitiated", "Task failed container health checks", 143, sick=True
)
_FAILURES = (
    Ending("EssentialContainerExited", _EXIT, 1),
    Ending("EssentialContainerExited", _EXIT, 137, _OOM),
)
_JOB_ENDINGS = (Ending("EssentialContainerExited", _EXIT, 0), *_FAILURES)


def pull_error(image: str) -> Ending:
    """Return the end of a task whose image isn't there, in the words of ECS."""
    text = (
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to "
        f"resolve ref {image}: {image}: not found"
    )
    return Ending("TaskFailedToStart", text, None, text)


@lru_cache(maxsize=64)
def lives(estate: EcsEstate, rolled: ServiceRollout) -> tuple[TaskLife, ...]:
    """Return the tasks that a deployment starts, in the time until the next one has replaced it."""
    if rolled.failing:
        return tuple(_tries(estate, rolled))
    started: list[TaskLife] = []
    for slot, host in enumerate(places(estate, rolled.service)):
        started += _slot(estate, rolled, slot, host)
    return tuple(started)


def _dice(estate: EcsEstate, rolled: ServiceRollout, slot: int) -> random.Random:
    text = f"{estate.seed} {rolled.service.key} {rolled.number} {slot}"
    return random.Random(text)  # noqa: S311 - a demo's dice


def _latency(service: EcsService, dice: random.Random) -> float:
    """Return the seconds from a task's creation until it runs."""
    least, most = (24.0, 40.0) if service.launch == "FARGATE" else (6.0, 14.0)
    return dice.uniform(least, most)


def _slot(
    estate: EcsEstate, rolled: ServiceRollout, slot: int, host: EcsHost | None
) -> Iterator[TaskLife]:
    """Yield the tasks of one place, one after the other."""
    service = rolled.service
    dice = _dice(estate, rolled, slot)
    created = rolled.created + FIRST + slot * rolled.step
    started = created + _latency(service, dice)
    if not rolled.step:
        created = max(created, host.registered + FIRST) if host else created
        yield _task(estate, rolled, slot, host=host, created=created, started=created + FIRST)
        return
    after = rollout(estate, service, rolled.number + 1)
    replaced = after.created + FIRST + slot * after.step
    end = replaced + _latency(service, _dice(estate, after, slot)) + _OVERLAP
    place = partial(_task, estate, rolled, slot, host=host)
    rate = 1 / (service.lasts * calm(estate, service))
    while (fails := started + _YOUNG + dice.expovariate(rate)) < replaced - _CALM:
        why = _failure(rolled, slot, dice)
        yield place(created=created, started=started, stopping=fails, ending=why)
        created = fails + _AGAIN
        started = created + _latency(service, dice)
    yield place(created=created, started=started, stopping=end, ending=_scaled(after.id))


def _scaled(deployment: str) -> Ending:
    text = f"Scaling activity initiated by (deployment {deployment})"
    return Ending("ServiceSchedulerInitiated", text, 0)


def _failure(rolled: ServiceRollout, slot: int, dice: random.Random) -> Ending:
    service = rolled.service
    if provider(service, slot) == "FARGATE_SPOT" and dice.random() < 0.6:
        return _SPOT
    checked = any(each.health for each in service.family.containers)
    if checked and dice.random() < 0.5:
        return _UNHEALTHY
    return dice.choice(_FAILURES)


def _tries(estate: EcsEstate, rolled: ServiceRollout) -> Iterator[TaskLife]:
    """Yield the tasks of a deployment whose image doesn't exist."""
    ending = pull_error(rolled.service.family.containers[0].image)
    for number in range(TRIES):
        created = rolled.created + FIRST + number * deployments.TRY
        yield _task(
            estate,
            rolled,
            number,
            created=created,
            started=NEVER,
            stopping=created + _PULL,
            ending=ending,
        )


def provider(service: EcsService, slot: int) -> str:
    """Return the capacity provider of a service's task by its strategy: bases, then weights."""
    if not service.strategy:
        return ""
    based = [name for name, _, base in service.strategy for _ in range(base)]
    weighted = [name for name, weight, _ in service.strategy for _ in range(weight)]
    return based[slot] if slot < len(based) else weighted[-1 - (slot - len(based)) % len(weighted)]


def _task(  # noqa: PLR0913 - what makes a task
    estate: EcsEstate,
    rolled: ServiceRollout,
    slot: int,
    *,
    created: float,
    started: float,
    host: EcsHost | None = None,
    stopping: float = NEVER,
    ending: Ending = RUNS_ON,
) -> TaskLife:
    service = rolled.service
    return TaskLife(
        id=digits(estate.seed, service.key, rolled.number, slot, round(created)),
        cluster=service.cluster,
        group=f"service:{service.name}",
        family_name=service.name,
        revision=rolled.revision,
        by=rolled.id,
        created=created,
        started=started,
        stopping=stopping,
        ending=ending,
        host=host,
        launch=service.launch,
        provider=provider(service, slot),
        zone=host.zone if host else ZONES[slot % len(ZONES)],
        exec=service.exec,
    )


def _of_service(estate: EcsEstate, service: EcsService, now: float) -> Iterator[TaskLife]:
    last = newest(estate, service, now)
    if service.failing or not service.every:
        yield from lives(estate, rollout(estate, service, STABLE if service.failing else 0))
    if not service.every:
        return
    first = newest(estate, service, now - KEPT)
    for number in range(first - (not service.failing), last + 1):
        yield from lives(estate, rollout(estate, service, number))


def present(estate: EcsEstate, cluster: str, now: float) -> list[TaskLife]:
    """Return the tasks that ECS shows of a cluster at a time."""
    tasks = [task for each in services_of(cluster) for task in _of_service(estate, each, now)]
    tasks += _jobs(estate, now) if cluster == "batch" else ()
    tasks += _migrations(estate) if cluster == "shop" else ()
    return [task for task in tasks if task.present(now)]


def _jobs(estate: EcsEstate, now: float) -> Iterator[TaskLife]:
    """Yield the tasks that a schedule runs, and one whose definition was deleted."""
    since = estate.began - 5 * DAY
    yield _alone(estate, DELETED, "batch", "ops", created=since)
    last = int((now - estate.began) // _JOB_EVERY)
    for number in range(last - int(KEPT // _JOB_EVERY) - 1, last + 1):
        created = estate.began + number * _JOB_EVERY
        dice = random.Random(f"{estate.seed} job {number}")  # noqa: S311 - a demo's dice
        ending = dice.choices(_JOB_ENDINGS, (6, 2, 1))[0]
        stopping = created + dice.uniform(0.4, 1.2) * _JOB_LASTS
        yield _alone(
            estate,
            "nightly-report",
            "batch",
            "events-rule/nightly-report",
            created=created,
            stopping=stopping,
            ending=ending,
        )


def _migrations(estate: EcsEstate) -> Iterator[TaskLife]:
    """Yield a task on each draining instance, which waits for it: no service can replace it."""
    for host in hosts(estate, "shop"):
        if host.status == "DRAINING":
            since = estate.began - 2 * 3600.0
            yield _alone(estate, "migrate-orders", "shop", "ops", created=since, host=host)


def _alone(  # noqa: PLR0913 - what makes a task
    estate: EcsEstate,
    family: str,
    cluster: str,
    by: str,
    *,
    created: float,
    stopping: float = NEVER,
    ending: Ending = RUNS_ON,
    host: EcsHost | None = None,
) -> TaskLife:
    return TaskLife(
        id=digits(estate.seed, family, round(created), host.id if host else ""),
        cluster=cluster,
        group=f"family:{family}",
        family_name=family,
        revision=FAMILIES[family].revision,
        by=by,
        created=created,
        started=created + 20.0,
        stopping=stopping,
        ending=ending,
        host=host,
        launch="EC2" if host else "FARGATE",
        zone=host.zone if host else ZONES[0],
    )
