"""The ring of usage seen since start: its bound, its thinning and its gaps."""

from itertools import pairwise
from sys import getsizeof

import pytest

from eksview.domain.history.usage_ring import MOST_KEPT, UsageRing
from eksview.ui.text.chart import AXIS, HEIGHT, chart_lines
from eksview.ui.text.glyphs import UNICODE

START = 1_800_000_000.0  # 2027-01-15T08:00:00Z
PERIOD = 15.0


def ring_of(readings: int, late: int = 0) -> UsageRing:
    """Return a ring with a reading each 15 s, every other `late` s late: CPU counts them."""
    ring = UsageRing()
    for number in range(readings):
        ring.add(START + number * PERIOD + number % 2 * late, number, number * 2**20)
    return ring


def bottom(ring: UsageRing, now: float, width: int = 90) -> str:
    """Return the lowest row of the chart of CPU."""
    cpu, _ = ring.series(now)
    lines = list(chart_lines("CPU", cpu, (), lambda v: f"{v:.3f}", width, UNICODE))
    return "".join(text for text, _ in lines[HEIGHT])[AXIS + 1 :]


@pytest.mark.parametrize("readings", [1, 239, 240, 241, 5_760, 40_000])
def test_however_long_it_runs_its_points_and_bytes_are_bounded(readings: int) -> None:
    ring = ring_of(readings)
    assert len(ring) < MOST_KEPT
    slots = (getattr(ring, name) for name in UsageRing.__slots__)
    assert getsizeof(ring) + sum(map(getsizeof, slots)) < 4_000  # 5,000 nodes: 20 MB


@pytest.mark.parametrize("late", [0, 4])
def test_a_day_is_kept_evenly_to_its_begin_with_the_highest_figure(late: int) -> None:
    ring = ring_of(5_760, late)
    ring.add(START + 86_400, 9_000_000, 7)
    ring.add(START + 86_415, 11, 22)
    cpu, memory = ring.series(START + 86_415)
    assert cpu.points[-1] == (START + 86_415, 0.011)  # now
    assert memory.points[-1] == (START + 86_415, 22.0)
    assert max(value for _, value in cpu.points) == 9_000
    times = [at for at, _ in cpu.points[:-1]]
    assert times[0] - START < 1_000
    steps = [later - at for at, later in pairwise(times)]
    assert max(steps[:-2]) <= 2 * min(steps[:-2])  # less than a column
    assert " " not in bottom(ring, START + 86_415)


@pytest.mark.parametrize("readings", [60, 240, 241, 700])
@pytest.mark.parametrize("late", [0, 4])
def test_there_is_no_gap_while_everything_is_read(readings: int, late: int) -> None:
    ring, now = ring_of(readings, late), START + readings * PERIOD
    assert " " not in bottom(ring, now).strip()


def test_a_time_in_which_nothing_was_read_is_a_gap() -> None:
    ring = UsageRing()
    for number in (*range(20), *range(60, 80)):
        ring.add(START + number * PERIOD, 100, 1)
    row = bottom(ring, START + 80 * PERIOD)
    assert len(row.strip().split()) == 2
    assert row.strip().count(" ") >= len(row) // 3


def test_a_reading_that_is_not_newer_is_left_out() -> None:
    ring = ring_of(3)
    ring.add(START + 30.0, 9_999, 1)
    ring.add(START, 9_999, 1)
    assert len(ring) == 3
    assert max(value for _, value in ring.series(START + 30)[0].points) == 0.002


def test_an_empty_one_has_no_figures() -> None:
    cpu, memory = UsageRing().series(START)
    assert cpu.points == memory.points == ()
