"""EC2: the instances of the cluster, their checks, their images and types."""

from collections.abc import AsyncIterator, Iterable

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient, batches
from eksview.aws.services import parse_ec2
from eksview.aws.services.reader import AwsReader, WatchedAccount, filtered, reads
from eksview.domain.aws.poll_plan import EC2, IMAGES, STATUS
from eksview.domain.aws.tags import CLUSTER_TAG
from eksview.domain.join.belonging import is_stranger
from eksview.domain.live.messages import Drop, Put, Swap
from eksview.domain.rows.aws import InstanceRow, StatusRow
from eksview.domain.rows.kube import Kind

PAGE = 100
"""Instances a page: parsing holds the loop for 0.15 s, where a page of 1,000 holds it for 0.8 s."""
RARE = 10
"""Rounds between two reads by the tags that hardly any instance has alone."""
HURRY = 5.0  # seconds between two reads of an instance that is changing its state
LONG = 600.0  # seconds after which one that is still changing is read at the usual pace
FORGET = 60.0  # seconds in which an id that EC2 doesn't have isn't asked for again
CHANGING = ("pending", "stopping", "shutting-down")
MANAGED = {"IncludeManagedResources": True}
"""Instances of EKS Auto Mode belong to AWS and may be hidden without this argument."""


