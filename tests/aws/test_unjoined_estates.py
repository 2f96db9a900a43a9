"""Instances without a node that haven't failed to join, and those that have."""

from datetime import UTC, datetime

import pytest

from eksview.cli.join_checks import unjoined
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read
from eksview.domain.base.text import Clean
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.node_shell import Reach, ways_into
from eksview.domain.join.timeline import TimelineStep, timeline, with_verdict
from eksview.domain.live.command_context import CommandContext
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.rows.aws import InstanceDetail, OpenedInstances
from eksview.domain.rows.kube import Kind
from eksview.store.applier import apply
from eksview.store.selectors.machine import Machine, join_facts, machine_of_instance
from eksview.store.selectors.nodegroups import nodegroup_rows
from eksview.store.selectors.unjoined import first_unjoined
from eksview.ui.base.messages import OpenInstance
from eksview.ui.nodes.ec2 import DetailRequest, ec2_lines
from eksview.ui.sessions.node_shell_dialog import shell_access
from eksview.ui.text.glyphs import UNICODE
from tests.aws.estate import HOUR, Estate
from tests.domain.aws_objects import NOW

NODE, BY_ROLE = "i-0000000000000000a", "i-0000000000000000b"
LIFECYCLES = {
    "i-stopped": ("Warmed:Stopped", "stopped", "no-node: in warm pool"),
    "i-hibernated": ("Warmed:Hibernated", "stopped", "no-node: in warm pool"),
    "i-warm": ("Warmed:Running", "running", "no-node: in warm pool"),
    "i-warming": ("Warmed:Pending:Wait", "running", "no-node: in warm pool"),
    "i-cooling": ("Warmed:Terminating:Proceed", "running", "no-node: leaving"),
    "i-standby": ("Standby", "running", "no-node: in standby"),
    "i-entering": ("EnteringStandby", "running", "no-node: in standby"),
    "i-terminating": ("Terminating", "running", "no-node: leaving"),
    "i-hooked-out": ("Terminating:Wait", "running", "no-node: leaving"),
    "i-detaching": ("Detaching", "running", "no-node: leaving"),
    "i-hooked-in": ("Pending:Wait", "running", "not-joined: joining"),
    "i-failed": ("InService", "running", "not-joined: failed to join"),
}
"""By instance: its lifecycle, its state in EC2 and what it is called."""


def mixed() -> Estate:
    """A group with an instance in every lifecycle, launched while the nodes were watched."""
    estate = Estate()
    for name, (_, state, _) in LIFECYCLES.items():
        estate.launch(name, state=state, group="workers")
    estate.launch(NODE, group="workers")
    estate.join(NODE)
    states = {name: lifecycle for name, (lifecycle, *_) in LIFECYCLES.items()}
    warm = {name: states.pop(name) for name in list(states) if "Warmed" in states[name]}
    estate.group("workers", {NODE: "InService"} | states)
    estate.pool("workers", warm)
    return estate


async def test_one_instance_of_twelve_has_failed_to_join() -> None:
    estate = mixed()
    async with estate.read(nodes_at=NOW - 4 * HOUR) as reading:
        verdicts = {name: reading.verdict(name) for name in LIFECYCLES}
        printed = reading.printed()
    assert verdicts == {name: verdict for name, (*_, verdict) in LIFECYCLES.items()}
    assert printed.count("failed to join") == 1
    assert printed.count("in warm pool") == 4


def lifecycle(machine: Machine) -> tuple[TimelineStep, ...]:
    return timeline(None, machine.instance, None, None, (), NOW)


@pytest.mark.parametrize("name", [name for name, (*_, what) in LIFECYCLES.items()
                                  if what.startswith("no-node")])  # fmt: skip
