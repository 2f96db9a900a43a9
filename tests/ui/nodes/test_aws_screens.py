"""AWS on the screens, by keyboard: the node's tabs, an instance alone, EKS at home, clusters."""

import pytest
from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.live.facts import Facts
from eksview.domain.rows.aws import ClusterEntry, Issue, NodegroupRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.base.messages import OpenInstance
from eksview.ui.cluster.screen import ClusterScreen
from eksview.ui.dialogs.clusters import ClustersScreen
from eksview.ui.nodes.instance_screen import InstanceScreen
from eksview.ui.nodes.node_screen import NodeScreen
from tests.ui.aws_account import (
    LOST,
    cluster,
    detail,
    identity,
    instance,
    instance_id,
    populate_aws,
)
from tests.ui.harness import NOT_READY, NOW, TestedApp, node, node_name, populate
from tests.ui.shell.test_app import running, settled, shows, until

SIZES = ((80, 24), (120, 36), (200, 60))
CLUSTERS = ("colon", *"clusters", "enter")
ENTRIES = (
    ClusterEntry("prod", "us-west-2", "ACTIVE", "1.33", "eks.12",
                 "https://0A1B2C3D.gr7.us-west-2.eks.amazonaws.com", NOW),
    ClusterEntry("staging", "us-west-2", "UPDATING", "1.32", "eks.9", "https://s", NOW),
    ClusterEntry("secret", "us-west-2", "", "", "", "", None, "eks:DescribeCluster is missing."),
)  # fmt: skip


@pytest.fixture
def app():
    app = TestedApp(populate_aws(populate(Store())))
    app.fake.details = {instance_id(number): detail() for number in range(6)} | {LOST: detail()}
    app.fake.entries = ENTRIES
    return app


@pytest.mark.parametrize("size", SIZES)
async def test_home_shows_the_clusters_state_and_the_instances(app, size):
    async with running(app, size):
        await shows(app, "▲ EKS", "VersionUpdate of nodegroup", "stopped",
                    "1 instance failed to join", "aws  12s")  # fmt: skip


async def test_the_cluster_opens_from_home_and_its_tabs_by_their_keys(app):
    async with running(app) as press:
        await press("tab", "enter")
        assert isinstance(app.screen, ClusterScreen)
        await shows(app, "[o Cluster]", "API_AND_CONFIG_MAP")
        await press("a")
        await shows(app, "coredns", "DEGRADED")
        await press("u")
        await shows(app, "Version skew", "Insights")
        await press("w")
        await shows(app, "ec2:DescribeInstances", "4/180")
        await press("escape")
        assert len(app.screen_stack) == 1


async def test_the_components_beside_it_still_open(app):
    async with running(app) as press:
        await press("tab", "right", "right", "enter")
        await shows(app, "etcd", "healthy")


@pytest.mark.parametrize("size", SIZES)
async def test_a_nodes_tabs_show_its_instance_and_its_life_at_every_size(app, size):
    async with running(app, size) as press:
        await press("2", "enter", "i")
        await shows(app, "[i EC2]", "EC2 12s ago", "m6i.large, 2 vCPU")
        tabs = next(line for line in app.lines() if "[i EC2]" in line)
        assert {*"opufhrdey"} <= {*tabs.split()}  # each at least by its key
        await press("f")
        await shows(app, "[f Life", "Instance launched", "Node registered", "Heartbeat")


async def test_what_only_an_opened_instance_is_asked_is_asked_when_it_is_looked_at(app):
    async with running(app) as press:
        await press("2", "enter")
        assert not [call for call in app.fake.calls if call.startswith("instance")]
        await press("i")
        await settled(app)  # G goes to the end of the lines that are there
        await press("G")
        await shows(app, "systemd: Reached target")
        assert len([call for call in app.fake.calls if call.startswith("instance")]) == 1


async def test_a_refused_detail_is_a_sentence_and_the_rest_stays(app):
    for number in range(6):
        app.fake.unreachable[instance_id(number)] = "AWS can't be asked: no credentials."
    async with running(app, (120, 60)) as press:
        await press("2", "enter", "i")
        await shows(app, "AWS can't be asked: no credentials.", "m6i.large, 2 vCPU")


async def test_the_consoles_url_is_copied_on_the_instances_tab(app):
    async with running(app, (200, 60)) as press:
        await press("2", "enter", "i", "c")
        assert app.clipboard.startswith("https://us-west-2.console.aws.amazon.com/ec2/")
        await press("f", "c")
        assert app.clipboard.startswith("ip-10-0-1")


async def test_an_instance_without_a_node_says_why_it_may_not_have_joined(app):
    async with running(app):
        app.post_message(OpenInstance(LOST))
        await shows(app, "failed to join", "Join checks", "Node role authorized")


async def test_an_instance_that_joins_meanwhile_leads_to_its_node(app):
    async with running(app) as press:
        store = app.view.store
        app.post_message(OpenInstance(instance_id(1), "ec2"))
        await shows(app, "[i EC2]", "enter Open node")
        assert isinstance(app.screen, InstanceScreen)
        await press("enter")
        assert isinstance(app.screen, NodeScreen)
        store.drop(Kind.NODE, node(1))
        await press("escape")
        await shows(app, "node deleted")


