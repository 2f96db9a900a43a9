"""A task from its creation to an hour after its end, and its state at a time."""

from msgspec import Struct

from eksview_demo.aws.ecs.definitions import FAMILIES, Family
from eksview_demo.aws.ecs.hosts import EcsHost
from eksview_demo.aws.ecs.names import arn, definition_arn

NEVER = float("inf")
KEPT = 3600.0  # seconds that ECS shows a stopped task
PROVISIONING, DEACTIVATING, STOPPING = 6.0, 5.0, 10.0
"""Seconds that a task is in a state; PROVISIONING only with an interface of its own."""
HEALTH_AFTER = 30.0  # seconds until the first health check counts
SICK = 120.0  # seconds that a task is unhealthy before it is replaced


class Ending(Struct, frozen=True):
    """Why a task stops. `exit` is the exit code, `container` the reason of its main container."""

    code: str = ""
    reason: str = ""
    exit: int | None = None
    container: str = ""
    sick: bool = False


RUNS_ON = Ending()
"""That of a task which nothing stops."""


class TaskLife(Struct, frozen=True):
    """A task: its times are seconds since the epoch. `started` NEVER: it fails to start."""

    id: str
    cluster: str
    group: str  # service:web
    family_name: str
    revision: int
    by: str  # who started it: the deployment
    created: float
    started: float
    stopping: float = NEVER
    ending: Ending = RUNS_ON
    host: EcsHost | None = None
    launch: str = "FARGATE"
    provider: str = ""
    zone: str = ""
    exec: bool = False

    @property
    def arn(self) -> str:
        return arn("task", self.cluster, self.id)

    @property
    def family(self) -> Family:
        return FAMILIES[self.family_name]

    @property
    def definition(self) -> str:
        return definition_arn(self.family_name, self.revision)

    @property
    def stopped(self) -> float:
        return self.stopping + DEACTIVATING + STOPPING

    def present(self, now: float) -> bool:
        """Return whether ECS shows it."""
        return self.created <= now < self.stopped + KEPT

    def status(self, now: float) -> str:
        """Return its lastStatus."""
        if now >= self.stopping:
            return _ending_status(self, now)
        if now >= self.started:
            return "RUNNING"
        provisioning = self.launch == "FARGATE" and now < self.created + PROVISIONING
        return "PROVISIONING" if provisioning else "PENDING"

    def desired(self, now: float) -> str:
        return "STOPPED" if now >= self.stopping else "RUNNING"

    def health(self, now: float) -> str:
        """Return the result of the health checks of its containers."""
        checked = any(each.health for each in self.family.containers)
        if not checked or not self.started + HEALTH_AFTER <= now < self.stopping:
            return "UNKNOWN"
        return "UNHEALTHY" if self.ending.sick and now >= self.stopping - SICK else "HEALTHY"


def _ending_status(task: TaskLife, now: float) -> str:
    if now >= task.stopped:
        return "STOPPED"
    if now < task.stopping + DEACTIVATING:
        return "DEACTIVATING"
    return "DEPROVISIONING" if task.launch == "FARGATE" else "STOPPING"
