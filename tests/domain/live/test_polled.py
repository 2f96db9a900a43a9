"""When what is polled is asked again."""

import pytest

from eksview.domain.live.polled import ABSENT, PERIOD, after_answer, after_failure
from eksview.domain.live.retry import FIRST, MOST, RARELY, Failure
from eksview.domain.rows.link import Phase


@pytest.mark.parametrize(("took", "wait"), [(0.0, PERIOD), (2.9, PERIOD), (12.0, 120.0)])
def test_a_round_takes_at_most_a_tenth_of_the_time(took, wait):
    pause = after_answer(took)
    assert (pause.phase, pause.wait, pause.failures) == (Phase.LIVE, wait, 0)


@pytest.mark.parametrize(
    ("failure", "failures", "absent", "expected"),
    [
        (Failure(404), 3, True, (Phase.OFF, ABSENT, 0)),
        (Failure(403), 3, True, (Phase.OFF, ABSENT, 0)),
        (Failure(403), 3, False, (Phase.REFUSED, RARELY, 0)),
        (Failure(429, retry_after=7.0), 0, False, (Phase.RETRYING, 7.0, 1)),
        (Failure(503), 0, False, (Phase.RETRYING, FIRST, 1)),
        (Failure(), 2, False, (Phase.RETRYING, FIRST * 4, 3)),
        (Failure(), 9, False, (Phase.RETRYING, MOST, 10)),
    ],
)
def test_what_went_wrong_decides_when_to_ask_again(failure, failures, absent, expected):
    pause = after_failure(failure, failures, lambda: 0.0, absent=absent)
    assert (pause.phase, pause.wait, pause.failures) == expected
