"""Frames while typed keys wait: few of them, and nothing is missing in the one after the last."""

from itertools import cycle, islice

import pytest
from textual.events import Key

from eksview.ui.nodes.nodes_screen import NodesScreen
from eksview.ui.pods.pod_screen import PodScreen
from eksview.ui.shell.paint_hold import PaintHold
from eksview.ui.text.palette import DAY
from eksview.ui.text.terminal_colors import show_theme
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import hold_frames, running, shows, until


class CountingApp(TestedApp):
    """The application with the number of frames it has painted."""

    frames = 0

    def post_display_hook(self) -> None:
        self.frames += 1


async def type_ahead(app: TestedApp, *keys: str) -> None:
    """Type all keys before the first of them is handled, and wait until the last one is."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))
    await until(app.pilot, lambda: not app._keys.waiting)


async def test_screens_that_are_left_at_once_are_not_painted(monkeypatch):
    app = CountingApp()
    async with running(app):
        hold_frames(app, monkeypatch)
        before = app.frames
        await type_ahead(app, *islice(cycle("123456"), 200))
        assert isinstance(app.screen, NodesScreen)
        await shows(app, "6 nodes")
        assert app.frames - before < 20


async def test_a_key_without_another_behind_it_is_painted_at_once(monkeypatch):
    app = CountingApp()
    async with running(app) as press:
        hold_frames(app, monkeypatch)
        before = app.frames
        await press("2")
        await until(app.pilot, lambda: app.frames > before)
        assert not app._frames._hold.holds


async def test_each_tick_lets_one_frame_through_while_keys_wait():
    app = TestedApp()
    async with running(app):
        hold = PaintHold(app)
        held = []
        for _ in range(2):
            hold.painted()
            hold.keys_wait(True)
            held.append(hold.holds)
            assert hold.tick()
            hold.keys_wait(True)
            held.append(hold.holds)
        assert held == [True, False, True, False]
        assert not hold.tick()


async def test_a_tab_opened_while_frames_are_held_back_shows_its_text(monkeypatch):
    app = TestedApp()
    async with running(app) as press:
        await press("5")
        await shows(app, "Kubeconfig")
        hold_frames(app, monkeypatch)
        frames = app._frames
        keys_wait = frames._hold.keys_wait
        with monkeypatch.context() as patch:  # as if more keys waited
            patch.setattr(frames._hold, "keys_wait", lambda _: keys_wait(True))
            await press("m")
            assert frames._hold.holds
        frames.keys_wait(False)
        await until(app.pilot, lambda: "no aws-auth row was read" in app.text())


async def test_a_page_down_typed_ahead_goes_as_far_as_one_typed_later(monkeypatch):
    opened = []
    for ahead in (False, True):
        app = TestedApp()
        async with running(app) as press:
            if ahead:
                hold_frames(app, monkeypatch)
                await type_ahead(app, "3", "pagedown", "enter", "j")
            else:
                await press("3", "pagedown", "enter", "j")
            await until(app.pilot, lambda app=app: isinstance(app.screen, PodScreen))
            opened.append(app.screen.crumb)
    assert opened[0] == opened[1]


@pytest.mark.parametrize("table", ["2", "3"])
async def test_a_table_hidden_while_the_theme_changed_has_its_colors(table):
    app = TestedApp()
    async with running(app) as press:
        await press(table, "1")
        show_theme(app, DAY.name)
        await press(table)
        colors = app.get_css_variables()
        await until(
            app.pilot, lambda: app.screen.styles.background.hex == colors["background"].upper()
        )
