"""ECS as a whole, on a session that answers from plain data and on fake time.

Truth: Amazon ECS API Reference: pages of 100 and batches of 100 or 10, `failures` with the reason
MISSING, ClusterNotFoundException; the fakes refuse what botocore wouldn't send.
"""

import pytest
from botocore.exceptions import EndpointConnectionError

from eksview.domain.aws.parts import USER_DATA
from eksview.domain.aws.poll_plan import ECS, ECS_INSTANCES, ECS_PLANS, ECS_TASKS
from eksview.domain.base.reading import NOT_ASKED, ReadFailed, Refused
from eksview.domain.live.facts import Answered
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.ecs.ecs_world import AT, EcsBench, EcsWorld, machine_id
from tests.aws.fakes import refusal

TABLES = [kind for kind in Kind if kind.link in ECS_PLANS]


def full() -> EcsWorld:
    """A world with a row in every table."""
    world = EcsWorld("web", "batch")
    world.provide("on-demand", "ecs-group")
    world.register(1)
    world.launch(machine_id(9), group="ecs-group", user_data="echo ECS_CLUSTER=wbe >> ecs.config")
    world.run("1", definition="app:1")
    world.define("app:1")
    arn = world.arn("service", "web", "front")
    world.services["web"] = {arn: {"serviceArn": arn, "clusterArn": f"{world.prefix}cluster/web"}}
    return world


async def test_every_table_of_a_followed_cluster_arrives() -> None:
    async with EcsBench(full()).following("web") as bench:
        assert {kind for kind in TABLES if bench.rows(kind)} == set(TABLES)
        assert {name: bench.phase(name) for name in ECS_PLANS} == dict.fromkeys(
            ECS_PLANS, Phase.LIVE
        )
        assert all(isinstance(bench.heard.facts[f"parts/{kind.part}"], Answered) for kind in TABLES)


async def test_without_a_cluster_only_those_of_the_region_are_read() -> None:
    async with EcsBench(full()).following("") as bench:
        names = {row.name for row in bench.rows(Kind.ECS_CLUSTER).values()}
        assert names == {"web", "batch"}
        assert set(bench.heard.links) == {ECS}
        assert not bench.session.made("ecs:ListTasks")
        services = f"parts/{Kind.ECS_SERVICE.part}"
        assert bench.heard.facts[services] == NOT_ASKED  # which isn't the same as none
        bench.watcher.follow(["", "web"])
        await bench.time.advance(3.0)
        assert isinstance(bench.heard.facts[services], Answered)
        assert len(bench.rows(Kind.ECS_SERVICE)) == 1
        bench.watcher.follow([""])
        await bench.time.advance(3.0)
        assert bench.heard.facts[services] == NOT_ASKED
        assert not bench.rows(Kind.ECS_SERVICE)


async def test_a_cluster_that_is_left_takes_its_rows_along_and_no_others() -> None:
    world = full()
    world.register(2, cluster="batch")
    world.run("2", cluster="batch")
    async with EcsBench(world).following("", "web", "batch") as bench:
        assert len(bench.rows(Kind.ECS_INSTANCE)) == 2
        bench.watcher.follow(["", "batch"])
        await bench.time.advance(40.0)
        for kind in (Kind.ECS_INSTANCE, Kind.ECS_TASK):
            assert {row.cluster for row in bench.rows(kind).values()} == {"batch"}
        assert len(bench.rows(Kind.ECS_CLUSTER)) == 2


async def test_a_cluster_that_is_followed_later_is_loading_until_it_is_read() -> None:
    world = full()
    world.run("2", cluster="batch")
    async with EcsBench(world).following("", "web") as bench:
        bench.watcher.follow(["", "web", "batch"])
        assert {bench.phase(name) for name in ECS_PLANS} == {Phase.CONNECTING}
        assert len(bench.rows(Kind.ECS_TASK)) == 1  # what is known stays
        await bench.time.advance(3.0)
        assert {bench.phase(name) for name in ECS_PLANS} == {Phase.LIVE}
        assert len(bench.rows(Kind.ECS_TASK)) == 2
        bench.watcher.follow(["", "batch"])  # which is read already
        assert {bench.phase(name) for name in ECS_PLANS} == {Phase.LIVE}


