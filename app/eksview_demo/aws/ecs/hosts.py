"""Container instances: what registered itself with a cluster, EC2's machines and those outside."""

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from eksview_demo.aws.ecs.estate import DAY, EcsEstate
from eksview_demo.aws.ecs.machines import GROUP, IMAGE, members
from eksview_demo.aws.ecs.names import arn, digits

EDGE_HOSTS = 3
_JOINED = 75.0  # seconds from launch to registration
_TURN = 200  # so many machines have one of each kind of trouble
_DRAINING, _SILENT = 3, 4
_TWICE = 5  # its agent lost its state and registered again
CPU, MEMORY = 2048, 7687  # of an m6i.large, as its agent registers it


class EcsHost(Struct, frozen=True):
    """A container instance."""

    cluster: str
    id: str
    instance: str
    registered: float
    zone: str
    type: str
    provider: str = GROUP
    status: str = "ACTIVE"
    connected: bool = True

    @property
    def arn(self) -> str:
        return arn("container-instance", self.cluster, self.id)

    @property
    def fit(self) -> bool:
        """Return whether the scheduler places tasks on it."""
        return self.connected and self.status == "ACTIVE"


@lru_cache(maxsize=8)
def hosts(estate: EcsEstate, cluster: str) -> tuple[EcsHost, ...]:
    """Return a cluster's container instances."""
    if cluster == "edge":
        return tuple(_outside(estate, number) for number in range(EDGE_HOSTS))
    if cluster != "shop":
        return ()
    return tuple(host for number in range(estate.size) for host in _registrations(estate, number))


def _registrations(estate: EcsEstate, number: int) -> list[EcsHost]:
    machine = members(estate)[number]
    turn = number % _TURN
    host = EcsHost(
        cluster="shop",
        id=digits(estate.seed, "host", number),
        instance=machine.id,
        registered=machine.launched + _JOINED,
        zone=machine.zone,
        type=machine.machine.name,
        status="DRAINING" if turn == _DRAINING else "ACTIVE",
        connected=turn != _SILENT,
    )
    if turn != _TWICE:
        return [host]
    first = digits(estate.seed, "first", number)
    return [
        replace(host, id=first, connected=False),
        replace(host, registered=host.registered + 2 * DAY),
    ]


def _outside(estate: EcsEstate, number: int) -> EcsHost:
    return EcsHost(
        cluster="edge",
        id=digits(estate.seed, "edge", number),
        instance=f"mi-0{digits(estate.seed, 'edge machine', number, count=16)}",
        registered=estate.began - (60 + number) * DAY,
        zone="",
        type="",
        provider="",
    )


def attributes(host: EcsHost) -> list[dict[str, str]]:
    """Return the attributes that an agent registers."""
    bare = [
        "ecs.capability.execution-role-awslogs",
        "ecs.capability.task-eni",
        "com.amazonaws.ecs.capability.logging-driver.awslogs",
        "com.amazonaws.ecs.capability.logging-driver.awsfirelens",
        "com.amazonaws.ecs.capability.docker-remote-api.1.44",
    ]
    valued = {"ecs.os-type": "linux", "ecs.os-family": "LINUX", "ecs.cpu-architecture": "x86_64"}
    if host.type:
        valued |= {
            "ecs.instance-type": host.type,
            "ecs.availability-zone": host.zone,
            "ecs.ami-id": IMAGE,
        }
    else:
        bare.append("ecs.capability.external")
    listed = [{"name": name} for name in bare]
    return listed + [{"name": name, "value": value} for name, value in valued.items()]
