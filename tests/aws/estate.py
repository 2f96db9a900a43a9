"""An estate of plain data, asked by the AWS half and shown as a person reads it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.join.mapping_row import MappingRow, why_at, word_at
from eksview.domain.live.messages import Fanout, LinkState, Swap
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.applier import apply
from eksview.store.store import Store
from tests.aws.both_sides import get_instances
from tests.aws.fakes import FakeSession, Reply, Time, refusal
from tests.aws.world import watched
from tests.domain.aws_objects import NOW, node

HOUR = 3600.0


class Estate:
    """A cluster `prod`: instances, nodegroups and Auto Scaling groups with their warm pools."""

    cluster = "prod"

    def __init__(self) -> None:
        self.nodes: list[NodeRow] = []
        self.instances: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.pools: dict[str, list[dict[str, Any]]] = {}
        self.nodegroups: dict[str, dict[str, Any]] = {}
        self.activities: dict[str, list[dict[str, Any]]] = {}
        self.session = FakeSession({
            "ec2:DescribeInstances": self._describe,
            "ec2:DescribeInstanceStatus": {"InstanceStatuses": []},
            "ec2:DescribeVpcAttribute": {
                "EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True},
            },
            "autoscaling:DescribeAutoScalingGroups": self._groups,
            "autoscaling:DescribeWarmPool": self._pool,
            "autoscaling:DescribeScalingActivities": self._activities,
            "eks:DescribeCluster": {"cluster": self._cluster()},
            "eks:ListNodegroups": lambda _: {"nodegroups": list(self.nodegroups)},
            "eks:DescribeNodegroup": self._nodegroup,
        })  # fmt: skip

    # what there is

    def launch(
        self, name: str, *, ago: float = 3 * HOUR, state: str = "running", tag: str = "owned",
        group: str = "", tags: dict[str, str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        """Add an instance; `tag` is the value of the cluster's tag, empty for none."""
        own = {f"kubernetes.io/cluster/{self.cluster}": tag} if tag else {}
        scaled = {"aws:autoscaling:groupName": group} if group else {}
        self.instances[name] = {
            "InstanceId": name,
            "State": {"Name": state},
            "InstanceType": "m6i.large",
            "ImageId": "ami-eks",
            "LaunchTime": datetime.fromtimestamp(NOW - ago, UTC),
            "PrivateDnsName": f"{name}.internal",
            "SubnetId": "subnet-1",
            "VpcId": "vpc-1",
            "SecurityGroups": [{"GroupId": "sg-node"}],
            "IamInstanceProfile": {"Arn": "arn:aws:iam::1:instance-profile/node"},
            "Tags": pairs(own | scaled | (tags or {})),
        } | more

    def join(self, name: str) -> None:
        """Add the node of an instance."""
        self.nodes.append(node(name=f"{name}.internal", uid=name, internal_ip="", labels={},
                               provider_id=f"aws:///us-west-2a/{name}"))  # fmt: skip

    def group(self, name: str, members: dict[str, str], **more: Any) -> None:
        """Add an Auto Scaling group with the lifecycle of its members."""
        self.groups[name] = {
            "AutoScalingGroupName": name, "MinSize": 0, "MaxSize": 9,
            "DesiredCapacity": len(members), "Instances": member_list(members),
            "Tags": pairs({f"kubernetes.io/cluster/{self.cluster}": "owned"}),
        } | more  # fmt: skip

    def pool(self, group: str, members: dict[str, str], state: str = "Stopped") -> None:
        """Give a group a warm pool."""
        self.groups[group]["WarmPoolConfiguration"] = {"PoolState": state, "MinSize": 1}
        self.pools[group] = member_list(members)

    def deny(self, action: str) -> None:
        self.session.answers[action] = refusal("AccessDeniedException", "not authorized")

    # what a person reads

    @asynccontextmanager
    async def read(self, *, nodes_at: float = NOW) -> AsyncIterator["EstateReading"]:
        """Yield what was read; the nodes were complete at `nodes_at` for the first time."""
        time, messages, tracker, store = Time(NOW), Fanout(), InstanceTracker(), Store(lambda: NOW)
        messages.subscribe(lambda message: apply(store, message))
        tracker.listed(self.nodes)
        messages.send(Swap(Kind.NODE, tuple(self.nodes)))
        messages.send(LinkState(Link("nodes", Phase.LIVE, nodes_at, heard=nodes_at)))
        watcher = watched(self.session, self.cluster, messages, tracker, time)
        watcher.start()
        await time.advance(45.0)
        try:
            yield EstateReading(store, time)
        finally:
            await watcher.stop()

    # what AWS answers

    def _describe(self, asked: dict[str, Any]) -> Reply:
        if ids := asked.get("InstanceIds"):
            rows = [self.instances[name] for name in ids if name in self.instances]
        else:
            rows = [row for row in self.instances.values() if meets(row, asked["Filters"])]
        return {"Reservations": [{"Instances": rows}]}

    def _groups(self, asked: dict[str, Any]) -> Reply:
        names = asked.get("AutoScalingGroupNames")
        keys = set(asked["Filters"][0]["Values"]) if "Filters" in asked else set()
        rows = [
            row for name, row in self.groups.items()
            if (name in names if names else keys & {tag["Key"] for tag in row["Tags"]})
        ]  # fmt: skip
        return {"AutoScalingGroups": rows}

    def _pool(self, asked: dict[str, Any]) -> Reply:
        name = asked["AutoScalingGroupName"]
        assert name in self.pools, "a group without a warm pool needn't be asked for it"
        start = int(asked.get("NextToken", 0))
        page = self.pools[name][start : start + 2]
        more = {"NextToken": str(start + 2)} if start + 2 < len(self.pools[name]) else {}
        return {"Instances": page, **more}

    def _activities(self, asked: dict[str, Any]) -> Reply:
        return {"Activities": self.activities.get(asked["AutoScalingGroupName"], [])}

    def _nodegroup(self, asked: dict[str, Any]) -> Reply:
        return {"nodegroup": self.nodegroups[asked["nodegroupName"]]}

    def _cluster(self) -> dict[str, Any]:
        return {
            "name": self.cluster, "status": "ACTIVE", "version": "1.33",
            "accessConfig": {"authenticationMode": "API"},
            "resourcesVpcConfig": {
                "subnetIds": ["subnet-1"], "clusterSecurityGroupId": "sg-prod", "vpcId": "vpc-1",
                "endpointPublicAccess": True, "endpointPrivateAccess": True,
                "publicAccessCidrs": ["0.0.0.0/0"],
            },
        }  # fmt: skip


