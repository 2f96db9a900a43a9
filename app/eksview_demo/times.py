"""Time as the API server reads and prints it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Returns seconds since the epoch."""

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 24 * 3600, 365 * 24 * 3600
_STEPS = (  # up to which length; its unit; the smaller unit that is printed too, if any
    (10 * _MINUTE, _MINUTE, "m", 1, "s"),
    (3 * _HOUR, _MINUTE, "m", 0, ""),
    (8 * _HOUR, _HOUR, "h", _MINUTE, "m"),
    (2 * _DAY, _HOUR, "h", 0, ""),
    (8 * _DAY, _DAY, "d", _HOUR, "h"),
    (2 * _YEAR, _DAY, "d", 0, ""),
    (8 * _YEAR, _YEAR, "y", _DAY, "d"),
)


def parse_time(text: str | None) -> float | None:
    """Return RFC 3339 text as seconds since the epoch; None for Go's zero time and for no time."""
    if not text or text.startswith("0001-"):
        return None
    return datetime.fromisoformat(text).timestamp()


def human_duration(seconds: float) -> str:
    """Return a length of time as `HumanDuration` of apimachinery's `util/duration` prints it."""
    whole = int(seconds)
    if whole < -1:
        return "<invalid>"
    if whole < 2 * _MINUTE:
        return f"{max(whole, 0)}s"
    for limit, unit, name, fraction, fraction_name in _STEPS:
        if whole < limit:
            rest = whole % unit // fraction if fraction else 0
            return f"{whole // unit}{name}" + (f"{rest}{fraction_name}" if rest else "")
    return f"{whole // _YEAR}y"
