"""A drain step by step: budgets refuse for minutes, a pod never dies, the API is lost midway."""

import asyncio
from collections import deque
from typing import Any

import pytest
from msgspec.structs import replace

from eksview.domain.actions.change import Change, Outcome
from eksview.domain.actions.drain_options import DEFAULTS, DrainOptions
from eksview.domain.actions.drain_progress import BUDGET, PodProgress, PodState, drained
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import Clean
from eksview.domain.drain.plan import DrainFacts, DrainPlan
from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.actions.drain_run import DrainRun
from eksview.ui.actions.drain_text import progress_lines
from eksview.ui.shell import routes
from tests.domain.drain.test_plan import node, plan, pod, read
from tests.loop_clock import skip
from tests.patience import until
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows

LOST = Outcome(None, Clean("The connection was lost."))
REFUSED = Outcome(429, Clean("web needs 2 healthy pods and has 2."), 1.0, BUDGET)


class Cluster:
    """A backend by which a pod leaves when it is evicted, unless its name is in `immortal`."""

    def __init__(self, *pods: str) -> None:
        self.uids = {f"u-{name}" for name in pods}
        self.answers: dict[str, deque[Outcome | UserError]] = {}
        self.changes: list[Change] = []
        self.immortal: set[str] = set()
        self.listed = lambda uid: uid in self.uids
        self.unseen: UserError | None = None
        self.later: list[dict[str, Any]] = []
        """Pods that are on the node once it is cordoned."""
        self.unlisted: UserError | None = None
        self.slept: list[float] = []

    async def act(self, change: Change, server: str) -> Outcome:
        assert server == "https://prod"
        self.changes.append(change)
        name = change.path.split("/")[-2 if change.method == "POST" else -1]
        answers = self.answers.get(name)
        outcome = answers.popleft() if answers else Outcome(201)
        if isinstance(outcome, UserError):
            raise outcome
        if outcome.done and name not in self.immortal:
            self.uids.discard(f"u-{name}")
        return outcome

    async def object_exists(self, ref: ObjectRef, server: str) -> bool:
        assert server == "https://prod"
        if self.unseen is not None:
            raise self.unseen
        return ref.uid in self.uids

    async def drain_facts(self, name: str) -> DrainFacts:
        assert self.changes, "listed before it was cordoned"
        if self.unlisted is not None:
            raise self.unlisted
        return DrainFacts(node(name), read(*self.later))

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def drain(self, *made: DrainPlan, options: DrainOptions = DEFAULTS) -> DrainRun:
        return DrainRun(self, "https://prod", made, self.listed, lambda: 0.0, self.sleep, options)

    @property
    def evicted(self) -> list[str]:
        return [change.path.split("/")[-2] for change in self.changes if change.method == "POST"]


async def test_pods_that_came_before_the_cordon_are_evicted_too() -> None:
    # kubectl 1.32 `pkg/cmd/drain`: RunCordonOrUncordon, then GetPodsForDeletion of each node
    cluster = Cluster("a", "new", "bare")
    cluster.later = [pod("a"), pod("new"), pod("bare", owner=""), pod("d", "DaemonSet/cni")]
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert sorted(cluster.evicted) == ["a", "new"]
    assert drained(run.pods, run.stopped) == "2 gone, 1 failed."
    assert run.pods[-1].note == "It came after the question, and needs --force."


async def test_a_drain_goes_on_with_the_pods_it_knows_if_new_ones_cannot_be_listed() -> None:
    cluster = Cluster("a")
    cluster.unlisted = UserError("RBAC denies `list pods`.")
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert cluster.evicted == ["a"]
    assert "New pods of node-a aren't known: RBAC denies `list pods`." in run.stopped


async def test_a_node_is_cordoned_first_then_each_pod_is_evicted_once() -> None:
    cluster = Cluster("a", "b")
    run = cluster.drain(plan(pod("a"), pod("b"), pod("d", "DaemonSet/cni")))
    await run.run()
    assert cluster.changes[0].body == {"spec": {"unschedulable": True}}
    assert sorted(cluster.evicted) == ["a", "b"]
    assert cluster.changes[1].body["deleteOptions"]["preconditions"]["uid"].startswith("u-")
    assert drained(run.pods) == "Drained: 2 pods gone."