async def test_nothing_is_asked_and_nothing_looks_live_once_all_is_left() -> None:
    async with EcsBench(full()).following("web") as bench:
        bench.watcher.follow([])
        await bench.time.settle()
        asked = len(bench.session.calls)
        await bench.time.advance(300.0)
        assert len(bench.session.calls) == asked
        assert not any(bench.rows(kind) for kind in TABLES)
        assert {bench.phase(name) for name in ECS_PLANS} == {Phase.OFF}
        assert {bench.heard.facts[f"parts/{kind.part}"] for kind in TABLES} == {NOT_ASKED}
        bench.watcher.follow(["web"])
        await bench.time.advance(3.0)
        assert {kind for kind in TABLES if bench.rows(kind)} == set(TABLES)
        assert len(bench.session.made("ecs:DescribeTaskDefinition")) == 1  # it never changes


async def test_all_pages_are_read_and_described_in_batches() -> None:
    world = EcsWorld()
    world.page = 30
    for number in range(250):
        world.register(number)
        world.run(f"{number}", desiredStatus="STOPPED" if number % 2 else "RUNNING")
    arns = [world.arn("service", "web", f"s{number}") for number in range(25)]
    world.services["web"] = {
        arn: {"serviceArn": arn, "clusterArn": f"{world.prefix}cluster/web"} for arn in arns
    }
    async with EcsBench(world).following("web") as bench:
        assert bench.rows(Kind.ECS_INSTANCE).keys() == world.instances["web"].keys()
        assert bench.rows(Kind.ECS_TASK).keys() == world.tasks["web"].keys()
        assert bench.rows(Kind.ECS_SERVICE).keys() == set(arns)
        sizes = [len(each["services"]) for each in bench.session.made("ecs:DescribeServices")]
        assert sizes == [10, 10, 5]


async def test_five_thousand_container_instances_are_read_within_the_budget() -> None:
    world = EcsWorld()
    for number in range(5_000):
        world.register(number)
    async with EcsBench(world).following("web") as bench:
        await bench.time.advance(60.0)
        assert len(bench.rows(Kind.ECS_INSTANCE)) == 5_000
        assert len(bench.rows(Kind.ECS_MACHINE)) == 5_000
        described = bench.session.made("ecs:DescribeContainerInstances")
        assert max(len(each["containerInstances"]) for each in described) == 100
        assert bench.heard.facts[f"calls/{ECS_INSTANCES}"].used <= ECS_PLANS[ECS_INSTANCES].budget


async def test_a_task_that_ended_since_it_was_listed_is_left_out() -> None:
    world = full()
    world.tasks["web"][world.arn("task", "web", "gone")] = {"desiredStatus": "RUNNING"}
    world.session.answers["ecs:DescribeTasks"] = {
        "tasks": [world.tasks["web"][world.arn("task", "web", "1")]],
        "failures": [{"arn": world.arn("task", "web", "gone"), "reason": "MISSING"}],
    }
    async with EcsBench(world).following("web") as bench:
        assert bench.rows(Kind.ECS_TASK).keys() == {world.arn("task", "web", "1")}
        assert bench.phase(ECS_TASKS) is Phase.LIVE


async def test_a_task_without_its_definition_is_shown_and_the_others_are_defined() -> None:
    world = full()
    world.run("2", definition="deleted:7")
    async with EcsBench(world).following("web") as bench:
        await bench.time.advance(60.0)
        assert len(bench.rows(Kind.ECS_TASK)) == 2
        assert [row.family for row in bench.rows(Kind.ECS_DEFINITION).values()] == ["app"]
        asked = [
            each["taskDefinition"] for each in bench.session.made("ecs:DescribeTaskDefinition")
        ]
        assert len(asked) == len(set(asked)) == 2
        assert bench.phase(ECS_TASKS) is Phase.LIVE


async def test_many_definitions_are_read_a_few_at_a_time_and_the_gap_is_said() -> None:
    world = EcsWorld()
    for number in range(1, 51):
        world.run(f"{number}", definition=f"app:{number}")
        world.define(f"app:{number}")
    bench = EcsBench(world)
    bench.watcher.follow(["web"])
    await bench.time.settle()
    part = bench.heard.facts[f"parts/{Kind.ECS_DEFINITION.part}"]
    assert isinstance(part, ReadFailed)
    assert part.reason == "30 of 50 task definitions are still to be read."
    await bench.time.advance(5.0)
    assert len(bench.rows(Kind.ECS_DEFINITION)) == 50
    await bench.watcher.stop()


