"""Why a pod is Pending, in the lines of its screen."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.kube import Amounts, EventRow, Kind
from eksview.store.store import Store
from eksview.ui.base.messages import OpenPod
from eksview.ui.pods.pending import AGAIN, NearestNodes, pending_lines
from tests.domain.aws_objects import node
from tests.ui.harness import NOW, FakeBackend, TestedApp, populate
from tests.ui.shell.test_app import running, shows

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


CLAIM = ObjectRef("v1", "PersistentVolumeClaim", "persistentvolumeclaims", "data", "shop")
UNBOUND = {
    "type": "PodScheduled",
    "status": "False",
    "reason": "Unschedulable",
    "message": "0/6 nodes are available: pod has unbound immediate PersistentVolumeClaims. "
    "preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.",
}
FAILED = 'storageclass.storage.k8s.io "gp3-archive" not found'


class GoneError(UserError):
    absent = True


class ClaimBackend(FakeBackend):
    """A backend whose objects may be refused or not exist."""

    problems: Mapping[str, UserError]

    async def fetch_object(self, ref: ObjectRef) -> dict[str, Any]:
        if problem := self.problems.get(ref.kind):
            self.calls.append(f"fetch_object {ref.kind} {ref.name}")
            raise problem
        return await super().fetch_object(ref)


def pending_app(problems: Mapping[str, UserError]) -> TestedApp:
    """Return an application on a pod that waits for a claim of a class that doesn't exist."""
    held = populate(Store(lambda: NOW))
    row = replace(held.pods["pod-0"], node=clean(""), status=clean("Pending"))
    held.put(Kind.POD, row)
    about = "PersistentVolumeClaim/shop/data"
    texts = map(clean, ("u", "shop", "e", about, "Warning", "ProvisioningFailed", FAILED))
    held.put(Kind.EVENT, EventRow(*texts, clean("pv-controller"), 1, NOW - 9, NOW - 9))
    app = TestedApp(held)
    whole, fake = app.fake.objects, ClaimBackend()
    body = pod(UNBOUND, volumes=[{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}])
    body["metadata"] = {"name": row.name, "namespace": row.namespace, "uid": row.uid}
    fake.objects = whole | {(Kind.POD, row.namespace, row.name): body}
    fake.problems = problems
    claim = {"spec": {"storageClassName": "gp3-archive"}, "status": {"phase": "Pending"}}
    fake.bodies[CLAIM] = claim
    app.fake = fake
    return app


@pytest.mark.parametrize(
    ("problems", "words"),
    [
        (
            {"StorageClass": GoneError("not found")},
            ("claim data  Pending: storage class gp3-archive doesn't exist",),
        ),
        (
            {"PersistentVolumeClaim": UserError("RBAC denies `get persistentvolumeclaims`.")},
            ("claim data  unknown: RBAC denies `get persistentvolumeclaims`.",),
        ),
    ],
)
async def test_the_claims_of_a_pending_pod_are_read_when_it_is_open(
    problems: Mapping[str, UserError], words: tuple[str, ...]
) -> None:
    app = pending_app(problems)
    async with running(app):
        assert not any("PersistentVolumeClaim" in call for call in app.fake.calls)
        app.navigation.open(OpenPod("pod-0"))
        await shows(app, *words, f"ProvisioningFailed 9s ago  {FAILED}")
        await shows(app, "unknown: zone of its volumes")
