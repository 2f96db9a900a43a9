"""The services of the demo's ECS clusters and the cadence of their deployments."""

from collections.abc import Sequence

from msgspec import Struct

from eksview_demo.aws.ecs.definitions import FAMILIES, Family
from eksview_demo.aws.ecs.estate import EcsEstate
from eksview_demo.aws.ecs.hosts import EcsHost, hosts
from eksview_demo.aws.ecs.machines import GROUP
from eksview_demo.aws.ecs.names import arn

CLUSTERS = ("batch", "edge", "shop")
_MOST = 5000  # tasks of a service
_MINUTE, _HOUR = 60.0, 3600.0
Strategy = tuple[tuple[str, int, int], ...]
"""Capacity providers with their weight and base."""
_BOTH: Strategy = (("FARGATE", 1, 1), ("FARGATE_SPOT", 3, 0))
_OWN: Strategy = ((GROUP, 1, 0),)


class EcsService(Struct, frozen=True):
    """A service. `every` is the time between deployments, 0: the first one is the last one;
    `lead` is when one begins, counted from the beginning of the demo.

    `count` is that of tasks, of each container instance if `each`. `lasts` is the mean time in
    seconds until a task fails.
    """

    cluster: str
    name: str
    count: int
    launch: str
    strategy: Strategy = ()
    each: bool = False
    daemon: bool = False
    every: float = 0.0
    lead: float = 45.0
    step: float = 20.0
    lasts: float = 2 * _HOUR
    failing: bool = False
    exec: bool = False
    balanced: bool = False
    unplaced: bool = False  # it asks for more memory than any instance has

    @property
    def arn(self) -> str:
        return arn("service", self.cluster, self.name)

    @property
    def family(self) -> Family:
        return FAMILIES[self.name]

    @property
    def key(self) -> str:
        return f"{self.cluster}/{self.name}"


SERVICES = (
    EcsService("shop", "web", 6, "FARGATE", _BOTH, every=12 * _MINUTE, lasts=50 * _MINUTE,
               exec=True, balanced=True),
    EcsService("shop", "api", 2, "EC2", _OWN, each=True, every=20 * _MINUTE, lead=-40.0,
               lasts=50 * _MINUTE, exec=True, balanced=True),
    EcsService("shop", "worker", 1, "EC2", _OWN, each=True, every=50 * _MINUTE, lead=300.0,
               lasts=40 * _MINUTE),
    EcsService("shop", "checkout", 2, "FARGATE", every=45 * _MINUTE, lead=-700.0, failing=True,
               balanced=True),
    EcsService("shop", "payments", 2, "FARGATE", every=150 * _MINUTE, lead=600.0, lasts=6 * _HOUR,
               exec=True),
    EcsService("shop", "log-router", 1, "EC2", each=True, daemon=True),
    EcsService("shop", "reports", 1, "EC2", _OWN, unplaced=True),
    EcsService("batch", "indexer", 3, "FARGATE", (("FARGATE_SPOT", 1, 0),), every=90 * _MINUTE,
               lead=200.0, lasts=70 * _MINUTE),
    EcsService("edge", "sensor-gateway", 1, "EXTERNAL", each=True, every=240 * _MINUTE,
               lead=1000.0, lasts=9 * _HOUR),
)  # fmt: skip


def services_of(cluster: str) -> list[EcsService]:
    return [each for each in SERVICES if each.cluster == cluster]


def places(estate: EcsEstate, service: EcsService) -> Sequence[EcsHost | None]:
    """Return where each task of a service runs; None on Fargate."""
    if service.unplaced:
        return ()
    if service.launch == "FARGATE":
        return [None] * service.count
    every = hosts(estate, service.cluster)
    if service.daemon:
        registered = {host.instance: host for host in every}  # the later one of an instance
        return list(registered.values())[:_MOST]
    return [host for host in every if host.fit for _ in range(service.count)][:_MOST]
