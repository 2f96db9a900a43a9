"""A small account of plain data, and its watcher on fake time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from eksview.aws.account_watcher import AccountWatcher
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.target import AwsTarget
from eksview.domain.live.messages import Sink
from eksview.domain.rows.aws import Call
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.fakes import FakeSession, Heard, Reply, Time, refusal

AT = datetime(2025, 3, 1, tzinfo=UTC)
INSTANCES = "ec2:DescribeInstances"
SESSIONS = "ssm:DescribeSessions"
GROUP = "eks-general-1"


def instance_id(number: int) -> str:
    return f"i-{number:017x}"


class World:
    """A small account, which answers as AWS would, by filters, ids and pages."""

    def __init__(self, count: int = 3) -> None:
        self.instances: dict[str, dict[str, Any]] = {}
        self.hidden: set[str] = set()  # not found by the cluster's tag
        for number in range(count):
            self.launch(instance_id(number))
        self.session = FakeSession(
            {
                INSTANCES: self.describe,
                "ec2:DescribeInstanceStatus": self.status,
                "ec2:DescribeInstanceTypes": self.types,
                "ec2:DescribeImages": {"Images": [{"ImageId": "ami-1", "Name": "node"}]},
                "ec2:DescribeSubnets": self.subnets,
                "ec2:DescribeRouteTables": self.routes,
                "ec2:DescribeSecurityGroups": self.security_groups,
                "ec2:DescribeVpcEndpoints": {
                    "VpcEndpoints": [{"VpcEndpointId": "vpce-1", "State": "Available"}]
                },
                "ec2:DescribeNetworkAcls": {
                    "NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1"}]
                },
                "autoscaling:DescribeAutoScalingGroups": self.groups,
                "autoscaling:DescribeScalingActivities": self.activities,
                "eks:DescribeCluster": self.cluster,
                "eks:DescribeClusterVersions": self.versions,
                "eks:ListNodegroups": {"nodegroups": ["general", "gone"]},
                "eks:DescribeNodegroup": self.nodegroup,
                "eks:ListAddons": {"addons": ["vpc-cni"]},
                "eks:DescribeAddon": self.addon,
                "eks:DescribeAddonVersions": {
                    "addons": [{"addonVersions": [{"addonVersion": "v2"}]}]
                },
                "eks:ListUpdates": self.updates,
                "eks:DescribeUpdate": self.update,
                "eks:ListFargateProfiles": {"fargateProfileNames": ["fp"]},
                "eks:DescribeFargateProfile": {"fargateProfile": {"fargateProfileName": "fp"}},
                "eks:ListInsights": self.insights,
                "eks:DescribeInsight": self.insight,
                "eks:ListAccessEntries": {"accessEntries": ["arn:role", "arn:deleted"]},
                "eks:DescribeAccessEntry": self.entry,
                "eks:ListAssociatedAccessPolicies": {"associatedAccessPolicies": []},
                SESSIONS: self.visits,
            }
        )
        self.members = [instance_id(number) for number in range(count)]
        self.status_of_cluster = "ACTIVE"
        self.status_of_update = "Successful"
        self.authentication = "API"
        self.open = ["ada-1"]
        self.over: list[str] = []
        self.target = instance_id(0)

    def launch(self, name: str, state: str = "running", **more: Any) -> None:
        self.instances[name] = {
            "InstanceId": name,
            "State": {"Name": state},
            "InstanceType": "m6i.large",
            "ImageId": "ami-1",
            "SubnetId": "subnet-1",
            "VpcId": "vpc-1",
            "LaunchTime": AT,
            "SecurityGroups": [{"GroupId": "sg-1"}],
            "Tags": [{"Key": "aws:autoscaling:groupName", "Value": GROUP}],
            **more,
        }

    def describe(self, asked: dict[str, Any]) -> Reply:
        if ids := asked.get("InstanceIds"):
            assert len(ids) <= 100
            unknown = [name for name in ids if name not in self.instances]
            if unknown:
                words = ", ".join(unknown)
                message = f"The instance IDs '{words}' do not exist"
                return refusal("InvalidInstanceID.NotFound", message)
            return {"Reservations": [{"Instances": [self.instances[name] for name in ids]}]}
        if asked["Filters"][0]["Name"] != "tag-key":
            return {"Reservations": []}
        found = sorted(self.instances.keys() - self.hidden)
        start = int(asked.get("NextToken", 0))
        page = found[start : start + asked["MaxResults"]]
        answer: dict[str, Any] = {
            "Reservations": [{"Instances": [self.instances[each]]} for each in page]
        }
        if start + len(page) < len(found):
            answer["NextToken"] = str(start + len(page))
        return answer

    def status(self, asked: dict[str, Any]) -> Reply:
        assert asked["IncludeAllInstances"]
        assert len(asked["InstanceIds"]) <= 100
        ok = {"SystemStatus": {"Status": "ok"}, "InstanceStatus": {"Status": "ok"}}
        return {"InstanceStatuses": [{"InstanceId": each, **ok} for each in asked["InstanceIds"]]}

    def types(self, asked: dict[str, Any]) -> Reply:
        return {"InstanceTypes": [{"InstanceType": each} for each in values(asked)]}

    def subnets(self, asked: dict[str, Any]) -> Reply:
        rows = [{"SubnetId": each, "VpcId": "vpc-1"} for each in values(asked)]
        return {"Subnets": rows}

    def routes(self, asked: dict[str, Any]) -> Reply:
        assert values(asked) == ["vpc-1"]
        route = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
        return {
            "RouteTables": [{"VpcId": "vpc-1", "Associations": [{"Main": True}], "Routes": [route]}]
        }

    def security_groups(self, asked: dict[str, Any]) -> Reply:
        return {"SecurityGroups": [{"GroupId": each} for each in values(asked)]}

    def groups(self, asked: dict[str, Any]) -> Reply:
        if "Filters" in asked:
            return {"AutoScalingGroups": []}
        members = [{"InstanceId": each, "LifecycleState": "InService"} for each in self.members]
        return {
            "AutoScalingGroups": [
                {
                    "AutoScalingGroupName": each,
                    "DesiredCapacity": len(members),
                    "Instances": members,
                }
                for each in asked["AutoScalingGroupNames"]
            ]
        }

    def activities(self, asked: dict[str, Any]) -> Reply:
        about = f"Launched for {asked['AutoScalingGroupName']}"
        return {"Activities": [{"StatusCode": "Successful", "Description": about}]}

    def cluster(self, asked: dict[str, Any]) -> Reply:
        if asked["name"] != "demo":
            return refusal("ResourceNotFoundException", "No cluster found")
        return {
            "cluster": {
                "name": "demo",
                "status": self.status_of_cluster,
                "version": "1.33",
                "accessConfig": {"authenticationMode": self.authentication},
                "resourcesVpcConfig": {
                    "subnetIds": ["subnet-9"],
                    "clusterSecurityGroupId": "sg-9",
                    "vpcId": "vpc-1",
                },
            }
        }

    def versions(self, asked: dict[str, Any]) -> Reply:
        assert asked == {"clusterVersions": ["1.33"]}
        return {"clusterVersions": [{"clusterVersion": "1.33", "endOfStandardSupportDate": AT}]}

    def nodegroup(self, asked: dict[str, Any]) -> Reply:
        if asked["nodegroupName"] == "gone":
            return refusal("ResourceNotFoundException", "No node group found")
        group = {"autoScalingGroups": [{"name": GROUP}]}
        return {"nodegroup": {"nodegroupName": "general", "status": "ACTIVE", "resources": group}}

    def addon(self, asked: dict[str, Any]) -> Reply:
        return {"addon": {"addonName": asked["addonName"], "status": "ACTIVE"}}

    def updates(self, asked: dict[str, Any]) -> Reply:
        return {"updateIds": ["u-1"] if set(asked) == {"name"} else []}

    def update(self, asked: dict[str, Any]) -> Reply:
        return {"update": {"id": asked["updateId"], "status": self.status_of_update}}

    def insights(self, _: dict[str, Any]) -> Reply:
        good = {"id": "1", "name": "a", "insightStatus": {"status": "PASSING"}}
        bad = {"id": "2", "name": "b", "insightStatus": {"status": "WARNING"}}
        return {"insights": [good, bad]}

    def insight(self, asked: dict[str, Any]) -> Reply:
        assert asked["id"] == "2"
        said = {"id": "2", "name": "b", "insightStatus": {"status": "WARNING"}}
        return {"insight": {**said, "recommendation": "Migrate."}}

    def visits(self, asked: dict[str, Any]) -> Reply:
        active = asked["State"] == "Active"
        names = self.open if active else self.over
        start = int(asked.get("NextToken", 0))
        page = names[start : start + asked["MaxResults"]]
        owner = "arn:aws:sts::111122223333:assumed-role/Ops/ada"
        said: dict[str, Any] = {"Target": self.target, "Owner": owner, "StartDate": AT}
        said |= {"Status": "Connected"} if active else {"Status": "Terminated", "EndDate": AT}
        more = {"NextToken": str(start + len(page))} if start + len(page) < len(names) else {}
        return {"Sessions": [{"SessionId": each, **said} for each in page], **more}

    def entry(self, asked: dict[str, Any]) -> Reply:
        if asked["principalArn"] == "arn:deleted":
            return refusal("ResourceNotFoundException")
        return {"accessEntry": {"principalArn": asked["principalArn"], "type": "EC2_LINUX"}}


def values(asked: dict[str, Any]) -> list[str]:
    found: list[str] = asked["Filters"][0]["Values"]
    return found


def watched(
    session: FakeSession, cluster: str, sink: Sink, tracker: InstanceTracker, time: Time
) -> AccountWatcher:
    """Return a watcher of an account in us-west-2, on fake time and without chance."""
    target = AwsTarget(cluster=cluster, region="us-west-2")
    return AccountWatcher(
        session, target, sink, tracker, sleep=time.sleep, clock=time.clock, chance=lambda: 0.0
    )


class Bench:
    """A world with its watcher, and what that sent."""

    def __init__(self, world: World | None = None, cluster: str = "demo") -> None:
        self.world = world or World()
        self.session = self.world.session
        self.time = Time()
        self.heard = Heard()
        self.known = InstanceTracker()
        self.follower = watched(self.session, cluster, self.heard, self.known, self.time)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Bench"]:
        self.follower.start()
        await self.time.advance(2.0)
        try:
            yield self
        finally:
            await self.follower.stop()

    def phase(self, name: str) -> Phase:
        return self.heard.links[name].phase

    def row(self, kind: Kind, key: str) -> Any:
        return self.heard.tables[kind][key]

    def call(self, name: str) -> Call:
        call = self.heard.facts[f"calls/{name}"]
        assert isinstance(call, Call)
        return call

    def deny(self, action: str) -> None:
        self.session.answers[action] = refusal("AccessDeniedException")
