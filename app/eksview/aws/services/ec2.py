"""EC2: the instances of the cluster, their checks, their images and types."""

from collections.abc import AsyncIterator, Iterable

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient, batches
from eksview.aws.services import parse_ec2
from eksview.aws.services.inventory import Inventory
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.base.clock import Clock
from eksview.domain.live.messages import Drop, Put, Sink, Swap
from eksview.domain.rows.aws import ImageRow, InstanceRow, StatusRow, TypeRow
from eksview.domain.rows.kube import Kind

PAGE = 100
"""Instances a page: parsing holds the loop for 0.15 s, where a page of 1,000 holds it for 0.8 s."""
RARE = 10
"""Rounds between two looks by the tags that hardly anything carries alone."""
HURRY = 5.0  # seconds between two looks at an instance that is changing its state
LONG = 600.0  # seconds after which one that is still changing is no longer hurried after
FORGET = 60.0  # seconds in which an id that EC2 doesn't know isn't asked for again
CHANGING = ("pending", "stopping", "shutting-down")
MANAGED = {"IncludeManagedResources": True}
"""Instances of EKS Auto Mode belong to AWS and may be hidden from a plain question."""


class Instances:
    """By the cluster's tags, and by id what the nodes know and the tags didn't find."""

    def __init__(
        self, cluster: str, known: InstanceTracker, estate: Inventory, sink: Sink, clock: Clock
    ) -> None:
        self._cluster = cluster
        self._known = known
        self._estate = estate
        self._sink = sink
        self._clock = clock
        self._round = 0
        self._strays: set[str] = set()  # found by a tag that isn't looked for in every round
        self._gone: dict[str, float] = {}  # id -> until when it isn't asked for
        self._changing: dict[str, float] = {}  # id -> since when

    async def everything(self, meter: ThrottledClient) -> float | None:
        """The whole table."""
        try:
            return await self._everything(meter)
        finally:
            self._estate.tried.add("instances")

    async def _everything(self, meter: ThrottledClient) -> float | None:
        self._known.take_news(())
        found: dict[str, InstanceRow] = {}
        async for answer in self._by_tags(meter):
            self._add(found, answer)
        for batch in batches(self._askable() - found.keys()):
            named = await meter.of_ids("DescribeInstances", batch, **MANAGED)
            self._note_gone(named.gone)
            self._add(found, named.answer)
        self._round += 1
        self._estate.instances = found
        self._estate.listed = True
        self._sink.send(Swap(Kind.INSTANCE, tuple(found.values())))
        return self._hurry(found.values())

    async def news(self, meter: ThrottledClient) -> float | None:
        """Those whose node came, left or changed, and those that are changing themselves."""
        wanted = self._known.take_news(self._estate.instances) | self._hurried()
        now: dict[str, InstanceRow] = {}
        for batch in batches(wanted):
            answer = await meter.of_ids("DescribeInstances", batch, **MANAGED)
            self._note_gone(answer.gone)
            for row in parse_ec2.instances(answer.answer):
                now[row.id] = row
                self._sink.send(Put(Kind.INSTANCE, row))
        self._estate.instances |= now
        return self._hurry(self._estate.instances.values())

    def _add(self, found: dict[str, InstanceRow], answer: Answer) -> None:
        for row in parse_ec2.instances(answer):
            found[row.id] = row
            if not self._estate.listed:  # the first rows are on the screen with the first page
                self._estate.instances[row.id] = row
                self._sink.send(Put(Kind.INSTANCE, row))

    async def _by_tags(self, meter: ThrottledClient) -> AsyncIterator[Answer]:
        if not self._cluster:
            return
        rarely = self._round % RARE == 0
        for filters in tag_filters(self._cluster)[: None if rarely else 1]:
            strays: set[str] = set()
            async for answer in meter.pages(
                "ec2", "DescribeInstances", Filters=[filters], MaxResults=PAGE, **MANAGED
            ):
                strays |= {row.id for row in parse_ec2.instances(answer)} if rarely else set()
                yield answer
            self._strays |= strays  # found by id in the rounds between

    def _askable(self) -> set[str]:
        now = self._clock()
        self._gone = {each: until for each, until in self._gone.items() if until > now}
        return (self._known.ids() | self._strays) - self._gone.keys()

    def _note_gone(self, gone: Iterable[str]) -> None:
        until = self._clock() + FORGET
        self._known.forget(gone)
        self._strays.difference_update(gone)
        for each in gone:
            self._gone[each] = until
            row = self._estate.instances.pop(each, None)
            if row is not None:
                self._sink.send(Drop(Kind.INSTANCE, row))

    def _hurry(self, rows: Iterable[InstanceRow]) -> float | None:
        now = self._clock()
        changing = (row.id for row in rows if row.state in CHANGING)
        self._changing = {each: self._changing.get(each, now) for each in changing}
        return HURRY if self._hurried() else None

    def _hurried(self) -> set[str]:
        now = self._clock()
        young = [each for each, since in self._changing.items() if now - since < LONG]
        return set(young[:PAGE])


