"""The same dashboard on clusters of growing size: what grows with them, and what doesn't."""

import time

from tests.bench.demo_api import DemoApi
from tests.bench.live_bench import SETTLED, cursor, to_nodes
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import LIVE, PtyScreen
from tests.bench.report import Figure, Figures, spread

SIZES = (100, 1_000, 10_000, 50_000, 150_000)
PODS_A_NODE = 30  # as at Kubernetes' limits: 5,000 nodes, 150,000 pods
CHURN = 100.0
WATCHED = 10.0  # seconds over which CPU and bytes are counted
PATIENCE = 120  # seconds until every row must be there


def run() -> Figures:
    """The figures, a size at a time."""
    for pods in SIZES:
        nodes = max(4, pods // PODS_A_NODE)
        with DemoApi(nodes, pods, CHURN) as api:
            yield from _size(api, f"{nodes:,} nodes, {pods:,} pods")


def _size(api: DemoApi, name: str) -> Figures:
    with PtyApp(python("-m", "eksview"), env=api.env) as app:
        first = to_nodes(app) - app.started
        meanwhile = cursor(app, until=LIVE)
        every = PtyScreen(app).shows(LIVE, seconds=PATIENCE) - app.started
        time.sleep(SETTLED)
        after = cursor(app)
        written, burnt = app.written, app.cpu()
        time.sleep(WATCHED)
        speed, load = (app.written - written) / WATCHED, (app.cpu() - burnt) / WATCHED
        peak = app.peak()
    yield Figure(f"{name}: first row, every row", f"{first:.2f} s, {every:.2f} s", "-")
    if meanwhile:
        yield Figure(f"{name}: key to paint, reading", spread(meanwhile), "20/50/150 ms")
    yield Figure(f"{name}: key to paint, {CHURN:.0f} events/s", spread(after), "20/50/150 ms")
    yield Figure(
        f"{name}: CPU, bytes, peak",
        f"{load * 100:.1f} %, {speed / 1000:.1f} KB/s, {peak:.0f} MiB",
        "5 %, 10 KB/s, 350 MiB",
    )
