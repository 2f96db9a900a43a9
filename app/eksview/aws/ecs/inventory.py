"""What the readers of ECS have read so far, from which come the arguments of each other's calls."""

from collections.abc import Set

from msgspec import Struct, field

from eksview.aws.services.inventory import Attempts
from eksview.domain.base.clock import Clock
from eksview.domain.base.text import Clean
from eksview.domain.rows.ecs import (
    CapacityProviderRow,
    EcsClusterRow,
    EcsInstanceRow,
    EcsMachineRow,
    TaskDefinitionRow,
)


class EcsCache(Struct):
    """What never changes, kept while nothing shows ECS: revisions by ARN, user data by machine."""

    definitions: dict[str, TaskDefinitionRow] = field(default_factory=dict)
    configured: dict[tuple[str, float | None], Clean] = field(default_factory=dict)


class EcsInventory(Attempts):
    """The newest rows; used on one loop only. `followed` has "" for the clusters of the region."""

    def __init__(self, clock: Clock, followed: frozenset[str], cache: EcsCache) -> None:
        super().__init__(clock)
        self.followed = followed
        self.cache = cache
        self.clusters: dict[str, EcsClusterRow] = {}  # by name
        self.providers: dict[str, CapacityProviderRow] = {}  # by name
        self.instances: dict[str, tuple[EcsInstanceRow, ...]] = {}  # by cluster
        self.machines: dict[str, EcsMachineRow] = {}  # by id
        self.of_services: dict[str, Set[Clean]] = {}  # ARNs of task definitions, by cluster
        self.of_tasks: dict[str, Set[Clean]] = {}

    def named(self) -> list[str]:
        """Return the names of the clusters that are read whole."""
        return sorted(self.followed - {""})

    def definitions(self) -> set[Clean]:
        """Return the ARNs of the task definitions in use."""
        groups = (*self.of_services.values(), *self.of_tasks.values())
        return {arn for group in groups for arn in group if arn}

    def forget(self, cluster: str) -> None:
        """Forget what was read of a cluster."""
        for table in (self.clusters, self.instances, self.of_services, self.of_tasks):
            table.pop(cluster, None)