async def test_nothing_has_failed_of_an_instance_that_needs_no_node(name: str) -> None:
    """By its lifecycle, its EC2 tab, its join checks and the key s alike."""
    estate = mixed()
    async with estate.read(nodes_at=NOW - 4 * HOUR) as reading:
        store = reading.store
        machine = machine_of_instance(store, name)
        steps = with_verdict(lifecycle(machine), machine.row, NOW)
        assert "stopped" not in [step.state for step in steps]
        (registered,) = (step for step in steps if step.label == "Node registered")
        assert registered.evidence == f"none is expected: {machine.row.word}"  # type: ignore[union-attr]
        assert unjoined(store, [name]) == []
        lines = ec2_lines(machine, DetailRequest(), ("URL", ""), NOW, 100, UNICODE)
        marks = {text.strip() for line in lines for text, _ in line}
        assert UNICODE.mark(Health.BAD) not in marks
        access = shell_access(store, OpenInstance(Clean(name)))
        assert access is not None
        assert not any("start-instances" in way.line for way in ways_into(access, Reach()))


async def test_the_steps_of_one_that_may_have_joined_say_that_nobody_knows() -> None:
    estate = Estate()
    estate.launch("i-deleted")
    async with estate.read() as reading:
        machine = machine_of_instance(reading.store, "i-deleted")
        steps = with_verdict(lifecycle(machine), machine.row, NOW)
    assert ("unknown", "no node, can't know why") in [(s.state, s.evidence) for s in steps]


async def test_the_warm_pool_is_counted_apart_from_what_is_in_service() -> None:
    estate = mixed()
    async with estate.read() as reading:
        (group,) = nodegroup_rows(reading.store, NOW)
    assert group.actual == group.desired == 8
    assert group.warm is not None
    assert group.warm.value == 5  # type: ignore[union-attr]
    assert group.pool == "Stopped, min 1"


async def test_of_an_instance_that_ran_long_before_anybody_looked_nobody_knows_why() -> None:
    estate = Estate()
    estate.launch("i-deleted")
    async with estate.read() as reading:
        assert reading.verdict("i-deleted") == "not-joined: no node, can't know why"
        assert "its node was deleted before eksview looked" in reading.why("i-deleted")
        assert "failed to join" not in reading.printed()
    async with estate.read(nodes_at=NOW - 4 * HOUR) as reading:
        assert reading.verdict("i-deleted") == "not-joined: failed to join"


async def test_a_nodegroup_that_reports_the_instance_settles_it() -> None:
    estate = Estate()
    issue = {"code": "NodeCreationFailure", "message": "m", "resourceIds": ["i-named"]}
    estate.nodegroups["ng"] = {"nodegroupName": "ng", "health": {"issues": [issue]}}
    for name in ("i-named", "i-other"):
        estate.launch(name, tags={"eks:nodegroup-name": "ng"})
    async with estate.read() as reading:
        assert reading.verdict("i-named") == "not-joined: failed to join"
        assert reading.verdict("i-other") == "not-joined: no node, can't know why"


async def test_one_that_left_the_warm_pool_has_its_time_from_then_on() -> None:
    estate = Estate()
    estate.launch("i-woken", group="workers")
    estate.group("workers", {"i-woken": "InService"})
    begun = datetime.fromtimestamp(NOW - 60, UTC)
    words = "Launching a new EC2 instance from warm pool: i-woken"
    estate.activities["workers"] = [{"StartTime": begun, "Description": words}]
    async with estate.read(nodes_at=NOW - 4 * HOUR) as reading:
        assert reading.verdict("i-woken") == "not-joined: joining"
        await reading.time.advance(900.0)
        assert reading.verdict("i-woken") == "not-joined: failed to join"


@pytest.mark.parametrize(
    "action", ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeWarmPool"]
)
async def test_a_denied_call_leaves_the_lifecycle_unknown_and_is_named(action: str) -> None:
    estate = mixed()
    estate.deny(action)
    async with estate.read(nodes_at=NOW - 4 * HOUR) as reading:
        for name in ("i-stopped", "i-warm"):
            assert reading.verdict(name) == "unknown: lifecycle not read"
            assert action in reading.why(name)
        if action.endswith("Groups"):
            assert "failed to join" not in reading.printed()


