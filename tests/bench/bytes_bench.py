"""Bytes to a terminal of 256 colors: a lively table of pods, one key in it, and home."""

import statistics
import time

from tests.bench.demo_api import DemoApi
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import PtyScreen
from tests.bench.report import Figure, Figures

NODES, PODS, CHURN = 100, 20_000, 50.0
SETTLED = 20.0  # seconds until all pods are read and nothing of the start goes on
WATCHED = 30.0  # seconds over which bytes are counted
BETWEEN = 0.12  # seconds between two keys: a person's pace
KEYS = 15


def run() -> Figures:
    """The figures."""
    cluster = f"{NODES} nodes, {PODS:,} pods, {CHURN:.0f} events/s"
    with DemoApi(NODES, PODS, CHURN) as api, pods_screen(api) as app:
        yield Figure(f"pods table, {cluster}", _rate(app), "0.3 KB/s")
        yield Figure(f"one j, {cluster}", f"{_key(app, b'j')} bytes", "400 bytes")
        app.press(b"1")
        time.sleep(BETWEEN * 10)
        yield Figure(f"home, {cluster}", _rate(app), "-")
    with DemoApi(NODES, PODS) as api, pods_screen(api) as app:
        app.press(b"1")
        time.sleep(BETWEEN * 10)
        yield Figure(f"home, {NODES} nodes, {PODS:,} pods, 0 events/s", _rate(app), "0.4 KB/s")


def pods_screen(api: DemoApi) -> PtyApp:
    """The dashboard on its table of pods, when all are read."""
    app = PtyApp(python("-m", "eksview"), env=api.env)
    screen = PtyScreen(app)
    screen.shows("ip-10-")
    app.press(b"3")
    screen.shows("RESTARTS")
    time.sleep(SETTLED)
    return app


def _rate(app: PtyApp) -> str:
    before, began = app.written, time.perf_counter()
    time.sleep(WATCHED)
    return f"{(app.written - before) / (time.perf_counter() - began) / 1000:.2f} KB/s"


def _key(app: PtyApp, key: bytes) -> int:
    """The median of the bytes after a key; events add theirs."""
    written: list[int] = []
    for _ in range(KEYS):
        before = app.press(key)
        time.sleep(BETWEEN)
        written.append(app.written - before)
    return round(statistics.median(written))
