"""How often is painted, and when a line is taken for slow."""

import pytest

from eksview.config.settings import Settings
from eksview.store.store import Store
from eksview.ui.shell.frame_clock import FrameClock
from eksview.ui.terminal.frame_rate import LATE, SEEN, FrameRate
from tests.ui.harness import TestedApp, make_view, populate
from tests.ui.shell.test_app import running, shows


@pytest.mark.parametrize(
    ("settings", "period"),
    [
        (Settings(), 0.25),
        (Settings(fps=10), 0.1),
        (Settings(low_bandwidth=True), 1.0),
        (Settings(low_bandwidth=True, fps=0.2), 5.0),
    ],
)
def test_the_period_is_as_asked_for(settings, period):
    assert FrameRate(settings).period == period


def test_a_line_on_which_frames_are_late_is_slow_and_that_is_found_once():
    pace = FrameRate(Settings(over_ssh=True))
    found = [pace.note(late=True) for _ in range(SEEN)]
    assert found.index(True) == LATE - 1
    assert found.count(True) == 1
    assert (pace.lean, pace.period) == (True, 1.0)


@pytest.mark.parametrize(
    ("settings", "frames"),
    [
        (Settings(over_ssh=True), [True, False, False, False] * SEEN),
        (Settings(over_ssh=True), [True] * (LATE - 1) + [False] * SEEN),
        (Settings(), [True] * SEEN),
    ],
)
def test_a_line_that_keeps_up_or_isnt_ssh_is_not_slow(settings, frames):
    pace = FrameRate(settings)
    assert not any(pace.note(late=late) for late in frames)


def test_frames_are_due_by_the_pace_and_not_by_the_timer():
    view = make_view(populate(Store()))
    view.pace.lean = True
    drawn = []
    frames = FrameClock(view, list, lambda: False, lambda: None)
    frames.flush = lambda: drawn.append(1)
    for quarter in range(13):
        frames.tick(quarter / 4)
    assert len(drawn) == 4  # at 0, 1, 2 and 3 seconds


async def test_low_bandwidth_draws_no_sparkline():
    app = TestedApp(settings=Settings(animate=False, low_bandwidth=True))
    async with running(app):
        await shows(app, "nodes", "Workers")
        assert not set("▁▂▃▄▅▆▇█") & set("".join(app.lines()[:12]))
