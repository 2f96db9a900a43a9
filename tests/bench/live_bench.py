"""A running dashboard in a real pseudo-terminal: how soon keys show, what it writes and burns."""

import re
import time
from collections.abc import Mapping

import pyte

from tests.bench.demo_api import DemoApi
from tests.bench.pty_app import COLUMNS, ROWS, PtyApp, python
from tests.bench.report import Figure, Figures, spread

KEYS = 80
BETWEEN = 0.12  # seconds between two keys: a person's pace
SETTLED = 6.0  # seconds from the first row until nothing of the start goes on
WATCHED = 20.0  # seconds over which bytes and CPU are counted
NODE = re.compile(r"(?:fargate-)?ip-10-[\d-]+(?=\.)")

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
        echo = [_press(app, b"j", b"<j>") for _ in range(KEYS)]
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
    app.saw(b"ip-10-")
    app.press(b"2")
    app.saw(b"VERSION")
    time.sleep(SETTLED)
    return app


def cursor(app: PtyApp, until: bytes | None = None) -> list[float]:
    """Down and up the visible rows: from each key to the bytes of the row it led to.

    No further than until a text has been written, where one is given.
    """
    app.press(b"g")
    time.sleep(4 * BETWEEN)
    names = _names(app)
    taken: list[float] = []
    place, step = 0, 1
    for _ in range(KEYS):
        if until is not None and until in app.output():
            break
        if not 0 <= place + step < len(names):
            step = -step
        place += step
        taken.append(_press(app, b"j" if step > 0 else b"k", names[place]))
    return taken


def _press(app: PtyApp, key: bytes, shown: bytes) -> float:
    time.sleep(BETWEEN)
    started = time.perf_counter()
    since = app.press(key)
    return app.saw(shown, since, seconds=10) - started


def _names(app: PtyApp) -> list[bytes]:
    """The nodes on the screen, from top to bottom."""
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.ByteStream(screen).feed(app.output())
    found = (NODE.search(line) for line in screen.display)
    # The domain behind the name is dimmed, so a name ends where another style begins.
    return [f"{each[0]}\x1b".encode() for each in found if each]


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
