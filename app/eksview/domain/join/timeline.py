"""A node's timeline, from the launch of its instance to its latest heartbeat."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.join.checks.claims import condition_of, progress_of
from eksview.domain.join.mapping_row import MappingRow, RowKind, word_at
from eksview.domain.join.unjoined import JOIN_LIMIT, LoneState, overdue_word
from eksview.domain.kube.node_status import heartbeat_health, ready_condition
from eksview.domain.kube.provider_id import parse_provider_id
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import ClaimRow, EventRow, LeaseRow, NodeRow

StepState: TypeAlias = Literal["done", "waiting", "stopped", "unknown"]

_UNLISTED = "EC2 doesn't list the instance"
_REGISTERED = "Node registered"
_ENDED = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")
"""The time in EC2's `StateTransitionReason`: `User initiated (2025-10-09 08:53:20 GMT)`."""


class TimelineStep(Struct, frozen=True):
    """A step. `stopped` means that it failed or ended here, `unknown` that there is no evidence.

    `took` is the seconds since the previous step that has a time; None where clocks or a restart
    reverse their order.
    """

    label: Clean
    at: float | None
    state: StepState
    evidence: Clean
    took: float | None = None


def _step(label: str, at: float | None, state: StepState, evidence: str) -> TimelineStep:
    return TimelineStep(clean(label), at, state, clean(evidence))


def timeline(
    node: NodeRow | None,
    instance: InstanceRow | None,
    lease: LeaseRow | None,
    claim: ClaimRow | None,
    events: Iterable[EventRow],
    now: float,
    *,
    judged: bool = True,
) -> tuple[TimelineStep, ...]:
    """Return claim (if any), instance launched, kubelet started, registered, Ready, heartbeat.

    `events` are those about the node; a lease that isn't `judged` is the last known one. An
    instance that isn't running is the last step.
    """
    steps = [*_claimed(claim), *_launched(node, instance, claim), _kubelet(node, tuple(events))]
    if node is None:
        steps += _not_registered(instance, claim, now)
    else:
        steps += [_registered(node, instance), _ready(node), *_initialized(claim)]
        steps += [_heartbeat(lease, now, judged=judged), *_deleting(node)]
    return _with_durations((*steps, *_ended(instance)))


def with_verdict(
    steps: Sequence[TimelineStep], row: MappingRow | None, now: float
) -> tuple[TimelineStep, ...]:
    """Return the steps as the join's verdict knows them: none failed that needn't succeed."""
    return tuple(steps) if row is None else tuple(_judged(step, row, now) for step in steps)


def _judged(step: TimelineStep, row: MappingRow, now: float) -> TimelineStep:
    if step.evidence == _UNLISTED and row.kind is RowKind.UNKNOWN:
        return replace(step, evidence=row.word)
    if row.node:
        return step
    registered = _verdict(row, now) if step.label == _REGISTERED else None
    if registered is not None:
        state, evidence = registered
        return replace(step, at=None, state=state, evidence=clean(evidence), took=None)
    idle = row.kind is RowKind.NO_NODE and step.state == "stopped"
    return replace(step, state="done") if idle else step


def _verdict(row: MappingRow, now: float) -> tuple[StepState, str] | None:
    """Return what is known of the node of an instance that didn't fail to join, else None."""
    word = word_at(row, now)
    if row.kind is RowKind.NO_NODE:
        return "unknown", f"none is expected: {word}"
    if row.kind in (RowKind.CANDIDATE, RowKind.UNKNOWN):
        return "unknown", f"no node seen: {word}"
    if word == LoneState.NODE_DELETED:
        return "stopped", "its node was deleted"
    return ("unknown", word) if word == overdue_word(doubt=True) else None


def _claimed(claim: ClaimRow | None) -> list[TimelineStep]:
    if claim is None:
        return []
    evidence = f"{claim.name} of node pool {claim.nodepool or '?'}"
    return [_step("NodeClaim created", claim.created, "done", evidence)]


def _launched(
    node: NodeRow | None, instance: InstanceRow | None, claim: ClaimRow | None
) -> list[TimelineStep]:
    label = "Instance launched"
    if instance is None and node is None and claim is not None:
        return [_launched_by(claim, label)]
    if instance is None:
        if node is None or parse_provider_id(node.provider_id).where != "ec2":
            return []
        return [_step(label, None, "unknown", _UNLISTED)]
    state: StepState = "done" if instance.launched is not None else "unknown"
    evidence = f"{instance.id} {instance.type} in {instance.zone}"
    return [_step(label, instance.launched, state, evidence)]


