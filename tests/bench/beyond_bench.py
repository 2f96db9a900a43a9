"""Four times Kubernetes' limits: what is left to itself, and what is made to follow every pod."""

import time

from tests.bench.demo_api import DemoApi
from tests.bench.live_bench import SETTLED, cursor, to_nodes
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import LIVE, PtyScreen
from tests.bench.report import Figure, Figures, spread

NODES, PODS, CHURN = 20_000, 600_000, 500.0
WATCHED = 10.0  # seconds over which CPU is counted
PATIENCE = 300  # seconds until every row must be there


def run() -> Figures:
    """The figures."""
    with DemoApi(NODES, PODS, CHURN) as api:
        for words in ((), ("--watch", "all")):
            yield from _followed(api, words)


def _followed(api: DemoApi, words: tuple[str, ...]) -> Figures:
    name = " ".join([f"{NODES:,} nodes, {PODS:,} pods", *words])
    with PtyApp(python("-m", "eksview", *words), env=api.env) as app:
        first = to_nodes(app, PATIENCE) - app.started
        meanwhile = cursor(app, until=LIVE)
        every = PtyScreen(app).shows(LIVE, seconds=PATIENCE) - app.started
        time.sleep(SETTLED)
        after = cursor(app)
        burnt = app.cpu()
        time.sleep(WATCHED)
        load, peak = (app.cpu() - burnt) / WATCHED, app.peak()
    yield Figure(f"{name}: first row, all live", f"{first:.1f} s, {every:.1f} s", "-")
    yield Figure(f"{name}: key to paint, reading", spread(meanwhile), "-")
    yield Figure(f"{name}: key to paint, live", spread(after), "-")
    yield Figure(f"{name}: CPU, peak", f"{load * 100:.0f} %, {peak:.0f} MiB", "-")
