"""From launch to the first painted frame and the first painted row, in a real pseudo-terminal."""

import statistics

from tests.bench.demo_api import DemoApi
from tests.bench.pty_app import PtyApp, python
from tests.bench.report import Figure, Figures

ROUNDS = 7
BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("a bare application")

Bare().run()
"""
FRAME = b"eksview"  # the header's first word
ROW = b"ip-10-"  # how the name of every node begins


def run() -> Figures:
    """The figures."""
    frames, rows, bare = [], [], []
    with DemoApi(nodes=10, pods=80) as api:
        for _ in range(ROUNDS):  # in turns: what slows one slows the other
            with PtyApp(python("-c", BARE)) as app:
                bare.append(app.saw(b"a bare application") - app.started)
            with PtyApp(python("-m", "eksview"), env=api.env) as app:
                frames.append(app.saw(FRAME) - app.started)
                rows.append(app.saw(ROW) - app.started)
    yardstick = statistics.median(bare)
    reference = f"a bare Textual app: {yardstick * 1000:.0f} ms"
    for name, taken, target in (
        ("first painted frame", frames, "1.25x a bare app"),
        ("first painted row of the cluster", rows, "-"),
    ):
        middle = statistics.median(taken)
        value = f"{middle * 1000:.0f} ms, {middle / yardstick:.2f}x"
        yield Figure(name, value, target, reference)
