"""NodeClaims without a node, by the conditions that Karpenter's controllers write."""

from typing import Any

import pytest

from eksview.domain.base.health import Health
from eksview.domain.join.checks.claims import (
    LAUNCH_LIMIT,
    claim_checks,
    claim_health,
    claim_note,
    judge_claim,
    progress_of,
    with_claim,
)
from eksview.domain.join.mapping_row import MappingRow, RowKind, Seen, why_at, word_at
from eksview.domain.rows.kube import ClaimRow, Condition
from tests.domain.aws_objects import ID, NOW

READ = Seen(ec2=True, nodes_since=NOW - 3600, groups=True)
PROVIDER = f"aws:///us-west-2a/{ID}"
# launch.go of v1, with a reason and a message of karpenter-provider-aws, errors.go
QUOTA = Condition(
    "Launched",
    "Unknown",
    "VCPULimitExceeded",
    "An instance was requested that would exceed your VCPU quota",
)
# launch.go of v1beta1
REFUSED = Condition("Launched", "False", "LaunchFailed", "creating instance, with fleet error(s).")
NEW = Condition(
    "Launched", "Unknown", "AwaitingReconciliation", "object is awaiting reconciliation"
)
LAUNCHED = Condition("Launched", "True", "Launched")
LOOKING = Condition("Registered", "Unknown", "NodeNotFound", "Node not registered with cluster")
LOOKING_BETA = Condition("Registered", "False", "NodeNotFound", "Node not registered with cluster")
TWICE = Condition(
    "Registered", "False", "MultipleNodesFound", "Invariant violated, matched multiple nodes"
)
REGISTERED = Condition("Registered", "True", "Registered")
TAINTED = Condition(
    "Initialized", "Unknown", "StartupTaintsExist", 'StartupTaint "a:NoSchedule" still exists'
)
INITIALIZED = Condition("Initialized", "True", "Initialized")


def claim(*conditions: Condition, **changes: Any) -> ClaimRow:
    fields: dict[str, Any] = {
        "name": "general-x7k2p",
        "uid": "u",
        "created": NOW,
        "nodepool": "general",
        "provider_id": "",
        "node": "",
        "type": "",
    }
    return ClaimRow(**fields | changes, conditions=conditions)


@pytest.mark.parametrize(
    ("conditions", "step", "failed"),
    [
        ((), "Launched", False),
        ((NEW,), "Launched", False),
        ((Condition("Launched", "Unknown"),), "Launched", False),
        ((QUOTA,), "Launched", True),
        ((REFUSED,), "Launched", True),
        ((LAUNCHED,), "Registered", False),
        ((LAUNCHED, LOOKING), "Registered", False),
        ((LAUNCHED, LOOKING_BETA), "Registered", False),
        ((LAUNCHED, TWICE), "Registered", True),
        ((LAUNCHED, REGISTERED, TAINTED), "Initialized", False),
        ((LAUNCHED, REGISTERED, INITIALIZED), "Ready", False),
    ],
)
def test_the_first_condition_that_is_not_true_is_where_a_claim_is(
    conditions: tuple[Condition, ...], step: str, failed: bool
) -> None:
    progress = progress_of(claim(*conditions))
    assert (progress.step, progress.failed) == (step, failed)


