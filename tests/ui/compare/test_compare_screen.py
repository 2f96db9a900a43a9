"""The comparison of EKS and ECS: its values, its sides, and what it opens."""

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.language import Language
from eksview.store.store import Store
from tests.store.selectors.explain.sources import CLUSTERS, eks
from tests.store.selectors.test_compare import ecs_read
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows, until

COMPARE = ("colon", *"compare", "enter")


def both() -> Store:
    """Return a cluster of EKS beside one of ECS."""
    return ecs_read(eks())


async def test_both_sides_answer_with_their_own_values():
    app = TestedApp(both())
    async with running(app, (120, 36)) as press:
        await press(*COMPARE)
        await shows(app, "5 of 6 Ready")
        await shows(app, "1 of 2 connected")
        assert "inspect" in app.fake.calls  # nothing else asks who one is


async def test_the_arrows_choose_the_side_whose_command_is_copied():
    app = TestedApp(both())
    async with running(app, (120, 36)) as press:
        await press(*COMPARE)
        await press("c")
        await until(app.pilot, lambda: "eks describe-cluster" in app.clipboard)
        await press("right", "c")
        await until(app.pilot, lambda: "ecs describe-clusters --clusters shop" in app.clipboard)


async def test_enter_opens_the_screen_of_the_chosen_side():
    app = TestedApp(both())
    async with running(app, (120, 36)) as press:
        await press(*COMPARE, *["down"] * 3)
        await shows(app, "every node with its status")
        await press("enter")
        await until(app.pilot, lambda: app.screen.place == "nodes")
        await press("escape", "right", "enter")
        await until(app.pilot, lambda: app.screen.title == "Container instances")


@pytest.mark.parametrize("name", sorted(CLUSTERS.keys() - {"empty"}))  # it shows nothing yet
@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_every_question_is_shown_at_every_size(name, size):
    app = TestedApp(CLUSTERS[name]())
    async with running(app, size) as press:
        await press(*COMPARE)
        await shows(app, "control")
        await press("G")
        await shows(app, "shell")


async def test_it_is_in_japanese_where_the_reader_is():
    app = TestedApp(both(), settings=Settings(animate=False, lang=Language.JA))
    async with running(app, (120, 36)) as press:
        await press(*COMPARE)
        await shows(app, "ハートビートとは")