async def test_what_a_budget_refuses_is_tried_again_after_five_seconds_as_by_kubectl() -> None:
    cluster = Cluster("a")
    cluster.answers["a"] = deque([REFUSED] * 60)
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert cluster.slept[:60] == [5.0] * 60
    assert (run.pods[0].state, run.pods[0].tries) == (PodState.GONE, 61)
    assert drained(run.pods) == "Drained: 1 pod gone."


BUSY = Outcome(429, Clean("Too many requests, please try again later."), 1.0)
TERMINATING = Outcome(403, Clean("not permitted"), cause="NamespaceTerminating")


@pytest.mark.parametrize("refusal", [BUSY, TERMINATING])
async def test_what_is_put_off_by_no_budget_is_tried_again_too_and_not_called_blocked(refusal):
    """kubectl 1.32 retries every 429, and 403 while the namespace ends, after five seconds."""
    cluster = Cluster("a")
    cluster.answers["a"] = deque([refusal] * 3)
    run, states = cluster.drain(plan(pod("a"))), []
    run.changed = lambda: states.append(run.pods[0].state)
    await run.run()
    assert cluster.slept[:3] == [5.0] * 3
    assert PodState.BLOCKED not in states
    assert states.count(PodState.PUT_OFF) == 3
    assert drained(run.pods) == "Drained: 1 pod gone."


async def test_nodes_are_cordoned_first_then_drained_in_turn_each_within_the_timeout() -> None:
    """What kubectl 1.32 `drain a b --timeout=12s` printed where a budget blocks a pod of the first.

    `node/a cordoned`, `node/b cordoned`, `evicting pod a`, `(will retry after 5s)`, `error: unable
    to drain node "a" due to error: ... global timeout reached: 12s, continuing command...`,
    `evicting pod b`, `node/b drained`, `There are pending nodes to be drained: a`; it exits with 1.
    """
    cluster = Cluster("a", "b")
    cluster.immortal.add("a")
    first, second = plan(pod("a")), replace(plan(pod("b")), node="node-b")
    run = cluster.drain(first, second, options=DrainOptions(timeout=300.0))
    task = asyncio.create_task(run.run())
    await until(lambda: len(cluster.slept) > 3)
    cordoned = [change.path.split("/")[-1] for change in cluster.changes[:2]]
    assert cordoned == ["node-a", "node-b"]
    assert cluster.evicted == ["a"]
    skip(300.0)
    await task
    assert cluster.evicted == ["a", "b"]
    assert [each.state for each in run.pods] == [PodState.LEAVING, PodState.GONE]
    assert run.pods[0].note == "Timed out after 5m (--timeout)."
    assert drained(run.pods, run.stopped) == (
        "1 of 2 nodes timed out after 5m (--timeout): node-a and node-b stay cordoned. "
        "1 terminating, 1 gone."
    )


