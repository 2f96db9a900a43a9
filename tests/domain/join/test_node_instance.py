"""Every kind of row: a node and an instance judged as one pair."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview.domain.join.machine_names import owns
from eksview.domain.join.manager import Manager, manager_of
from eksview.domain.join.mapping_row import (
    LoneEvidence,
    MappingRow,
    Membership,
    RowKind,
    Seen,
    why_at,
    word_at,
)
from eksview.domain.join.node_instance import judge, judge_rivals
from eksview.domain.rows.aws import AutoScalingRow, InstanceRow, Member, StatusRow
from eksview.domain.rows.kube import ClaimRow, NodeRow
from tests.domain.aws_objects import DNS, ID, NOW, instance, node, not_ready
from tests.sentences import hold_to

READ = Seen(ec2=True, nodes_since=NOW - 7200, groups=True)
NOTHING = Seen()
IMPAIRED = StatusRow(ID, "impaired", "ok")
PLAIN: dict[str, str] = {}


def judged(
    its_node: NodeRow | None,
    its_instance: InstanceRow | None,
    seen: Seen = READ,
    status: StatusRow | None = None,
) -> tuple[str, str]:
    row = judge(its_node, its_instance, seen, status=status, match="provider ID")
    return row.kind.value, row.word


@pytest.mark.parametrize(
    ("its_node", "its_instance", "expected"),
    [
        (node(), instance(), ("joined", "Ready")),
        (node(unschedulable=True), instance(), ("joined", "Ready,SchedulingDisabled")),
        (not_ready(), instance(), ("joined", "NotReady")),
        (node(), instance(state="pending"), ("joined", "Ready")),
        (node(), instance(state="stopped"), ("mismatch", "Ready, instance stopped")),
        (not_ready(), instance(state="stopping"), ("mismatch", "NotReady, instance stopping")),
        (node(), instance(state="terminated"), ("mismatch", "Ready, instance terminated")),
        (node(), instance(state=""), ("mismatch", "Ready, instance unknown")),
        (node(provider_id="aws:///bad"), instance(), ("mismatch", "bad provider ID")),
        (node(), None, ("orphan", "no instance")),
        (node(provider_id="aws:///bad"), None, ("orphan", "bad provider ID")),
        (node(provider_id=""), None, ("orphan", "no provider ID")),
        (node(provider_id="aws:///a/1/fargate-ip-1"), None, ("not-ec2", "Fargate")),
        (node(provider_id="eks-hybrid:///r/c/mi-1"), None, ("not-ec2", "hybrid")),
        (node(provider_id="kind://docker/a"), None, ("not-ec2", "kind")),
        (node(provider_id="", labels=PLAIN), None, ("not-ec2", "not EC2")),
        (
            node(provider_id="", labels={"minikube.k8s.io/name": "m"}),
            None,
            ("not-ec2", "minikube"),
        ),
        (None, instance(), ("not-joined", "joining")),
        (None, instance(state="pending"), ("not-joined", "joining")),
        (None, instance(launched=None), ("not-joined", "no node")),
        (None, instance(state="stopped"), ("not-joined", "stopped")),
        (None, instance(state="terminated"), ("gone", "terminated")),
        (None, instance(state="shutting-down"), ("gone", "shutting-down")),
    ],
)
def test_a_pair_is(
    its_node: NodeRow | None, its_instance: InstanceRow | None, expected: tuple[str, str]
) -> None:
    assert judged(its_node, its_instance) == expected


@pytest.mark.parametrize(
    ("its_node", "its_instance", "expected"),
    [
        (node(), None, ("unknown", "EC2 not read")),
        (node(provider_id=""), None, ("unknown", "EC2 not read")),
        (node(provider_id="", labels=PLAIN), None, ("not-ec2", "not EC2")),
        (node(provider_id="aws:///a/1/fargate-ip-1"), None, ("not-ec2", "Fargate")),
        (None, instance(), ("unknown", "nodes not read")),
        (None, instance(state="terminated"), ("gone", "terminated")),
        (node(), instance(), ("joined", "Ready")),
    ],
)
def test_while_the_other_side_is_unread_a_pair_is(
    its_node: NodeRow | None, its_instance: InstanceRow | None, expected: tuple[str, str]
) -> None:
    assert judged(its_node, its_instance, NOTHING) == expected


def test_a_ready_node_on_an_impaired_instance_disagrees() -> None:
    assert judged(node(), instance(), status=IMPAIRED) == ("mismatch", "Ready, instance impaired")
    its_own = StatusRow(ID, "ok", "impaired")
    assert judged(node(), instance(), status=its_own) == ("mismatch", "Ready, instance impaired")
    assert judged(not_ready(), instance(), status=IMPAIRED) == ("joined", "NotReady")
    assert judged(node(), instance(), status=StatusRow(ID, "ok", "ok")) == ("joined", "Ready")


def test_what_isnt_well_is_said_in_one_clean_sentence() -> None:
    hostile = "\x1b[2J"
    rows = [
        judge(node(), instance(state="stopped", state_reason=hostile), READ),
        judge(node(provider_id=hostile), instance(), READ, match="private DNS"),
        judge(node(provider_id=hostile), None, READ),
        judge(node(), None, READ),
        judge(None, instance(state="stopped", state_reason=hostile), READ),
        *judge_rivals([node(), node(name=hostile)], ID, ""),
        *judge_rivals([node(), node(name=hostile)], ID, hostile),
    ]
    for row in rows:
        assert row.reason.endswith(".")
        assert "\x1b" not in row.reason


def sentences() -> Iterator[MappingRow]:
    """Every way in which a pair isn't well, or isn't known to be."""
    reason = "Server.SpotInstanceTermination: gone"
    for state in ("running", "stopped", "terminated", "shutting-down", ""):
        yield judge(node(unschedulable=True), instance(state=state), READ)
        yield judge(not_ready(), instance(state=state, state_reason=reason), READ)
        yield judge(None, instance(state=state), READ)
        yield judge(
            None,
            instance(state=state, state_reason=reason),
            READ,
            evidence=LoneEvidence(had_node=True),
        )
    for checks in (("impaired", "ok"), ("ok", "impaired"), ("impaired", "impaired")):
        yield judge(node(), instance(), READ, status=StatusRow(ID, *checks))
    yield judge(node(provider_id="aws:///bad"), instance(), READ, match="private DNS")
    for provider in ("aws:///bad", "", f"aws:///us-west-2a/{ID}"):
        yield judge(node(provider_id=provider), None, READ)
        yield judge(node(provider_id=provider), None, NOTHING)
    yield judge(node(provider_id="", labels={"karpenter.sh/nodepool": "spot"}), None, READ)
    yield judge(node(), None, Seen(ec2_why="You lack ec2:DescribeInstances."))
    for provider in ("aws:///a/1/fargate-ip-1", "eks-hybrid:///r/c/mi-1", "kind://docker/a"):
        yield judge(node(provider_id=provider), None, READ)
    for labels in (PLAIN, {"minikube.k8s.io/name": "m"}):
        yield judge(node(provider_id="", labels=labels), None, READ)
    yield judge(None, instance(), NOTHING)
    yield judge(None, instance(), Seen(ec2=True, nodes_since=NOW, groups_why="You lack it."))
    for lifecycle in ("Warmed:Stopped", "Standby", "Terminating:Wait", "Detaching", "Pending:Wait"):
        member = Member(ID, lifecycle, "Healthy", "us-west-2a", "")
        group = AutoScalingRow("asg", 1, 2, 3, (member,), (), "", {})
        evidence = LoneEvidence(membership=Membership(group, member))
        yield judge(None, instance(state="running"), READ, evidence=evidence)
        yield judge(not_ready(), instance(state="stopped"), READ, evidence=evidence)
    yield judge(None, instance(candidate="the instance profile node of its nodes"), READ)
    yield judge(None, instance(stranger=True), READ)
    yield judge(None, instance(launched=None), READ)
    twin = node(name="twin")
    yield from judge_rivals([node(), twin], ID, "")
    yield from judge_rivals([node(), twin], ID, DNS)


def test_the_word_and_the_sentence_of_every_case_read_as_they_were_written_down() -> None:
    rows = list(sentences())
    late = judge(None, instance(launched=NOW), READ)
    doubtful = judge(None, instance(), Seen(ec2=True, nodes_since=NOW, groups=True))
    lines = [f"{row.kind.value} | {row.word} | {row.reason}" for row in rows]
    for row in (late, doubtful):
        lines.append(f"{row.kind.value} | {word_at(row, NOW + 1200)} | {why_at(row, NOW + 1200)}")
    hold_to(Path(__file__).with_name("mapping_sentences.txt"), lines)


def test_an_instance_without_a_dns_name_is_not_a_node_without_a_name() -> None:
    assert not owns(node(name="", internal_ip=""), instance(private_dns=""))


def test_a_pair_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs"):
        judge(None, None, READ)


def test_a_rivals_row_never_has_the_key_of_the_instance() -> None:
    (both, _) = judge_rivals([node(), node(name="other")], ID, "")
    (lost,) = judge_rivals([node(), node(name="other")], ID, "other")
    assert (both.kind, both.instance, both.key) == (RowKind.MISMATCH, ID, f"node/{DNS}")
    assert (lost.kind, lost.instance, lost.key) == (RowKind.ORPHAN, "", f"node/{DNS}")


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (2, "also used by n1:"),
        (4, "also used by n1, n2, n3:"),
        (5, "also used by n1, n2, n3 and 1 more:"),
        (5000, "also used by n1, n10, n100 and 4,996 more:"),
    ],
)
def test_of_many_nodes_with_one_id_a_few_are_named(count: int, named: str) -> None:
    rows = judge_rivals([node(name=f"n{number}") for number in range(count)], ID, "")
    assert len(rows) == count
    assert named in rows[0].reason


@pytest.mark.parametrize(
    ("its_node", "own"),
    [
        (node(), True),
        (node(name="other"), True),  # by its address
        (node(name=ID, internal_ip=""), True),
        (node(name=f"{ID}.us-west-2.compute.internal", internal_ip=""), True),
        (node(name="other", internal_ip="10.9.9.9"), False),
        (node(name="other", internal_ip=""), False),
    ],
)
def test_an_instance_is_a_nodes_by_its_name_or_address(its_node: NodeRow, own: bool) -> None:
    assert owns(its_node, instance()) is own


def test_an_instance_without_any_address_is_nobodys_by_that() -> None:
    assert not owns(node(internal_ip=""), instance(private_dns="", private_ip=""))


def test_joining_turns_into_a_failure_with_time() -> None:
    row = judge(None, instance(launched=NOW), READ)
    assert (word_at(row, NOW), why_at(row, NOW)) == ("joining", row.reason)
    assert word_at(row, NOW + 900) == "failed to join"
    assert "20m" in why_at(row, NOW + 1200)
    joined: MappingRow = judge(node(), instance(), READ)
    assert (word_at(joined, NOW + 9e9), why_at(joined, NOW + 9e9)) == ("Ready", "")


CLAIM = ClaimRow("claim", "uid", NOW, "pool-c", "", "", "", ())
ASG = {"aws:autoscaling:groupName": "asg-1"}


@pytest.mark.parametrize(
    ("labels", "provider", "tags", "claim", "expected"),
    [
        ({"eks.amazonaws.com/nodegroup": "ng"}, "", ASG, None, Manager("nodegroup", "ng")),
        ({}, "", {"eks:nodegroup-name": "ng"} | ASG, None, Manager("nodegroup", "ng")),
        (
            {"alpha.eksctl.io/nodegroup-name": "own"},
            "",
            ASG,
            None,
            Manager("self-managed", "asg-1"),
        ),
        ({}, "", ASG, None, Manager("self-managed", "asg-1")),
        ({"karpenter.sh/nodepool": "spot"}, "", {}, None, Manager("karpenter", "spot")),
        ({}, "", {"karpenter.sh/nodepool": "spot"}, None, Manager("karpenter", "spot")),
        ({}, "", {}, CLAIM, Manager("karpenter", "pool-c")),
        (
            {"karpenter.sh/nodepool": "spot"},
            "",
            {"eks:eks-cluster-name": "c", "karpenter.sh/nodepool": "spot"},  # since Karpenter 1.0
            None,
            Manager("karpenter", "spot"),
        ),
        (
            {"eks.amazonaws.com/compute-type": "auto", "karpenter.sh/nodepool": "system"},
            "",
            {},
            None,
            Manager("auto", "system"),
        ),
        (
            {},
            "",
            {"eks:eks-cluster-name": "c", "eks:kubernetes-node-pool-name": "general"},
            None,
            Manager("auto", "general"),
        ),
        (
            {"eks.amazonaws.com/compute-type": "fargate"},
            "",
            {},
            None,
            Manager("fargate", "fargate"),
        ),
        ({}, "aws:///a/1/fargate-ip-1", {}, None, Manager("fargate", "fargate")),
        ({}, "eks-hybrid:///r/c/mi-1", {}, None, Manager("hybrid", "hybrid")),
        ({"eks.amazonaws.com/compute-type": "auto"}, "", {}, None, Manager("auto", "auto")),
        ({}, "", {}, None, Manager("none", "")),
    ],
)
def test_a_machine_is_run_by(
    labels: dict[str, str],
    provider: str,
    tags: dict[str, str],
    claim: ClaimRow | None,
    expected: Manager,
) -> None:
    its_node = node(labels=labels, provider_id=provider)
    assert manager_of(its_node, instance(tags=tags), claim) == expected


def test_a_machine_without_a_node_is_told_by_its_tags_alone() -> None:
    assert manager_of(None, instance()) == Manager("nodegroup", "ng-general")
    assert manager_of(None, None) == Manager("none", "")
