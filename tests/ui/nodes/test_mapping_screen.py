"""Nodes and instances joined, and the groups they belong to, by keyboard."""

import pytest
from msgspec import structs

from eksview.domain.base.reading import Read
from eksview.domain.join.mapping_row import MappingRow, RowKind
from eksview.domain.live.facts import Facts, call_key
from eksview.domain.live.messages import Drop, LinkState, Put
from eksview.domain.rows.aws import Activity, AutoScalingRow, Call, Issue, NodegroupRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.nodes.ec2 import KIND_TONES, kind_mark
from eksview.ui.nodes.instance_screen import InstanceScreen
from eksview.ui.nodes.mapping_screen import MappingScreen, mappings
from eksview.ui.nodes.node_screen import NodeScreen
from eksview.ui.nodes.nodegroup_screen import NodegroupScreen
from eksview.ui.nodes.nodegroups_screen import NodegroupsScreen
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.palette import NIGHT, palette
from tests.ui.aws_account import LOST, identity, instance, instance_id, populate_aws
from tests.ui.harness import NOT_READY, NOW, TestedApp, node, node_name, populate
from tests.ui.shell.test_app import running, settled, shows

SIZES = ((80, 24), (120, 36), (200, 60))
GROUPS = ("colon", *"ng", "enter")
FARGATE = "fargate-ip-10-0-1-9.us-west-2.compute.internal"


@pytest.fixture
def store() -> Store:
    """Every kind of row: beside the joined ones a stopped, a lost, a foreign and a serverless."""
    store = populate_aws(populate(Store()))
    store.put(Kind.INSTANCE, instance(NOT_READY, state="stopped"))
    orphan = node(9)
    store.put(Kind.NODE, orphan)
    labels = {"eks.amazonaws.com/compute-type": "fargate"}
    serverless = {"name": FARGATE, "labels": labels, "provider_id": f"aws:///a/0a1b2c/{FARGATE}"}
    store.put(Kind.NODE, structs.replace(node(10), **serverless))
    return store


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_wrong_stands_first_at_every_size(store, size):
    app = TestedApp(store)
    async with running(app, size) as press:
        await press("4")
        looked_twice(app)
        assert isinstance(app.screen, MappingScreen)
        await shows(app, "1 mismatch", "1 not-joined", "1 orphan", "5 joined", "1 not-ec2")
        kinds = [row.kind.value for row in shown(app)]
        assert kinds == ["mismatch", "not-joined", "orphan", *["joined"] * 5, "not-ec2"]
        assert "NotReady, instance stopped" in app.text()
        assert "failed to join" in app.text()


def test_a_joined_row_is_marked_and_ranked_as_its_node_is():
    mapping = Store().mapping
    spec, context = mappings(mapping.context, lambda: NOW), mapping.context(NOW)
    rows = [
        MappingRow(node, kind, node, "i-1", word, "", overdue=overdue)
        for node, kind, word, overdue in (
            ("a", RowKind.MISMATCH, "Ready, instance stopped", None),
            ("", RowKind.NOT_JOINED, "joining", NOW),  # it has failed to join
            ("c", RowKind.JOINED, "NotReady", None),
            ("d", RowKind.JOINED, "NotReady,SchedulingDisabled", None),
            ("a", RowKind.JOINED, "Ready,SchedulingDisabled", None),
            ("", RowKind.NOT_JOINED, "joining", NOW + 1),
            ("b", RowKind.JOINED, "Unknown", None),
            ("a", RowKind.JOINED, "Ready", None),
        )
    ]
    shuffled = [*rows[4:], *rows[:4]]
    assert sorted(shuffled, key=lambda row: spec.order(row, context)) == rows
    tones = [spec.mark(row, context, UNICODE)[1] for row in rows]
    assert tones == [*["bad"] * 4, "warn", KIND_TONES[RowKind.NOT_JOINED], "unknown", "ok"]
    marks = [spec.mark(row, context, UNICODE)[0] for row in rows]
    assert marks[2:5] == [UNICODE.bad, UNICODE.bad, UNICODE.warn]


