"""Auto Scaling: the groups of the cluster, their instances' lifecycle, their last activities."""

from collections.abc import Callable

from msgspec.structs import replace

from eksview.aws.client.throttled_client import Meter, batches
from eksview.aws.services import parse_autoscaling
from eksview.aws.services.inventory import Estate
from eksview.domain.aws.instance_tracker import Known
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.rows.aws import Activity, AutoScalingRow
from eksview.domain.rows.kube import Kind

NAMES = 50  # groups in one call
LAST = 10  # activities of a group


class Groups:
    """By the cluster's tags, and by name what nodegroups and instances speak of.

    `news` is called when a group holds instances that nobody else knew.
    """

    def __init__(
        self, cluster: str, known: Known, estate: Estate, sink: Sink, news: Callable[[], None]
    ) -> None:
        self._cluster = cluster
        self._known = known
        self._estate = estate
        self._sink = sink
        self._news = news
        self._activities: dict[str, tuple[Activity, ...]] = {}
        self._stale: set[str] = set()  # groups whose activities are to be read

    async def groups(self, meter: Meter) -> None:
        """The whole table."""
        self._estate.wait_for("instances", "nodegroups")
        found: dict[str, AutoScalingRow] = {}
        if self._cluster:
            await self._read(meter, found, Filters=tag_filters(self._cluster))
        for batch in batches(self._estate.group_names() - found.keys(), NAMES):
            await self._read(meter, found, AutoScalingGroupNames=batch)
        self._note(found)
        self._publish()
        members = {member.instance for row in found.values() for member in row.members}
        if self._known.also(members - self._estate.instances.keys()):
            self._news()

    async def activities(self, meter: Meter) -> None:
        """The last activities of the groups that changed."""
        for name in sorted(self._stale):
            answer = await meter.call(
                "autoscaling",
                "DescribeScalingActivities",
                AutoScalingGroupName=name,
                MaxRecords=LAST,
            )
            self._activities[name] = tuple(parse_autoscaling.activities(answer))
            self._stale.discard(name)
        self._publish()

    async def all_activities(self, meter: Meter) -> None:
        """Those of every group: a failing launch changes nothing in the group itself."""
        self._stale = set(self._estate.groups)
        await self.activities(meter)

    async def _read(
        self, meter: Meter, found: dict[str, AutoScalingRow], **arguments: object
    ) -> None:
        async for answer in meter.pages("autoscaling", "DescribeAutoScalingGroups", **arguments):
            found.update((row.name, row) for row in parse_autoscaling.groups(answer))

    def _note(self, found: dict[str, AutoScalingRow]) -> None:
        before, self._estate.groups = self._estate.groups, found
        self._stale |= {name for name, row in found.items() if before.get(name) != row}
        # Fewer instances than wanted: something is being launched, or fails to be.
        self._stale |= {row.name for row in found.values() if len(row.members) != row.desired}
        self._stale &= found.keys()

    def _publish(self) -> None:
        rows = self._estate.groups.values()
        self._sink.send(
            Swap(
                Kind.AUTOSCALING,
                [replace(row, activities=self._activities.get(row.name, ())) for row in rows],
            )
        )


def tag_filters(cluster: str) -> list[dict[str, object]]:
    """How the groups of a cluster are marked; any one of the keys will do."""
    keys = [f"kubernetes.io/cluster/{cluster}", f"k8s.io/cluster-autoscaler/{cluster}"]
    return [{"Name": "tag-key", "Values": keys}]
