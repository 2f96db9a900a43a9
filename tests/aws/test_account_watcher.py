"""The AWS half as a whole, on a session that answers from plain data and on fake time."""

import pytest
from botocore.exceptions import NoCredentialsError
from msgspec.structs import replace

from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.aws.rate_limit import LOGIN
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import ReadFailed, Refused
from eksview.domain.rows.aws import (
    AddonRow,
    AutoScalingRow,
    AwsIdentity,
    ClusterInfo,
    InsightRow,
    InstanceRow,
    PastSessions,
    SessionRow,
    SubnetRow,
)
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.fakes import missing, refusal
from tests.aws.world import AT, GROUP, INSTANCES, SESSIONS, Bench, World, instance_id
from tests.domain.aws.test_instance_tracker import node


async def test_every_table_fact_and_link_arrives() -> None:
    async with Bench().running() as bench:
        tables = {kind for kind in Kind if kind.link in PLANS}
        assert {kind for kind in tables if bench.heard.tables.get(kind)} == tables
        assert {name: link.phase for name, link in bench.heard.links.items()} == dict.fromkeys(
            PLANS, Phase.LIVE
        )
        assert {f"calls/{name}" for name in PLANS} <= set(bench.heard.facts)
        endpoint = bench.row(Kind.VPC_ENDPOINT, "vpce-1")
        assert endpoint.state == "available"
        identity = bench.heard.facts["aws-identity"]
        assert isinstance(identity, AwsIdentity)
        assert identity.account == "111122223333"


async def test_the_cluster_is_told_with_the_end_of_its_support() -> None:
    async with Bench().running() as bench:
        info = bench.heard.facts["cluster"]
        assert isinstance(info, ClusterInfo)
        assert (info.status, info.support_ends) == ("ACTIVE", AT.timestamp())
        await bench.time.advance(120.0)
        assert len(bench.session.made("eks:DescribeClusterVersions")) == 1
        info = bench.heard.facts["cluster"]
        assert isinstance(info, ClusterInfo)
        assert info.support_ends == AT.timestamp()


async def test_addons_insights_groups_and_subnets_are_filled_by_second_questions() -> None:
    async with Bench().running() as bench:
        addon: AddonRow = bench.row(Kind.ADDON, "vpc-cni")
        insight: InsightRow = bench.row(Kind.INSIGHT, "2")
        group: AutoScalingRow = bench.row(Kind.AUTOSCALING, GROUP)
        subnet: SubnetRow = bench.row(Kind.SUBNET, "subnet-1")
        assert addon.latest == "v2"
        assert insight.recommendation == "Migrate."
        assert group.activities[0].description == f"Launched for {GROUP}"
        assert subnet.egress == "nat-1"
        await bench.time.advance(120.0)
        assert bench.row(Kind.ADDON, "vpc-cni").latest == "v2"


async def test_what_is_deleted_between_list_and_describe_is_left_out() -> None:
    async with Bench().running() as bench:
        assert bench.heard.keys(Kind.NODEGROUP) == {"general"}
        assert bench.heard.keys(Kind.ACCESS_ENTRY) == {"arn:role"}


async def test_instances_are_read_in_pages_and_by_a_hundred_ids() -> None:
    world = World(250)
    world.hidden = {instance_id(number) for number in range(130)}
    bench = Bench(world)
    bench.known.listed([node(f"n{number}", instance_id(number)) for number in range(130)])
    async with bench.running():
        assert len(bench.heard.keys(Kind.INSTANCE)) == 250
        sizes = [
            len(call["InstanceIds"])
            for call in bench.session.made(INSTANCES)
            if "InstanceIds" in call
        ]
        assert sizes == [100, 30]
        assert len(bench.heard.keys(Kind.STATUS)) == 250


async def test_an_instance_found_by_the_tags_is_not_asked_for_by_its_id_too() -> None:
    bench = Bench()
    bench.known.listed([node("a", instance_id(0))])
    async with bench.running():
        assert not [call for call in bench.session.made(INSTANCES) if "InstanceIds" in call]


async def test_a_new_node_asks_ec2_at_once() -> None:
    world = World()
    late = instance_id(77)
    world.launch(late)
    world.hidden = {late}
    async with Bench(world).running() as bench:
        await bench.time.advance(3.0)
        assert late not in bench.heard.keys(Kind.INSTANCE)
        bench.known.seen(node("late", late))
        bench.follower.nudge()
        await bench.time.settle()
        assert late in bench.heard.keys(Kind.INSTANCE)
        assert bench.session.made(INSTANCES)[-1]["InstanceIds"] == [late]