async def test_an_instance_that_is_registered_twice_has_two_rows_and_one_machine() -> None:
    world = EcsWorld()
    world.register(1, agentConnected=False)
    world.register(2, ec2InstanceId=machine_id(1))
    async with EcsBench(world).following("web") as bench:
        rows = bench.rows(Kind.ECS_INSTANCE).values()
        assert [row.instance for row in rows] == [machine_id(1)] * 2
        assert {row.connected for row in rows} == {True, False}
        assert bench.rows(Kind.ECS_MACHINE).keys() == {machine_id(1)}


async def test_a_machine_that_ec2_no_longer_has_leaves_the_registration() -> None:
    world = EcsWorld()
    world.register(1, agentConnected=False)
    world.machines.clear()
    async with EcsBench(world).following("web") as bench:
        (row,) = bench.rows(Kind.ECS_INSTANCE).values()
        assert (row.connected, row.since) == (False, AT.timestamp())
        assert not bench.rows(Kind.ECS_MACHINE)
        assert bench.phase(ECS_INSTANCES) is Phase.LIVE


async def test_machines_of_ecs_anywhere_are_not_looked_for_in_ec2() -> None:
    world = EcsWorld()
    world.register(1, ec2InstanceId="mi-0123456789abcdef0")
    async with EcsBench(world).following("web") as bench:
        assert len(bench.rows(Kind.ECS_INSTANCE)) == 1
        assert not bench.session.made("ec2:DescribeInstances")


async def test_a_machine_of_the_group_without_an_agent_is_found_with_its_user_data() -> None:
    async with EcsBench(full()).following("web") as bench:
        row = bench.rows(Kind.ECS_MACHINE)[machine_id(9)]
        assert (row.cluster, row.group, row.lifecycle) == ("web", "ecs-group", "InService")
        assert row.configured == "wbe"
        await bench.time.advance(120.0)
        asked = bench.session.made("ec2:DescribeInstanceAttribute")
        assert [each["InstanceId"] for each in asked] == [machine_id(9)]


async def test_a_group_without_a_capacity_provider_is_known_by_its_other_machines() -> None:
    world = EcsWorld()
    world.register(1)
    world.launch(machine_id(1), group="plain")
    world.launch(machine_id(2), group="plain")
    async with EcsBench(world).following("web") as bench:
        await bench.time.advance(40.0)
        assert bench.rows(Kind.ECS_MACHINE)[machine_id(2)].cluster == "web"


async def test_user_data_that_may_not_be_read_names_the_missing_right() -> None:
    bench = EcsBench(full())
    bench.session.answers[USER_DATA] = refusal("UnauthorizedOperation")
    async with bench.following("web"):
        row = bench.rows(Kind.ECS_MACHINE)[machine_id(9)]
        assert row.configured is None
        assert USER_DATA in row.unread
        part = bench.heard.facts[f"parts/{USER_DATA}"]
        assert isinstance(part, Refused)
        assert part.missing == USER_DATA
        assert bench.phase(ECS_INSTANCES) is Phase.LIVE


ONE_VERB = {
    "ecs:ListClusters": Kind.ECS_CLUSTER,
    "ecs:DescribeClusters": Kind.ECS_CLUSTER,
    "ecs:DescribeCapacityProviders": Kind.ECS_PROVIDER,
    "ecs:ListServices": Kind.ECS_SERVICE,
    "ecs:DescribeServices": Kind.ECS_SERVICE,
    "ecs:ListContainerInstances": Kind.ECS_INSTANCE,
    "ecs:DescribeContainerInstances": Kind.ECS_INSTANCE,
    "ecs:ListTasks": Kind.ECS_TASK,
    "ecs:DescribeTasks": Kind.ECS_TASK,
    "ecs:DescribeTaskDefinition": Kind.ECS_DEFINITION,
    "ec2:DescribeInstances": Kind.ECS_MACHINE,
}


