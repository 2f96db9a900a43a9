"""Container instances: the machines that an ECS agent has registered."""

from functools import partial

from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.ecs import parse
from eksview.aws.ecs.reader import Described, EcsReader
from eksview.aws.services.reader import reads
from eksview.domain.aws.poll_plan import ECS_INSTANCES
from eksview.domain.base.text import Clean
from eksview.domain.live.messages import Put
from eksview.domain.rows.ecs import EcsInstanceRow
from eksview.domain.rows.kube import Kind

INSTANCES = Described(
    "ListContainerInstances",
    "containerInstanceArns",
    "DescribeContainerInstances",
    "containerInstances",
    include=("CONTAINER_INSTANCE_HEALTH",),
)


class EcsInstances(EcsReader):
    """The container instances of the followed clusters, of every status but INACTIVE."""

    @reads(
        ECS_INSTANCES,
        "ecs:ListContainerInstances",
        "ecs:DescribeContainerInstances",
        essential=True,
    )
    async def instances(self, client: ThrottledClient) -> None:
        """Read the container instances of every followed cluster."""
        self.inventory.wait_for("clusters", "providers")  # the machines are found by both
        await self.each_cluster(partial(self._instances_of, client))

    async def _instances_of(self, client: ThrottledClient, cluster: Clean) -> None:
        is_first = cluster not in self.inventory.instances
        arns = await INSTANCES.listed(client, cluster)
        rows: list[EcsInstanceRow] = []
        async for items in INSTANCES.described(client, cluster, arns):
            page = [parse.instance(item, cluster) for item in items]
            rows += page
            if is_first and cluster in self.inventory.followed:  # shown with the first page
                for row in page:
                    self.sink.send(Put(Kind.ECS_INSTANCE, row))
        self.inventory.instances[cluster] = tuple(rows)
        self.publish(Kind.ECS_INSTANCE, rows, cluster)
