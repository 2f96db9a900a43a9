"""A screen is declared once: its key, command, aliases, help and route come from there."""

import subprocess
import sys
from pathlib import Path

import pytest
from textual.screen import Screen

from eksview.ui.base.screen_registry import SCREENS, Opens
from eksview.ui.dialogs.commands import ALIASES
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, until

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("2", "NodesScreen"),
        ("3", "PodsScreen"),
        ("4", "MappingScreen"),
        ("5", "AccessScreen"),
        ("6", "NetworkScreen"),
        ("9", "TraceScreen"),
    ],
)
async def test_a_key_leads_to_its_screen_and_1_leads_home(key: str, screen: str) -> None:
    app = TestedApp()
    async with running(app) as press:
        await press(key)
        assert type(app.screen).__name__ == screen
        await press("1")
        assert type(app.screen).__name__ == "ArchitectureScreen"


@pytest.mark.parametrize(
    ("typed", "screen"),
    [
        ("arch", "ArchitectureScreen"),
        ("nodegroups", "NodegroupsScreen"),
        ("ng", "NodegroupsScreen"),
        ("ec2", "MappingScreen"),
        ("eks", "ClusterScreen"),
        ("cluster", "ClusterScreen"),
        ("clusters", "ClustersScreen"),
        ("sessions", "SessionsScreen"),
        ("context", "ContextsScreen"),
    ],
)
async def test_a_command_or_its_alias_leads_to_its_screen(typed: str, screen: str) -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("colon", *typed, "enter")
        await until(app.pilot, lambda: type(app.screen).__name__ == screen)


async def test_only_a_place_takes_the_place_of_others() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "colon", *"eks", "enter")
        assert [type(screen).__name__ for screen in app.screen_stack][1:] == [
            "NodesScreen",
            "ClusterScreen",
        ]
        await press("3")
        assert [type(screen).__name__ for screen in app.screen_stack][1:] == ["PodsScreen"]


def test_every_entry_makes_a_screen_and_no_two_claim_the_same() -> None:
    names = [spec.name for spec in SCREENS]
    keys = [spec.key for spec in SCREENS if spec.key]
    aliases = [alias for spec in SCREENS for alias in spec.aliases]
    assert len({*names, *aliases}) == len(names) + len(aliases)
    assert len({*keys}) == len(keys)
    assert {ALIASES[alias] for alias in aliases} <= {*names}
    assert SCREENS[0].opens is Opens.PLACE  # home


async def test_every_entry_can_be_made() -> None:
    app = TestedApp()
    async with running(app):
        for spec in SCREENS:
            named = spec.argument and spec.opens is not Opens.PLACE  # of a place it is a tab
            screen = spec.make(app.view, *([""] if named else []))
            assert isinstance(screen, Screen)


NEW_SCREEN = """
import asyncio
import sys

from eksview.ui.base import screen_registry as registry

registry.SCREENS = (
    *registry.SCREENS,
    registry.ScreenSpec(
        "hello", "hello:HelloScreen", "a word", title="Hello", key="8", aliases=("hi",)
    ),
)
registry.BY_NAME = {spec.name: spec for spec in registry.SCREENS}
import eksview.ui.shell.app
lazy = {spec.screen.partition(":")[0] for spec in registry.SCREENS if spec.name != "hello"}
assert len(lazy) > 5
assert not lazy.intersection(sys.modules), "imported before the first frame"
from textual.widgets import Static
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows
from eksview.ui.base.live_screen import LiveScreen


class HelloScreen(LiveScreen):
    def compose(self):
        yield Static("hello from here")

    def frame(self, frame):
        return


sys.modules["hello"] = sys.modules["__main__"]


async def main():
    app = TestedApp()
    async with running(app, (200, 50)) as press:
        await shows(app, "8 Hello")
        await press("8")
        await shows(app, "hello from here")
        await press("1", "colon", *"hi", "enter")
        await shows(app, "hello from here")
        await press("question_mark")
        await shows(app, "A word", ":hello")

asyncio.run(main())
print("done")
"""


def test_an_entry_is_all_that_a_new_screen_needs() -> None:
    command = [sys.executable, "-c", NEW_SCREEN]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.stdout == "done\n", made.stderr