def tag_filters(cluster: str) -> list[dict[str, object]]:
    """How the instances of a cluster are marked; the first finds nearly all.

    Self-managed nodes, managed nodegroups and Karpenter write `kubernetes.io/cluster/NAME`;
    managed nodegroups `eks:cluster-name`, Karpenter and Auto Mode `eks:eks-cluster-name`; EKS
    itself `aws:eks:cluster-name` (Amazon EKS User Guide, "Tag your resources for billing").
    """
    return [
        {"Name": "tag-key", "Values": [f"kubernetes.io/cluster/{cluster}"]},
        {"Name": "tag:eks:cluster-name", "Values": [cluster]},
        {"Name": "tag:eks:eks-cluster-name", "Values": [cluster]},
        {"Name": "tag:aws:eks:cluster-name", "Values": [cluster]},
    ]


class Statuses:
    """System, instance and EBS checks, and the scheduled events."""

    def __init__(self, known: InstanceTracker, estate: Inventory, sink: Sink) -> None:
        self._known = known
        self._estate = estate
        self._sink = sink

    async def everything(self, meter: ThrottledClient) -> None:
        """The whole table, by the ids of the instances that exist."""
        self._estate.wait_for("instances")
        wanted = self._estate.alive() if self._estate.listed else self._known.ids()
        rows: list[StatusRow] = []
        for batch in batches(wanted):
            answer = await meter.of_ids(
                "DescribeInstanceStatus", batch, IncludeAllInstances=True, **MANAGED
            )
            rows.extend(parse_ec2.statuses(answer.answer))
        self._sink.send(Swap(Kind.STATUS, rows))


class Images:
    """AMIs and instance types in use. They don't change: each is asked for once."""

    def __init__(self, estate: Inventory, sink: Sink) -> None:
        self._estate = estate
        self._sink = sink
        self._images: set[str] = set()
        self._types: set[str] = set()

    async def types(self, meter: ThrottledClient) -> None:
        """Types not asked for yet."""
        self._estate.wait_for("instances")
        # A filter finds what there is; a list of names fails whole for one that is unknown here.
        for batch in batches(self._estate.types() - self._types):
            named = [{"Name": "instance-type", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeInstanceTypes", Filters=named):
                for row in parse_ec2.types(answer):
                    self._put(Kind.TYPE, row)
            self._types.update(batch)

    async def images(self, meter: ThrottledClient) -> None:
        """AMIs not asked for yet; one that was deregistered or isn't shared stays unknown."""
        for batch in batches(self._estate.images() - self._images):
            named = [{"Name": "image-id", "Values": batch}]
            async for answer in meter.pages(
                "ec2", "DescribeImages", Filters=named, IncludeDeprecated=True
            ):
                for row in parse_ec2.images(answer):
                    self._put(Kind.IMAGE, row)
            self._images.update(batch)

    def _put(self, kind: Kind, row: ImageRow | TypeRow) -> None:
        self._sink.send(Put(kind, row))