async def test_a_row_that_changes_its_kind_finds_its_place_and_leaves_when_it_goes(store):
    app = TestedApp(store)
    async with running(app, (160, 40)) as press:
        await press("4")
        looked_twice(app)
        await shows(app, "5 joined")
        worse = instance(1, state="stopped")
        app.fake.sink.send(Put(Kind.INSTANCE, worse))
        for later in range(2, 6):  # it is sorted again every other second
            app.now = NOW + later
            await settled(app)
        await shows(app, "2 mismatch")
        assert [row.kind.value for row in shown(app)][:2] == ["mismatch", "mismatch"]
        app.fake.sink.send(Drop(Kind.INSTANCE, worse))
        app.fake.sink.send(Drop(Kind.NODE, node(1)))
        app.now = NOW + 12  # counts that change often are written every five seconds
        await shows(app, "8 rows")
        assert worse.id not in {row.instance for row in shown(app)}


def test_each_kind_of_row_has_a_colour_and_a_mark_of_its_own():
    ink = palette(NIGHT)
    kinds = set(RowKind) - {RowKind.CANDIDATE}  # as unknown as UNKNOWN
    assert len({getattr(ink, KIND_TONES[kind]).color for kind in kinds}) == len(kinds)
    for glyphs in (UNICODE, ASCII):
        assert len({kind_mark(kind, glyphs) for kind in RowKind}) == len(RowKind)


async def test_kinds_are_gone_through_by_a_key_and_all_come_back(store):
    app = TestedApp(store)
    async with running(app) as press:
        await press("4", "o")
        assert [row.kind.value for row in shown(app)] == ["mismatch"]
        await press("o")
        assert [row.instance for row in shown(app)] == [LOST]
        await press("0")
        assert len(shown(app)) == 9


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kind=not-joined", {LOST}),
        ("kind=orphan", {node(9).provider_id.rpartition("/")[2]}),
        ("ec2=stopped", {instance_id(NOT_READY)}),
        ("manager=fargate", {""}),
    ],
)
async def test_a_filter_knows_both_sides_of_the_join(store, words, found):
    app = TestedApp(store)
    async with running(app) as press:
        await press("4")
        looked_twice(app)
        await press("slash", *("equals_sign" if c == "=" else c for c in words), "enter")
        await settled(app)
        assert {row.instance for row in shown(app)} == found


async def test_a_row_opens_as_its_node_or_as_its_instance(store):
    app = TestedApp(store)
    async with running(app) as press:
        await press("4", "enter")
        assert isinstance(app.screen, NodeScreen)
        await press("escape", "j", "enter")
        assert isinstance(app.screen, InstanceScreen)
        await shows(app, LOST, "Join checks")


async def test_a_new_instance_appears_and_one_that_is_gone_leaves(store):
    app = TestedApp(store)
    async with running(app) as press:
        await press("4")
        app.fake.sink.send(Put(Kind.INSTANCE, instance(8, state="pending")))
        app.now = NOW + 1
        await shows(app, "2 not-joined")
        app.fake.sink.send(Drop(Kind.INSTANCE, instance(8, state="pending")))
        app.now = NOW + 7  # counts that change often are written every five seconds
        await shows(app, "1 not-joined")


async def test_a_silent_aws_leaves_the_nodes_and_says_why():
    store = populate(Store())
    reason = "Access denied: allow ec2:DescribeInstances for these AWS credentials."
    store.set_link(Link("ec2", Phase.REFUSED, NOW, reason=reason))
    store.set_fact(Facts.aws_identity, Read(identity(), NOW))
    app = TestedApp(store)
    async with running(app, (160, 40)) as press:
        await press("4")
        await shows(app, "6 unknown", "ec2:DescribeInstances", node_name(0)[:12])


@pytest.mark.parametrize("size", [(100, 30), (120, 36)])
async def test_how_old_ec2s_answer_is_stands_there_as_far_as_there_is_room(store, size):
    app = TestedApp(store)
    async with running(app, size) as press:
        await press("4")
        looked_twice(app)
        await shows(app, "9 rows", "EC2 1")


async def test_columns_beyond_the_edge_are_gone_to_by_the_key_that_is_named(store):
    app = TestedApp(store)
    async with running(app, (160, 40)) as press:
        await press("4")
        await shows(app, "more columns w")
        await press("w")
        app.now = NOW + 2
        await shows(app, "more columns →")


@pytest.mark.parametrize("size", SIZES)
async def test_scrolled_sideways_a_row_without_a_node_is_called_by_its_instance(store, size):
    app = TestedApp(store)
    async with running(app, size) as press:
        await press("4", "w")
        assert f"({LOST})" not in app.text()
        await press("right")
        await shows(app, f"({LOST})", node_name(0)[:12])
        await press("left")
        await settled(app)
        assert f"({LOST})" not in app.text()


