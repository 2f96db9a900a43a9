"""What to do after an answer, an end or a silence."""

import pytest

from eksview.domain.live.retry import (
    FIRST,
    MOST,
    RARELY,
    TOO_LARGE,
    Decision,
    Failure,
    Next,
    after_end,
    after_failure,
    backoff,
)


def no_chance() -> float:
    return 0.0


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, FIRST), (1, 2 * FIRST), (3, 8 * FIRST), (6, MOST), (100, MOST)],
)
def test_waits_double_up_to_a_limit(failures: int, seconds: float) -> None:
    assert backoff(failures, no_chance) == seconds


def test_jitter_adds_at_most_half_and_never_exceeds_the_limit() -> None:
    assert backoff(0, lambda: 1.0) == pytest.approx(1.5 * FIRST)
    assert backoff(100, lambda: 1.0) == MOST


@pytest.mark.parametrize(
    ("failure", "current", "failures", "expected"),
    [
        (Failure(410), Next.WATCH, 0, Decision(Next.LIST, 0.0, 1)),
        (Failure(410), Next.WATCH, 2, Decision(Next.LIST, 4 * FIRST, 3)),
        (Failure(410), Next.PAGES, 0, Decision(Next.PAGES, 0.0, 1)),
        (Failure(500, "Expired"), Next.WATCH, 0, Decision(Next.LIST, 0.0, 1)),
        (Failure(422), Next.LIST, 0, Decision(Next.PAGES, 0.0, 0)),
        (Failure(400), Next.LIST, 0, Decision(Next.PAGES, 0.0, 0)),
        (Failure(400), Next.WATCH, 0, Decision(Next.WATCH, FIRST, 1)),
        (Failure(403), Next.LIST, 3, Decision(Next.LIST, RARELY, 0, refused=True)),
        (Failure(429, retry_after=17.0), Next.WATCH, 0, Decision(Next.WATCH, 17.0, 1)),
        (Failure(503), Next.WATCH, 1, Decision(Next.WATCH, 2 * FIRST, 2)),
        (Failure(401), Next.LIST, 0, Decision(Next.LIST, FIRST, 1)),
        (Failure(), Next.WATCH, 0, Decision(Next.WATCH, FIRST, 1)),
        (Failure(504, TOO_LARGE), Next.WATCH, 0, Decision(Next.LIST, FIRST, 1)),
        (Failure(504, TOO_LARGE), Next.PAGES, 0, Decision(Next.PAGES, FIRST, 1)),
        (Failure(silent=True), Next.WATCH, 0, Decision(Next.WATCH, FIRST, 1)),
    ],
)
def test_each_failure_has_its_answer(
    failure: Failure, current: Next, failures: int, expected: Decision
) -> None:
    assert after_failure(failure, current, failures, no_chance) == expected


@pytest.mark.parametrize(
    ("failure", "current", "after"),
    [
        (Failure(silent=True), Next.WATCH, Next.LIST),
        (Failure(silent=True), Next.LIST, Next.LIST),
        (Failure(), Next.WATCH, Next.WATCH),  # cut before a word: the version may be good
    ],
)
def test_a_watch_that_was_silent_from_the_start_may_ask_for_a_version_to_come(
    failure: Failure, current: Next, after: Next
) -> None:
    assert after_failure(failure, current, 0, no_chance, mute=True).next is after


@pytest.mark.parametrize(
    ("lived", "events", "expected"),
    [
        (300.0, 0, Decision(Next.WATCH, 0.0, 0)),
        (0.2, 5, Decision(Next.WATCH, 0.0, 0)),
        (0.2, 0, Decision(Next.WATCH, 2 * FIRST, 2)),
    ],
)
def test_a_clean_end_is_normal_unless_it_came_at_once(
    lived: float, events: int, expected: Decision
) -> None:
    assert after_end(lived, events, 1, no_chance) == expected
