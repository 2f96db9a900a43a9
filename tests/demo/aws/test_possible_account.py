"""The demo's account agrees with its nodes: rules of EC2, Auto Scaling, EKS and SSM, over hours.

Sources: the API references, and EKS's version skew and insight documents.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from eksview_demo.api import usage
from eksview_demo.api.access import User
from eksview_demo.aws.account import Account
from eksview_demo.aws.server import OPERATIONS
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.life.engine import Life
from tests.demo.conftest import Time

CLUSTER = "eksview-demo"
Rule = Callable[["Look"], Iterator[str]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


class Look:
    """What the account and the cluster say at one time."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.cluster = account.cluster
        self.now = account.now
        listed = self.ask("ec2", "DescribeInstances")["Reservations"]
        self.instances = {each["InstanceId"]: each for one in listed for each in one["Instances"]}
        self.nodes = [node for node in self.cluster.nodes.values() if node.group.kind != "fargate"]
        self.groups = [
            self.ask("eks", "DescribeNodegroup", clusterName=CLUSTER, nodegroupName=name)[
                "nodegroup"
            ]
            for name in self.ask("eks", "ListNodegroups", clusterName=CLUSTER)["nodegroups"]
        ]

    def ask(self, service: str, operation: str, **parameters: Any) -> Any:
        return OPERATIONS[service][operation](self.account, parameters)

    def instance(self, node: NodeState) -> Any:
        return self.instances[node.instance]


@rule
def a_node_without_a_running_instance_is_soon_unknown(look: Look) -> Iterator[str]:
    for node in look.nodes:
        state = look.instance(node)["State"]["Name"]
        quiet = look.now - node.renewed
        if state != "running" and quiet > 57 and node.ready != "Unknown":
            yield f"{node.name} is {node.ready} on a {state} instance"
        if state == "running" and quiet > 11 and look.now - node.booted > 60:
            yield f"{node.name} says nothing for {quiet:.0f} s on a running instance"


@rule
def an_instance_is_launched_minutes_before_its_node(look: Look) -> Iterator[str]:
    for node in look.nodes:
        launch = look.instance(node)["LaunchTime"]
        if not launch <= look.now or (not node.booted and not 10 < node.created - launch < 600):
            yield f"{node.name} joined {node.created - launch} s after its launch"


@rule
def auto_scaling_launched_what_lives(look: Look) -> Iterator[str]:
    activities = look.ask("autoscaling", "DescribeScalingActivities")["Activities"]
    launched = {each["Description"].split()[-1]: each["StartTime"] for each in activities}
    groups = look.ask("autoscaling", "DescribeAutoScalingGroups")["AutoScalingGroups"]
    for node in look.nodes:
        at = launched.get(node.instance, node.created)
        if not at <= node.created <= at + 600:
            yield f"{node.name} joined {node.created - at} s after its launch"
    for group in groups:
        if group["DesiredCapacity"] != len(group["Instances"]):
            yield f"{group['AutoScalingGroupName']} wants {group['DesiredCapacity']}"
        for member in group["Instances"]:
            state = look.instances[member["InstanceId"]]["State"]["Name"]
            if (member["HealthStatus"] == "Healthy") is not (state == "running"):
                yield f"{member['InstanceId']} is {state}, {member['HealthStatus']}"
            if group["CreatedTime"] > launched[member["InstanceId"]]:
                yield f"{member['InstanceId']} is older than its group"


@rule
def only_on_demand_instances_are_stopped(look: Look) -> Iterator[str]:
    for instance in look.instances.values():
        if instance["State"]["Name"] == "stopped" and "InstanceLifecycle" in instance:
            yield f"{instance['InstanceId']} is a stopped Spot instance"


@rule
def a_spot_request_ends_with_its_instance(look: Look) -> Iterator[str]:
    for request in look.ask("ec2", "DescribeSpotInstanceRequests")["SpotInstanceRequests"]:
        state = look.instances[request["InstanceId"]]["State"]["Name"]
        if (request["State"] == "active") is not (state == "running"):
            yield f"{request['InstanceId']} is {state}, its request {request['State']}"


@rule
def interfaces_have_the_addresses_of_the_pods(look: Look) -> Iterator[str]:
    limits = {
        each["InstanceType"]: each["NetworkInfo"]
        for each in look.ask("ec2", "DescribeInstanceTypes")["InstanceTypes"]
    }
    owned: set[str] = set()
    for node in look.nodes:
        instance = look.instance(node)
        limit = limits[instance["InstanceType"]]
        interfaces = instance["NetworkInterfaces"]
        if len(interfaces) > limit["MaximumNetworkInterfaces"]:
            yield f"{node.name} has {len(interfaces)} interfaces"
        listed = [each["PrivateIpAddress"] for eni in interfaces for each in eni[
            "PrivateIpAddresses"]]  # fmt: skip
        if any(
            len(eni["PrivateIpAddresses"]) > limit["Ipv4AddressesPerInterface"]
            for eni in interfaces
        ):
            yield f"{node.name} has too many addresses"
        pods = {
            pod.ip
            for pod in look.cluster.pods_on(node)
            if pod.counts and not pod.workload.host_network
        }
        if not pods | {node.ip} <= set(listed) or owned & pods:
            yield f"{node.name}: {pods - set(listed)}"
        owned |= pods