async def test_a_group_without_a_warm_pool_is_not_asked_for_one() -> None:
    estate = Estate()
    estate.launch(NODE, group="workers")
    estate.group("workers", {NODE: "InService"})
    async with estate.read():
        assert not estate.session.made("autoscaling:DescribeWarmPool")


def neighbours() -> Estate:
    """Clusters prod and prod-eu in one VPC, which share the node role, the image and the subnet."""
    estate = Estate()
    for name in (NODE, "i-bastion", "i-late"):
        estate.launch(name, tag="shared")
    estate.join(NODE)
    other, cluster_group = (
        {"IamInstanceProfile": {"Arn": ":profile/bastion"}},
        [{"GroupId": "sg-prod"}],
    )
    estate.launch("i-bastion", tag="shared", ImageId="ami-ubuntu", **other)
    eu = {"kubernetes.io/cluster/prod-eu": "owned"}
    estate.launch("i-untagged", tag="", SecurityGroups=cluster_group)
    estate.launch(BY_ROLE, tag="")
    estate.launch("i-mistagged", tag="", tags=eu, SecurityGroups=cluster_group)
    estate.launch("i-eu", tag="", tags=eu)
    estate.launch("i-database", tag="", ImageId="ami-db", **other)
    return estate


async def test_a_bastion_tagged_shared_is_not_a_worker_and_a_node_of_this_kind_is() -> None:
    estate = neighbours()
    async with estate.read(nodes_at=NOW - 4 * HOUR) as reading:
        assert reading.verdict("i-bastion") == "no-node: not a worker"
        assert reading.verdict("i-late") == "not-joined: failed to join"


async def test_machines_without_the_tag_may_belong_by_group_role_or_image() -> None:
    estate = neighbours()
    async with estate.read(nodes_at=NOW - 4 * HOUR) as reading:
        for name, has in (
            ("i-untagged", "the cluster security group sg-prod"),
            (BY_ROLE, "the instance profile node"),
            ("i-mistagged", "the cluster security group sg-prod"),
        ):
            assert reading.verdict(name) == "candidate: may belong to the cluster"
            assert has in reading.why(name)
        for name in ("i-eu", "i-database"):
            assert reading.verdict(name) == "nowhere"
        assert reading.printed().count("failed to join") == 1


async def test_a_candidate_that_joins_is_one_no_more() -> None:
    estate = neighbours()
    async with estate.read() as reading:
        estate.join(BY_ROLE)
        reading.store.put(Kind.NODE, estate.nodes[-1])
        assert reading.verdict(BY_ROLE) == "joined: Ready"


async def test_a_check_that_fails_by_an_instances_details_settles_it_and_its_likes() -> None:
    """What the checks below a row say and what the row says are one."""
    estate = Estate()
    for name in ("i-opened", "i-like"):
        estate.launch(name)
    estate.launch("i-other", SubnetId="subnet-2")
    async with estate.read() as reading:
        detail = InstanceDetail(no_role=Clean("node has no role"))
        opened = Read(OpenedInstances({"i-opened": detail}), NOW)
        apply(reading.store, FactSet(Facts.opened_instances, opened))
        for name in ("i-opened", "i-like"):
            assert reading.verdict(name) == "not-joined: failed to join"
        assert reading.verdict("i-other") == "not-joined: no node, can't know why"
        first = first_unjoined(reading.store, NOW, CommandContext())
        assert first is not None
        assert (first.key, "node has no role" in first.reason) == ("i-opened", True)
        facts = join_facts(
            reading.store, machine_of_instance(reading.store, "i-opened"), detail, NOW
        )
        (role,) = (check for check in why_not_joined(facts) if check.name == "Node role authorized")
        assert (role.result, "node has no role" in role.evidence) == ("failed", True)


async def test_home_shows_one_in_doubt_before_one_that_is_still_joining() -> None:
    estate = Estate()
    estate.launch("i-old")
    estate.launch("i-young", ago=60.0)
    async with estate.read() as reading:
        first = first_unjoined(reading.store, NOW, CommandContext())
    assert first is not None
    assert (first.key, first.count) == ("i-old", 2)
