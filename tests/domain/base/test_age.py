"""Ages as kubectl prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.base.age import age, human_duration, parse_time

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 365 * 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "<invalid>"),
        (-2, "<invalid>"),
        (-1.9, "0s"),
        (-0.5, "0s"),
        (0, "0s"),
        (1.9, "1s"),
        (94, "94s"),
        (119, "119s"),
        (2 * MINUTE, "2m"),
        (3 * MINUTE + 8, "3m8s"),
        (9 * MINUTE + 59, "9m59s"),
        (10 * MINUTE + 30, "10m"),
        (179 * MINUTE, "179m"),
        (3 * HOUR, "3h"),
        (7 * HOUR + 2 * MINUTE + 59, "7h2m"),
        (8 * HOUR + 5 * MINUTE, "8h"),
        (47 * HOUR + 59 * MINUTE, "47h"),
        (2 * DAY, "2d"),
        (4 * DAY + 3 * HOUR, "4d3h"),
        (7 * DAY + 23 * HOUR, "7d23h"),
        (8 * DAY + 5 * HOUR, "8d"),
        (729 * DAY, "729d"),
        (2 * YEAR, "2y"),
        (2 * YEAR + 100 * DAY, "2y100d"),
        (8 * YEAR + 100 * DAY, "8y"),
    ],
)
def test_durations_read_as_kubectl_prints_them(seconds: float, text: str) -> None:
    assert human_duration(seconds) == text


@given(st.floats(0, 20 * YEAR))
def test_a_duration_is_never_longer_than_six_characters(seconds: float) -> None:
    assert len(human_duration(seconds)) <= 6


def test_an_age_without_a_beginning_is_unknown() -> None:
    assert age(100.0, None) == "<unknown>"
    assert age(194.0, 100.0) == "94s"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-23T07:43:34Z", 1795419814.0),
        ("2026-11-23T07:44:43.202668Z", 1795419883.202668),
        ("2026-11-23T07:44:43.202668123Z", 1795419883.202668),
        ("2026-11-23T08:43:34+01:00", 1795419814.0),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59Z", 253402300799.0),
        ("", None),
        (None, None),
        ("yesterday", None),
    ],
)
def test_times_are_read_as_seconds_since_the_epoch(text: str | None, seconds: float | None) -> None:
    assert parse_time(text) == seconds


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    parse_time(text)
