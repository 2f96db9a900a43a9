"""From launch to the first painted frame and the first painted row, in a real pseudo-terminal."""

import statistics

from tests.bench.demo_server import DemoApi
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
ROW = b"ip-10-"  # how every node of the demo begins


def run() -> Figures:
    """The figures."""
    frames, rows, bare = [], [], []
    with DemoApi("--nodes", "10", "--pods", "80", "--churn", "0") as api:
        for _ in range(ROUNDS):  # in turns, so that what slows one slows the other
            bare.append(_first(python("-c", BARE), b"a bare application")[0])
            with PtyApp(python("-m", "eksview"), env=api.env) as app:
                frames.append(app.saw(FRAME) - app.started)
                rows.append(app.saw(ROW) - app.started)
    yardstick = statistics.median(bare)
    reference = f"a bare Textual app: {yardstick * 1000:.0f} ms"
    for name, taken, target in (
        ("first painted frame", frames, "1.25x a bare app"),
        ("first painted row of the cluster", rows, ""),
    ):
        middle = statistics.median(taken)
        value = f"{middle * 1000:.0f} ms, {middle / yardstick:.2f}x"
        yield Figure(name, value, target, reference)


def _first(command: list[str], text: bytes) -> list[float]:
    with PtyApp(command) as app:
        return [app.saw(text) - app.started]
