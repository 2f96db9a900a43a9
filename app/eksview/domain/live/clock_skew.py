"""The difference between this machine's clock and the API server's, and stamps moved by it."""

from datetime import UTC
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.age import human_duration

T = TypeVar("T")
NOTABLE = 5.0
"""Seconds of difference that are shown: less can't be told from a slow answer."""
RESOLUTION = 1.0
"""Seconds of a Date header, which drops the fraction (RFC 9110, section 5.6.7)."""
_LOCAL_STAMPS = ("at", "since", "heard", "last_event", "retry_at", "throttled", "ended", "read_at")
_INNER = ("value", "last", "outcome", "scheduler", "controllers")


class ClockSkew(Struct, frozen=True):
    """The seconds by which this machine's clock is ahead of the API server's."""

    ahead: float


def date_of(header: str | None) -> float | None:
    """Return the seconds since the epoch of a Date header; None for another text."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - after the first frame

    try:
        moment = parsedate_to_datetime(header or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def measured(ahead: float | None, date: float, sent: float, received: float) -> float:
    """Return the seconds by which this machine is ahead, after one more answer.

    The server wrote `date` between `sent` and `received`, seconds of this machine's clock, so that
    one answer only gives bounds. The last measure stays as long as it is within them, so that ages
    don't jump; the first is zero if it may be, else the middle, half a round trip from both.
    """
    least, most = sent - date - RESOLUTION, received - date
    if least > most:  # this clock was set back meanwhile
        return ahead or 0.0
    if ahead is None:
        return 0.0 if least <= 0.0 <= most else (least + most) / 2
    return min(max(ahead, least), most)


def skew_words(ahead: float) -> str:
    """Return `this machine's clock is 70 s ahead of the API server`; empty if it hardly is."""
    if abs(ahead) < NOTABLE:
        return ""
    size = round(abs(ahead))
    amount = f"{size} s" if size < 120 else human_duration(size)
    side = "ahead of" if ahead > 0 else "behind"
    return f"this machine's clock is {amount} {side} the API server"


def moved(value: T, by: float) -> T:
    """Return a link, a reading or a fact with the stamps of this machine moved by `by` seconds.

    Times that a server reported, such as the end of a credential, stay as they are.
    """
    shifted: T = _moved(value, by) if by else value
    return shifted


def _moved(value: Any, by: float) -> Any:
    if isinstance(value, tuple):
        return tuple(_moved(item, by) for item in value)
    if not isinstance(value, Struct):
        return value
    fields: dict[str, Any] = {}
    for name in value.__struct_fields__:
        inner = getattr(value, name)
        if name in _LOCAL_STAMPS and isinstance(inner, float | int):
            fields[name] = inner + by
        elif name in _INNER or (name == "sessions" and isinstance(inner, tuple)):
            fields[name] = _moved(inner, by)
    return replace(value, **fields) if fields else value
