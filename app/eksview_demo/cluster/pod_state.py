"""A pod of the demo: where it is in its life, and what is known of it."""

from enum import StrEnum

from msgspec import Struct

from eksview_demo.cluster.workloads import Workload


class Stage(StrEnum):
    """A stage in the life of a pod."""

    UNSCHEDULABLE = "Unschedulable"
    CREATING = "Creating"
    INIT = "Init"
    STARTING = "Starting"
    RUNNING = "Running"
    LOST = "Lost"  # its node went silent: it runs, as far as anyone knows, but isn't Ready
    ERROR = "Error"
    CRASH_LOOP = "CrashLoop"
    OOM = "OOM"
    IMAGE_PULL = "ImagePull"
    COMPLETED = "Completed"
    EVICTED = "Evicted"


PHASES = {
    Stage.UNSCHEDULABLE: "Pending",
    Stage.CREATING: "Pending",
    Stage.INIT: "Pending",
    Stage.IMAGE_PULL: "Pending",
    Stage.COMPLETED: "Succeeded",
    Stage.EVICTED: "Failed",
}
WITHOUT_IP = {Stage.UNSCHEDULABLE, Stage.CREATING, Stage.EVICTED}


class PodState(Struct, gc=False):
    """The state of a pod; the rest follows from its workload."""

    uid: str
    name: str
    workload: Workload
    created: float
    stage: Stage
    since: float  # when it entered its stage
    node: str = ""
    host_ip: str = ""
    ip: str = ""
    restarts: int = 0
    restarted: float = 0.0
    deleted: float = 0.0
    owner_uid: str = ""

    @property
    def key(self) -> str:
        return f"{self.workload.namespace}/{self.name}"

    @property
    def phase(self) -> str:
        return PHASES.get(self.stage, "Running")

    @property
    def counts(self) -> bool:
        """Return whether it still holds its requests."""
        return self.stage not in (Stage.COMPLETED, Stage.EVICTED)
