"""ECS clusters and their capacity providers."""

from eksview.aws.client.throttled_client import CallRefused, ThrottledClient, batches
from eksview.aws.ecs import parse
from eksview.aws.ecs.reader import AGAIN, LISTED, EcsReader
from eksview.aws.services.inventory import Incomplete
from eksview.aws.services.reader import reads
from eksview.domain.aws.errors import refused
from eksview.domain.aws.poll_plan import ECS
from eksview.domain.live.messages import Swap
from eksview.domain.rows.ecs import CapacityProviderRow, EcsClusterRow, cluster_name
from eksview.domain.rows.kube import Kind

INCLUDE = ["SETTINGS", "STATISTICS", "CONFIGURATIONS"]


class EcsClusters(EcsReader):
    """The clusters of the region, or those that are followed by their names."""

    @reads(ECS, "ecs:ListClusters", "ecs:DescribeClusters", essential=True)
    async def clusters(self, client: ThrottledClient) -> None:
        """Read the whole table."""
        names = self.inventory.named()
        wanted = set(names)
        try:
            if "" in self.inventory.followed:
                wanted |= await self._listed(client)
            rows = await self._described(client, wanted)
        finally:
            self.inventory.tried.add("clusters")
        self.inventory.clusters = {row.name: row for row in rows}
        self.sink.send(Swap(Kind.ECS_CLUSTER, rows))
        if missing := [name for name in names if name not in self.inventory.clusters]:
            self._say_missing(missing)

    def _say_missing(self, missing: list[str]) -> None:
        """Raise that there are no such clusters, as the link's state if nothing else is shown."""
        region = self.place.region
        noun = "ECS cluster" if len(missing) == 1 else "ECS clusters"
        sentence = f"There is no {noun} {', '.join(missing)} in {region}."
        if len(missing) == len(self.inventory.followed):
            raise CallRefused(refused("not-found", sentence), "ClusterNotFoundException")
        raise Incomplete(sentence, AGAIN)

    async def _listed(self, client: ThrottledClient) -> set[str]:
        pages = client.pages("ecs", "ListClusters", maxResults=LISTED)
        arns = [arn async for page in pages for arn in page.get("clusterArns") or ()]
        return {cluster_name(arn) for arn in arns}

    async def _described(self, client: ThrottledClient, names: set[str]) -> list[EcsClusterRow]:
        rows: list[EcsClusterRow] = []
        for batch in batches(names):
            answer = await client.call("ecs", "DescribeClusters", clusters=batch, include=INCLUDE)
            rows += map(parse.cluster, answer.get("clusters") or ())
        return rows

    @reads(ECS, "ecs:DescribeCapacityProviders")
    async def providers(self, client: ThrottledClient) -> None:
        """Read the whole table; those of a followed cluster include its managed instances'."""
        rows: dict[str, CapacityProviderRow] = {}
        try:
            for name in sorted(self.inventory.followed):
                named = {"cluster": name} if name else {}
                async for page in client.pages("ecs", "DescribeCapacityProviders", **named):
                    found = map(parse.provider, page.get("capacityProviders") or ())
                    rows.update((row.name, row) for row in found)
        finally:
            self.inventory.tried.add("providers")
        self.inventory.providers = rows
        self.sink.send(Swap(Kind.ECS_PROVIDER, tuple(rows.values())))
