"""Screens of a cluster whose instances are in another account or region than EC2 is asked in."""

import pytest

from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts
from eksview.domain.rows.kube import Kind
from eksview.store.store import Store
from tests.ui.aws_account import ACCOUNT, identity, populate_aws
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, settled, shows

OWN = "999988887777"
SIZES = ((80, 24), (120, 36), (200, 60))
WORDS = (f"The cluster is in account {OWN}", f"EC2 is asked in account {ACCOUNT}")


@pytest.fixture
def app() -> TestedApp:
    """EC2 has none of the nodes' instances, and one of a cluster of the same name."""
    store = populate_aws(populate(Store()))
    for row in list(store.instances.values()):
        if store.mapping.of_instance(row.id).node:
            store.drop(Kind.INSTANCE, row)
    warning = f"The cluster is in account {OWN}, but these credentials are of {ACCOUNT}."
    seen = identity(cluster_account=OWN, warnings=(warning,))
    store.set_fact(Facts.aws_identity, Read(seen, NOW))
    return TestedApp(store)


@pytest.mark.parametrize("size", SIZES)
async def test_home_says_that_nothing_is_known_of_the_instances(
    app: TestedApp, size: tuple[int, int]
) -> None:
    async with running(app, size):
        await shows(app, "AWS mismatch", f"The cluster is in account {OWN}")


@pytest.mark.parametrize("keys", [("2",), ("4",), ("colon", "n", "g", "enter")])
async def test_the_tables_say_both_accounts(app: TestedApp, keys: tuple[str, ...]) -> None:
    async with running(app, (120, 36)) as press:
        await press(*keys)
        await shows(app, *WORDS)


async def test_no_node_and_no_instance_is_called_lost(app: TestedApp) -> None:
    async with running(app, (200, 60)) as press:
        await press("4")
        await shows(app, "other account", "unknown")
        kinds = {row.kind.value for row in app.view.store.mapping.rows.values()}
        assert kinds <= {"unknown", "not-ec2"}
        await press("1")
        await shows(app, f"EC2 is asked in account {ACCOUNT}")


async def test_the_tab_of_a_nodes_instance_says_both_accounts(app: TestedApp) -> None:
    async with running(app, (120, 36)) as press:
        await press("2", "enter", "i")
        await shows(app, "[i EC2]", *WORDS)


async def test_the_lifecycle_doesnt_say_that_ec2_was_right_to_list_nothing(app: TestedApp) -> None:
    async with running(app, (120, 36)) as press:
        await press("2", "enter", "f")
        await shows(app, "Instance launched", "other account")
        assert "EC2 doesn't list" not in app.text()


@pytest.mark.parametrize("size", SIZES)
async def test_no_add_on_of_the_other_cluster_is_shown(
    app: TestedApp, size: tuple[int, int]
) -> None:
    async with running(app, size) as press:
        await press("colon", "e", "k", "s", "enter")
        for key in ("a", "u", "o"):
            await press(key)
            await shows(app, "isn't this one")
            assert not [line for line in await settled(app) if "vpc-cni" in line]
