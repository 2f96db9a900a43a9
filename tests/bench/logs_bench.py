"""The log view while lines flood in: how soon keys show, how many lines pass, and what it burns."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.live_bench import BETWEEN, KEYS, PATIENCE
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import LIVE, PtyScreen
from tests.bench.report import Figure, Figures, spread
from tests.bench.served_cluster import served_by

RATES = (5.0, 50_000.0)  # lines a second: a quiet log, and the flood
SETTLED = 3.0  # seconds until the log has begun
WATCHED = 5.0  # seconds over which lines and CPU are counted
PAUSED = b"paused"  # shown above the log after one press of `s`, and not after the next
_NUMBER = re.compile(r"line=(\d+)")


def run() -> Figures:
    """The figures."""
    quiet, _, _ = _measured(RATES[0])
    keys, passed, load = _measured(RATES[1])
    yield Figure(
        f"key to paint, {RATES[1]:,.0f} log lines/s",
        f"{spread(keys)} (p50/p95/max)",
        "max 50 ms",
        f"at {RATES[0]:.0f} lines/s: {spread(quiet)}",
    )
    yield Figure("log lines shown", f"{passed:,.0f}/s, CPU {load * 100:.0f} %", "50,000/s")


@contextmanager
def flooded(rate: float) -> Iterator[PtyApp]:
    """The dashboard on the log of a pod, which has begun."""
    with (
        served_by("tests.bench.flood_api", str(rate)) as env,
        PtyApp(python("-m", "eksview", "-n", "shop"), env=env) as app,
    ):
        screen = PtyScreen(app)
        screen.shows(LIVE, PATIENCE)
        app.press(b"3")
        screen.shows("READY")
        app.press(b"l")
        screen.shows("line=")
        time.sleep(SETTLED)
        yield app


def _measured(rate: float) -> tuple[list[float], float, float]:
    """Return the seconds of the keys, the lines shown a second, and the share of a core."""
    with flooded(rate) as app:
        screen = PtyScreen(app)
        before, cpu, began = _newest(screen), app.cpu(), time.perf_counter()
        time.sleep(WATCHED)
        took = time.perf_counter() - began
        load, passed = (app.cpu() - cpu) / took, (_newest(screen) - before) / took
        return [_key(app) for _ in range(KEYS // 2)], passed, load


def _key(app: PtyApp) -> float:
    """Return the seconds from a key to its text; no screen is parsed, which would take longer."""
    time.sleep(BETWEEN)
    started = time.perf_counter()
    shown = app.saw(PAUSED, app.press(b"s"), seconds=10)
    time.sleep(BETWEEN)
    app.press(b"s")  # and follow again
    return shown - started


def _newest(screen: PtyScreen) -> int:
    return max(map(int, _NUMBER.findall("\n".join(screen.lines()))), default=0)