async def test_an_instance_that_ec2_forgets_is_said_to_be_gone(app):
    async with running(app):
        app.post_message(OpenInstance(LOST))
        await shows(app, "failed to join")
        app.view.store.drop(Kind.INSTANCE, app.view.store.instances[LOST])
        app._frames.flush(full=True)
        await shows(app, "no longer listed by EC2")


async def test_a_deleted_nodes_screen_keeps_its_instance(app):
    async with running(app) as press:
        await press("2", "N", "enter", "i")
        name = app.screen.row.name
        app.view.store.drop(Kind.NODE, app.view.store.nodes[name])
        app._frames.flush()
        await shows(app, "gone for", "m6i.large, 2 vCPU", "node was deleted")


async def test_clusters_lists_them_and_follows_the_chosen_one(app):
    async with running(app) as press:
        await press(*CLUSTERS)
        assert isinstance(app.screen, ClustersScreen)
        await shows(app, "→ ● prod", "▲ staging", "UPDATING", "3 clusters")
        await press("j", "enter")
        await until(app.pilot, lambda: "switch_cluster staging us-west-2" in app.fake.calls)
        await shows(app, "Switched to staging.")
        assert len(app.screen_stack) == 1


async def test_a_cluster_that_does_not_answer_changes_nothing(app):
    app.fake.unreachable["staging"] = "staging didn't answer within 10 s."
    async with running(app) as press:
        await press(*CLUSTERS)
        await shows(app, "staging")
        await press("j", "enter")
        await shows(app, "Not switched:", "didn't answer within 10 s.")
        await press("j", "enter")
        await shows(app, "eks:DescribeCluster is missing.")
        await press("escape")
        assert len(app.screen_stack) == 1


async def test_clusters_that_cannot_be_listed_say_why(app):
    app.fake.unreachable["eks"] = "Run `aws sso login --profile prod`."
    async with running(app) as press:
        await press(*CLUSTERS)
        await shows(app, "Run `aws sso login --profile prod`.")
        del app.fake.unreachable["eks"]
        await press("r")
        await shows(app, "3 clusters")


async def test_no_aws_costs_the_cluster_nothing():
    store = populate(Store())
    reason = "No credentials: run `aws sso login --profile prod`."
    store.set_fact(Facts.aws_identity, ReadFailed(reason, NOW, identity()))
    app = TestedApp(store)
    async with running(app, (160, 40)):
        await shows(app, "● live", "▲ no AWS", f"○ EKS  {reason}", "aws  off")


async def test_aws_that_does_not_answer_makes_no_node_stale(app):
    async with running(app, (160, 40)):
        link = Link("ec2", Phase.RETRYING, NOW - 60, "EC2 doesn't answer.", heard=NOW - 90)
        app.view.store.set_link(link)
        app._frames.flush(full=True)
        await shows(app, "● live", "aws ▲ 90s")
        assert "STALE" not in app.text()


async def test_nothing_moves_when_only_time_passes(app):
    async with running(app, (160, 40)):
        before = await settled(app)
        app.now += 0.4
        app._frames.flush()
        assert (await settled(app))[1:] == before[1:]  # above, the token's minutes


async def test_an_instance_that_stops_is_seen_on_its_card(app):
    async with running(app, (160, 40)):
        row = instance(NOT_READY, state="running")
        app.view.store.put(Kind.INSTANCE, row)
        app._frames.flush()
        await until(app.pilot, lambda: "stopped" not in app.text())
        app.view.store.put(Kind.INSTANCE, instance(1, state="stopping"))
        app._frames.flush()
        await shows(app, "stopping")


@pytest.mark.parametrize("status", ["CREATING", "DELETING"])
async def test_a_cluster_being_made_or_unmade_is_a_state_of_its_panel(app, status):
    async with running(app, (160, 40)):
        app.view.store.set_fact(
            Facts.cluster, Read(cluster(status=status, platform="", endpoint=""), NOW)
        )
        app._frames.flush(full=True)
        await shows(app, status)


async def test_a_node_nobody_knows_an_instance_of_says_so():
    app = TestedApp(populate(Store()))
    async with running(app) as press:
        await press("2", "enter", "i")
        await shows(app, "EC2 hasn't answered yet for this node.")
    assert node_name(0)


async def test_ascii_means_ascii_with_aws_too():
    store = populate_aws(populate(Store()))
    store.set_fact(Facts.aws_identity, Read(identity(warnings=("Another account.",)), NOW))
    app = TestedApp(store, settings=Settings(ascii=True, animate=False))
    async with running(app) as press:
        for keys in (("1",), ("tab", "enter"), ("a",), ("u",), ("w",), ("2", "enter", "i"), ("f",)):
            await press(*keys)
            assert app.text().isascii(), [line for line in app.lines() if not line.isascii()]


async def test_what_is_wrong_with_a_nodegroup_is_whole_before_its_last_activity(app):
    """`NodeCreationFailure` is a code to look up, which a cut one isn't."""
    issue = Issue("NodeCreationFailure", "instances failed to join")
    async with running(app, (200, 60)) as press:
        store = app.view.store
        (group,) = store.table(NodegroupRow).values()
        store.put(Kind.NODEGROUP, replace(group, issues=(issue,)))
        await press("colon", *"ng", "enter")
        await shows(app, "NodeCreationFailure", "Successful")
