"""Durations, as Go's time.ParseDuration reads them."""

import pytest

from eksview.domain.base.go_duration import duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10.0), ("5m0s", 300.0), ("1h2m3.5s", 3723.5), ("250ms", 0.25), ("0", 0.0), ("+0", 0.0),
     ("0s", 0.0), (".5s", 0.5), ("5.s", 5.0), ("-1.5h", -5400.0), ("+10s", 10.0),
     ("9000000us", 9.0), ("9000000\u00b5s", 9.0), ("9000000\u03bcs", 9.0),
     ("", None), ("soon", None), ("10", None), (10, None), (None, None), ("-", None), (".s", None),
     ("1 s", None), ("1S", None), ("1d", None), ("1m1", None), ("1e3s", None), ("\u0661s", None)],
)  # fmt: skip
def test_gos_durations(text: object, seconds: float | None) -> None:
    assert duration(text) == pytest.approx(seconds)
