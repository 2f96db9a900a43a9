"""NodeClaims whose node is missing: how far Karpenter came with each, and what stopped it.

Source: Karpenter's lifecycle controllers (launch.go, registration.go, initialization.go,
liveness.go). A failed launch is Launched=False in v1beta1 and Launched=Unknown with its reason
since v1; both are retried. Karpenter deletes a claim that isn't launched within five minutes or
not registered within fifteen, and at once one for which there is no capacity.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.join.checks.join_facts import JoinCheck, Result
from eksview.domain.join.mapping_row import MappingRow, RowKind, Seen
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.rows.kube import ClaimRow, Condition

LAUNCH_LIMIT = 300.0
"""Seconds in which Karpenter launches an instance, or gives the claim up."""

Step: TypeAlias = Literal["Launched", "Registered", "Initialized", "Ready"]
DELETING = Clean("deleting")
"""The word of a claim that waits for its finalizer; that alone is no problem."""
STEPS: tuple[Step, ...] = ("Launched", "Registered", "Initialized")

_WAITING = ("", "AwaitingReconciliation", "NodeNotFound", "NotLaunched", "NodeNotReady")
"""Reasons of conditions that only wait for the step before or for the kubelet."""


class Progress(Struct, frozen=True):
    """The first step that a claim hasn't done; `detail` is what Karpenter reports of it."""

    step: Step
    failed: bool = False
    detail: Clean = EMPTY
    since: float | None = None


def progress_of(claim: ClaimRow) -> Progress:
    """Return the first condition that isn't True; `Ready` where all are."""
    for step in STEPS:
        condition = condition_of(claim, step)
        if condition is None:
            return Progress(step)
        if condition.status != "True":
            failed = step != "Initialized" and condition.reason not in (*_WAITING, step)
            return Progress(step, failed, _detail(condition), condition.transition)
    return Progress("Ready")


def condition_of(claim: ClaimRow, kind: str) -> Condition | None:
    return next((condition for condition in claim.conditions if condition.type == kind), None)


def subject_of(claim: ClaimRow) -> str:
    """Return the subject and key of a claim's own row: `nodeclaim/NAME`, or its instance's id."""
    return instance_id(claim.provider_id) or claim_key(claim.name)


def claim_key(name: str) -> str:
    """Return a claim as kubectl writes an object: `nodeclaim/general-x7k2p`."""
    return f"nodeclaim/{name}"


def judge_claim(claim: ClaimRow, seen: Seen) -> MappingRow:
    """Return the row of a claim that has neither node nor instance.

    `seen` is what was read since the claim appeared.
    """
    progress, instance = progress_of(claim), instance_id(claim.provider_id)
    if claim.deleted is not None:
        detail = f": {progress.detail}" if progress.failed else ""
        return _row(claim, DELETING, f"The NodeClaim is being deleted{detail}.")
    if not instance and progress.step == "Launched":
        return _launching(claim, progress)
    if unread := _unread(claim, instance, seen):
        return _row(claim, *unread, RowKind.UNKNOWN)
    if claim.node:
        return _row(claim, "no node", f"Its node {claim.node} is gone.")
    if instance:
        return _row(claim, "no instance", _no_instance(claim, instance, progress))
    detail = f": {progress.detail}" if progress.detail else ""
    reason = f"Its node isn't registered yet{detail}."
    return _row(claim, "not registered", reason)


def _unread(claim: ClaimRow, instance: str, seen: Seen) -> tuple[str, str] | None:
    """Return word and sentence while the other side of a claim isn't read."""
    if instance and not seen.ec2:
        return "EC2 not read", seen.ec2_why or "EC2 hasn't answered yet for this NodeClaim."
    if claim.node and not seen.nodes:
        return "nodes not read", "Unknown whether it joined, because the nodes haven't been read."
    return None


def claim_health(row: MappingRow, now: float) -> Health:
    """Return how bad it is that a claim has neither node nor instance."""
    waits = row.overdue is not None and now < row.overdue
    return Health.UNKNOWN if waits or row.word == DELETING else Health.BAD


