"""Services, with their deployments and events."""

from functools import partial

from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.ecs import parse
from eksview.aws.ecs.reader import Described, EcsReader
from eksview.aws.services.reader import reads
from eksview.domain.aws.poll_plan import ECS
from eksview.domain.base.text import Clean
from eksview.domain.rows.ecs import EcsServiceRow
from eksview.domain.rows.kube import Kind

SERVICES = Described("ListServices", "serviceArns", "DescribeServices", "services", size=10)


class EcsServices(EcsReader):
    """The services of the followed clusters."""

    @reads(ECS, "ecs:ListServices", "ecs:DescribeServices")
    async def services(self, client: ThrottledClient) -> None:
        """Read the services of every followed cluster."""
        await self.each_cluster(partial(self._services_of, client))

    async def _services_of(self, client: ThrottledClient, cluster: Clean) -> None:
        arns = await SERVICES.listed(client, cluster)
        rows: list[EcsServiceRow] = []
        async for items in SERVICES.described(client, cluster, arns):
            rows += map(parse.service, items)
        deployed = {each.definition for row in rows for each in row.deployments}
        self.inventory.of_services[cluster] = deployed | {row.definition for row in rows}
        self.publish(Kind.ECS_SERVICE, rows, cluster)
