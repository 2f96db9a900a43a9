"""Thresholds: what was marked without a file stays so, and a file moves each mark."""

import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.thresholds import USUAL, Thresholds

OK, WARN, BAD = Health.OK, Health.WARN, Health.BAD


@pytest.mark.parametrize(
    ("share", "health"), [(None, OK), (0, OK), (89, OK), (90, WARN), (99, WARN), (100, BAD)]
)
def test_usage_is_judged_by_its_percentage(share: int | None, health: Health) -> None:
    assert USUAL.usage(share) is health


def test_a_file_moves_the_marks() -> None:
    strict = Thresholds(usage_warn=50, usage_bad=60, requests_warn=20, restarts=5, restart_age=60)
    assert [strict.usage(share) for share in (49, 50, 60)] == [OK, WARN, BAD]
    assert [strict.requests(share) for share in (None, 19, 20)] == [OK, OK, WARN]
    assert [strict.restarted(5, age) for age in (None, 59.0, 60.0)] == [OK, WARN, OK]
    assert strict.restarted(4, 1.0) is OK


def test_bad_below_warn_leaves_no_warning() -> None:
    assert [Thresholds(usage_warn=90, usage_bad=50).usage(share) for share in (49, 50)] == [OK, BAD]
