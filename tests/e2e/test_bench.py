"""The benchmarks of keys see what a terminal shows, however few of its cells are written."""

import pytest

from tests.bench import live_bench
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import PtyScreen, selected
from tests.e2e.api import Api

NODES = 6  # of the demo API server
ONE_CELL = """
import os, tty
tty.setraw(0)
os.write(1, b"\\x1b[2J\\x1b[Hpods 12")
os.read(0, 1)
os.write(1, b"\\x1b[1;7H3")
os.read(0, 1)
"""


def test_a_text_is_shown_by_the_one_cell_that_completes_it() -> None:
    with PtyApp(python("-c", ONE_CELL)) as app:
        screen = PtyScreen(app)
        before = screen.shows("pods 12")
        since = app.press(b" ")
        assert before < screen.shows("pods 13") == app.saw(b"3", since)


def test_the_cursor_is_timed_down_and_up_every_node(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_bench, "KEYS", 2 * NODES)
    with PtyApp(python("-m", "eksview"), env=api.env) as app:
        live_bench.to_nodes(app)
        assert len(live_bench.cursor(app)) == 2 * NODES
        place = selected(PtyScreen(app).lines())
        assert place == 5 + 2, "five rows down, five up, and two down"


def test_no_line_or_two_lines_under_the_cursor_are_none() -> None:
    assert selected(["  a", "▌ b"]) == 1
    assert selected(["  a", "  b"]) == selected(["▌ a", "▌ b"]) == -1
