"""The tab of a node's drain plan: what leaves, what blocks, and what was not read."""

from collections.abc import Mapping

import pytest

from eksview.domain.base.text import Clean
from eksview.domain.drain.placement import NodeUse
from eksview.domain.drain.plan import DrainFacts, DrainPlan, drain_plan
from eksview.ui.nodes import drain_tab
from tests.domain.drain.test_plan import budget, node, pod, read
from tests.ui.harness import TestedApp, node_name
from tests.ui.shell.test_app import running, shows

FIRST = sorted(map(node_name, range(6)))[0]
PODS = read(
    pod("held"),
    pod("bare", "", meta={"labels": {}}, volumes=[{"name": "tmp", "emptyDir": {}}]),
    pod("cni-1", "DaemonSet/cni"),
)


def line_of(app: TestedApp, name: str) -> str:
    return next(line for line in app.text().splitlines() if f"shop/{name} " in line)


@pytest.mark.parametrize("size", [(120, 36), (200, 60)])
async def test_each_pod_has_its_owner_what_becomes_of_it_and_why(size) -> None:
    app = TestedApp()
    app.fake.draining = DrainFacts(node(FIRST), PODS, (), (budget(),))
    async with running(app, size) as press:
        await press("2", "N", "enter", "r")
        await shows(app, "2 pods leave, 1 stays", "1 blocked by a PodDisruptionBudget")
        await shows(app, "--ignore-daemonsets --delete-emptydir-data", "--force")
        assert "ReplicaSet/web-1" in line_of(app, "held")
        assert "blocked" in line_of(app, "held")
        assert "emptyDir is lost" in line_of(app, "bare")
        assert "stays (DaemonSet)" in line_of(app, "cni-1")


async def test_budgets_and_room_that_were_not_read_are_unknown_with_their_reasons() -> None:
    reason = Clean("PodDisruptionBudgets unknown: Not permitted: list poddisruptionbudgets.")
    app = TestedApp()
    app.fake.draining = DrainFacts(node(FIRST), PODS, unread=(reason,))
    async with running(app, (200, 60)) as press:
        await press("2", "N", "enter", "r")
        await shows(app, "budgets unknown; room on other nodes unknown", reason)
        assert "PodDisruptionBudgets weren't read" in line_of(app, "held")
        assert "blocked" not in line_of(app, "held")


async def test_a_node_that_cant_be_read_has_no_plan_and_says_why() -> None:
    app = TestedApp()
    async with running(app, (120, 36)) as press:
        await press("2", "N", "enter", "r")
        await shows(app, f"nodes {FIRST} was not found.")
        assert "pods leave" not in app.text()
    assert app.fake.calls.count(f"drain_facts {FIRST}") == 1


async def test_a_plan_is_made_once_for_many_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """It tries each pod on each node, a quarter of a second for 250 pods and 500 nodes."""
    made: list[DrainFacts] = []

    def counted(facts: DrainFacts, used: Mapping[str, NodeUse] | None) -> DrainPlan:
        made.append(facts)
        return drain_plan(facts, used)

    monkeypatch.setattr(drain_tab, "drain_plan", counted)
    app = TestedApp()
    app.fake.draining = DrainFacts(node(FIRST), PODS, (), (budget(),))
    async with running(app, (120, 36)) as press:
        await press("2", "N", "enter", "r")
        await shows(app, "2 pods leave, 1 stays")
        for _ in range(3):
            await press("e")
            await press("r")
            await shows(app, "2 pods leave, 1 stays")
    assert len(made) == 1