def _launched_by(claim: ClaimRow, label: str) -> TimelineStep:
    """Return the launch of an instance that EC2 doesn't list, as Karpenter reports it."""
    launched, progress = condition_of(claim, "Launched"), progress_of(claim)
    if launched is not None and launched.status == "True":
        return _step(label, launched.transition, "done", f"{claim.provider_id}, by Karpenter")
    state: StepState = "stopped" if progress.failed else "waiting"
    return _step(label, None, state, progress.detail or "waiting for Karpenter")


def _kubelet(node: NodeRow | None, events: Sequence[EventRow]) -> TimelineStep:
    """Return the kubelet's latest start by its own event; a restarted instance has several."""
    label = "Kubelet started"
    starts = [event for event in events if event.reason == "Starting" and event.source == "kubelet"]
    if starts:
        latest = max(starts, key=lambda event: event.last or 0.0)
        return _step(label, latest.last or latest.first, "done", latest.message or "event")
    if node is None:
        return _step(label, None, "unknown", "unknown until the node registers")
    return _step(label, None, "done", f"{clean(node.kubelet)}; its start event has expired")


def _registered(node: NodeRow, instance: InstanceRow | None) -> TimelineStep:
    again = instance is not None and (instance.launched or 0.0) > node.created
    evidence = "the instance was restarted since" if again else node.name
    return _step(_REGISTERED, node.created or None, "done", evidence)


def _not_registered(
    instance: InstanceRow | None, claim: ClaimRow | None, now: float
) -> list[TimelineStep]:
    label = _REGISTERED
    registered = condition_of(claim, "Registered") if claim else None
    if registered is not None and registered.status == "True":
        return [_step(label, registered.transition, "stopped", "its node was deleted")]
    if instance is None and claim is not None:
        return [_step(label, None, "unknown", "no node and no instance")]
    if instance is None or instance.launched is None:
        return [_step(label, None, "unknown", "no node; the launch time is unknown")]
    if instance.state not in ("running", "pending"):
        return [_step(label, None, "unknown", "no node; none can register while it isn't running")]
    waited = now - instance.launched
    since = human_duration(waited)
    if waited < JOIN_LIMIT:
        return [_step(label, None, "waiting", f"waiting for {since}; expected within 15 minutes")]
    return [
        _step(label, None, "stopped", f"no node after {since}: the checks below show the reason")
    ]


def _ready(node: NodeRow) -> TimelineStep:
    ready = ready_condition(node)
    if ready is None:
        return _step("Ready", None, "waiting", "not reported by the kubelet yet")
    words = clean(": ".join(filter(None, (ready.reason, ready.message))))
    if ready.status == "True":
        return _step("Ready", ready.transition, "done", words or "Ready")
    return _step("NotReady", ready.transition, "stopped", words or f"Ready is {ready.status}")


def _initialized(claim: ClaimRow | None) -> list[TimelineStep]:
    condition = condition_of(claim, "Initialized") if claim else None
    if condition is None:
        return []
    if condition.status == "True":
        return [_step("Initialized", condition.transition, "done", "by Karpenter")]
    words = condition.message or condition.reason or "waiting for Karpenter"
    return [_step("Initialized", None, "waiting", words)]


def _heartbeat(lease: LeaseRow | None, now: float, *, judged: bool) -> TimelineStep:
    if lease is None or lease.renewed is None:
        return _step("Heartbeat", None, "unknown", "no lease visible")
    since = human_duration(max(0.0, now - lease.renewed))
    if not judged:
        return _step("Heartbeat", lease.renewed, "unknown", f"the last known one {since} ago")
    late = heartbeat_health(lease, now) is not Health.OK
    state: StepState = "stopped" if late else "done"
    evidence = f"the last one {since} ago, due every 10s"
    return _step("Heartbeat", lease.renewed, state, evidence)


def _deleting(node: NodeRow) -> list[TimelineStep]:
    if node.deleted is None:
        return []
    return [_step("Node deleting", node.deleted, "waiting", "waiting for its finalizers")]


def _ended(instance: InstanceRow | None) -> list[TimelineStep]:
    if instance is None or instance.state in ("running", "pending", ""):
        return []
    reason = instance.state_reason
    return [
        _step(
            f"Instance {instance.state}",
            ended_at(instance.state_reason),
            "stopped",
            reason or "EC2 reports no reason",
        )
    ]


def ended_at(reason: str) -> float | None:
    """Return the time in EC2's reason for a change of state; None without one."""
    match = _ENDED.search(reason)
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match[1])
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC).timestamp()


def _with_durations(steps: Iterable[TimelineStep]) -> tuple[TimelineStep, ...]:
    timed: list[TimelineStep] = []
    before: float | None = None
    for step in steps:
        took = None
        if before is not None and step.at is not None and step.at >= before:
            took = step.at - before
        timed.append(replace(step, took=took))
        before = before if step.at is None else step.at
    return tuple(timed)