@rule
def sessions_are_open_on_running_instances_for_an_hour_at_most(look: Look) -> Iterator[str]:
    for session in look.ask("ssm", "DescribeSessions", State="Active")["Sessions"]:
        instance = look.instances.get(session["Target"])
        if instance is None or instance["State"]["Name"] != "running":
            yield f"{session['SessionId']} is open on nothing that runs"
        elif session["StartDate"] < instance["LaunchTime"]:
            yield f"{session['SessionId']} began before the instance"
        if look.now - session["StartDate"] > 60.0 * int(session["MaxSessionDuration"]) + 200:
            yield f"{session['SessionId']} is open too long"


@rule
def the_skew_insight_counts_the_nodes_there_are(look: Look) -> Iterator[str]:
    server = ".".join(look.cluster.git_version.split(".")[:2])
    old = sum(not node.version.startswith(f"{server}.") for node in look.cluster.nodes.values())
    for insight in look.ask("eks", "ListInsights", clusterName=CLUSTER)["insights"]:
        when = (insight["lastTransitionTime"], insight["lastRefreshTime"], look.now)
        if list(when) != sorted(when):
            yield f"{insight['name']}: {when}"
        if insight["name"] != "Kubelet version skew":
            continue
        status = insight["insightStatus"]
        if status["status"] != ("WARNING" if old else "PASSING"):
            yield f"{old} nodes are behind: {status}"
        if old and not status["reason"].startswith(f"{old} node{'s' * (old > 1)} "):
            yield f"{old} nodes are behind: {status}"
        newest = max((node.created for node in look.cluster.nodes.values()), default=0.0)
        if when[1] < newest:
            yield "it counts nodes that joined after it was refreshed"


@rule
def nodegroups_and_updates_agree(look: Look) -> Iterator[str]:
    for group in look.groups:
        name = group["nodegroupName"]
        ids = look.ask("eks", "ListUpdates", name=CLUSTER, nodegroupName=name)["updateIds"]
        updates = [
            look.ask("eks", "DescribeUpdate", name=CLUSTER, updateId=each)["update"] for each in ids
        ]
        going_on = any(each["status"] == "InProgress" for each in updates)
        if going_on is not (group["status"] == "UPDATING"):
            yield f"{name} is {group['status']}, its updates {updates}"
        nodes = [node for node in look.nodes if node.group.name == name]
        if any(node.cordoned for node in nodes) and not going_on:
            yield f"{name} replaces nodes without an update"
        releases = {node.version.split("-")[0].removeprefix("v") for node in nodes}
        if nodes and not going_on and group["releaseVersion"].split("-")[0] not in releases:
            yield f"{name} has {group['releaseVersion']}, its nodes {releases}"
        for update in updates:
            if not group["createdAt"] < update["createdAt"] <= look.now:
                yield f"{name}: {update}"


@rule
def a_failed_nodegroup_is_as_new_as_its_instance(look: Look) -> Iterator[str]:
    for group in look.groups:
        if group["status"] == "CREATE_FAILED":
            for stray in group["health"]["issues"][0]["resourceIds"]:
                waited = look.instances[stray]["LaunchTime"] - group["createdAt"]
                if not 0 < waited < 600:
                    yield f"{stray} was launched {waited} s after its nodegroup was created"


@rule
def versions_have_the_support_of_the_day(look: Look) -> Iterator[str]:
    for each in look.ask("eks", "DescribeClusterVersions")["clusterVersions"]:
        standard = look.now < each["endOfStandardSupportDate"]
        if standard is not (each["versionStatus"] == "STANDARD_SUPPORT"):
            yield f"{each['clusterVersion']}: {each['versionStatus']}"


@rule
def usage_is_within_capacity(look: Look) -> Iterator[str]:
    path = "/apis/metrics.k8s.io/v1beta1/nodes"
    body = b"".join(usage.answer(look.cluster, User("admin", ("system:masters",)), path, {}))
    for item in msgspec.json.decode(body)["items"]:
        node = look.cluster.nodes[item["metadata"]["name"]]
        machine, used = node.group.machine, item["usage"]
        if int(used["cpu"][:-1]) > machine.cores * 1e9:
            yield f"{node.name}: {used}"
        if int(used["memory"][:-2]) > machine.memory * 1024 * 1024 or node.silent:
            yield f"{node.name}: {used}"


@pytest.mark.parametrize(
    ("nodes", "pods", "seed", "hours"), [(10, 80, 0, 1.0), (3, 12, 1, 2.0), (30, 300, 4, 0.4)]
)
def test_the_account_agrees_with_the_nodes(nodes: int, pods: int, seed: int, hours: float) -> None:
    time = Time()
    cluster = DemoCluster(seed, clock=time)
    build(cluster, nodes, pods)
    life, account = Life(cluster, churn=3), Account(cluster)
    end, look_at, broken = time.now + 3600 * hours, time.now, {}
    while time.now < end:
        if time.now >= look_at:
            look = Look(account)
            for each in RULES:
                broken.setdefault(each.__name__, list(each(look))[:3])
                broken[each.__name__] = broken[each.__name__] or list(each(look))[:3]
            look_at = time.now + 4.0
        time.now += life.step()
    assert {each: found for each, found in broken.items() if found} == {}
