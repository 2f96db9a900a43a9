"""A node of the demo: what it runs on, where it comes from, and what is known of it."""

from msgspec import Struct

REGION = "us-west-2"
ZONES = tuple(f"{REGION}{letter}" for letter in "abc")


class Machine(Struct, frozen=True):
    """An EC2 instance type: cores, GiB and the pods its network interfaces can address."""

    name: str
    cores: int
    memory: int
    pods: int

    @property
    def cpu_allocatable(self) -> int:
        """Milli-cores: EKS reserves 6 % of the first core, 1 % of the next, 0.5 % of two more."""
        return self.cores * 1000 - (70 if self.cores <= 2 else 80 if self.cores <= 4 else 90)

    @property
    def memory_allocatable(self) -> int:
        """MiB; EKS reserves 11 MiB a pod, 255 MiB, and 100 MiB for eviction."""
        return self.memory * 1024 - 255 - 11 * self.pods - 100 - self.memory * 28


M6I_LARGE = Machine("m6i.large", 2, 8, 29)
M6I_XLARGE = Machine("m6i.xlarge", 4, 16, 58)
C6I_2XLARGE = Machine("c6i.2xlarge", 8, 16, 58)
M6I_4XLARGE = Machine("m6i.4xlarge", 16, 64, 234)
FARGATE = Machine("fargate", 2, 4, 1)


class Group(Struct, frozen=True):
    """The source of nodes: kind is nodegroup, nodepool or fargate."""

    kind: str
    name: str
    machine: Machine
    capacity: str = "ON_DEMAND"

    @property
    def capacity_type(self) -> str:
        """Return the capacity as Karpenter writes it, `on-demand` or `spot`."""
        return self.capacity.lower().replace("_", "-")


class Rollout(Struct):
    """An update of a nodegroup, from one kubelet to another; `ended` None while it goes on."""

    before: str
    after: str
    started: float
    ended: float | None = None

    @property
    def goes_on(self) -> bool:
        return self.ended is None


class NodeState(Struct):
    """The state of a node; `ready` is the status of its Ready condition."""

    name: str
    uid: str
    ip: str
    zone: str
    group: Group
    version: str  # of the kubelet
    instance: str
    created: float
    heard: float  # lastHeartbeatTime of its conditions
    renewed: float  # of its lease
    changed: float  # lastTransitionTime of Ready
    ready: str = "True"
    pressure: float = 0.0  # since when memory is short; 0: it isn't
    cordoned: float = 0.0
    cleared: float = 0.0  # when memory was no longer short
    silent: bool = False  # its kubelet says nothing: its instance is stopped, or boots again
    booted: float = 0.0  # when its stopped instance was started again; 0: it never was
    recovered: float = 0.0  # when its kubelet was back after Ready was Unknown
    lease_uid: str = ""
    pods: int = 0
    cpu: int = 0
    memory: int = 0

    @property
    def fit(self) -> bool:
        """Return whether the scheduler may place a pod on it."""
        fargate = self.group.kind == "fargate"
        out = fargate or self.cordoned or self.pressure or self.silent
        return not (out or self.ready != "True")

    @property
    def stopped(self) -> bool:
        """Return whether its instance is stopped."""
        return self.silent and self.booted <= self.renewed

    def fits(self, cpu: int, memory: int) -> bool:
        """Return whether a pod with these requests has room."""
        machine = self.group.machine
        return (
            self.pods < machine.pods
            and self.cpu + cpu <= machine.cpu_allocatable
            and self.memory + memory <= machine.memory_allocatable
        )
