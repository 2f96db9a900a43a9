"""A NodeClaim without an instance: in the EC2 mapping, on home, and opened."""

import pytest

from eksview.domain.base.reading import Permission
from eksview.domain.rows.kube import Condition, Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.base.messages import OpenObject
from eksview.ui.nodes.instance_screen import InstanceScreen
from eksview.ui.resources.object_screen import ResourceObjectScreen
from tests.domain.join.test_claims import LAUNCHED, QUOTA, claim
from tests.ui.aws_account import LOST, populate_aws
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, shows, until

NAME = "gpu-x7k2p"
LARGE = (200, 60)


@pytest.fixture
def store() -> Store:
    store = populate_aws(populate(Store()))
    store.put(Kind.NODECLAIM, claim(QUOTA, name=NAME, created=NOW - 60))
    return store


@pytest.mark.parametrize("size", [(80, 24), (120, 36), LARGE])
async def test_a_claim_that_cannot_be_launched_is_a_row(
    store: Store, size: tuple[int, int]
) -> None:
    app = TestedApp(store)
    async with running(app, size) as press:
        await press("4")
        await shows(app, "1 nodeclaim", NAME, "launch failed")


async def test_home_counts_it_and_says_why(store: Store) -> None:
    app = TestedApp(store)
    async with running(app, LARGE):
        await shows(app, "1 NodeClaim without a node", f"nodeclaim/{NAME}", QUOTA.message)


async def test_opened_it_shows_its_conditions_and_none_that_is_unknown_as_passed(
    store: Store,
) -> None:
    app = TestedApp(store)
    async with running(app, LARGE) as press:
        await press("4", *"/kind=nodeclaim", "enter", "enter")
        await shows(app, f"nodeclaim/{NAME}", "Join checks", "1 failed, 2 unknown", QUOTA.message)
        assert isinstance(app.screen, InstanceScreen)
        assert "no longer listed" not in app.text()
        await press("i")
        await shows(app, f"Karpenter can't launch its instance: {QUOTA.reason}")


async def test_an_instance_without_a_node_has_the_checks_of_its_claim(store: Store) -> None:
    twice = Condition("Registered", "False", "MultipleNodesFound", "matched multiple nodes")
    provider = f"aws:///us-west-2a/{LOST}"
    store.put(Kind.NODECLAIM, claim(LAUNCHED, twice, name="two", provider_id=provider))
    app = TestedApp(store)
    async with running(app, LARGE) as press:
        await press("4", *"/kind=not-joined", "enter", "enter")
        await shows(app, "NodeClaim registered", "MultipleNodesFound", "not registered")


async def test_without_the_right_to_list_claims_the_permission_is_named(store: Store) -> None:
    missing = Permission("list", "nodeclaims", "karpenter.sh")
    reason = "Not permitted: list nodeclaims.karpenter.sh."
    store.set_link(Link("nodeclaims", Phase.REFUSED, NOW, reason, missing=missing))
    app = TestedApp(store)
    async with running(app, LARGE) as press:
        await press("4")
        await shows(app, "nodeclaims unread (needs list nodeclaims.karpenter.sh)")


async def test_without_karpenter_nothing_is_missing(store: Store) -> None:
    store.set_link(Link("nodeclaims", Phase.OFF, NOW))
    app = TestedApp(store)
    async with running(app, LARGE) as press:
        await press("4")
        await shows(app, "EC2 mapping")
        assert "unread" not in app.text()


async def test_the_owner_of_a_node_is_its_claim_or_what_manages_it_is_said(store: Store) -> None:
    """Karpenter writes the NodeClaim into the node's owner references; EKS writes none."""
    names = sorted(store.nodes)
    store.put(Kind.NODECLAIM, claim(LAUNCHED, name="general-1", uid="claim-1", node=names[0]))
    app = TestedApp(store)
    async with running(app, LARGE) as press:
        await press("2", "slash", *f"name={names[1]}", "enter", "J")
        await shows(app, f"No object of the cluster owns {names[1]}: it is of managed nodegroup")
        await press("escape", "slash", *f"name={names[0]}", "enter", "J")
        await until(app.pilot, lambda: isinstance(app.screen, ResourceObjectScreen))
        opened = app.screen.subject()
        assert isinstance(opened, OpenObject)
        ref = opened.ref(store)
        assert ref is not None
        assert (ref.kind, ref.name, ref.uid) == ("NodeClaim", "general-1", "claim-1")
