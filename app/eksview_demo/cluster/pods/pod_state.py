"""A pod of the demo: where it is in its life, and what is known of it."""

from enum import StrEnum

from msgspec import Struct

from eksview_demo.cluster.workloads import Workload


class Stage(StrEnum):
    """A stage in the life of a pod."""

    NEW = "New"  # the scheduler hasn't tried it
    UNSCHEDULABLE = "Unschedulable"
    CREATING = "Creating"
    INIT = "Init"
    STARTING = "Starting"
    RUNNING = "Running"
    LOST = "Lost"  # its node went silent: it runs, as far as anyone knows, but isn't Ready
    REBOOTED = "Rebooted"  # never a present stage: how a run ended that its node's stop ended
    ERROR = "Error"
    CRASH_LOOP = "CrashLoop"
    OOM = "OOM"
    IMAGE_PULL = "ImagePull"
    COMPLETED = "Completed"
    EVICTED = "Evicted"


PHASES = {
    Stage.NEW: "Pending",
    Stage.UNSCHEDULABLE: "Pending",
    Stage.CREATING: "Pending",
    Stage.INIT: "Pending",
    Stage.IMAGE_PULL: "Pending",
    Stage.COMPLETED: "Succeeded",
    Stage.EVICTED: "Failed",
}
WITHOUT_IP = {Stage.NEW, Stage.UNSCHEDULABLE, Stage.CREATING, Stage.EVICTED}


class PodState(Struct, gc=False):
    """The state of a pod; the rest follows from its workload."""

    uid: str
    name: str
    workload: Workload
    created: float
    stage: Stage
    since: float  # when it entered its stage; an ended container ended then
    node: str = ""
    host_ip: str = ""
    ip: str = ""
    restarts: int = 0  # of the first container; the others restart with their node only
    restarted: float = 0.0  # when the run before the present one ended
    deleted: float = 0.0
    owner_uid: str = ""
    job: str = ""  # the name of the Job that owns it
    counted: int = 0  # in its owner's status: 0 not, 1 as a pod, 2 as a ready one
    bound: float = 0.0  # to its node
    turned: float = 0.0  # lastTransitionTime of Ready
    started: float = 0.0  # startedAt of the first container
    ran: float = 0.0  # startedAt of the run that ended at `restarted`
    endpoint: int = 0  # of its service: 0 none, 1 not Ready, 2 Ready, 3 terminating
    failure: Stage | None = None  # how that run ended
    backoff: float = 0.0  # seconds the kubelet waits before the next restart
    up: float = 0.0  # startedAt of the other containers
    reboots: int = 0  # of its node since it is bound
    was_up: float = 0.0  # startedAt of the other containers' last run
    stopped: float = 0.0  # when that run ended
    tried: str = ""  # what the scheduler said when it last found no node

    @property
    def key(self) -> str:
        return f"{self.workload.namespace}/{self.name}"

    @property
    def owner_name(self) -> str:
        return self.job or self.workload.owner_name

    @property
    def phase(self) -> str:
        return PHASES.get(self.stage, "Running")

    @property
    def counts(self) -> bool:
        """Return whether it still holds its requests."""
        return self.stage not in (Stage.COMPLETED, Stage.EVICTED)
