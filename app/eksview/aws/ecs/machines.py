"""The EC2 instances of ECS: those with an agent, and those that should have one.

A machine is found by its container instance, or by its Auto Scaling group: that of a capacity
provider, or that of another machine of the cluster.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from eksview.aws.client.throttled_client import CallRefused, ThrottledClient, batches
from eksview.aws.ecs.reader import EcsReader, FollowedEcs
from eksview.aws.services import parse_ec2
from eksview.aws.services.autoscaling import NAMES, groups
from eksview.aws.services.ec2 import MANAGED, PAGE
from eksview.aws.services.reader import filtered, reads
from eksview.domain.aws.parts import ECS_GROUPS, USER_DATA
from eksview.domain.aws.poll_plan import ECS_INSTANCES
from eksview.domain.aws.tags import GROUP_TAG
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.user_data import configured_cluster
from eksview.domain.rows.aws import Member
from eksview.domain.rows.ecs import EcsMachineRow
from eksview.domain.rows.kube import Kind

AT_ONCE = 10  # machines whose user data is read in one round


class EcsMachines(EcsReader):
    """The EC2 instances of the followed clusters."""

    def __init__(self, ecs: FollowedEcs) -> None:
        super().__init__(ecs)
        self._members: dict[str, tuple[Member, str]] = {}  # by instance, with the group
        self._unread: dict[str, Clean] = {}  # why a machine's user data wasn't read, by its id

    @reads(ECS_INSTANCES, "autoscaling:DescribeAutoScalingGroups", part=ECS_GROUPS)
    async def groups(self, client: ThrottledClient) -> None:
        """Read the members of the clusters' Auto Scaling groups."""
        members: dict[str, tuple[Member, str]] = {}
        for batch in batches(self._clusters_of_groups(), NAMES):
            async for page in client.pages(
                "autoscaling", "DescribeAutoScalingGroups", AutoScalingGroupNames=batch
            ):
                for group in groups(page):
                    members.update((each.instance, (each, group.name)) for each in group.members)
        self._members = members

    @reads(ECS_INSTANCES, "ec2:DescribeInstances", part=Kind.ECS_MACHINE.part)
    async def machines(self, client: ThrottledClient) -> None:
        """Read the table; EC2 may no longer have an instance of a registration or of a group."""
        rows: dict[str, EcsMachineRow] = {}
        registered, of_groups = self._registered(), self._clusters_of_groups()
        for batch in batches(registered.keys() | self._members.keys(), PAGE):
            pages = filtered(client, "DescribeInstances", "instance-id", batch, **MANAGED)
            async for page in pages:
                for machine in parse_ec2.instances(page):
                    member, group = self._members.get(machine.id, (None, ""))
                    group = group or machine.tags.get(GROUP_TAG, "")
                    rows[machine.id] = EcsMachineRow(
                        machine=machine,
                        cluster=clean(registered.get(machine.id) or of_groups.get(group, "")),
                        group=clean(group),
                        lifecycle=member.lifecycle if member else EMPTY,
                    )
        self.inventory.machines = rows
        self._publish()

    @reads(ECS_INSTANCES, "ec2:DescribeInstanceAttribute", part=USER_DATA)
    async def user_data(self, client: ThrottledClient) -> None:
        """Read which cluster machines without an agent are told to join, a few in each round."""
        lone = [row for row in self._lone() if self._key(row) not in self._configured]
        self._unread = {}
        if not lone:
            return
        try:
            for row in lone[:AT_ONCE]:
                await self._user_data(client, row)
        except CallRefused as refused:
            self._unread = {row.key: refused.refusal.sentence for row in lone}
            raise
        finally:
            self._publish()

    async def _user_data(self, client: ThrottledClient, row: EcsMachineRow) -> None:
        try:
            answer = await client.call(
                "ec2", "DescribeInstanceAttribute", InstanceId=row.key, Attribute="userData"
            )
        except CallRefused as refused:
            if refused.code.startswith("InvalidInstanceID"):  # terminated meanwhile
                return
            raise
        encoded = (answer.get("UserData") or {}).get("Value") or ""
        self._configured[self._key(row)] = configured_cluster(encoded)

    @property
    def _configured(self) -> dict[tuple[str, float | None], Clean]:
        return self.inventory.cache.configured

    def _key(self, row: EcsMachineRow) -> tuple[str, float | None]:
        """Return what names a start of a machine: user data changes only while it is stopped."""
        return row.key, row.machine.launched

    def _publish(self) -> None:
        by_cluster: dict[str, list[EcsMachineRow]] = {name: [] for name in self.inventory.named()}
        for row in self.inventory.machines.values():
            whole = replace(
                row,
                configured=self._configured.get(self._key(row)),
                unread=self._unread.get(row.key, EMPTY),
            )
            by_cluster.get(row.cluster, []).append(whole)
        for name, rows in by_cluster.items():
            self.publish(Kind.ECS_MACHINE, rows, name)

    def _registered(self) -> dict[str, str]:
        """Return the clusters of EC2 instances by their registrations, the connected ones last."""
        rows = [row for rows in self.inventory.instances.values() for row in rows]
        rows.sort(key=lambda row: (row.connected, row.since or 0.0))
        return {row.instance: row.cluster for row in rows if row.instance and not row.anywhere}

    def _clusters_of_groups(self) -> dict[str, str]:
        """Return the clusters by the names of their groups; those of capacity providers win."""
        return dict(self._groups_of_machines()) | dict(self._groups_of_providers())

    def _groups_of_machines(self) -> Iterator[tuple[str, str]]:
        registered = self._registered()
        for row in self.inventory.machines.values():
            if row.group and row.key in registered:
                yield row.group, registered[row.key]

    def _groups_of_providers(self) -> Iterator[tuple[str, str]]:
        for cluster in self.inventory.named():
            row = self.inventory.clusters.get(cluster)
            for name in row.providers if row else ():
                provider = self.inventory.providers.get(name)
                if provider is not None and provider.group:
                    yield provider.group, cluster

    def _lone(self) -> Iterable[EcsMachineRow]:
        registered = self._registered()
        machines = self.inventory.machines.values()
        return (row for row in machines if row.key not in registered and not row.machine.ended)
