"""Event rates: a sample every two seconds, whatever the frame rate."""

from eksview.domain.rows.link import Link, Phase
from eksview.store.rates import HISTORY, SAMPLE, Rates


def link(events: int) -> Link:
    return Link("pods", Phase.LIVE, 0.0, events=events)


def test_two_seconds_must_pass_between_samples() -> None:
    rates = Rates()
    assert rates.observe([link(0)], 10.0)
    assert not rates.observe([link(50)], 11.5)
    assert rates.observe([link(100)], 12.0)
    assert rates.history("pods") == (0.0, 50.0)


def test_a_late_sample_is_spread_over_the_time_it_took() -> None:
    rates = Rates()
    rates.observe([link(0)], 0.0)
    rates.observe([link(100)], 4.0)
    assert rates.history("pods")[-1] == 25.0


def test_what_was_counted_before_the_first_sample_is_no_rate() -> None:
    rates = Rates()
    rates.observe([link(150_000)], 0.0)
    assert rates.current("pods") == 0.0


def test_only_a_minute_is_kept() -> None:
    rates = Rates()
    for second in range(200):
        rates.observe([link(second)], float(second))
    assert len(rates.history("pods")) * SAMPLE == HISTORY * SAMPLE == 60.0
