"""Auto Scaling: groups of the cluster, lifecycle of their instances, warm pools, activities."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient, batches
from eksview.aws.services.parse import seconds, shared, tags_of, template_of, text
from eksview.aws.services.reader import AwsReader, WatchedAccount, reads
from eksview.domain.aws.errors import unread
from eksview.domain.aws.poll_plan import AUTOSCALING
from eksview.domain.aws.tags import CLUSTER_TAG
from eksview.domain.base.reading import NOT_ASKED, Read, Reading, last_of
from eksview.domain.base.text import Clean
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import Activity, AutoScalingRow, Member, WarmPool
from eksview.domain.rows.kube import Kind


def groups(answer: Answer) -> Iterator[AutoScalingRow]:
    """Yield the rows of a page of DescribeAutoScalingGroups, without their activities."""
    for item in answer.get("AutoScalingGroups") or ():
        yield AutoScalingRow(
            name=text(item.get("AutoScalingGroupName")),
            least=int(item.get("MinSize") or 0),
            desired=int(item.get("DesiredCapacity") or 0),
            most=int(item.get("MaxSize") or 0),
            members=members(item),
            suspended=tuple(
                text(process.get("ProcessName")) for process in item.get("SuspendedProcesses") or ()
            ),
            template=_template(item),
            tags=tags_of(item.get("Tags")),
            warm=_warm_pool(item.get("WarmPoolConfiguration")),
        )


def members(answer: Answer) -> tuple[Member, ...]:
    """Return the instances of a group, or of a page of DescribeWarmPool."""
    return tuple(map(_member, answer.get("Instances") or ()))


def _warm_pool(item: Answer | None) -> WarmPool | None:
    if not item:
        return None
    return WarmPool(
        state=shared(item.get("PoolState") or "Stopped"),  # the API's default
        least=int(item.get("MinSize") or 0),
        status=shared(item.get("Status")),
    )


def activities(answer: Answer) -> Iterator[Activity]:
    """Yield the activities of a page of DescribeScalingActivities, newest first as AWS has them."""
    for item in answer.get("Activities") or ():
        yield Activity(
            started=seconds(item.get("StartTime")),
            ended=seconds(item.get("EndTime")),
            status=shared(item.get("StatusCode")),
            description=text(item.get("Description")),
            cause=text(item.get("Cause")),
            message=text(item.get("StatusMessage")),
        )


def _member(item: Answer) -> Member:
    return Member(
        instance=text(item.get("InstanceId")),
        lifecycle=shared(item.get("LifecycleState")),
        health=shared(item.get("HealthStatus")),
        zone=shared(item.get("AvailabilityZone")),
        template=_template(item),
        protected=bool(item.get("ProtectedFromScaleIn")),
    )


def _template(item: Answer) -> Clean:
    mixed = (item.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    template = item.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification")
    return template_of(template) or shared(item.get("LaunchConfigurationName"))


NAMES = 50  # groups in one call
LAST = 10  # activities of a group


class Groups(AwsReader):
    """Groups with the cluster's tags, and those that nodegroups and instances name.

    It nudges the EC2 link when a group holds instances that weren't read yet.
    """

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._activities: dict[str, tuple[Activity, ...]] = {}
        self._stale: set[str] = set()  # groups whose activities are to be read
        self._pools: dict[str, Reading[tuple[Member, ...]]] = {}  # by group

    @reads(AUTOSCALING, "autoscaling:DescribeAutoScalingGroups", essential=True)
    async def groups(self, client: ThrottledClient) -> None:
        """Read the whole table."""
        self.inventory.wait_for("instances", "nodegroups")
        rows: dict[str, AutoScalingRow] = {}
        if self.cluster:
            await self._read(client, rows, Filters=tag_filters(self.cluster))
        for batch in batches(self.inventory.group_names() - rows.keys(), NAMES):
            await self._read(client, rows, AutoScalingGroupNames=batch)
        self._note(rows)
        self._publish()
        self._track(member for row in rows.values() for member in row.members)

    @reads(AUTOSCALING, "autoscaling:DescribeWarmPool")
    async def warm_pools(self, client: ThrottledClient) -> None:
        """Read the members of the warm pools: DescribeAutoScalingGroups leaves them out."""
        pools = [row.name for row in self.inventory.groups.values() if row.warm is not None]
        self._pools = {name: self._pools.get(name, NOT_ASKED) for name in sorted(pools)}
        for name in self._pools:
            try:
                pool = await self._pool(client, name)
            except CallRefused as refused:
                for other in self._pools:
                    last = last_of(self._pools[other])
                    self._pools[other] = unread(refused.refusal, self.clock(), last)
                self._publish()
                raise
            self._pools[name] = Read(pool, self.clock())
            self._track(pool)
        if pools:
            self._publish()

    async def _pool(self, client: ThrottledClient, group: str) -> tuple[Member, ...]:
        pages = client.pages("autoscaling", "DescribeWarmPool", AutoScalingGroupName=group)
        return tuple([member async for answer in pages for member in members(answer)])

    def _track(self, rows: Iterable[Member]) -> None:
        fresh = {member.instance for member in rows} - self.inventory.instances.keys()
        if self.tracker.also(fresh):
            self.account.nudge()

    @reads(AUTOSCALING, "autoscaling:DescribeScalingActivities", every=10)
    async def all_activities(self, client: ThrottledClient) -> None:
        """Read those of every group: a failing launch changes nothing in the group itself."""
        self._stale = set(self.inventory.groups)
        await self.activities(client)

    @reads(AUTOSCALING, "autoscaling:DescribeScalingActivities")
    async def activities(self, client: ThrottledClient) -> None:
        """Read the last activities of the groups that changed."""
        if not self._stale:
            return
        for name in sorted(self._stale):
            answer = await client.call(
                "autoscaling",
                "DescribeScalingActivities",
                AutoScalingGroupName=name,
                MaxRecords=LAST,
            )
            self._activities[name] = tuple(activities(answer))
            self._stale.discard(name)
        self._publish()

    async def _read(
        self, client: ThrottledClient, rows: dict[str, AutoScalingRow], **arguments: object
    ) -> None:
        async for answer in client.pages("autoscaling", "DescribeAutoScalingGroups", **arguments):
            rows.update((row.name, row) for row in groups(answer))

    def _note(self, rows: dict[str, AutoScalingRow]) -> None:
        before, self.inventory.groups = self.inventory.groups, rows
        self._stale |= {name for name, row in rows.items() if before.get(name) != row}
        # Fewer instances than wanted: something is being launched, or fails to be.
        self._stale |= {row.name for row in rows.values() if len(row.members) != row.desired}
        self._stale &= rows.keys()

    def _publish(self) -> None:
        groups = map(self._whole, self.inventory.groups.values())
        self.sink.send(Swap(Kind.AUTOSCALING, tuple(groups)))

    def _whole(self, row: AutoScalingRow) -> AutoScalingRow:
        """Return a group's row with its activities and the members of its warm pool."""
        pool = self._pools.get(row.name, NOT_ASKED)
        warm = replace(row.warm, members=pool) if row.warm else None
        return replace(row, activities=self._activities.get(row.name, ()), warm=warm)


def tag_filters(cluster: str) -> list[dict[str, object]]:
    """Return the filter by the tags of a cluster's groups; one of the keys is enough."""
    keys = [f"{CLUSTER_TAG}{cluster}", f"k8s.io/cluster-autoscaler/{cluster}"]
    return [{"Name": "tag-key", "Values": keys}]
