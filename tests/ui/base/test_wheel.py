"""The mouse wheel in a table and in a log; dialogs: `dialogs/test_dialogs_scroll.py`."""

import re
from collections.abc import Callable

from textual.events import MouseEvent, MouseScrollDown, MouseScrollUp

from eksview.ui.logs.screen import LogScreen
from tests.ui.harness import TestedApp
from tests.ui.logs.test_log_screen import line, open_logs
from tests.ui.shell.test_app import running, shows, until


def turn(app: TestedApp, kind: Callable[..., MouseEvent]) -> None:
    """Turn the wheel over what has the focus."""
    widget = app.focused
    assert widget is not None
    x, y = widget.region.offset
    widget.post_message(kind(widget, x, y, 0, 1, 0, False, False, False))


def pods(app: TestedApp) -> list[str]:
    """Return the names of the visible pods."""
    return re.findall(r"[a-z-]+-[0-9a-z]+-000\d\d", app.text())


async def test_the_wheel_scrolls_a_table_and_its_cursor_as_far_as_it_must() -> None:
    app = TestedApp()
    async with running(app, size=(120, 20)) as press:
        await press("3")
        await shows(app, "40 pods")
        before = pods(app)
        turn(app, MouseScrollDown)
        await until(app.pilot, lambda: pods(app)[0] == before[3])
        assert app.screen.subject().text(app.view.store) == before[3], "it stays in the window"
        turn(app, MouseScrollUp)
        await until(app.pilot, lambda: pods(app) == before)


async def test_the_wheel_leaves_the_end_of_a_log_and_comes_back_to_it() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, *(line(n, f"line {n}") for n in range(100)))
        await shows(app, "following", "line 99")
        turn(app, MouseScrollUp)
        await shows(app, "scrolled back", "line 96")
        assert "line 97" not in app.text()
        turn(app, MouseScrollDown)
        await shows(app, "following", "line 99")
        assert isinstance(app.screen, LogScreen)