async def test_a_lost_node_and_a_change_of_state_ask_ec2_at_once() -> None:
    async with Bench().running() as bench:
        one = node("a", instance_id(0))
        bench.known.seen(one)
        bench.follower.nudge()
        await bench.time.settle()
        bench.world.launch(instance_id(0), "stopped")
        for news in (
            lambda: bench.known.seen(node("a", instance_id(0), ready="Unknown")),
            lambda: bench.known.lost("a"),
        ):
            before = len(bench.session.made(INSTANCES))
            assert news()
            bench.follower.nudge()
            await bench.time.settle()
            assert len(bench.session.made(INSTANCES)) == before + 1
        assert bench.row(Kind.INSTANCE, instance_id(0)).state == "stopped"


async def test_a_nudge_without_news_costs_no_call() -> None:
    async with Bench().running() as bench:
        before = len(bench.session.made(INSTANCES))
        bench.follower.nudge()
        await bench.time.settle()
        assert len(bench.session.made(INSTANCES)) == before


async def test_an_instance_that_is_changing_is_looked_at_again_soon() -> None:
    world = World()
    world.launch(instance_id(0), "pending")
    async with Bench(world).running() as bench:
        world.launch(instance_id(0), "running")
        await bench.time.advance(5.0)
        row: InstanceRow = bench.row(Kind.INSTANCE, instance_id(0))
        assert row.state == "running"
        asked = [call for call in bench.session.made(INSTANCES) if "InstanceIds" in call]
        assert asked == [{"InstanceIds": [instance_id(0)], "IncludeManagedResources": True}]


async def test_an_instance_terminated_long_enough_is_dropped_and_the_others_are_read() -> None:
    bench = Bench()
    gone = instance_id(500)
    bench.known.listed([node("gone", gone), node("a", instance_id(0))])
    bench.world.hidden = {instance_id(0)}
    async with bench.running():
        assert bench.phase("ec2") is Phase.LIVE
        assert bench.heard.keys(Kind.INSTANCE) == {instance_id(n) for n in range(3)}
        made = len(bench.session.made(INSTANCES))
        await bench.time.advance(30.0)
        asked = bench.session.made(INSTANCES)[made:]
        assert all(gone not in call.get("InstanceIds", ()) for call in asked)


async def test_an_instance_that_vanishes_after_news_of_it_leaves_the_table() -> None:
    async with Bench().running() as bench:
        bench.known.seen(node("a", instance_id(1)))
        bench.follower.nudge()
        await bench.time.settle()
        del bench.world.instances[instance_id(1)]
        bench.known.lost("a")
        bench.follower.nudge()
        await bench.time.settle()
        assert instance_id(1) not in bench.heard.keys(Kind.INSTANCE)
        assert bench.phase("ec2") is Phase.LIVE


async def test_an_instance_that_only_its_group_knows_is_found() -> None:
    world = World()
    stray = instance_id(9)
    world.launch(stray)
    world.hidden = {stray}
    world.members.append(stray)
    async with Bench(world).running() as bench:
        await bench.time.advance(30.0)
        assert stray in bench.heard.keys(Kind.INSTANCE)


@pytest.mark.parametrize(
    ("action", "link"),
    [(plan.action, name) for name, plan in PLANS.items() if name not in ("sts", "eks")],
)
async def test_one_denied_action_refuses_its_link_alone_and_is_named(
    action: str, link: str
) -> None:
    bench = Bench()
    bench.deny(action)
    bench.known.listed([node("a", instance_id(0))])
    async with bench.running():
        assert bench.phase(link) is Phase.REFUSED
        assert missing(bench.call(link)) == action
        others = set(PLANS) - {link}
        assert {bench.phase(name) for name in others} == {Phase.LIVE}


async def test_without_describe_instances_the_statuses_are_asked_by_the_nodes_ids() -> None:
    bench = Bench()
    bench.deny(INSTANCES)
    bench.known.listed([node("a", instance_id(0))])
    async with bench.running():
        assert bench.heard.keys(Kind.STATUS) == {instance_id(0)}


async def test_a_denied_describe_cluster_leaves_nodegroups_and_access_entries() -> None:
    bench = Bench()
    bench.deny("eks:DescribeCluster")
    async with bench.running():
        assert bench.phase("eks") is Phase.REFUSED
        assert bench.heard.keys(Kind.NODEGROUP) == {"general"}
        assert bench.heard.keys(Kind.ACCESS_ENTRY) == {"arn:role"}


