"""The menu of fields to copy, by keyboard."""

import pytest

from eksview.domain.base.reading import ReadFailed
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import Facts
from eksview.store.store import Store
from eksview.ui.export.copy_dialog import CopyDialog
from tests.ui.aws_account import ACCOUNT, populate_aws
from tests.ui.harness import NOW, TestedApp, node, populate
from tests.ui.shell.test_app import running, shows, until


def account() -> TestedApp:
    return TestedApp(populate_aws(populate(Store())))


async def choose(app: TestedApp, press, typed: str) -> str:
    """Type a filter and return what Enter copies."""
    await until(app.pilot, lambda: isinstance(app.screen, CopyDialog))
    await press(*typed, "enter")
    await until(app.pilot, lambda: not isinstance(app.screen, CopyDialog))
    return app.clipboard


@pytest.mark.parametrize(
    "keys",
    [
        ("2", "ctrl+y"),
        ("2", "enter", "ctrl+y"),
        ("2", "enter", "C"),
        ("4", "slash", *"state=Ready", "enter", "ctrl+y"),
    ],
    ids=["nodes", "node", "node by C", "EC2"],
)
async def test_a_nodes_provider_id_is_copied_whole_from_every_screen(keys: tuple[str, ...]) -> None:
    app = account()
    async with running(app) as press:
        await press(*keys)
        ids = {node(number).provider_id for number in range(6)}
        assert await choose(app, press, "provider") in ids


async def test_an_instances_arn_is_made_of_the_account_that_is_read() -> None:
    app = account()
    async with running(app) as press:
        await press("2", "N", "ctrl+y")
        arn = await choose(app, press, "instance arn")
        assert arn.startswith(f"arn:aws:ec2:us-west-2:{ACCOUNT}:instance/i-")


async def test_an_arn_without_an_account_says_why_it_is_not_known() -> None:
    app = TestedApp()
    app_reason = Clean("AWS can't be reached: no credentials.")
    async with running(app) as press:
        app.view.store.set_fact(Facts.aws_identity, ReadFailed(app_reason, NOW))
        await press("2", "ctrl+y", *"instance arn", "enter")
        await shows(app, "Instance ARN isn't known.", "no credentials")
        assert isinstance(app.screen, CopyDialog)


async def test_images_and_yaml_come_from_the_whole_object() -> None:
    app = account()
    async with running(app) as press:
        await press("3", "enter", "ctrl+y")
        await shows(app, "YAML")
        assert [call for call in app.fake.calls if call.startswith("fetch pods")]
        text = await choose(app, press, "yaml")
        assert text.startswith("apiVersion: v1\nkind: Pod\n")


async def test_a_refused_object_leaves_the_other_fields_and_says_why() -> None:
    app = account()
    async with running(app) as press:
        app.fake.objects.clear()
        await press("3", "ctrl+y")
        await shows(app, "Other fields weren't read:", "was not found", "Namespace/name")


async def test_a_field_of_all_marked_rows_is_one_line_each() -> None:
    app = account()
    async with running(app) as press:
        await press("2", "space", "space", "ctrl+y")
        await shows(app, "Copy from 2 marked")
        ips = await choose(app, press, "internal")
        assert len(ips.splitlines()) == 2
        assert set(ips.splitlines()) <= {node(number).internal_ip for number in range(6)}


async def test_shift_c_sorts_where_a_column_has_that_letter() -> None:
    app = account()
    async with running(app) as press:
        await press("2", "C")
        assert not isinstance(app.screen, CopyDialog)


async def test_the_clusters_arn_is_copied_from_its_screen() -> None:
    app = account()
    async with running(app) as press:
        await press("colon", *"eks", "enter", "ctrl+y")
        assert (await choose(app, press, "endpoint")).startswith("https://")


async def test_a_screen_without_anything_to_copy_says_so() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("1", "tab", "ctrl+y")
        await shows(app, "There is nothing to copy here.")
