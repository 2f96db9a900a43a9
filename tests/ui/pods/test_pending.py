"""Why a pod is Pending, in the lines of its screen."""

from typing import Any

import pytest

from eksview.domain.base.text import clean
from eksview.domain.rows.kube import Amounts, EventRow, Kind
from eksview.store.store import Store
from eksview.ui.pods.pending import AGAIN, NearestNodes, pending_lines
from tests.domain.aws_objects import node
from tests.ui.table_rows import NOW

MESSAGE = (
    "0/12 nodes are available: 3 Insufficient cpu, 9 node(s) were unschedulable. no new claims to "
    "deallocate, preemption: 0/12 nodes are available: 12 Preemption is not helpful for scheduling."
)
REFUSED = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": MESSAGE}
GATED = {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}
BOUND = {"type": "PodScheduled", "status": "True"}


def pod(*conditions: dict[str, Any], phase: str = "Pending", **spec: Any) -> dict[str, Any]:
    container = {"name": "a", "resources": {"requests": {"cpu": "30"}}}
    return {
        "metadata": {"name": "p", "namespace": "d"},
        "spec": {"containers": [container]} | spec,
        "status": {"phase": phase, "conditions": list(conditions)},
    }


def event(reason: str, ago: float, kind: str = "Warning") -> EventRow:
    message = clean(f"{reason} happened")
    texts = map(clean, (f"u{ago}", "d", "e", "Pod/d/p", kind, reason))
    return EventRow(*texts, message, clean("kubelet"), 1, NOW - ago, NOW - ago)


def store() -> Store:
    held = Store(lambda: NOW)
    size = Amounts(cpu=4000, memory=2**34, pods=58)
    held.put(Kind.NODE, node(name="n1", allocatable=size, taints=(), labels={}))
    return held


def lines(body: dict[str, Any], *events: EventRow, width: int = 100) -> list[str]:
    nearest = NearestNodes(store(), lambda: NOW)
    words = pending_lines(body, NOW, width, nearest.of, events)
    return ["".join(text for text, _ in line).rstrip() for line in words]


def test_the_schedulers_message_is_a_table_with_the_nearest_nodes() -> None:
    assert lines(pod(REFUSED)) == [
        "Why it is Pending",
        "  No node of 12 nodes takes it:",
        "     9  node(s) were unschedulable",
        "     3  Insufficient cpu",
        "  Removing other pods (preemption):",
        "    12  Preemption is not helpful for scheduling",
        "  Resource claims: no new claims to deallocate",
        "  Nearest nodes, by requests and rules that eksview has read:",
        "    n1",
        "      cpu: needs 30, 4 free, the node has 4 in all",
        "",
    ]


@pytest.mark.parametrize(
    ("body", "events", "words"),
    [
        (pod(GATED, schedulingGates=[{"name": "example.com/quota"}]), (), "example.com/quota"),
        (pod(), (), "default-scheduler hasn't tried it yet"),
        (pod(schedulerName="mine"), (), "mine hasn't tried it yet"),
        (pod(BOUND), (), "its containers below say what they wait for"),
        (
            pod(BOUND),
            (event("FailedMount", 9), event("Old", 90), event("Pulling", 1, "Normal")),
            "FailedMount 9s ago  FailedMount happened",
        ),
    ],
)
def test_what_else_holds_a_pod_is_named(body: Any, events: Any, words: str) -> None:
    assert words in "\n".join(lines(body, *events))


@pytest.mark.parametrize("phase", ["Running", "Succeeded", "Failed", ""])
def test_another_pod_has_no_such_lines(phase: str) -> None:
    assert lines(pod(REFUSED, phase=phase)) == []


@pytest.mark.parametrize("width", [40, 80])
def test_lines_fit_where_there_is_little_room(width: int) -> None:
    assert all(len(line) <= width for line in lines(pod(REFUSED), width=width)[3:])


def test_thousands_of_nodes_are_looked_at_now_and_then_only() -> None:
    held, now = store(), NOW
    nearest = NearestNodes(held, lambda: now)
    body = pod(REFUSED)
    first = nearest.of(body)
    held.drop(Kind.NODE, held.nodes["n1"])
    assert nearest.of(body) is first
    now += AGAIN
    assert nearest.of(body) == []
