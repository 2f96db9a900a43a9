"""Every screen, dialog and toast of a hostile cluster, by the bytes its driver writes."""

from functools import partial

import pytest

from eksview.ui.base.screen_registry import HOME, SCREENS, ScreenSpec
from tests.ui.hostile_app import HostileApp, foreign, shown
from tests.ui.hostile_walk import WORDS, walk
from tests.ui.painted import settle


def _show(app: HostileApp, spec: ScreenSpec) -> None:
    app.navigation.go(HOME)  # a screen that is opened again would lie on itself
    app.navigation.go(spec.name)


@WORDS
@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.name)
async def test_no_screen_writes_what_a_terminal_would_obey(spec: ScreenSpec, words: bool) -> None:
    app = HostileApp(words=words)
    async with shown(app) as pilot:
        await settle(pilot)
        await walk(pilot, partial(_show, app, spec))
        assert app.is_running
    assert foreign(bytes(app.terminal.written)) == set()
