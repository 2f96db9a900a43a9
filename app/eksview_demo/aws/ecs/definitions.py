"""Task definitions: the containers of each family."""

from msgspec import Struct

from eksview_demo.aws.account import ACCOUNT
from eksview_demo.cluster.nodes.node_state import REGION

_REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"


class Recipe(Struct, frozen=True):
    """A container of a family; `log` is the driver, `group` that of awslogs."""

    name: str
    image: str
    cpu: int
    memory: int
    log: str = "awslogs"
    group: str = ""
    essential: bool = True
    health: bool = False
    router: bool = False  # FireLens's


class Family(Struct, frozen=True):
    """A family of task definitions; on Fargate CPU and memory are those of the whole task."""

    name: str
    containers: tuple[Recipe, ...]
    fargate: bool
    cpu: int = 0
    memory: int = 0
    revision: int = 1  # of the demo's beginning
    port: int = 0

    @property
    def reserved(self) -> tuple[int, int]:
        """Return the CPU units and MiB that a task takes of its container instance."""
        cpu = self.cpu or sum(each.cpu for each in self.containers)
        return cpu, self.memory or sum(each.memory for each in self.containers)


def _image(name: str, tag: str) -> str:
    return f"{_REGISTRY}/{name}:{tag}"


_FLUENT_BIT = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.2"
_ROUTER = Recipe("log_router", _FLUENT_BIT, 64, 128, log="", router=True)
FAMILIES = {
    each.name: each
    for each in (
        Family("web", (Recipe("nginx", "public.ecr.aws/nginx/nginx:1.29", 0, 0, group="/ecs/web",
                              health=True),),
               fargate=True, cpu=256, memory=512, revision=112, port=80),
        Family("api", (Recipe("api", _image("api", "2.14.1"), 256, 512, group="/ecs/api",
                              health=True),),
               fargate=False, revision=64, port=8080),
        Family("worker", (Recipe("worker", _image("worker", "2.14.1"), 384, 896,
                                 group="/ecs/worker"),
                          Recipe("statsd", _image("statsd", "0.10.2"), 32, 64, log="json-file",
                                 essential=False)),
               fargate=False, revision=31),
        Family("checkout", (Recipe("checkout", _image("checkout", "5.0.3"), 0, 0,
                                   group="/ecs/checkout", health=True),),
               fargate=True, cpu=512, memory=1024, revision=9, port=8080),
        Family("payments", (Recipe("payments", _image("payments", "3.7.0"), 0, 0,
                                   log="awsfirelens"), _ROUTER),
               fargate=True, cpu=512, memory=1024, revision=21, port=8443),
        Family("log-router", (_ROUTER, Recipe("host-metrics", _image("host-metrics", "1.3.0"), 32,
                                              64, log="awsfirelens", essential=False)),
               fargate=False, revision=7),
        Family("migrate-orders", (Recipe("migrate", _image("migrate", "2025.9"), 256, 512,
                                         group="/ecs/jobs"),),
               fargate=False, revision=3),
        Family("reports", (Recipe("reports", _image("reports", "1.0.0"), 1024, 8192,
                                  group="/ecs/jobs"),),
               fargate=False),
        Family("indexer", (Recipe("indexer", _image("indexer", "1.8.2"), 0, 0, log="splunk"),),
               fargate=True, cpu=1024, memory=2048, revision=17),
        Family("nightly-report", (Recipe("report", _image("report", "4.2.0"), 0, 0,
                                         group="/ecs/jobs"),),
               fargate=True, cpu=512, memory=1024, revision=5),
        Family("legacy-import", (Recipe("import", _image("import", "0.9"), 0, 0, log=""),),
               fargate=True, cpu=256, memory=512, revision=1),
        Family("sensor-gateway", (Recipe("gateway", _image("gateway", "1.1.0"), 128, 128,
                                         group="/ecs/edge", health=True),),
               fargate=False, revision=12, port=1883),
    )
}  # fmt: skip
DELETED = "legacy-import"
"""The family whose definitions were deleted, while a task of it still runs."""
MISSING = "/ecs/checkout"
"""The log group that was deleted."""
LOG_GROUPS = sorted(
    {recipe.group for family in FAMILIES.values() for recipe in family.containers if recipe.group}
    - {MISSING}
)
