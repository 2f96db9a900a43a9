"""What to do after an answer, an end or a silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.aws import rate_limit
from eksview.domain.live.retry import (
    CEILING,
    FIRST,
    HEALTHY,
    MOST,
    RARELY,
    TOO_LARGE,
    Decision,
    Failure,
    Failures,
    Next,
    after_end,
    after_failure,
    backoff,
    retry_after_seconds,
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


NONE = Failures()
REFUSED = Decision(Next.LIST, RARELY, NONE, refused=True)
LISTS_TRIED = Decision(Next.PAGES, 0.0, Failures(answered=3), unwatched=True)


def failures(answered: int = 0, unanswered: int = 0, lists: int = 0) -> Failures:
    return Failures(unanswered, answered, lists)


@pytest.mark.parametrize(
    ("failure", "current", "before", "expected"),
    [
        (Failure(410), Next.WATCH, NONE, Decision(Next.LIST, FIRST, failures(1))),
        (Failure(410), Next.WATCH, failures(2), Decision(Next.LIST, 4 * FIRST, failures(3))),
        (Failure(410), Next.PAGES, NONE, Decision(Next.PAGES, FIRST, failures(1))),
        (Failure(500, "Expired"), Next.WATCH, NONE, Decision(Next.LIST, FIRST, failures(1))),
        (Failure(422), Next.LIST, NONE, Decision(Next.PAGES, 0.0, NONE)),
        (Failure(400), Next.LIST, NONE, Decision(Next.PAGES, 0.0, NONE)),
        (Failure(400), Next.WATCH, NONE, Decision(Next.WATCH, FIRST, failures(1))),
        (Failure(403), Next.PAGES, failures(3), REFUSED),
        # client-go asks for a streaming list by the verb watch; RBAC may allow the verb list
        (Failure(403), Next.LIST, failures(3), LISTS_TRIED),
        (Failure(405), Next.LIST, failures(3), LISTS_TRIED),
        (Failure(403), Next.WATCH, NONE, Decision(Next.LIST, FIRST, failures(1))),
        (Failure(429, retry_after=17.0), Next.WATCH, NONE, Decision(Next.WATCH, 17.0, failures(1))),
        (Failure(503), Next.WATCH, failures(1), Decision(Next.WATCH, 2 * FIRST, failures(2))),
        (Failure(401), Next.LIST, NONE, Decision(Next.LIST, FIRST, failures(1))),
        (Failure(), Next.WATCH, NONE, Decision(Next.WATCH, FIRST, failures(0, 1))),
        (Failure(504, TOO_LARGE), Next.WATCH, NONE, Decision(Next.LIST, FIRST, failures(1))),
        (Failure(504, TOO_LARGE), Next.PAGES, NONE, Decision(Next.PAGES, FIRST, failures(1))),
        (Failure(silent=True), Next.WATCH, NONE, Decision(Next.WATCH, FIRST, failures(0, 1))),
    ],
)
def test_each_failure_has_its_answer(
    failure: Failure, current: Next, before: Failures, expected: Decision
) -> None:
    assert after_failure(failure, current, before, no_chance) == expected


@pytest.mark.parametrize("status", [403, 404, 405])
def test_what_was_just_listed_but_has_no_watch_is_listed_again_later(status: int) -> None:
    decision = after_failure(Failure(status), Next.WATCH, failures(2), no_chance, relist=31.0)
    assert decision == Decision(Next.PAGES, 31.0, NONE, unwatched=True)


def test_a_server_that_answers_again_is_not_waited_for_as_if_it_were_still_away() -> None:
    away = failures(unanswered=9)
    decision = after_failure(Failure(410), Next.WATCH, away, no_chance)
    assert decision == Decision(Next.LIST, FIRST, failures(1))


def test_answers_between_lost_connections_make_the_waits_no_shorter() -> None:
    before, waits = NONE, []
    for failure in [Failure(), Failure(500)] * 4:
        decision = after_failure(failure, Next.WATCH, before, no_chance)
        before = decision.failures
        waits.append(decision.wait)
    assert waits[1::2] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]


@pytest.mark.parametrize("failure", [Failure(), Failure(500), Failure(410), Failure(404)])
def test_streaming_lists_that_break_off_twice_are_left_for_pages(failure: Failure) -> None:
    first = after_failure(failure, Next.LIST, NONE, no_chance, begun=True)
    assert first.next is Next.LIST
    second = after_failure(failure, Next.LIST, first.failures, no_chance, begun=True)
    assert (second.next, second.wait) == (Next.PAGES, 2 * FIRST)


@pytest.mark.parametrize(
    "failure", [Failure(), Failure(401), Failure(429), Failure(503)], ids=lambda each: each.status
)
def test_a_server_that_is_away_or_busy_may_still_have_streaming_lists(failure: Failure) -> None:
    before = NONE
    for _ in range(9):
        decision = after_failure(failure, Next.LIST, before, no_chance)
        before = decision.failures
        assert decision.next is Next.LIST


def test_a_streaming_list_without_an_end_is_left_for_pages_at_once() -> None:
    decision = after_failure(Failure(endless=True), Next.LIST, NONE, no_chance, begun=True)
    assert (decision.next, decision.wait) == (Next.PAGES, FIRST)


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
    assert after_failure(failure, current, NONE, no_chance, mute=True).next is after


@pytest.mark.parametrize(
    ("lived", "expected"),
    [
        (300.0, Decision(Next.WATCH, 0.0, NONE)),
        (HEALTHY, Decision(Next.WATCH, 0.0, NONE)),
        (HEALTHY - 0.1, Decision(Next.WATCH, 2 * FIRST, failures(2))),
        (0.0, Decision(Next.WATCH, 2 * FIRST, failures(2))),
    ],
)
def test_a_clean_end_is_normal_unless_it_came_early(lived: float, expected: Decision) -> None:
    assert after_end(lived, failures(1), no_chance) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("17", 17.0),
        (" 17 ", 17.0),
        (17, 17.0),
        ("3600", CEILING),
        ("1e308", CEILING),
        ("0", FIRST),
        ("-1", FIRST),
        ("-1e308", FIRST),
        ("0.001", FIRST),
        ("inf", FIRST),
        ("-inf", FIRST),
        ("nan", FIRST),
        ("9" * 400, FIRST),
        ("Fri, 31 Dec 1999 23:59:59 GMT", FIRST),
        ("soon", FIRST),
        ("", FIRST),
        (None, FIRST),
    ],
)
def test_a_server_can_ask_for_more_patience_but_not_for_less(text: object, seconds: float) -> None:
    assert backoff(0, no_chance, retry_after_seconds(text)) == seconds


@given(
    number=st.integers(0, 10_000),
    chance=st.floats(0.0, 1.0),
    text=st.one_of(st.text(), st.floats().map(str), st.integers().map(str), st.none()),
    wanted=st.one_of(st.floats(), st.none()),
)
def test_every_wait_has_a_floor_and_a_ceiling(
    number: int, chance: float, text: str | None, wanted: float | None
) -> None:
    for retry_after in (retry_after_seconds(text), wanted):
        assert FIRST <= backoff(number, lambda: chance, retry_after) <= CEILING
        assert rate_limit.backoff(number, lambda: chance, retry_after) >= rate_limit.FIRST
        assert rate_limit.backoff(number, lambda: chance, retry_after) <= CEILING