async def test_without_credentials_one_link_looks_for_them_and_all_resume_when_they_are_there() -> (
    None
):
    bench = Bench()
    good = bench.session.answers["sts:GetCallerIdentity"]
    bench.session.answers["sts:GetCallerIdentity"] = NoCredentialsError()
    async with bench.running():
        assert {bench.phase(name) for name in PLANS} == {Phase.RETRYING}
        assert set(bench.session.counted()) == {"sts:GetCallerIdentity"}
        identity = bench.heard.facts["aws-identity"]
        assert isinstance(identity, ReadFailed)
        assert identity.reason
        assert bench.session.renewed == 1  # botocore itself would never look again
        bench.session.answers["sts:GetCallerIdentity"] = good
        await bench.time.advance(LOGIN * 1.2)
        assert {bench.phase(name) for name in PLANS} == {Phase.LIVE}


async def test_credentials_that_expire_on_the_way_are_said_and_the_links_resume() -> None:
    bench = Bench()
    async with bench.running():
        good = dict(bench.session.answers)
        for action in good:
            bench.session.answers[action] = refusal("ExpiredToken")
        await bench.time.advance(60.0)
        assert {bench.phase(name) for name in ("sts", "ec2", "eks", "autoscaling")} == {
            Phase.RETRYING
        }
        assert bench.heard.keys(Kind.INSTANCE)  # the last known stays, marked by its link
        bench.session.answers.update(good)
        await bench.time.advance(LOGIN * 2.5)
        assert {bench.phase(name) for name in ("sts", "ec2", "eks", "autoscaling")} == {Phase.LIVE}


async def test_a_denied_cluster_and_denied_roles_are_refused_and_name_the_action() -> None:
    bench = Bench()
    denied = {"cluster": "eks:DescribeCluster", "iam-roles": "iam:ListRoles"}
    for action in denied.values():
        bench.deny(action)
    async with bench.running():
        for name, action in denied.items():
            reading = bench.heard.facts[name]
            assert isinstance(reading, Refused)
            assert (reading.missing, reading.last) == (action, None)
            assert action in reading.reason


async def test_a_cluster_of_another_region_or_account_is_said_and_the_instances_stay() -> None:
    async with Bench(cluster="elsewhere").running() as bench:
        assert bench.phase("eks") is Phase.RETRYING
        reason = bench.heard.links["eks"].reason
        assert "no cluster elsewhere in us-west-2 of this account" in reason
        assert isinstance(bench.heard.facts["cluster"], ReadFailed)
        assert bench.heard.facts["cluster"].reason == reason
        assert bench.phase("ec2") is Phase.LIVE


async def test_a_cluster_that_is_created_is_looked_at_often_and_one_deleted_is_told_so() -> None:
    world = World()
    world.status_of_cluster = "CREATING"
    async with Bench(world).running() as bench:
        made = len(bench.session.made("eks:DescribeCluster"))
        await bench.time.advance(15.0)
        assert len(bench.session.made("eks:DescribeCluster")) == made + 1
        bench.session.answers["eks:DescribeCluster"] = refusal("ResourceNotFoundException")
        await bench.time.advance(30.0)
        info = bench.heard.facts["cluster"]
        assert isinstance(info, ClusterInfo)
        assert info.status == "DELETED"
        assert "has been deleted" in bench.heard.links["eks"].reason
        assert bench.phase("eks") is Phase.RETRYING


async def test_an_update_in_progress_is_followed_to_its_end_and_then_left_alone() -> None:
    world = World()
    world.status_of_update = "InProgress"
    async with Bench(world).running() as bench:
        assert bench.row(Kind.UPDATE, "u-1").status == "InProgress"
        world.status_of_update = "Successful"
        await bench.time.advance(15.0)
        assert bench.row(Kind.UPDATE, "u-1").status == "Successful"
        made = len(bench.session.made("eks:DescribeUpdate"))
        await bench.time.advance(300.0)
        assert len(bench.session.made("eks:DescribeUpdate")) == made


async def test_access_entries_are_not_asked_for_where_only_the_config_map_counts() -> None:
    world = World()
    world.authentication = "CONFIG_MAP"
    async with Bench(world).running() as bench:
        assert not bench.session.made("eks:ListAccessEntries")
        assert bench.phase("access-entries") is Phase.LIVE


async def test_without_a_cluster_name_the_instances_are_found_by_their_nodes_alone() -> None:
    bench = Bench(cluster="")
    bench.world.members = [instance_id(0)]
    bench.known.listed([node("a", instance_id(0))])
    async with bench.running():
        assert bench.heard.keys(Kind.INSTANCE) == {instance_id(0)}
        assert bench.phase("eks") is Phase.OFF
        assert "--cluster" in bench.heard.links["eks"].reason
        assert not any(action.startswith("eks:") for action in bench.session.counted())


async def test_images_and_types_are_asked_for_once() -> None:
    async with Bench().running() as bench:
        await bench.time.advance(300.0)
        assert len(bench.session.made("ec2:DescribeInstanceTypes")) == 1
        assert len(bench.session.made("ec2:DescribeImages")) == 1


