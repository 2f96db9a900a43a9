"""How often rows come, go and move."""

import pytest

from eksview.ui.table.row_pace import LIVELY, SELDOM, TOGETHER, RowPace, TextPace


def moments(pace: RowPace, seconds: int, *, every: float = 0.25) -> list[float]:
    """Return when rows moved that change all the time."""
    times = []
    for frame in range(int(seconds / every)):
        now = frame * every
        if pace.due(now):
            pace.moved(now)
            times.append(now)
    return times


@pytest.mark.parametrize(
    ("worst_first", "lean", "last_gap"),
    [(True, False, LIVELY), (False, False, TOGETHER), (True, True, SELDOM), (False, True, SELDOM)],
)
def test_moments_become_rarer_where_the_rows_above_change_all_the_time(
    worst_first: bool, lean: bool, last_gap: float
) -> None:
    times = moments(RowPace(lambda: worst_first, lambda: lean), 60)
    assert times[-1] - times[-2] == last_gap


def test_after_a_calm_time_a_row_comes_at_once_and_the_next_soon() -> None:
    pace = RowPace(lambda: True, lambda: False)
    later = moments(pace, 60)[-1] + 10 * LIVELY
    assert pace.due(later)
    pace.moved(later)
    assert not pace.due(later + TOGETHER / 2)
    assert pace.due(later + TOGETHER)


def test_counts_change_each_second_until_they_change_all_the_time() -> None:
    pace = TextPace(0)
    pace.changed(0, 0)
    pace.changed(1, 1)
    assert pace.due(2)
    pace.changed(2, 1)
    assert not pace.due(6)
    assert pace.due(7)
    pace.changed(7, 0)
    assert pace.due(8)