async def test_a_pod_that_never_dies_is_terminating_until_a_person_cancels() -> None:
    cluster = Cluster("a", "b")
    cluster.immortal.add("a")
    run = cluster.drain(plan(pod("a"), pod("b")))
    task = asyncio.create_task(run.run())
    await until(lambda: len(cluster.slept) > 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [each.state for each in run.pods] == [PodState.LEAVING, PodState.GONE]
    assert run.stopped == "Cancelled: node-a stays cordoned."
    assert not run.running
    assert cluster.evicted.count("a") == 1
    assert (
        drained(run.pods, run.stopped) == "Cancelled: node-a stays cordoned. 1 terminating, 1 gone."
    )


async def test_a_lost_answer_ends_the_drain_and_what_was_done_is_said() -> None:
    cluster = Cluster("a", "b", "c", "d", "e", "f", "g")
    cluster.answers["b"] = deque([LOST])
    cluster.immortal.add("a")
    run = cluster.drain(plan(*map(pod, "abcdefg")))
    await run.run()
    states = {each.pod.name: each.state for each in run.pods}
    assert states["b"] is PodState.UNKNOWN
    assert cluster.evicted.count("b") == 1
    assert len(cluster.evicted) == len(set(cluster.evicted))
    assert "The API server was lost: The connection was lost." in drained(run.pods, run.stopped)
    assert "unknown" in drained(run.pods, run.stopped)


async def test_a_cordon_that_is_refused_evicts_nothing() -> None:
    cluster = Cluster("a")
    cluster.answers["node-a"] = deque([Outcome(403, Clean("Not permitted."))])
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert (cluster.evicted, run.stopped) == ([], "Not cordoned: node-a: Not permitted.")
    assert drained(run.pods, run.stopped) == "Not cordoned: node-a: Not permitted. 1 not evicted."


async def test_a_node_that_cant_be_cordoned_keeps_its_pods_and_the_others_are_drained() -> None:
    """kubectl 1.32 goes on too: `error: unable to cordon node "b": ... is forbidden`."""
    cluster = Cluster("a", "b", "c")
    cluster.answers["node-b"] = deque([Outcome(403, Clean("Not permitted."))])
    plans = [replace(plan(pod(name)), node=f"node-{name}") for name in "abc"]
    run = cluster.drain(*plans)
    await run.run()
    assert cluster.evicted == ["a", "c"]
    states = [each.state for each in run.pods]
    assert states == [PodState.GONE, PodState.WAITING, PodState.GONE]
    assert run.pods[1].note == run.stopped == "Not cordoned: node-b: Not permitted."


async def test_a_lost_answer_to_a_cordon_evicts_nothing_and_cordons_no_other_node() -> None:
    cluster = Cluster("a", "b")
    cluster.answers["node-a"] = deque([LOST])
    run = cluster.drain(plan(pod("a")), replace(plan(pod("b")), node="node-b"))
    await run.run()
    assert len(cluster.changes) == 1
    assert run.stopped == "Unknown whether node-a is cordoned: The connection was lost."


async def test_a_cancelled_drain_names_the_nodes_that_stay_cordoned() -> None:
    cluster = Cluster("a", "b", "c")
    cluster.immortal.add("a")
    plans = [replace(plan(pod(name)), node=f"node-{name}") for name in "abc"]
    run = cluster.drain(*plans)
    assert run.cancelled == "Cancelled: no node is known to be cordoned."
    task = asyncio.create_task(run.run())
    await until(lambda: len(cluster.slept) > 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert run.stopped == "Cancelled: node-a, node-b and node-c stay cordoned."


async def test_an_eviction_that_is_forbidden_fails_and_the_other_pods_go() -> None:
    """kubectl 1.32: a 403 on `pods/eviction` isn't tried again, and the other pods are evicted."""
    cluster = Cluster("a", "b")
    cluster.answers["a"] = deque([Outcome(403, Clean("Not permitted."))])
    run = cluster.drain(plan(pod("a"), pod("b")))
    await run.run()
    assert [each.state for each in run.pods] == [PodState.FAILED, PodState.GONE]
    assert cluster.evicted.count("a") == 1
    assert drained(run.pods, run.stopped) == "1 gone, 1 failed."


async def test_a_switch_of_the_cluster_midway_ends_it_and_nothing_is_sent() -> None:
    cluster = Cluster("a")
    cluster.answers["a"] = deque([UserError("Nothing was changed: another cluster is shown.")])
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert run.pods[0].state is PodState.WAITING
    assert run.stopped == "Nothing was changed: another cluster is shown."


async def test_two_budgets_on_a_pod_are_a_failure_that_isnt_tried_again() -> None:
    cluster = Cluster("a", "b")
    cluster.answers["a"] = deque([Outcome(500, Clean("more than one PodDisruptionBudget"))])
    run = cluster.drain(plan(pod("a"), pod("b")))
    await run.run()
    assert [each.state for each in run.pods] == [PodState.FAILED, PodState.GONE]
    assert cluster.evicted.count("a") == 1


async def test_a_pod_that_is_gone_already_counts_as_gone() -> None:
    cluster = Cluster("a")
    cluster.answers["a"] = deque([Outcome(404, Clean("not found"))])
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert run.pods[0].state is PodState.GONE


async def test_a_pod_that_the_store_lacks_is_evicted_and_gone_only_when_the_server_says_so() -> (
    None
):
    cluster = Cluster("a", "b")
    cluster.listed = lambda _: False
    cluster.immortal.add("b")
    run = cluster.drain(plan(pod("a"), pod("b")))
    task = asyncio.create_task(run.run())
    await until(lambda: len(cluster.slept) > 3)
    assert sorted(cluster.evicted) == ["a", "b"]
    assert [each.state for each in run.pods] == [PodState.GONE, PodState.LEAVING]
    cluster.uids.clear()
    await task
    assert drained(run.pods) == "Drained: 2 pods gone."


async def test_a_pod_whose_end_cant_be_read_is_unknown_with_the_reason() -> None:
    cluster = Cluster("a")
    cluster.unseen = UserError("Another cluster is shown by now.")
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert run.pods[0].state is PodState.UNKNOWN
    assert run.pods[0].note == "Another cluster is shown by now."
    assert drained(run.pods) == "1 unknown."


@pytest.mark.parametrize(("left", "state"), [(set(), PodState.GONE), ({"u-a"}, PodState.FAILED)])
async def test_a_conflict_is_no_failure_where_another_pod_has_the_name(left, state) -> None:
    cluster = Cluster()
    cluster.uids = left
    cluster.answers["a"] = deque([Outcome(409, Clean("UID in precondition: u-a"))])
    run = cluster.drain(plan(pod("a")))
    await run.run()
    assert run.pods[0].state is state


def test_the_reason_of_a_budget_is_shown_in_full_however_narrow() -> None:
    reason = Clean("Cannot evict pod. The disruption budget web needs 2 healthy pods and has 2.")
    planned = plan(pod("web-1")).leaving[0]
    lines = list(progress_lines([PodProgress(planned, PodState.BLOCKED, reason)], Clean(""), 0, 50))
    texts = ["".join(text for text, _ in line) for line in lines]
    assert max(map(len, texts)) <= 50
    assert reason in " ".join(" ".join(texts).split())


async def test_a_quit_in_the_middle_says_what_was_done_and_what_not() -> None:
    app = TestedApp()
    app.fake.outcomes.extend((Outcome(200), REFUSED))
    async with running(app) as press:
        app.push_screen(routes.drain(app.view, "https://prod", [plan(pod("a"))], DEFAULTS))
        await shows(app, "1 blocked")
        await press("ctrl+c")
        (said,) = app._exit_renderables
    node = plan(pod("a")).node
    assert str(said) == f"eksview: drain {node}: Cancelled: {node} stays cordoned. 1 blocked."


async def test_a_drain_ends_after_its_timeout_and_every_pod_had_its_grace_period() -> None:
    cluster = Cluster("a", "b", "c")
    cluster.immortal.add("a")
    cluster.answers["c"] = deque([REFUSED] * 100_000)
    options = DrainOptions(grace=30, timeout=300.0)
    run = cluster.drain(plan(pod("a"), pod("b"), pod("c")), options=options)
    task = asyncio.create_task(run.run())
    await until(lambda: len(cluster.slept) > 3)
    skip(299.0)
    slept = len(cluster.slept)
    await until(lambda: len(cluster.slept) > slept + 3)
    assert run.running
    skip(1.0)
    await task
    assert not run.running
    graces = {change.body["deleteOptions"].get("gracePeriodSeconds")
              for change in cluster.changes if change.method == "POST"}  # fmt: skip
    assert graces == {30}
    assert run.pods[2].note == f"Timed out after 5m (--timeout). {REFUSED.reason}"
    assert drained(run.pods, run.stopped) == (
        "Timed out after 5m (--timeout): node-a stays cordoned. 1 blocked, 1 terminating, 1 gone."
    )
