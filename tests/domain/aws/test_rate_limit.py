"""How often AWS is asked, and how a link goes on after a refusal."""

import pytest

from eksview.domain.aws.poll_plan import ECS_PLANS, PLANS
from eksview.domain.aws.rate_limit import (
    LOGIN,
    MINUTE,
    MOST,
    RARELY,
    Budget,
    after_refusal,
    backoff,
    period_of,
)
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase


def never() -> float:
    return 0.0


def test_a_budget_lets_calls_pass_until_it_is_spent_and_then_until_a_minute_is_over() -> None:
    budget = Budget(2)
    assert budget.wait(100.0) == 0.0
    budget.spend(100.0)
    budget.spend(110.0)
    assert budget.wait(120.0) == pytest.approx(40.0)
    assert budget.wait(100.0 + MINUTE) == 0.0


def test_only_the_calls_of_the_last_minute_are_shown_as_used() -> None:
    budget = Budget(10)
    for at in (0.0, 30.0, 59.0):
        budget.spend(at)
    assert budget.used(59.5) == 3
    assert budget.used(60.0) == 2
    assert budget.used(200.0) == 0


def test_backing_off_doubles_up_to_a_minute_and_adds_at_most_a_half() -> None:
    waits = [backoff(failures, never) for failures in range(9)]
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == MOST
    assert backoff(2, lambda: 1.0) == pytest.approx(6.0)
    assert backoff(50, lambda: 1.0) == MOST


@pytest.mark.parametrize(
    ("kind", "retry_after", "phase", "wait", "failures"),
    [
        ("denied", None, Phase.REFUSED, RARELY, 0),
        ("expired", None, Phase.RETRYING, LOGIN, 0),
        ("no-credentials", None, Phase.RETRYING, LOGIN, 0),
        ("not-found", None, Phase.RETRYING, 30.0, 0),
        ("throttled", None, Phase.RETRYING, 4.0, 3),
        ("throttled", 7.0, Phase.RETRYING, 7.0, 3),
        ("broken", None, Phase.RETRYING, 4.0, 3),
        ("unreachable", None, Phase.RETRYING, 4.0, 3),
        ("other", None, Phase.RETRYING, 4.0, 3),
    ],
)
def test_each_kind_of_refusal_has_its_own_wait(
    kind: str, retry_after: float | None, phase: Phase, wait: float, failures: int
) -> None:
    step = after_refusal(kind, 2, 30.0, never, retry_after)
    assert (step.phase, step.wait, step.failures) == (phase, pytest.approx(wait), failures)


def test_what_is_denied_is_never_asked_more_often_than_on_its_period() -> None:
    assert after_refusal("denied", 0, 600.0, never).wait == pytest.approx(600.0)


@pytest.mark.parametrize(
    ("period", "took", "stretched"),
    [
        (30.0, 0.2, 30.0),
        (30.0, 3.0, 30.0),
        (30.0, 12.0, 120.0),
        (30.0, 90.0, 300.0),
        (600.0, 90.0, 600.0),
    ],
)
def test_a_round_takes_at_most_a_tenth_of_the_time_until_the_next(
    period: float, took: float, stretched: float
) -> None:
    assert period_of(period, took) == stretched


def test_every_table_of_aws_has_a_link_that_says_how_fresh_it_is() -> None:
    streams = {Kind.NODE, Kind.POD, Kind.LEASE, Kind.EVENT}
    others = streams | {Kind.NODECLAIM, Kind.SIGNING, Kind.USAGE, Kind.POD_USAGE}
    assert {kind for kind in Kind if kind.link in PLANS | ECS_PLANS} == set(Kind) - others
