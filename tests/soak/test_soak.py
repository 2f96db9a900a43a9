"""A short soak: every blow once, and at the end the truth, nothing leaked."""

from pathlib import Path

import pytest

from tests.soak.server import HURTS
from tests.soak.soak import Look, memory_faults, soak


async def test_every_blow_is_survived_and_the_store_is_the_servers_truth(tmp_path: Path) -> None:
    report = await soak(tmp_path, seconds=0.0, rate=300.0, gap=0.8, events=1001)
    assert report.faults == []
    assert set(report.blows) >= {"restart", "token", *HURTS}
    assert report.events > 1000


@pytest.mark.parametrize(
    ("memory", "grows"),
    [
        ([100.0] * 30, False),
        ([100.0 + step for step in range(30)], False),
        ([100.0 + 5 * step for step in range(30)], True),
        ([100.0, 900.0], False),
    ],
)
def test_memory_that_goes_on_growing_is_a_fault(memory: list[float], grows: bool) -> None:
    looks = [Look(60.0 + 20 * at, each, 1, 1, 1) for at, each in enumerate(memory)]
    assert bool(memory_faults(looks, 60.0)) is grows