async def test_no_link_spends_more_than_its_budget_with_five_thousand_instances() -> None:
    async with Bench(World(5000)).running() as bench:
        for _ in range(4):
            await bench.time.advance(30.0)
            for name, plan in PLANS.items():
                assert bench.call(name).used <= plan.budget
        assert len(bench.heard.keys(Kind.INSTANCE)) == 5000


async def test_a_group_that_changes_has_its_activities_read_and_others_are_left() -> None:
    async with Bench().running() as bench:
        made = len(bench.session.made("autoscaling:DescribeScalingActivities"))
        tables = bench.heard.swaps[Kind.AUTOSCALING]
        await bench.time.advance(30.0)
        assert len(bench.session.made("autoscaling:DescribeScalingActivities")) == made
        assert bench.heard.swaps[Kind.AUTOSCALING] == tables + 1
        bench.world.members.pop()
        await bench.time.advance(30.0)
        assert len(bench.session.made("autoscaling:DescribeScalingActivities")) == made + 1


async def test_an_unknown_instance_cannot_be_opened() -> None:
    async with Bench().running() as bench:
        with pytest.raises(UserError, match="EC2 has no instance i-404 in us-west-2"):
            await bench.follower.detail("i-404")


def visits(bench: Bench) -> dict[str, tuple[bool, str]]:
    rows = bench.heard.tables[Kind.SESSION].values()
    return {row.id: (row.open, row.status) for row in rows if isinstance(row, SessionRow)}


async def test_a_session_that_ends_is_looked_up_in_the_history_and_never_vanishes() -> None:
    async with Bench().running() as bench:
        assert visits(bench) == {"ada-1": (True, "Connected")}
        bench.world.open = []
        await bench.time.advance(30.0)
        assert visits(bench) == {"ada-1": (False, "Connected")}  # AWS doesn't say yet how it ended
        bench.world.over = ["ada-1"]
        await bench.time.advance(30.0)
        assert visits(bench) == {"ada-1": (False, "Terminated")}


async def test_a_session_that_the_history_never_has_is_forgotten_after_a_while() -> None:
    async with Bench().running() as bench:
        bench.world.open = []
        await bench.time.advance(300.0)
        assert visits(bench) == {}


async def test_the_history_is_asked_rarely_and_only_so_far_back() -> None:
    async with Bench().running() as bench:
        await bench.time.advance(270.0)
        made = bench.session.made(SESSIONS)
        asked = [each for each in made if each["State"] == "History"]
        assert len(asked) == 1
        assert len(made) - len(asked) == 10
        (after,) = asked[0]["Filters"]
        assert after["key"] == "InvokedAfter"
        assert after["value"].startswith("1969-12-31T00:16:4")


async def test_of_a_long_history_so_many_pages_are_read_and_that_is_told() -> None:
    world = World()
    world.over = [f"bot-{number}" for number in range(1500)]
    async with Bench(world).running() as bench:
        assert len(visits(bench)) == 1001
        past = bench.heard.facts["past-sessions"]
        assert isinstance(past, PastSessions)
        assert not past.whole


async def test_sessions_on_machines_of_others_are_left_out() -> None:
    world = World()
    world.target = instance_id(99)
    async with Bench(world).running() as bench:
        assert visits(bench) == {}
        assert bench.phase("ssm") is Phase.LIVE


@pytest.mark.parametrize(
    ("provider", "target"),
    [
        ("eks-hybrid:///us-west-2/prod/mi-0a1b2c", "mi-0a1b2c"),
        (
            "aws:///usw2-az1/sagemaker/cluster/hyperpod-tqci9uwuwqiz-i-00f3cbe8dfee6b675",
            "sagemaker-cluster:tqci9uwuwqiz_workers-i-00f3cbe8dfee6b675",
        ),
    ],
)
async def test_sessions_on_nodes_that_arent_of_ec2_are_read(provider: str, target: str) -> None:
    bench = Bench()
    bench.world.target = target
    bench.known.listed([replace(node("outside", ""), provider_id=provider)])
    async with bench.running():
        assert visits(bench) == {"ada-1": (True, "Connected")}


async def test_while_the_history_fails_the_open_sessions_are_told() -> None:
    bench = Bench()
    good = bench.world.visits
    bench.session.answers[SESSIONS] = lambda asked: (
        refusal("InvalidFilterKey") if asked["State"] == "History" else good(asked)
    )
    async with bench.running():
        assert visits(bench) == {"ada-1": (True, "Connected")}
        bench.world.open = ["ada-1", "ada-2"]
        await bench.time.advance(30.0)
        assert set(visits(bench)) == {"ada-1", "ada-2"}
        assert bench.phase("ssm") is Phase.LIVE
        assert "InvalidFilterKey" in bench.heard.links["ssm"].reason