class Instances(AwsReader):
    """Instances with the cluster's tags, and those that nodes name and the tags don't find."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._round = 0
        self._strays: set[str] = set()  # found by a tag that isn't looked for in every round
        self._gone: dict[str, float] = {}  # id -> until when it isn't asked for
        self._changing: dict[str, float] = {}  # id -> since when

    @reads(EC2, "ec2:DescribeInstances", essential=True)
    async def everything(self, client: ThrottledClient) -> float | None:
        """Read the whole table; soon again while an instance changes its state."""
        try:
            return await self._everything(client)
        finally:
            self.inventory.tried.add("instances")

    async def _everything(self, client: ThrottledClient) -> float | None:
        self.tracker.take_news(())
        rows: dict[str, InstanceRow] = {}
        async for answer in self._by_tags(client):
            self._add(rows, answer)
        for batch in batches(self._askable() - rows.keys()):
            named = await client.of_ids("DescribeInstances", batch, **MANAGED)
            self._note_gone(named.gone)
            self._add(rows, named.answer)
        self._round += 1
        self.inventory.instances = rows
        self.inventory.listed = True
        self.inventory.instances = rows = self._judged(rows)
        candidates = self.inventory.candidates
        self.sink.send(Swap(Kind.INSTANCE, tuple({**candidates, **rows}.values())))
        return self._hurry(rows.values())

    @reads(EC2, "ec2:DescribeInstances", essential=True, regular=False, early=True)
    async def news(self, client: ThrottledClient) -> float | None:
        """Read the instances whose node came, left or changed, and those that are changing."""
        wanted = self.tracker.take_news(self.inventory.instances) | self._hurried()
        now: dict[str, InstanceRow] = {}
        for batch in batches(wanted):
            answer = await client.of_ids("DescribeInstances", batch, **MANAGED)
            self._note_gone(answer.gone)
            for row in parse_ec2.instances(answer.answer):
                now[row.id] = row
                self.sink.send(Put(Kind.INSTANCE, row))
        self.inventory.instances |= now
        return self._hurry(self.inventory.instances.values())

    def _judged(self, rows: dict[str, InstanceRow]) -> dict[str, InstanceRow]:
        """Return the rows with the strangers marked, once the cluster is known."""
        workers = self.workers()
        if not workers.cluster_group:
            return rows
        nodes = self.tracker.ids()
        strangers = {
            key: replace(row, stranger=True)
            for key, row in rows.items()
            if key not in nodes and is_stranger(row, self.cluster, workers)
        }
        return rows | strangers

    def _add(self, rows: dict[str, InstanceRow], answer: Answer) -> None:
        for row in parse_ec2.instances(answer):
            rows[row.id] = row
            if not self.inventory.listed:  # the first rows are on the screen with the first page
                self.inventory.instances[row.id] = row
                self.sink.send(Put(Kind.INSTANCE, row))

    async def _by_tags(self, client: ThrottledClient) -> AsyncIterator[Answer]:
        if not self.cluster:
            return
        rarely = self._round % RARE == 0
        for filters in tag_filters(self.cluster)[: None if rarely else 1]:
            strays: set[str] = set()
            async for answer in client.pages(
                "ec2", "DescribeInstances", Filters=[filters], MaxResults=PAGE, **MANAGED
            ):
                strays |= {row.id for row in parse_ec2.instances(answer)} if rarely else set()
                yield answer
            self._strays |= strays  # found by id in the rounds between

    def _askable(self) -> set[str]:
        now = self.clock()
        self._gone = {key: until for key, until in self._gone.items() if until > now}
        return (self.tracker.ids() | self._strays) - self._gone.keys()

    def _note_gone(self, gone: Iterable[str]) -> None:
        until = self.clock() + FORGET
        self.tracker.forget(gone)
        self._strays.difference_update(gone)
        for instance in gone:
            self._gone[instance] = until
            row = self.inventory.instances.pop(instance, None)
            if row is not None:
                self.sink.send(Drop(Kind.INSTANCE, row))

    def _hurry(self, rows: Iterable[InstanceRow]) -> float | None:
        now = self.clock()
        changing = (row.id for row in rows if row.state in CHANGING)
        self._changing = {key: self._changing.get(key, now) for key in changing}
        return HURRY if self._hurried() else None

    def _hurried(self) -> set[str]:
        now = self.clock()
        young = [key for key, since in self._changing.items() if now - since < LONG]
        return set(young[:PAGE])


def tag_filters(cluster: str) -> list[dict[str, object]]:
    """Return the filters by the tags of a cluster's instances; the first one matches nearly all.

    Self-managed nodes, managed nodegroups and Karpenter write `kubernetes.io/cluster/NAME`;
    managed nodegroups `eks:cluster-name`, Karpenter and Auto Mode `eks:eks-cluster-name`; EKS
    itself `aws:eks:cluster-name` (Amazon EKS User Guide, "Tag your resources for billing").
    """
    return [
        {"Name": "tag-key", "Values": [f"{CLUSTER_TAG}{cluster}"]},
        {"Name": "tag:eks:cluster-name", "Values": [cluster]},
        {"Name": "tag:eks:eks-cluster-name", "Values": [cluster]},
        {"Name": "tag:aws:eks:cluster-name", "Values": [cluster]},
    ]


class Statuses(AwsReader):
    """System, instance and EBS checks, and the scheduled events."""

    @reads(STATUS, "ec2:DescribeInstanceStatus", essential=True)
    async def everything(self, client: ThrottledClient) -> None:
        """Read the whole table, by the ids of the instances that exist."""
        self.inventory.wait_for("instances")
        wanted = self.inventory.alive() if self.inventory.listed else self.tracker.ids()
        rows: list[StatusRow] = []
        for batch in batches(wanted):
            answer = await client.of_ids(
                "DescribeInstanceStatus", batch, IncludeAllInstances=True, **MANAGED
            )
            rows.extend(parse_ec2.statuses(answer.answer))
        self.sink.send(Swap(Kind.STATUS, rows))


class Images(AwsReader):
    """AMIs and instance types in use. They don't change: each is asked for once."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._images: set[str] = set()
        self._types: set[str] = set()

    @reads(IMAGES, "ec2:DescribeInstanceTypes", essential=True)
    async def types(self, client: ThrottledClient) -> None:
        """Read the types that weren't asked for yet."""
        self.inventory.wait_for("instances")
        types = self.inventory.types() - self._types
        async for answer in filtered(client, "DescribeInstanceTypes", "instance-type", types):
            for row in parse_ec2.types(answer):
                self.sink.send(Put(Kind.TYPE, row))
        self._types.update(types)

    @reads(IMAGES, "ec2:DescribeImages")
    async def images(self, client: ThrottledClient) -> None:
        """Read the AMIs not asked for yet; one deregistered or not shared stays unknown."""
        images = self.inventory.images() - self._images
        async for answer in filtered(
            client, "DescribeImages", "image-id", images, IncludeDeprecated=True
        ):
            for row in parse_ec2.images(answer):
                self.sink.send(Put(Kind.IMAGE, row))
        self._images.update(images)