@pytest.mark.parametrize(
    ("row", "seen", "kind", "word", "says"),
    [
        (claim(NEW), READ, RowKind.CLAIM, "launching", "hasn't launched"),
        (claim(NEW), Seen(), RowKind.CLAIM, "launching", "hasn't launched"),
        (claim(QUOTA), READ, RowKind.CLAIM, "launch failed", f"{QUOTA.reason}: {QUOTA.message}."),
        (claim(REFUSED), READ, RowKind.CLAIM, "launch failed", "with fleet error(s)."),
        (claim(QUOTA, deleted=NOW), READ, RowKind.CLAIM, "deleting", QUOTA.message),
        (claim(LAUNCHED, provider_id=PROVIDER), READ, RowKind.CLAIM, "no instance", ID),
        (claim(LAUNCHED, provider_id=PROVIDER), Seen(), RowKind.UNKNOWN, "EC2 not read", "EC2"),
        (
            claim(LAUNCHED, REGISTERED, node="n", provider_id="kwok://n"),
            READ,
            RowKind.CLAIM,
            "no node",
            "Its node n is gone.",
        ),
        (
            claim(LAUNCHED, REGISTERED, node="n", provider_id="kwok://n"),
            Seen(ec2=True),
            RowKind.UNKNOWN,
            "nodes not read",
            "nodes",
        ),
        (
            claim(LAUNCHED, LOOKING, provider_id="kwok://n"),
            READ,
            RowKind.CLAIM,
            "not registered",
            "Node not registered with cluster.",
        ),
    ],
)
def test_a_claim_without_node_and_instance_is_a_row_with_its_message(
    row: ClaimRow, seen: Seen, kind: RowKind, word: str, says: str
) -> None:
    judged = judge_claim(row, seen)
    assert (judged.kind, judged.word) == (kind, word)
    assert says in judged.reason
    assert not judged.reason.endswith("..")


def test_a_launch_has_five_minutes() -> None:
    row = judge_claim(claim(NEW), READ)
    assert (word_at(row, NOW), claim_health(row, NOW)) == ("launching", Health.UNKNOWN)
    late = NOW + LAUNCH_LIMIT
    assert (word_at(row, late), claim_health(row, late)) == ("not launched", Health.BAD)
    assert "more than 5 minutes" in why_at(row, late)


def test_no_claim_without_a_node_is_green() -> None:
    healths = {
        claim_health(judge_claim(row, READ), NOW)
        for row in (claim(), claim(QUOTA), claim(LAUNCHED), claim(NEW, deleted=NOW))
    }
    assert healths == {Health.UNKNOWN, Health.BAD}


def test_an_instance_whose_claim_cannot_be_registered_says_why() -> None:
    row = MappingRow(ID, RowKind.NOT_JOINED, "", ID, "joining", "", overdue=NOW)
    stopped = with_claim(row, claim(LAUNCHED, TWICE))
    assert (word_at(stopped, NOW), stopped.kind) == ("not registered", RowKind.NOT_JOINED)
    assert "MultipleNodesFound: Invariant violated, matched multiple nodes." in stopped.reason
    for other in (None, claim(LAUNCHED, LOOKING), claim(LAUNCHED, REGISTERED)):
        assert with_claim(row, other) is row


def test_conditions_are_checks_and_unknown_never_passes() -> None:
    checks = {check.name: check for check in claim_checks(claim(LAUNCHED, LOOKING, TAINTED))}
    assert {name: check.result for name, check in checks.items()} == {
        "NodeClaim launched": "passed",
        "NodeClaim registered": "unknown",
        "NodeClaim initialized": "unknown",
    }
    assert "Node not registered with cluster" in checks["NodeClaim registered"].evidence
    failed = [check.result for check in claim_checks(claim(QUOTA))]
    assert failed == ["failed", "unknown", "unknown"]


DRIFTED = Condition("Drifted", "True", "AMIDrift")
DONE = (LAUNCHED, REGISTERED, INITIALIZED)


@pytest.mark.parametrize(
    ("row", "note"),
    [
        (claim(*DONE), ""),
        (claim(*DONE, Condition("Drifted", "False", "AMIDrift")), ""),
        (claim(*DONE, DRIFTED), "Drifted: AMIDrift"),
        (claim(*DONE, deleted=NOW - 120), "being deleted for 2m"),
        (claim(LAUNCHED, REGISTERED, TAINTED), "Initialized is Unknown: StartupTaintsExist: "),
        (claim(LAUNCHED), "Registered is not reported"),
    ],
)
def test_what_is_unusual_about_a_claim_is_noted(row: ClaimRow, note: str) -> None:
    assert claim_note(row, NOW).startswith(note)
    assert bool(claim_note(row, NOW)) == bool(note)
