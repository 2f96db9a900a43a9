"""A running dashboard in a real pseudo-terminal: how soon keys show, what it writes and burns."""

import re
import time
from collections.abc import Callable, Mapping, Sequence

from tests.bench.demo_api import DemoApi
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import LIVE, PtyScreen, selected
from tests.bench.report import Figure, Figures, spread

KEYS = 80
BETWEEN = 0.12  # seconds between two keys: a person's pace
PATIENCE = 120  # seconds until every row must be there
SETTLED = 6.0  # seconds from then until nothing of the start goes on
WATCHED = 20.0  # seconds over which bytes and CPU are counted
NODE = re.compile(r"(?:fargate-)?ip-10-[\d-]+")

ECHO = """
import os, tty
tty.setraw(0)
os.write(1, b"listening")
while key := os.read(0, 1):
    os.write(1, b"<" + key + b">")
"""


def run() -> Figures:
    """The figures."""
    with PtyApp(python("-c", ECHO)) as app:
        app.saw(b"listening")
        echo = [_echo(app) for _ in range(KEYS)]
    for nodes, churn in ((100, 0.0), (5000, 2000.0)):
        with DemoApi(nodes, nodes * 30, churn) as api, nodes_screen(api.env) as app:
            taken = cursor(app)
        yield Figure(
            f"key to paint, {nodes:,} nodes, {churn:,.0f} events/s",
            f"{spread(taken)} (p50/p95/max)",
            "20/50/150 ms",
            f"a loop that echoes: {spread(echo)}",
        )
    for churn, written, burnt in (
        (0.0, "-", "-"),
        (10.0, "1 KB/s", "1 %"),  # the heartbeats of 100 nodes
        (100.0, "10 KB/s", "5 %"),
        (1000.0, "-", "20 %"),
        (2000.0, "-", "35 %"),
    ):
        with DemoApi(100, 3000, churn) as api, nodes_screen(api.env) as app:
            yield from _rates(app, churn, written, burnt)


def nodes_screen(env: Mapping[str, str]) -> PtyApp:
    """The dashboard on its table of nodes, when nothing of the start goes on any more."""
    app = PtyApp(python("-m", "eksview"), env=env)
    to_nodes(app)
    PtyScreen(app).shows(LIVE, PATIENCE)
    time.sleep(SETTLED)
    return app


def to_nodes(app: PtyApp, seconds: float = 30) -> float:
    """Open the table of nodes once there are any; returns when the first one was there."""
    screen = PtyScreen(app)
    first = screen.shows("ip-10-", seconds)
    app.press(b"2")
    screen.shows("VERSION", seconds)
    return first


def cursor(app: PtyApp, until: str = "") -> list[float]:
    """Down and up the visible rows: seconds from each key to the bytes that select the next row.

    No further than until a text is shown, where one is given.
    """
    app.press(b"g")
    time.sleep(4 * BETWEEN)
    screen = PtyScreen(app)
    taken: list[float] = []
    key, step = b"j", 1
    for _ in range(KEYS):
        lines = screen.lines()
        if until and until in "\n".join(lines):
            break
        if not _node(lines, selected(lines) + step):
            key, step = (b"k", -1) if step > 0 else (b"j", 1)
        node = _node(lines, selected(lines) + step)
        assert node, "no node beside the one under the cursor:\n" + "\n".join(lines)
        taken.append(_step(app, screen, key, node))
    return taken


def _step(app: PtyApp, screen: PtyScreen, key: bytes, node: str) -> float:
    return pressed(app, screen, key, lambda lines: _node(lines, selected(lines)) == node)


def pressed(
    app: PtyApp, screen: PtyScreen, key: bytes, wanted: Callable[[Sequence[str]], bool]
) -> float:
    """Press a key; returns the seconds until the bytes that bring the wanted screen."""
    started = time.perf_counter()
    app.press(key)
    time.sleep(BETWEEN)  # before any parsing, which would slow the reading down
    return screen.until(wanted, seconds=10) - started


def _node(lines: Sequence[str], place: int) -> str:
    """Return the name of the node on a line; empty for another line."""
    name = NODE.search(lines[place]) if 0 <= place < len(lines) else None
    return name[0] if name else ""


def _echo(app: PtyApp) -> float:
    time.sleep(BETWEEN)
    started = time.perf_counter()
    return app.saw(b"<j>", app.press(b"j"), seconds=10) - started


def _rates(app: PtyApp, churn: float, written: str, burnt: str) -> Figures:
    bytes_before, cpu_before, began = app.written, app.cpu(), time.perf_counter()
    time.sleep(WATCHED)
    passed = time.perf_counter() - began
    speed = (app.written - bytes_before) / passed / 1000
    load = (app.cpu() - cpu_before) / passed
    name = f"{churn:,.0f} events/s, 100 nodes, 160x48"
    if written != "-":
        yield Figure(f"to the terminal at {name}", f"{speed:.1f} KB/s", written)
    yield Figure(f"CPU at {name}", f"{load * 100:.1f} % of a core", burnt)
