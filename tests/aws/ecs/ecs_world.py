"""A small account with ECS clusters of plain data, and the watcher of ECS on fake time."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.context import AwsContext
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.aws.ecs_watcher import EcsWatcher
from eksview.domain.aws.target import AwsTarget
from eksview.domain.live.messages import Sink
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.fakes import FakeSession, Heard, Reply, Time, refusal

AT = datetime(2026, 3, 1, tzinfo=UTC)
MISSING = "ClusterNotFoundException"


class EcsWorld:
    """An account that answers as the Amazon ECS API Reference says, page by page."""

    def __init__(self, *clusters: str, partition: str = "aws", region: str = "us-west-2") -> None:
        self.prefix = f"arn:{partition}:ecs:{region}:111122223333:"
        self.clusters = clusters or ("web",)
        self.page = 100
        self.services: dict[str, dict[str, dict[str, Any]]] = {}
        self.instances: dict[str, dict[str, dict[str, Any]]] = {}
        self.tasks: dict[str, dict[str, dict[str, Any]]] = {}
        self.definitions: dict[str, dict[str, Any]] = {}
        self.providers: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, list[str]] = {}
        self.machines: dict[str, dict[str, Any]] = {}
        self.user_data: dict[str, str] = {}
        self.denied: set[str] = set()
        self.session = FakeSession({
            "ecs:ListClusters": self._list_clusters,
            "ecs:DescribeClusters": self._describe_clusters,
            "ecs:DescribeCapacityProviders": lambda _: {
                "capacityProviders": list(self.providers.values())
            },
            "ecs:ListServices": lambda asked: self._listed(self.services, "serviceArns", asked),
            "ecs:DescribeServices": lambda asked: self._described(self.services, "services", asked),
            "ecs:ListContainerInstances": lambda asked: self._listed(
                self.instances, "containerInstanceArns", asked
            ),
            "ecs:DescribeContainerInstances": lambda asked: self._described(
                self.instances, "containerInstances", asked
            ),
            "ecs:ListTasks": self._list_tasks,
            "ecs:DescribeTasks": lambda asked: self._described(self.tasks, "tasks", asked),
            "ecs:DescribeTaskDefinition": self._definition,
            "autoscaling:DescribeAutoScalingGroups": self._groups,
            "ec2:DescribeInstances": self._machines,
            "ec2:DescribeInstanceAttribute": self._user_data,
        })  # fmt: skip

    def arn(self, kind: str, cluster: str, name: str) -> str:
        return f"{self.prefix}{kind}/{cluster}/{name}"

    def register(self, number: int, cluster: str = "web", **more: Any) -> str:
        """Add a container instance on an EC2 instance, and return its ARN."""
        arn = self.arn("container-instance", cluster, f"{number:032x}")
        said = {
            "containerInstanceArn": arn, "ec2InstanceId": machine_id(number), "status": "ACTIVE",
            "agentConnected": True, "registeredAt": AT, **more,
        }  # fmt: skip
        self.instances.setdefault(cluster, {})[arn] = said
        self.launch(said["ec2InstanceId"])
        return arn

    def launch(self, machine: str, group: str = "", user_data: str = "") -> None:
        tags = [{"Key": "aws:autoscaling:groupName", "Value": group}] if group else []
        self.machines[machine] = {
            "InstanceId": machine, "State": {"Name": "running"}, "LaunchTime": AT, "Tags": tags,
        }  # fmt: skip
        self.user_data[machine] = b64encode(user_data.encode()).decode()
        if group:
            self.groups.setdefault(group, []).append(machine)

    def run(self, name: str, cluster: str = "web", definition: str = "app:1", **more: Any) -> str:
        """Add a task, and return its ARN."""
        arn = self.arn("task", cluster, name)
        revision = f"{self.prefix}task-definition/{definition}"
        self.tasks.setdefault(cluster, {})[arn] = {
            "taskArn": arn, "clusterArn": f"{self.prefix}cluster/{cluster}",
            "taskDefinitionArn": revision, "desiredStatus": "RUNNING", "lastStatus": "RUNNING",
            **more,
        }  # fmt: skip
        return arn

    def define(self, name: str) -> str:
        arn = f"{self.prefix}task-definition/{name}"
        family, _, revision = name.partition(":")
        self.definitions[arn] = {
            "taskDefinitionArn": arn, "family": family, "revision": int(revision),
            "containerDefinitions": [{"name": "app", "image": "app:1"}],
        }  # fmt: skip
        return arn

    def provide(self, name: str, group: str) -> None:
        region, account = self.prefix.split(":")[3:5]
        partition = self.prefix.split(":")[1]
        arn = f"arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:1:"
        self.providers[name] = {
            "name": name, "status": "ACTIVE",
            "autoScalingGroupProvider": {
                "autoScalingGroupArn": f"{arn}autoScalingGroupName/{group}",
            },
        }  # fmt: skip

    def _list_clusters(self, asked: dict[str, Any]) -> Reply:
        arns = [f"{self.prefix}cluster/{name}" for name in self.clusters]
        return self._paged(arns, "clusterArns", asked)

    def _describe_clusters(self, asked: dict[str, Any]) -> Reply:
        assert len(asked["clusters"]) <= 100
        found = [name for name in asked["clusters"] if name in self.clusters]
        gone = [{"arn": name, "reason": "MISSING"} for name in asked["clusters"]]
        rows = [
            {
                "clusterArn": f"{self.prefix}cluster/{name}", "clusterName": name,
                "status": "ACTIVE", "capacityProviders": list(self.providers),
            }
            for name in found
        ]  # fmt: skip
        return {"clusters": rows, "failures": gone[len(found) :]}

    def _listed(self, table: dict[str, Any], member: str, asked: dict[str, Any]) -> Reply:
        if asked["cluster"] not in self.clusters:
            return refusal(MISSING, "Cluster not found.")
        return self._paged(sorted(table.get(asked["cluster"], {})), member, asked)

    def _paged(self, found: list[str], member: str, asked: dict[str, Any]) -> dict[str, Any]:
        assert asked["maxResults"] <= 100
        start = int(asked.get("nextToken", 0))
        end = start + min(self.page, asked["maxResults"])
        more = {"nextToken": str(end)} if end < len(found) else {}
        return {member: found[start:end], **more}

    def _described(self, table: dict[str, Any], member: str, asked: dict[str, Any]) -> Reply:
        assert len(asked[member]) <= (10 if member == "services" else 100)
        rows = table.get(asked["cluster"], {})
        failures = [{"arn": arn, "reason": "MISSING"} for arn in asked[member] if arn not in rows]
        found = [rows[arn] for arn in asked[member] if rows.get(arn)]
        return {member: found, "failures": failures}

    def _list_tasks(self, asked: dict[str, Any]) -> Reply:
        tasks = self.tasks.get(asked["cluster"], {})
        wanted = {
            arn: row for arn, row in tasks.items() if row["desiredStatus"] == asked["desiredStatus"]
        }
        return self._listed({asked["cluster"]: wanted}, "taskArns", asked)

    def _definition(self, asked: dict[str, Any]) -> Reply:
        if asked["taskDefinition"] not in self.definitions:
            return refusal("ClientException", "Unable to describe task definition.")
        return {"taskDefinition": self.definitions[asked["taskDefinition"]]}

    def _groups(self, asked: dict[str, Any]) -> Reply:
        return {"AutoScalingGroups": [
            {"AutoScalingGroupName": name, "Instances": [
                {"InstanceId": each, "LifecycleState": "InService"} for each in self.groups[name]
            ]}
            for name in asked["AutoScalingGroupNames"] if name in self.groups
        ]}  # fmt: skip

    def _machines(self, asked: dict[str, Any]) -> Reply:
        (named,) = asked["Filters"]
        assert named["Name"] == "instance-id"
        found = [self.machines[each] for each in named["Values"] if each in self.machines]
        return {"Reservations": [{"Instances": found}]}

    def _user_data(self, asked: dict[str, Any]) -> Reply:
        machine = asked["InstanceId"]
        return {"InstanceId": machine, "UserData": {"Value": self.user_data[machine]}}


def machine_id(number: int) -> str:
    return f"i-{number:017x}"


class EcsBench:
    """A world with its watcher on fake time, and what that sent."""

    def __init__(
        self,
        world: EcsWorld,
        region: str = "us-west-2",
        sink: Sink | None = None,
        time: Time | None = None,
    ) -> None:
        self.world = world
        self.session = world.session
        self.time = time or Time()
        self.heard = Heard()
        gate = CredentialsGate()
        gate.open()
        recorder = AwsCallLog(lambda _: None, count(1), self.time.clock, region)
        self.watcher = EcsWatcher(
            AwsContext(
                self.session,
                AwsTarget(region=region),
                sink or self.heard,
                gate,
                self.time.sleep,
                self.time.clock,
                lambda: 0.0,
                recorder,
                {},
            )
        )

    @asynccontextmanager
    async def following(self, *clusters: str) -> AsyncIterator["EcsBench"]:
        self.watcher.follow(clusters)
        await self.time.advance(3.0)
        try:
            yield self
        finally:
            await self.watcher.stop()

    def rows(self, kind: Kind) -> dict[str, Any]:
        return dict(self.heard.tables.get(kind, {}))

    def phase(self, name: str) -> Phase:
        return self.heard.links[name].phase

    def reason(self, name: str) -> str:
        return self.heard.links[name].reason

    def deny(self, action: str) -> None:
        self.session.answers[action] = refusal("AccessDeniedException", "", action)