def claim_note(claim: ClaimRow, now: float) -> str:
    """Return what is unusual about the claim of a node or an instance; empty for nothing."""
    if claim.deleted is not None:
        return f"being deleted for {human_duration(max(0.0, now - claim.deleted))}"
    progress = progress_of(claim)
    if progress.step != "Ready":
        condition = condition_of(claim, progress.step)
        status = condition.status if condition else "not reported"
        detail = f": {progress.detail}" if progress.detail else ""
        return f"{progress.step} is {status}{detail}"
    drifted = condition_of(claim, "Drifted")
    if drifted is None or drifted.status != "True":
        return ""
    return f"Drifted: {_detail(drifted) or 'Karpenter replaces it'}"


def failed_claims(rows: Iterable[MappingRow], now: float) -> list[MappingRow]:
    """Return the rows of claims that have neither node nor instance and should have."""
    return [
        row for row in rows if row.kind is RowKind.CLAIM and claim_health(row, now) is Health.BAD
    ]


def with_claim(row: MappingRow, claim: ClaimRow | None) -> MappingRow:
    """Return the row of an instance without a node, with what its claim's conditions report."""
    if claim is None or row.kind is not RowKind.NOT_JOINED:
        return row
    progress = progress_of(claim)
    if progress.step != "Registered" or not progress.failed:
        return row
    reason = clean(f"Karpenter can't register NodeClaim {claim.name}: {progress.detail}.")
    return MappingRow(
        row.key, row.kind, row.node, row.instance, Clean("not registered"), reason, row.match
    )


def claim_checks(claim: ClaimRow) -> Iterator[JoinCheck]:
    """Yield a check for each condition; one that waits, or isn't reported, is unknown."""
    first = progress_of(claim)
    for step in STEPS:
        condition = condition_of(claim, step)
        result: Result = "unknown"
        if condition is not None and condition.status == "True":
            result = "passed"
        elif first.step == step and first.failed:
            result = "failed"
        yield JoinCheck(f"NodeClaim {step.lower()}", result, _evidence(claim, step, condition))


def _evidence(claim: ClaimRow, step: Step, condition: Condition | None) -> Clean:
    if condition is None:
        return clean(f"{claim.name} reports no condition {step} yet.")
    if condition.status == "True":
        return clean(f"Condition {step} of {claim.name} is True.")
    detail = _detail(condition)
    ending = f": {detail}." if detail else "."
    return clean(f"Condition {step} of {claim.name} is {condition.status}{ending}")


def _launching(claim: ClaimRow, progress: Progress) -> MappingRow:
    if progress.failed:
        reason = f"Karpenter can't launch its instance: {progress.detail}."
        return _row(claim, "launch failed", reason)
    reason = "Karpenter hasn't launched its instance yet."
    return _row(claim, "launching", reason, overdue=claim.created + LAUNCH_LIMIT)


def _no_instance(claim: ClaimRow, instance: str, progress: Progress) -> str:
    detail = f" Karpenter reports: {progress.detail}." if progress.detail else ""
    return (
        f"EC2 has no {instance} in this account and region, which Karpenter launched for NodeClaim "
        f"{claim.name}.{detail}"
    )


def _detail(condition: Condition) -> Clean:
    """Return `VCPULimitExceeded: An instance was requested …`, without a final dot."""
    waits = condition.reason in ("", condition.type, "AwaitingReconciliation")
    parts = () if waits else (condition.reason,)
    return clean(": ".join(filter(None, (*parts, condition.message.rstrip(". ")))))


def _row(
    claim: ClaimRow,
    word: str,
    reason: str,
    kind: RowKind = RowKind.CLAIM,
    *,
    overdue: float | None = None,
) -> MappingRow:
    instance = instance_id(claim.provider_id)
    words = clean(word), clean(reason)
    return MappingRow(subject_of(claim), kind, "", instance, *words, overdue=overdue)
