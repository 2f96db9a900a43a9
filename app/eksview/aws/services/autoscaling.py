"""Auto Scaling: the groups of the cluster, their instances' lifecycle, their last activities."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient, batches
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.parse import seconds, shared, tags_of, template_of
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.rows.aws import Activity, AutoScalingRow, Member
from eksview.domain.rows.kube import Kind


def groups(answer: Answer) -> Iterator[AutoScalingRow]:
    """A page of DescribeAutoScalingGroups; the activities are another question."""
    for said in answer.get("AutoScalingGroups") or ():
        yield AutoScalingRow(
            name=str(said.get("AutoScalingGroupName") or ""),
            least=int(said.get("MinSize") or 0),
            desired=int(said.get("DesiredCapacity") or 0),
            most=int(said.get("MaxSize") or 0),
            members=tuple(map(_member, said.get("Instances") or ())),
            suspended=tuple(
                str(process.get("ProcessName") or "")
                for process in said.get("SuspendedProcesses") or ()
            ),
            template=_template(said),
            tags=tags_of(said.get("Tags")),
        )


def activities(answer: Answer) -> Iterator[Activity]:
    """A page of DescribeScalingActivities, newest first as AWS has them."""
    for said in answer.get("Activities") or ():
        yield Activity(
            started=seconds(said.get("StartTime")),
            ended=seconds(said.get("EndTime")),
            status=shared(said.get("StatusCode")),
            description=str(said.get("Description") or ""),
            cause=str(said.get("Cause") or ""),
            message=str(said.get("StatusMessage") or ""),
        )


def _member(said: Answer) -> Member:
    return Member(
        instance=str(said.get("InstanceId") or ""),
        lifecycle=shared(said.get("LifecycleState")),
        health=shared(said.get("HealthStatus")),
        zone=shared(said.get("AvailabilityZone")),
        template=_template(said),
        protected=bool(said.get("ProtectedFromScaleIn")),
    )


def _template(said: Answer) -> str:
    mixed = (said.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    template = said.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification")
    return template_of(template) or shared(said.get("LaunchConfigurationName"))


NAMES = 50  # groups in one call
LAST = 10  # activities of a group


class Groups:
    """By the cluster's tags, and by name what nodegroups and instances speak of.

    `news` is called when a group holds instances that nobody else knew.
    """

    def __init__(
        self,
        cluster: str,
        known: InstanceTracker,
        estate: Inventory,
        sink: Sink,
        news: Callable[[], None],
    ) -> None:
        self._cluster = cluster
        self._known = known
        self._estate = estate
        self._sink = sink
        self._news = news
        self._activities: dict[str, tuple[Activity, ...]] = {}
        self._stale: set[str] = set()  # groups whose activities are to be read

    async def groups(self, meter: ThrottledClient) -> None:
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

    async def activities(self, meter: ThrottledClient) -> None:
        """The last activities of the groups that changed."""
        for name in sorted(self._stale):
            answer = await meter.call(
                "autoscaling",
                "DescribeScalingActivities",
                AutoScalingGroupName=name,
                MaxRecords=LAST,
            )
            self._activities[name] = tuple(activities(answer))
            self._stale.discard(name)
        self._publish()

    async def all_activities(self, meter: ThrottledClient) -> None:
        """Those of every group: a failing launch changes nothing in the group itself."""
        self._stale = set(self._estate.groups)
        await self.activities(meter)

    async def _read(
        self, meter: ThrottledClient, found: dict[str, AutoScalingRow], **arguments: object
    ) -> None:
        async for answer in meter.pages("autoscaling", "DescribeAutoScalingGroups", **arguments):
            found.update((row.name, row) for row in groups(answer))

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
