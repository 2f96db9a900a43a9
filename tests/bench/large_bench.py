"""5,000 nodes and 150,000 pods: how long until all are there, and how much memory they take."""

import json
import os
import subprocess
from typing import Any

from tests.bench.demo_api import DemoApi
from tests.bench.pty_app import python
from tests.bench.report import Figure, Figures

NODES, PODS = 5_000, 150_000
ROUNDS = 3


def run() -> Figures:
    """The figures."""
    with DemoApi(NODES, PODS) as api:
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(_read("bare", api))
            ours.append(_read("ours", api))
    quick, slow = (min(each, key=lambda told: told["seconds"]) for each in (bare, ours))
    reference = f"a bare client: {quick['seconds']:.1f} s, {quick['peak']:.0f} MiB"
    yield Figure(
        f"{slow['pods']:,} pods in the store",
        f"{slow['seconds']:.1f} s, {slow['seconds'] / quick['seconds']:.2f}x",
        "1.2x a bare client",
        reference,
    )
    yield Figure("peak resident size for them", f"{slow['peak']:.0f} MiB", "350 MiB", reference)


def _read(which: str, api: DemoApi) -> dict[str, Any]:
    done = subprocess.run(
        python("-m", "tests.bench.reader", which),
        env={**os.environ, **api.env},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told
