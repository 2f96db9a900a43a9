"""The difference of two clocks: bounds by Date headers, words, and the stamps it moves."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.live.clock_skew import date_of, measured, moved, skew_words
from eksview.domain.live.facts import Facts
from eksview.domain.live.viewers import Viewer, Viewers
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import EksMetrics, Identity, Probe, SchedulerMetrics

LOCAL = {"at", "since", "ended", "throttled"}
REPORTED = {"starts", "ends", "expires", "created", "support_ends", "extended_ends"}
LENGTHS = {"took", "latency", "rate", "period"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777.0),  # the example of RFC 9110
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777.0),  # its obsolete form
        ("Sun Nov  6 08:49:37 1994", 784111777.0),
        ("", None),
        (None, None),
        ("yesterday", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None),
    ],
)
def test_a_date_header_is_seconds_since_the_epoch(text: str | None, seconds: float | None) -> None:
    assert date_of(text) == seconds


@given(
    skew=st.floats(-5000, 5000),
    answers=st.lists(
        st.tuples(st.floats(0, 3), st.floats(0, 3), st.floats(0.01, 30)), min_size=1, max_size=20
    ),
)
def test_the_measure_comes_nearer_with_every_answer(
    skew: float, answers: list[tuple[float, float, float]]
) -> None:
    """Each answer leaves at most its round trip and the second that the header drops."""
    ahead, server, errors = None, 1_760_000_000.25, []
    for there, back, pause in answers:
        sent = server + skew
        date = float(int(server + there))
        server += there + back
        ahead = measured(ahead, date, sent, server + skew)
        errors.append(abs(ahead - skew))
        assert errors[-1] <= there + back + 1.0 + 1e-5
        server += pause
    assert all(later <= earlier + 1e-5 for earlier, later in pairwise(errors))


def test_clocks_that_may_agree_do() -> None:
    assert measured(None, 100.0, 99.9, 100.2) == 0.0


def test_the_first_measure_is_half_a_round_trip_from_both_bounds() -> None:
    assert measured(None, 100.0, 170.0, 170.4) == pytest.approx(70.2 - 0.5)


def test_a_clock_that_is_set_right_is_followed() -> None:
    assert measured(70.0, 100.0, 100.1, 100.3) == pytest.approx(0.3)


def test_a_clock_that_is_set_back_during_a_request_measures_nothing() -> None:
    assert measured(70.0, 100.0, 170.0, 100.0) == 70.0


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0.0, ""),
        (-4.9, ""),
        (70.3, "this machine's clock is 70 s ahead of the API server"),
        (-70.3, "this machine's clock is 70 s behind the API server"),
        (3600.0, "this machine's clock is 60m ahead of the API server"),
    ],
)
def test_a_difference_is_named_when_it_matters(ahead: float, words: str) -> None:
    assert skew_words(ahead) == words


def test_stamps_of_this_machine_are_moved_and_reported_times_are_not() -> None:
    link = Link("nodes", Phase.RETRYING, 10.0, retry_at=30.0, heard=20.0, last_event=15.0)
    assert moved(link, -70.0) == Link(
        "nodes", Phase.RETRYING, -60.0, retry_at=-40.0, heard=-50.0, last_event=-55.0
    )
    assert moved(Read(Probe("readyz", 5.0, True), 6.0), 1.0) == Read(
        Probe("readyz", 6.0, True), 7.0
    )
    identity = Identity("ops", (), expires=99.0)
    assert moved(ReadFailed("x", 1.0, identity), 1.0) == ReadFailed("x", 2.0, identity)
    metrics = EksMetrics(scheduler=Read(SchedulerMetrics(1.0, ()), 1.0))
    assert moved(metrics, 1.0) == EksMetrics(scheduler=Read(SchedulerMetrics(2.0, ()), 2.0))
    viewer = Viewer(1, "ops", "key", "::1", 80, 24, since=5.0)
    late = Viewer(1, "ops", "key", "::1", 80, 24, since=6.0)
    assert moved(Viewers(2, (viewer,)), 1.0) == Viewers(2, (late,))


def test_every_time_of_a_fact_is_known_to_be_ours_or_the_servers() -> None:
    """A new field of a fact belongs into one of the three sets, and into the code if it's ours."""
    values = [
        vars(Facts)[name].key.value for name in vars(Facts) if hasattr(vars(Facts)[name], "key")
    ]
    assert len(values) > 15
    times = {
        field
        for value in values
        for field, kind in value.__annotations__.items()
        if kind in (float, float | None) and field != "ahead"
    }
    assert times <= LOCAL | REPORTED | LENGTHS
