"""Home of a cluster without nodes: the instance that failed, its reason and the way to it."""

import pytest

from eksview.domain.base.text import clean
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.nodes.instance_screen import InstanceScreen
from tests.domain.join.test_claims import QUOTA, claim
from tests.ui.aws_account import LOST, instance_id, populate_aws
from tests.ui.harness import NOW, TestedApp, facts
from tests.ui.shell.test_app import running, settled, shows

SIZES = [(80, 24), (120, 36), (200, 60)]


def empty(*kept: str) -> TestedApp:
    """A cluster without nodes, whose account has these instances."""
    store = Store()
    for name in ("nodes", "health"):
        store.set_link(Link(name, Phase.LIVE, NOW, heard=NOW))
    facts(store.set_fact)
    populate_aws(store, NOW)
    for name, row in list(store.instances.items()):
        if name not in kept:
            store.drop(Kind.INSTANCE, row)
    store.mapping.complete()
    return TestedApp(store)


@pytest.mark.parametrize("size", SIZES)
async def test_the_instance_that_failed_is_shown_with_its_reason(size: tuple[int, int]) -> None:
    app = empty(LOST)
    async with running(app, size) as press:
        await shows(
            app, "No nodes have joined", f"{LOST}: failed to join", "443 to the API server: No rule"
        )
        await shows(app, "Enter opens it, with all checks.", "1 instance failed to join")
        await press("enter")
        assert isinstance(app.screen, InstanceScreen)
        await shows(app, LOST, "Join checks")


async def test_of_several_the_failed_one_comes_first_and_the_others_are_counted() -> None:
    app = empty(LOST, instance_id(0), instance_id(1))
    async with running(app, (80, 24)) as press:
        await shows(app, f"{LOST}: failed to join", "4 lists it and 2 more without a node.")
        await press("4")
        await shows(app, instance_id(0), instance_id(1), LOST)


async def test_a_claim_that_cant_be_launched_is_shown_where_there_is_no_instance() -> None:
    app = empty()
    async with running(app, (80, 24)) as press:
        app.view.store.put(Kind.NODECLAIM, claim(QUOTA, name="gpu", created=NOW - 60))
        app._frames.flush()
        await shows(app, "nodeclaim/gpu: launch failed", QUOTA.reason, "Enter opens it")
        await press("enter")
        assert isinstance(app.screen, InstanceScreen)
        await shows(app, "nodeclaim/gpu", QUOTA.reason)


async def test_without_instances_the_hint_stays_and_enter_has_nothing_to_open() -> None:
    app = empty()
    async with running(app, (80, 24)) as press:
        await shows(app, "No nodes have joined this cluster.", "nodegroup's health")
        await press("enter")
        assert len(app.screen_stack) == 1


async def test_while_nodes_arent_read_no_instance_is_called_without_one() -> None:
    app = empty(LOST)
    async with running(app, (80, 24)) as press:
        app.view.store.set_link(Link("nodes", Phase.REFUSED, NOW, "Not permitted: list nodes."))
        app._frames.flush()
        await shows(app, "Not permitted")
        await press("enter")
        assert not isinstance(app.screen, InstanceScreen)


async def test_without_kubernetes_the_reason_stands_there_and_nothing_is_called_live() -> None:
    store, reason = Store(), clean("eksview was opened with --ecs-cluster.")
    for name in ("health", "nodes", "pods", "leases", "events"):
        store.set_link(Link(name, Phase.OFF, NOW, reason))
    app = TestedApp(store)
    async with running(app, (120, 36)):
        await shows(app, reason, "not watched")
        assert not any("● live" in line for line in await settled(app))