class EstateReading:
    """An estate as it was read."""

    def __init__(self, store: Store, time: Time) -> None:
        self.store = store
        self.time = time

    def row(self, instance: str) -> MappingRow:
        return self.store.mapping.rows[instance]

    def verdict(self, instance: str) -> str:
        """Return `kind: word`, or `nowhere`."""
        row = self.store.mapping.rows.get(instance)
        return "nowhere" if row is None else f"{row.kind.value}: {word_at(row, self.time.now)}"

    def why(self, instance: str) -> str:
        return why_at(self.row(instance), self.time.now)

    def printed(self, output: str = "table") -> str:
        """Return the output of `eksview get instances`."""
        return get_instances(self.store, self.time.now, output)


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def member_list(members: dict[str, str]) -> list[dict[str, Any]]:
    return [{"InstanceId": name, "LifecycleState": lifecycle, "HealthStatus": "Healthy"}
            for name, lifecycle in members.items()]  # fmt: skip


def meets(row: dict[str, Any], filters: list[dict[str, Any]]) -> bool:
    """Return whether an instance meets every filter, as EC2 compares them."""
    tags = {tag["Key"]: tag["Value"] for tag in row["Tags"]}
    values = {
        "tag-key": set(tags),
        "instance-state-name": {row["State"]["Name"]},
        "instance.group-id": {group["GroupId"] for group in row["SecurityGroups"]},
        "iam-instance-profile.arn": {row["IamInstanceProfile"]["Arn"]},
        "subnet-id": {row["SubnetId"]},
        "image-id": {row["ImageId"]},
        "vpc-id": {row["VpcId"]},
    }
    return all(
        set(each["Values"]) & (values.get(each["Name"])
                               or {tags.get(each["Name"].removeprefix("tag:"), "")})
        for each in filters
    )  # fmt: skip
