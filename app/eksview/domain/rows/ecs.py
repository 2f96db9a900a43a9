"""The rows of the ECS tables, as those of `rows.aws`.

They are read only while a screen or a command asks for ECS. CPU is in CPU units (1,024 are one
vCPU) and memory in MiB, as ECS counts both. An `arn` is the identity; a `cluster` is the name.
"""

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.aws import AwsRow, InstanceRow


def last_part(arn: str) -> Clean:
    """Return `web:7` of `arn:aws:ecs:us-west-2:111122223333:task-definition/web:7`."""
    return clean(arn.rpartition("/")[2])


def cluster_name(cluster: str) -> Clean:
    """Return the name of a cluster that is given by its name or its ARN."""
    return last_part(cluster)


class EcsRow(AwsRow, frozen=True, gc=False):
    """The base of the rows that have an ARN."""

    arn: Clean

    @property
    def key(self) -> Clean:
        return self.arn

    @property
    def id(self) -> Clean:
        """Return the last part of the ARN, as the console shows it."""
        return last_part(self.arn)


class EcsClusterRow(EcsRow, frozen=True, gc=False):
    """An ECS cluster, by DescribeClusters."""

    name: Clean
    status: Clean  # ACTIVE, PROVISIONING, DEPROVISIONING, FAILED, INACTIVE
    instances: int  # registered container instances
    running: int  # tasks
    pending: int  # tasks
    services: int
    providers: tuple[Clean, ...] = ()  # names of capacity providers
    strategy: tuple[Clean, ...] = ()  # "FARGATE_SPOT weight 3 base 1", the default of its tasks
    insights: Clean = EMPTY  # the setting containerInsights: enabled, disabled, enhanced
    exec_logging: Clean = EMPTY  # of ECS Exec: NONE, DEFAULT, OVERRIDE


class EcsDeployment(Struct, frozen=True, gc=False):
    """A deployment of a service."""

    id: Clean
    status: Clean  # PRIMARY, ACTIVE, INACTIVE
    rollout: Clean  # IN_PROGRESS, COMPLETED, FAILED; empty for other controllers than ECS
    reason: Clean
    definition: Clean  # ARN
    desired: int
    running: int
    pending: int
    failed: int
    created: float | None
    updated: float | None


class EcsEvent(Struct, frozen=True, gc=False):
    """An event of a service: "(service web) has reached a steady state."."""

    at: float | None
    message: Clean


class EcsServiceRow(EcsRow, frozen=True, gc=False):
    """A service, by DescribeServices, with its events, the newest first."""

    cluster: Clean
    name: Clean
    status: Clean  # ACTIVE, DRAINING, INACTIVE
    scheduling: Clean  # REPLICA, DAEMON
    launch_type: Clean  # EC2, FARGATE, EXTERNAL; empty with a strategy of capacity providers
    strategy: tuple[Clean, ...]
    definition: Clean  # ARN
    desired: int
    running: int
    pending: int
    deployments: tuple[EcsDeployment, ...] = ()
    events: tuple[EcsEvent, ...] = ()
    created: float | None = None
    exec_enabled: bool = False


class EcsAmounts(Struct, frozen=True, gc=False):
    """Resources of a container instance; None where ECS reports none."""

    cpu: int | None = None  # units
    memory: int | None = None  # MiB
    gpus: int = 0
    ports: int = 0  # reserved


class EcsInstanceRow(EcsRow, frozen=True, gc=False):
    """A container instance, by DescribeContainerInstances.

    Two rows may name the same `instance`: an agent that lost its state registers again.
    """

    cluster: Clean
    instance: Clean  # "i-…" of EC2, "mi-…" of ECS Anywhere; empty if not reported
    status: Clean  # ACTIVE, DRAINING, REGISTERING, DEREGISTERING, REGISTRATION_FAILED, INACTIVE
    reason: Clean  # of the status
    connected: bool  # the agent
    agent: Clean  # version
    docker: Clean  # "DockerVersion: 25.0.6", as reported
    update: Clean  # agentUpdateStatus: PENDING, STAGING, STAGED, UPDATING, UPDATED, FAILED
    registered: EcsAmounts
    remaining: EcsAmounts
    running: int
    pending: int
    provider: Clean  # capacity provider
    since: float | None  # registered at
    attributes: tuple[tuple[Clean, Clean], ...] = ()  # by name; the value may be empty
    health: Clean = EMPTY  # overallStatus: OK, IMPAIRED, INSUFFICIENT_DATA, INITIALIZING

    @property
    def anywhere(self) -> bool:
        """Return whether it is a machine of ECS Anywhere, outside EC2."""
        return self.instance.startswith("mi-")


