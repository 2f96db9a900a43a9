"""Durations as Go writes and reads them. Source: Go's time.ParseDuration."""

import re

_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_MICRO = 1e-6  # of either letter mu


def duration(text: object) -> float | None:
    """Return the seconds of a duration such as `1m30s` or `-1.5h`; None for anything else."""
    if not isinstance(text, str):
        return None
    sign, amount = (-1.0, text[1:]) if text.startswith("-") else (1.0, text.removeprefix("+"))
    if amount == "0":
        return 0.0
    if not amount or _PART.sub("", amount):
        return None
    parts = _PART.findall(amount)
    return sign * sum(float(number) * _SECONDS.get(unit, _MICRO) for number, unit in parts)