async def test_throttling_and_the_budget_are_said(store):
    store.set_fact(
        call_key("ec2"), Read(Call("ec2:DescribeInstances", 60.0, 180, 12, throttled=NOW - 3), NOW)
    )
    app = TestedApp(store)
    async with running(app, (160, 40)) as press:
        await press("4")
        await shows(app, "throttled")


@pytest.mark.parametrize("size", SIZES)
async def test_groups_show_what_they_should_be_and_are(store, size):
    app = TestedApp(store)
    async with running(app, size) as press:
        await press(*GROUPS)
        assert isinstance(app.screen, NodegroupsScreen)
        await shows(app, "1 nodegroup: 1 ACTIVE", "ng-general", "DESIRED", "READY")


async def test_a_group_that_changes_or_goes_is_shown_as_it_is_now(store):
    app = TestedApp(store)
    async with running(app) as press:
        await press(*GROUPS)
        await shows(app, "1 nodegroup: 1 ACTIVE")
        group = store.table(NodegroupRow)["ng-general"]
        app.fake.sink.send(Put(Kind.NODEGROUP, structs.replace(group, status="DEGRADED")))
        app.now += 6
        await shows(app, "1 nodegroup: 1 DEGRADED")
        assert [row.status for row in shown(app)] == ["DEGRADED"]
        app.fake.sink.send(Drop(Kind.NODEGROUP, group))
        app.fake.sink.send(
            Drop(Kind.AUTOSCALING, store.table(AutoScalingRow)["eks-ng-general-1a2b"])
        )
        app.now += 6
        await shows(app, "0 nodegroups", "no managed nodegroup")
        assert shown(app) == []


async def test_a_group_opens_as_its_nodes_and_instances(store):
    app = TestedApp(store)
    async with running(app) as press:
        await press(*GROUPS)
        group = app.screen.table.current
        await press("enter")
        assert isinstance(app.screen, MappingScreen)
        await shows(app, f"/ group={group.name}")
        await settled(app)
        names = {row.node for row in shown(app) if row.node}
        assert names
        assert all(
            store.nodes[name].labels["eks.amazonaws.com/nodegroup"] == group.name for name in names
        )


@pytest.mark.parametrize("size", SIZES)
async def test_a_group_is_described_with_its_issues_and_activities_in_full(store, size):
    issue = Issue("NodeCreationFailure", "Instances failed to join the cluster", (LOST,))
    failed = Activity(
        NOW - 90, None, "Failed", "Launching a new EC2 instance", "At 14:00 a user asked.",
        "Could not launch Spot Instances. UnfulfillableCapacity.",
    )  # fmt: skip
    group = store.table(NodegroupRow)["ng-general"]
    store.put(Kind.NODEGROUP, structs.replace(group, status="DEGRADED", issues=(issue,)))
    scaling = store.table(AutoScalingRow)["eks-ng-general-1a2b"]
    activities = (failed, *scaling.activities)
    store.put(Kind.AUTOSCALING, structs.replace(scaling, activities=activities))
    app = TestedApp(store)
    async with running(app, size) as press:
        await press(*GROUPS, "d")
        assert isinstance(app.screen, NodegroupScreen)
        await shows(app, "DEGRADED", "Instances failed to join the cluster", LOST)
        await press("G")
        await shows(app, "UnfulfillableCapacity", "Successful")
        await press("escape")
        assert isinstance(app.screen, NodegroupsScreen)


async def test_without_credentials_the_groups_screen_says_what_to_do():
    store = populate(Store())
    store.set_link(Link("eks", Phase.OFF, NOW, reason="No AWS credentials were found."))
    app = TestedApp(store)
    async with running(app) as press:
        await press(*GROUPS)
        await shows(app, "No AWS credentials were found", "No nodegroups loaded")


def looked_twice(app):
    """EC2 has answered since the nodes came, and once more: what it didn't name isn't there."""
    for later in (1, 2):
        app.fake.sink.send(LinkState(Link("ec2", Phase.LIVE, NOW - 300, heard=NOW - 12 + later)))
    app.now = NOW + 1  # figures are told once a second


def shown(app):
    """The rows of the table, in order."""
    model = app.screen.table._model
    return [model.row(key) for key in model.keys]
