"""Searching a text with `/`, `n` and `N`, on every screen of text."""

import pytest
from textual.widgets import Input

from eksview.ui.base.lines_view import LinesView
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.pods.pod_screen import PodScreen
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows, until
from tests.ui.shell.test_keys_do_something import WAYS, arrive

TEXTS = {
    name: WAYS[name]
    for name in ("access", "network", "eks", "node", "yaml of a node", "pod", "instance",
                 "call")
} | {"events of a node": ("2", "enter", "e"), "details of a node": ("2", "enter", "d")}  # fmt: skip


def underlined(app: TestedApp) -> list[str]:
    """The parts of the screen that are marked as matches, the current one in capitals."""
    return [
        segment.text.upper() if segment.style.reverse else segment.text
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.style and (segment.style.underline or segment.style.reverse)
    ]


def body(app: TestedApp) -> LinesView:
    screen = app.screen
    assert isinstance(screen, TabbedScreen)
    assert isinstance(screen.body, LinesView)
    return screen.body


@pytest.mark.parametrize("keys", TEXTS.values(), ids=list(TEXTS))
async def test_a_text_is_searched_and_no_key_runs_while_typing(keys: tuple[str, ...]) -> None:
    app = TestedApp()
    async with running(app) as press:
        await arrive(app, press, keys)
        await until(app.pilot, lambda: body(app).count)
        screen, typed = app.screen, "e"
        await press("slash", *"qydens:?19")
        assert app.screen is screen
        assert app.screen.query_one(Input).value == "qydens:?19"
        app.screen.query_one(Input).value = typed
        await until(app.pilot, lambda: body(app).search.hits)
        total = len(body(app).search.hits)
        await shows(app, f"1 of {total}")
        await press("enter", "n")
        await shows(app, f"{min(2, total)} of {total}")
        await press("N", "N")
        await shows(app, f"{total} of {total}")
        assert "E" in underlined(app)
        await press("escape")
        assert app.screen is screen
        assert not body(app).search.hits
        assert not underlined(app)
        await press("escape")
        assert app.screen is not screen or not app.screen.origin


async def test_n_is_the_key_of_the_screen_again_after_a_search() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3", "enter", "y")
        await shows(app, "apiVersion")
        await press("slash", *"kind", "enter", "n")
        assert isinstance(app.screen, PodScreen)
        await press("escape", "n")
        await until(app.pilot, lambda: not isinstance(app.screen, PodScreen))


async def test_a_match_below_and_beside_the_window_is_scrolled_to() -> None:
    app = TestedApp()
    async with running(app, size=(80, 24)) as press:
        await press("2", "enter", "y")
        await shows(app, "apiVersion")
        view = body(app)
        view.show((*[((f"line {number}", "text"),) for number in range(90)],
                   ((" " * 200 + "needle", "text"),)))  # fmt: skip
        view.find("needle")
        await shows(app, "needle")


async def test_a_broken_expression_is_told_beside_the_search() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "enter", "y", "slash", *"kind(")
        await shows(app, "kind( isn't a regular expression")


async def test_the_pods_of_a_node_are_filtered() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "enter", "p")
        await until(app.pilot, lambda: "Running" in app.text())
        await press("slash", *"status=Absent")
        await shows(app, "0 of")
        await press("escape")
        await shows(app, "Running")
