"""A cluster of ECS at one time, with its tasks sorted by what they belong to."""

from collections import defaultdict
from functools import lru_cache

from eksview_demo.aws.account import Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.ecs.estate import EcsEstate, estate_of
from eksview_demo.aws.ecs.hosts import EcsHost, hosts
from eksview_demo.aws.ecs.names import arn, last
from eksview_demo.aws.ecs.services import CLUSTERS, EcsService, services_of
from eksview_demo.aws.ecs.task_life import TaskLife
from eksview_demo.aws.ecs.tasks import present

_LARGE = 500  # machines from which the time goes on in larger steps, to be computed less often
_STEP, _LARGE_STEP = 1.0, 5.0
PENDING = ("PROVISIONING", "PENDING", "ACTIVATING")


class ClusterTime:
    """A cluster at a time."""

    def __init__(self, estate: EcsEstate, name: str, now: float) -> None:
        self.estate = estate
        self.name = name
        self.now = now
        self.arn = arn("cluster", name)
        self.hosts: dict[str, EcsHost] = {each.id: each for each in hosts(estate, name)}
        self.services: dict[str, EcsService] = {each.name: each for each in services_of(name)}
        ordered = sorted(present(estate, name, now), key=lambda task: task.id)
        self.tasks: dict[str, TaskLife] = {task.id: task for task in ordered}
        self.of_host: dict[str, list[TaskLife]] = defaultdict(list)
        self.of_group: dict[str, list[TaskLife]] = defaultdict(list)
        for task in ordered:
            self.of_group[task.group].append(task)
            if task.host is not None:
                self.of_host[task.host.id].append(task)

    def count(self, tasks: list[TaskLife]) -> tuple[int, int]:
        """Return how many tasks run and how many are pending."""
        states = [task.status(self.now) for task in tasks]
        return states.count("RUNNING"), sum(state in PENDING for state in states)


@lru_cache(maxsize=8)
def _at(estate: EcsEstate, name: str, now: float) -> ClusterTime:
    return ClusterTime(estate, name, now)


def cluster_now(account: Account, name: str) -> ClusterTime:
    """Return a cluster as it is now, by name or ARN. Raises NoSuch."""
    short = last(name or "default")
    if short not in CLUSTERS:
        raise NoSuch("ClusterNotFoundException", "Cluster not found.")
    estate = estate_of(account)
    step = _LARGE_STEP if estate.size > _LARGE else _STEP
    return _at(estate, short, account.now // step * step)