@pytest.mark.parametrize("action", ONE_VERB)
async def test_one_missing_right_is_the_matter_of_its_table_only(action: str) -> None:
    bench = EcsBench(full())
    bench.deny(action)
    async with bench.following("", "web"):
        lost = ONE_VERB[action]
        reading = bench.heard.facts[f"parts/{lost.part}"]
        assert isinstance(reading, Refused)
        assert reading.missing == action
        # What is found by the ids of what can't be read is lost with it.
        followers = {
            Kind.ECS_TASK: {Kind.ECS_DEFINITION},
            Kind.ECS_INSTANCE: {Kind.ECS_MACHINE},
            Kind.ECS_CLUSTER: {Kind.ECS_MACHINE},
        }.get(lost, set())
        others = set(TABLES) - {lost} - followers
        assert {kind for kind in others if bench.rows(kind)} == others


@pytest.mark.parametrize("action", ONE_VERB)
async def test_throttling_of_one_call_passes(action: str) -> None:
    bench = EcsBench(full())
    before = bench.session.answers[action]
    bench.session.answers[action] = refusal("ThrottlingException", "Rate exceeded")
    async with bench.following("", "web"):
        link = ONE_VERB[action].link
        assert bench.phase(link) is Phase.RETRYING
        assert action in bench.reason(link)
        bench.session.answers[action] = before
        await bench.time.advance(120.0)
        assert bench.phase(link) is Phase.LIVE
        assert {kind for kind in TABLES if bench.rows(kind)} == set(TABLES)


async def test_a_cluster_that_does_not_exist_is_said_in_a_sentence() -> None:
    async with EcsBench(full()).following("typo") as bench:
        assert bench.reason(ECS) == "There is no ECS cluster typo in us-west-2."
        assert bench.phase(ECS) is Phase.RETRYING
        assert "Cluster not found" in bench.reason(ECS_TASKS)
        bench.world.clusters = ("typo",)
        await bench.time.advance(60.0)
        assert bench.phase(ECS) is Phase.LIVE


async def test_a_cluster_that_does_not_exist_leaves_the_others_live() -> None:
    async with EcsBench(full()).following("", "web", "typo") as bench:
        assert bench.phase(ECS) is Phase.LIVE
        assert len(bench.rows(Kind.ECS_CLUSTER)) == 2
        part = bench.heard.facts[f"parts/{Kind.ECS_TASK.part}"]
        assert isinstance(part, ReadFailed)
        assert part.reason.startswith("typo: ")
        assert len(bench.rows(Kind.ECS_TASK)) == 1
        await bench.time.advance(60.0)
        assert len(bench.session.made("ecs:DescribeTasks")) > 2  # the other stays up to date


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("UnrecognizedClientException", "af-south-1"),
        ("AuthFailure", "af-south-1"),
        ("OptInRequired", "af-south-1"),
    ],
)
async def test_a_region_that_is_not_opted_in_is_said(code: str, words: str) -> None:
    bench = EcsBench(EcsWorld(region="af-south-1"), region="af-south-1")
    bench.session.answers["ecs:ListClusters"] = refusal(code, "The security token is invalid.")
    async with bench.following(""):
        assert bench.phase(ECS) is Phase.RETRYING
        assert words in bench.reason(ECS)
        assert not bench.rows(Kind.ECS_CLUSTER)


async def test_a_region_without_an_endpoint_is_said() -> None:
    bench = EcsBench(EcsWorld())
    bench.session.answers["ecs:ListClusters"] = EndpointConnectionError(
        endpoint_url="https://ecs.nowhere-1.amazonaws.com/"
    )
    async with bench.following(""):
        assert bench.phase(ECS) is Phase.RETRYING
        assert "ecs:ListClusters" in bench.reason(ECS)


@pytest.mark.parametrize(
    ("partition", "region"), [("aws-us-gov", "us-gov-west-1"), ("aws-cn", "cn-north-1")]
)
async def test_other_partitions_are_read_alike(partition: str, region: str) -> None:
    world = EcsWorld(partition=partition, region=region)
    world.provide("on-demand", "ecs/group")
    world.register(1)
    world.run("1")
    world.define("app:1")
    async with EcsBench(world, region).following("web") as bench:
        (task,) = bench.rows(Kind.ECS_TASK).values()
        assert task.cluster == "web"
        assert bench.rows(Kind.ECS_PROVIDER)["on-demand"].group == "ecs/group"
        assert bench.rows(Kind.ECS_DEFINITION).keys() == {task.definition}
        assert task.arn.startswith(f"arn:{partition}:")
