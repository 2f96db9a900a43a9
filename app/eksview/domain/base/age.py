"""Ages as kubectl writes them."""

import re
from datetime import UTC, datetime

from eksview.domain.base.text import Clean

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400
_PARTS = re.compile(r"(?=\d)" + "".join(rf"(?:(\d{{1,9}}){unit})?" for unit in "ydhms"), re.ASCII)


def human_duration(seconds: float) -> Clean:
    """Return `94s`, `3m8s`, `25m`, `7h2m`, `30h`, `4d3h`, `400d` or `2y100d`.

    Source: apimachinery `duration.HumanDuration`, which prints kubectl's AGE. Up to two seconds in
    the future count as now, more is `<invalid>`.
    """
    return Clean(_duration(int(seconds)))


def human_seconds(text: str) -> float | None:
    """Return the seconds of what `human_duration` writes, to its precision; None for other text."""
    if not (found := _PARTS.fullmatch(text)):
        return None
    units = (_YEAR, _DAY, _HOUR, _MINUTE, 1)
    return float(sum(int(n or 0) * unit for n, unit in zip(found.groups(), units, strict=True)))


def _duration(total: int) -> str:
    if total < -1:
        return "<invalid>"
    if total < 2 * _MINUTE:
        return f"{max(0, total)}s"
    if total < 3 * _HOUR:
        return _two_units(total, _MINUTE, "m", 1, "s", below=10)
    if total < 2 * _DAY:
        return _two_units(total, _HOUR, "h", _MINUTE, "m", below=8)
    if total < 2 * _YEAR:
        return _two_units(total, _DAY, "d", _HOUR, "h", below=8)
    return _two_units(total, _YEAR, "y", _DAY, "d", below=8)


def coarse_duration(seconds: float) -> Clean:
    """Return `<1m`, `7m`, `125m`, `5h`, `3d4h`: it changes once a minute at most."""
    if seconds < _MINUTE:
        return Clean("<1m")
    if seconds < 3 * _HOUR:
        return Clean(f"{int(seconds / _MINUTE)}m")
    return human_duration(seconds - seconds % _HOUR)


def age(now: float, then: float | None) -> Clean:
    """Return the AGE cell for an event at `then`, seconds since the epoch."""
    return Clean("<unknown>") if then is None else human_duration(now - then)


def parse_time(text: str | None) -> float | None:
    """Return an RFC 3339 time as seconds since the epoch; None for other text or Go's zero time."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() if moment.year > 1 else None


def rfc3339(seconds: float) -> str:
    """Return a time, in seconds since the epoch, as Kubernetes writes it: to the second, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_minute(seconds: float) -> Clean:
    """Return a time, in seconds since the epoch, as `2026-10-09 08:53 UTC`."""
    return Clean(datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC"))


def _two_units(total: int, big: int, name: str, small: int, small_name: str, *, below: int) -> str:
    count, rest = divmod(total, big)
    rest //= small
    return f"{count}{name}{rest}{small_name}" if count < below and rest else f"{count}{name}"
