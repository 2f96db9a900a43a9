"""A node's life, station by station, and where it stopped."""

import pytest

from eksview.domain.join.timeline import TimelineStep, ended_at, timeline
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import ClaimRow, Condition, EventRow, LeaseRow, NodeRow
from tests.domain.aws_objects import DNS, ID, NOW, instance, node, not_ready


def lease(renewed: float) -> LeaseRow:
    return LeaseRow("kube-node-lease", DNS, "uid", DNS, renewed, None, 40, 0)


def event(reason: str, at: float, source: str = "kubelet") -> EventRow:
    about = f"Node//{DNS}"
    return EventRow(
        "uid", "default", "n", about, "Normal", reason, "Starting kubelet.", source, 1, at, at
    )


def claim(*conditions: Condition) -> ClaimRow:
    return ClaimRow("spot-x1", "uid", NOW - 3700, "spot", "", "", "", conditions)


def told(*steps: TimelineStep) -> list[tuple[str, str]]:
    return [(step.label, step.state) for step in steps]


def test_a_healthy_life_has_every_station_with_its_duration() -> None:
    events = [event("Starting", NOW - 3620), event("RegisteredNode", NOW - 3600, "node-controller")]
    steps = timeline(node(), instance(), lease(NOW - 4), None, events, NOW)
    assert [(step.label, step.took) for step in steps] == [
        ("Instance launched", None),
        ("Kubelet started", 40.0),
        ("Node registered", 20.0),
        ("Ready", 50.0),
        ("Heartbeat", 3546.0),
    ]
    assert {step.state for step in steps} == {"done"}


def test_karpenter_frames_the_life_by_its_claim() -> None:
    done = claim(Condition("Initialized", "True", transition=NOW - 3500))
    labels = [step.label for step in timeline(node(), instance(), None, done, (), NOW)]
    assert labels == [
        "NodeClaim created",
        "Instance launched",
        "Kubelet started",
        "Node registered",
        "Ready",
        "Initialized",
        "Heartbeat",
    ]
    waiting = claim(Condition("Initialized", "False", message="startup taints"))
    steps = timeline(node(), instance(), None, waiting, (), NOW)
    assert ("Initialized", "waiting") in told(*steps)


@pytest.mark.parametrize(
    ("its_instance", "its_claim", "state"),
    [
        (instance(launched=NOW - 60), None, "waiting"),
        (instance(launched=NOW - 900), None, "stopped"),
        (instance(state="stopped"), None, "unknown"),  # it may have had one
        (instance(launched=None), None, "unknown"),
        (instance(launched=NOW - 60), claim(Condition("Registered", "True")), "stopped"),
    ],
)
def test_an_instance_without_a_node_waits_or_has_stopped_before_registering(
    its_instance: InstanceRow, its_claim: ClaimRow | None, state: str
) -> None:
    steps = timeline(None, its_instance, None, its_claim, (), NOW)
    assert ("Node registered", state) in told(*steps)
    assert ("Kubelet started", "unknown") in told(*steps)


@pytest.mark.parametrize(
    ("its_node", "expected"),
    [
        (node(), ("Ready", "done")),
        (not_ready(), ("NotReady", "stopped")),
        (node(conditions=()), ("Ready", "waiting")),
    ],
)
def test_readiness_is_as_the_node_says(its_node: NodeRow, expected: tuple[str, str]) -> None:
    assert expected in told(*timeline(its_node, instance(), None, None, (), NOW))


@pytest.mark.parametrize(
    ("its_lease", "state"),
    [(lease(NOW - 9), "done"), (lease(NOW - 60), "stopped"), (None, "unknown")],
)
def test_heartbeats_go_on_or_have_stopped(its_lease: LeaseRow | None, state: str) -> None:
    assert ("Heartbeat", state) in told(*timeline(node(), instance(), its_lease, None, (), NOW))


def test_a_heartbeat_that_is_not_judged_is_the_last_known_one() -> None:
    *_, step = timeline(node(), instance(), lease(NOW - 60), None, (), NOW, judged=False)
    evidence = "the last known one 60s ago"
    assert (step.label, step.at, step.state, step.evidence) == (
        "Heartbeat", NOW - 60, "unknown", evidence,
    )  # fmt: skip


def test_an_instance_that_ended_ends_the_line_with_its_reason() -> None:
    reason = "User initiated (2025-10-09 08:53:20 GMT)"
    ended = instance(state="stopped", state_reason=reason)
    last = timeline(not_ready(), ended, None, None, (), NOW)[-1]
    assert (last.label, last.state, last.evidence) == ("Instance stopped", "stopped", reason)
    assert last.at == NOW
    assert last.took == 60.0


@pytest.mark.parametrize(
    "reason", ["", "Server.SpotInstanceTermination", "(2025-99-99 08:53:20 GMT)"]
)
def test_a_reason_without_a_time_gives_none(reason: str) -> None:
    assert ended_at(reason) is None


def test_a_restart_gives_no_negative_duration() -> None:
    again = instance(launched=NOW - 100)
    steps = timeline(node(), again, None, None, (), NOW)
    registered = next(step for step in steps if step.label == "Node registered")
    assert registered.took is None
    assert "restarted" in registered.evidence


def test_fargate_has_no_instance_to_launch_and_unread_ec2_says_so() -> None:
    fargate = node(provider_id="aws:///a/1/fargate-ip-1")
    assert "Instance launched" not in dict(told(*timeline(fargate, None, None, None, (), NOW)))
    unread = timeline(node(), None, None, None, (), NOW)
    assert ("Instance launched", "unknown") in told(*unread)


def test_a_node_being_deleted_says_so() -> None:
    steps = timeline(node(deleted=NOW - 5), instance(), None, None, (), NOW)
    assert ("Node deleting", "waiting") in told(*steps)


def test_names_of_others_cant_move_the_cursor() -> None:
    hostile = claim(Condition("Initialized", "False", message="\x1b[2J"))
    steps = timeline(None, instance(type="\x1b[2J", id=ID), None, hostile, (), NOW)
    assert not any("\x1b" in step.evidence for step in steps)
