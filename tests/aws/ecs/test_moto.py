"""ECS in moto over HTTP: every row is what boto3's list and describe return.

moto has no pages of lists and no DescribeCapacityProviders without names (its layer adds both), no
health of container instances, no states of agents, no events and rollout states of deployments,
and no tasks of services: `test_ecs_watcher` has those by the API reference.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from eksview.domain.aws.poll_plan import ECS_INSTANCES, ECS_PLANS, ECS_TASKS, STS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.reading import Refused
from eksview.domain.logs.line import text_of
from eksview.domain.logs.task import TaskLogRequest
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.faults import HtmlPage, Refuse, denied
from tests.aws.following import Following, following
from tests.patience import until

if TYPE_CHECKING:
    from tests.aws.ecs.moto_ecs import MotoEcs
    from tests.aws.moto_account import MotoAccount

HERE = AwsTarget(region="eu-west-1")
THROTTLED = Refuse("ThrottlingException", "Rate exceeded")


@pytest.fixture(scope="module")
def built(moto_server: "MotoAccount") -> Iterator["MotoEcs"]:
    """Built once: it takes seconds."""
    from tests.aws.ecs.moto_ecs import MotoEcs

    made = MotoEcs(moto_server)
    made.build()
    return made


@pytest.fixture
def ecs(moto_account: "MotoAccount", built: "MotoEcs") -> "MotoEcs":
    return built


@asynccontextmanager
async def read(ecs: "MotoEcs", *clusters: str) -> AsyncIterator[Following]:
    """Follow the account until all links of ECS are live."""
    async with following(ecs.account.environ, HERE) as found:
        found.follow_ecs(*(clusters or ("", "estate-web")))
        await found.are(Phase.LIVE, (STS, *ECS_PLANS))
        yield found


def rows(found: Following, kind: Kind) -> dict[str, Any]:
    return found.heard.tables.get(kind, {})  # type: ignore[return-value]


async def test_clusters_are_those_of_boto3(ecs: "MotoEcs") -> None:
    arns = ecs.ecs.list_clusters()["clusterArns"]
    include = ["SETTINGS", "CONFIGURATIONS", "STATISTICS"]
    said = ecs.ecs.describe_clusters(clusters=arns, include=include)["clusters"]
    async with read(ecs) as found:
        table = rows(found, Kind.ECS_CLUSTER)
    assert table.keys() == set(arns)
    for item in said:
        row = table[item["clusterArn"]]
        assert (row.name, row.status) == (item["clusterName"], item["status"])
        assert row.instances == item["registeredContainerInstancesCount"]
        assert (row.running, row.pending) == (item["runningTasksCount"], item["pendingTasksCount"])
        assert row.services == item["activeServicesCount"]
        assert row.providers == tuple(item.get("capacityProviders", ()))
    web = next(row for row in table.values() if row.name == "estate-web")
    assert (web.insights, web.exec_logging) == ("enabled", "DEFAULT")
    assert web.strategy == ("FARGATE_SPOT weight 3 base 1",)


async def test_services_are_those_of_boto3_from_all_pages(ecs: "MotoEcs") -> None:
    said = ecs.read("list_services", "describe_services", "services", "serviceArn", 10)
    assert len(said) == 23
    async with read(ecs) as found:
        table = rows(found, Kind.ECS_SERVICE)
    assert table.keys() == said.keys()
    for arn, item in said.items():
        row = table[arn]
        assert (row.name, row.cluster, row.status) == (item["serviceName"], "estate-web", "ACTIVE")
        assert row.definition == item["taskDefinition"]
        assert row.scheduling == item["schedulingStrategy"]
        assert row.launch_type == item["launchType"]
        assert (row.desired, row.running) == (item["desiredCount"], item["runningCount"])
        (deployment,) = item["deployments"]
        assert [each.id for each in row.deployments] == [deployment["id"]]
        assert row.deployments[0].status == deployment["status"] == "PRIMARY"
        assert row.deployments[0].desired == deployment["desiredCount"]
        assert row.deployments[0].created == deployment["createdAt"].timestamp()


async def test_container_instances_are_those_of_boto3(ecs: "MotoEcs") -> None:
    said = ecs.read(
        "list_container_instances", "describe_container_instances", "containerInstances",
        "containerInstanceArn",
    )  # fmt: skip
    assert len(said) == 3
    async with read(ecs) as found:
        table = rows(found, Kind.ECS_INSTANCE)
    assert table.keys() == said.keys()
    for arn, item in said.items():
        row = table[arn]
        assert (row.instance, row.status) == (item["ec2InstanceId"], item["status"])
        assert row.connected is item["agentConnected"]
        assert row.agent == item["versionInfo"]["agentVersion"]
        assert row.docker == item["versionInfo"]["dockerVersion"]
        assert (row.running, row.pending) == (item["runningTasksCount"], item["pendingTasksCount"])
        for amounts, member in ((row.registered, "registered"), (row.remaining, "remaining")):
            named = {each["name"]: each for each in item[f"{member}Resources"]}
            assert amounts.cpu == named["CPU"]["integerValue"]
            assert amounts.memory == named["MEMORY"]["integerValue"]
            assert amounts.ports == len(named["PORTS"]["stringSetValue"])
        attributes = {each["name"]: each["value"] for each in item["attributes"]}
        assert dict(row.attributes) == attributes


async def test_tasks_are_those_of_boto3_from_all_pages_and_of_both_statuses(
    ecs: "MotoEcs",
) -> None:
    said: dict[str, Any] = {}
    for status in ("RUNNING", "STOPPED"):
        said |= ecs.read("list_tasks", "describe_tasks", "tasks", "taskArn", desiredStatus=status)
    assert len(said) == 122
    async with read(ecs) as found:
        table = rows(found, Kind.ECS_TASK)
    assert table.keys() == said.keys()
    for arn, item in said.items():
        row = table[arn]
        assert (row.cluster, row.group) == ("estate-web", item["group"])
        assert row.definition == item["taskDefinitionArn"]
        assert row.desired == item["desiredStatus"]
        assert row.launch_type == item["launchType"]
        assert row.on == item.get("containerInstanceArn", "")
        assert row.reason == item.get("stoppedReason", "")
        details = {
            each["name"]: each["value"]
            for attachment in item["attachments"]
            for each in attachment["details"]
        }
        assert row.address == details["privateIPv4Address"] != ""
    assert {row.reason for row in table.values() if row.desired == "STOPPED"} == {"Moved elsewhere"}


async def test_task_definitions_are_those_of_boto3_without_secrets(ecs: "MotoEcs") -> None:
    item = ecs.ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    async with read(ecs) as found:
        await until(lambda: rows(found, Kind.ECS_DEFINITION))
        (row,) = rows(found, Kind.ECS_DEFINITION).values()
    assert row.arn == item["taskDefinitionArn"]
    assert (row.family, row.revision, row.status) == ("web", 1, item["status"])
    assert (row.network, row.cpu, row.memory) == ("awsvpc", "256", "512")
    assert row.execution_role == item["executionRoleArn"]
    (container,) = item["containerDefinitions"]
    (spec,) = row.containers
    assert (spec.name, spec.image, spec.cpu) == ("app", "app:1", container["cpu"])
    assert (spec.memory, spec.reserved) == (container["memory"], container["memoryReservation"])
    assert spec.log_driver == "awslogs"
    assert dict(spec.log_options) == container["logConfiguration"]["options"]
    assert "splunk-token" not in repr(row)


async def test_capacity_providers_lead_to_the_machine_that_has_no_agent(ecs: "MotoEcs") -> None:
    async with read(ecs) as found:
        provider = rows(found, Kind.ECS_PROVIDER)["machines"]
        await until(lambda: len(rows(found, Kind.ECS_MACHINE)) == 4)
        lone = ecs.machines[-1]
        await until(lambda: rows(found, Kind.ECS_MACHINE)[lone].configured == "estate-wbe")
        machines = rows(found, Kind.ECS_MACHINE)
    assert (provider.group, provider.scaling, provider.target) == ("ecs-machines", "ENABLED", 90)
    assert machines.keys() == set(ecs.machines)
    for row in machines.values():
        assert (row.cluster, row.group) == ("estate-web", "ecs-machines")
        assert (row.lifecycle, row.machine.state) == ("InService", "running")
    assert [row.configured for key, row in machines.items() if key != lone] == [None] * 3


async def test_a_cluster_without_anything_is_read_and_empty(ecs: "MotoEcs") -> None:
    async with read(ecs, "bare") as found:
        await found.filled(Kind.ECS_SERVICE, Kind.ECS_INSTANCE, Kind.ECS_TASK)
        for kind in (Kind.ECS_SERVICE, Kind.ECS_INSTANCE, Kind.ECS_TASK, Kind.ECS_MACHINE):
            assert rows(found, kind) == {}
        assert [row.name for row in rows(found, Kind.ECS_CLUSTER).values()] == ["bare"]


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
async def test_the_log_of_a_container_is_read_in_the_region_that_its_driver_names(
    ecs: "MotoEcs", region: str
) -> None:
    stream = "web/app/0123456789abcdef0123456789abcdef"
    ecs.log(region, stream, "one", "two")
    ecs.log(region, f"{stream}0", "of another task")
    request = TaskLogRequest("/ecs/web", (stream,), region=region, follow=False)
    async with following(ecs.account.environ, HERE) as found:
        inbox = await found.task_logs(request)
        taken = inbox.take()
        assert [text_of(line) for line in taken.lines] == [b"one", b"two"]
        assert {source.name for source in taken.sources} == {"app"}
        missing = replace(request, group="/ecs/gone")
        assert "No log group /ecs/gone" in (await found.task_logs(missing)).take().state


@pytest.mark.parametrize("fault", [THROTTLED, HtmlPage(), denied("ecs:ListTasks")])
async def test_a_fault_of_one_list_leaves_the_other_links_live(ecs: "MotoEcs", fault: Any) -> None:
    ecs.account.layer.faults.add("ecs:ListTasks", fault, None)
    async with following(ecs.account.environ, HERE) as found:
        found.follow_ecs("estate-web")
        await found.are(Phase.LIVE, (ECS_INSTANCES,))
        await until(lambda: found.phase(ECS_TASKS) in (Phase.RETRYING, Phase.REFUSED))
        assert "ecs:ListTasks" in found.reason(ECS_TASKS)
        assert len(rows(found, Kind.ECS_INSTANCE)) == 3
        reading = found.heard.facts.get(f"parts/{Kind.ECS_TASK.part}")
        if found.phase(ECS_TASKS) is Phase.REFUSED:
            assert isinstance(reading, Refused)
            assert reading.missing == "ecs:ListTasks"