class EcsContainer(Struct, frozen=True, gc=False):
    """A container of a task."""

    name: Clean
    image: Clean
    status: Clean  # PENDING, RUNNING, STOPPED
    exit_code: int | None
    reason: Clean  # "OutOfMemoryError: Container killed due to memory usage"
    health: Clean  # HEALTHY, UNHEALTHY, UNKNOWN
    runtime_id: Clean = EMPTY
    exec_agent: Clean = EMPTY  # lastStatus of its managed ExecuteCommandAgent


class EcsTaskRow(EcsRow, frozen=True, gc=False):
    """A task, by DescribeTasks. ECS keeps a stopped one for about an hour."""

    cluster: Clean
    group: Clean  # "service:web", "family:batch"
    definition: Clean  # ARN of its task definition
    status: Clean  # lastStatus: PROVISIONING, PENDING, ACTIVATING, RUNNING, ..., STOPPED
    desired: Clean  # RUNNING, STOPPED
    health: Clean  # HEALTHY, UNHEALTHY, UNKNOWN
    launch_type: Clean  # EC2, FARGATE, EXTERNAL
    provider: Clean  # capacity provider, "FARGATE_SPOT"
    on: Clean  # ARN of its container instance; empty on Fargate
    zone: Clean
    cpu: Clean  # units, as text: "256"
    memory: Clean  # MiB, as text
    created: float | None
    started: float | None
    stopped: float | None
    stop_code: Clean  # TaskFailedToStart, EssentialContainerExited, SpotInterruption, ...
    reason: Clean  # stoppedReason
    containers: tuple[EcsContainer, ...] = ()
    address: Clean = EMPTY  # private IPv4 of its network interface (awsvpc)
    platform: Clean = EMPTY  # platform version of Fargate
    started_by: Clean = EMPTY
    exec_enabled: bool = False


class ContainerSpec(Struct, frozen=True, gc=False):
    """A container of a task definition: what its log and its limits need."""

    name: Clean
    image: Clean
    essential: bool
    cpu: int
    memory: int | None  # the hard limit
    reserved: int | None  # memoryReservation
    log_driver: Clean  # awslogs, awsfirelens, splunk, ...; empty: none
    log_options: tuple[tuple[Clean, Clean], ...] = ()  # without secretOptions


class TaskDefinitionRow(EcsRow, frozen=True, gc=False):
    """A task definition, by DescribeTaskDefinition. A revision never changes."""

    family: Clean
    revision: int
    status: Clean  # ACTIVE, INACTIVE, DELETE_IN_PROGRESS
    network: Clean  # awsvpc, bridge, host, none
    cpu: Clean
    memory: Clean
    task_role: Clean  # ARN
    execution_role: Clean  # ARN
    containers: tuple[ContainerSpec, ...]


class CapacityProviderRow(AwsRow, frozen=True, gc=False):
    """A capacity provider, by DescribeCapacityProviders."""

    name: Clean
    status: Clean  # ACTIVE, INACTIVE
    group: Clean  # name of its Auto Scaling group; empty for FARGATE and FARGATE_SPOT
    scaling: Clean  # managedScaling.status: ENABLED, DISABLED
    target: int | None  # targetCapacity, percent
    protection: Clean  # managedTerminationProtection
    draining: Clean  # managedDraining
    update: Clean  # updateStatus

    @property
    def key(self) -> Clean:
        return self.name


class EcsMachineRow(AwsRow, frozen=True, gc=False):
    """An EC2 instance of a container instance or of a capacity provider's group.

    A table of its own, because the reader of EKS replaces the table `instances` as a whole.
    """

    machine: InstanceRow
    cluster: Clean  # the ECS cluster that it belongs to by its group or its agent
    group: Clean  # its Auto Scaling group; empty for none
    lifecycle: Clean = EMPTY  # in the group: InService, Pending, ...
    configured: Clean | None = None  # ECS_CLUSTER of its user data; None: not read
    unread: Clean = EMPTY  # why `configured` wasn't read

    @property
    def key(self) -> Clean:
        return self.machine.id
