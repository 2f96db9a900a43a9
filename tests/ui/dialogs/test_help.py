"""The help: its sections have names, and no example or usage is split within a word."""

import pytest

from eksview.domain.filter.syntax import SYNTAX
from eksview.ui.dialogs.commands import COMMANDS
from tests.ui.dialogs.test_dialogs_scroll import content
from tests.ui.shell.test_app import running
from tests.ui.shell.test_keys_do_something import WAYS, arrive
from tests.ui.snapshots.screens import SCENES, app_of

TALL = 300


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_no_usage_or_example_is_split_within_a_word(width: int) -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (width, TALL)) as press:
        await press("question_mark")
        shown = {word for line in content(app) for word in line.split()}
    typed = [spec.usage for spec in COMMANDS] + [example for example, _ in SYNTAX]
    assert [word for text in typed for word in text.split() if word not in shown] == []


@pytest.mark.parametrize("way", [way for way in WAYS if way != "typing a filter"])
async def test_every_section_has_the_name_of_what_is_focused(way: str) -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (120, TALL)) as press:
        await arrive(app, press, WAYS[way])
        if not app.screen.is_modal:
            await press("question_mark")
        assert "Focused widget" not in app.text()


async def test_the_help_says_once_what_a_sort_key_does_again() -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (120, TALL)) as press:
        await press("3", "question_mark")
        assert app.text().count("again reverses") == 1
        assert "Sort by RESTARTS" in app.text()
