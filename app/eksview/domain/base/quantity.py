"""Kubernetes quantities: `250m`, `3840Mi`, `1e3`, `1.5`.

Source: apimachinery `resource.Quantity`, whose values are rounded up to whole units.
"""

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil

from eksview.domain.base.text import Clean

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})"
    r"(?:(?P<suffix>[numkMGTPE]|[KMGTPE]i)|[eE](?P<power>[+-]?\d{1,2}))?",
    re.ASCII,
)
_SCALE = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 10**3),
    **{suffix: Fraction(10 ** (3 * power)) for power, suffix in enumerate("kMGTPE", 1)},
    **{f"{suffix}i": Fraction(2 ** (10 * power)) for power, suffix in enumerate("KMGTPE", 1)},
}
_LARGEST = 2**63 - 1
_UNITS = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")


@lru_cache(maxsize=8192)
def cpu_milli(text: str) -> int:
    """Return CPU in milli-cores, rounded up; 0 for text that isn't a quantity."""
    return _whole(_parse(text) * 1000)


@lru_cache(maxsize=8192)
def size_bytes(text: str) -> int:
    """Return bytes or a plain count, rounded up; 0 for text that isn't a quantity."""
    return _whole(_parse(text))


def show_cpu(milli: int) -> Clean:
    """Return `250m` below a core, `1.5` or `64` above."""
    if abs(milli) < 1000:
        return Clean(f"{milli}m" if milli else "0")
    return Clean(_short(milli / 1000))


def show_size(size: int) -> Clean:
    """Return `512`, `128Mi`, `3.8Gi`: in the largest binary unit that leaves at least one."""
    value: float = size
    for unit in _UNITS:
        if abs(value) < 1023.5 or unit == _UNITS[-1]:
            return Clean(f"{_short(value, 1)}{unit}")
        value /= 1024
    raise AssertionError("the last unit takes all")


def show_number(number: int) -> Clean:
    """Return `4096`."""
    return Clean(str(number))


def show_percent(share: int) -> Clean:
    """Return `42%`."""
    return Clean(f"{share}%")


def show_part(part: int, whole: int) -> Clean:
    """Return `2/3`."""
    return Clean(f"{part}/{whole}")


def percent(part: int, whole: int) -> int | None:
    """Return whole percents, rounded down as by `kubectl describe node`; None of zero."""
    return part * 100 // whole if whole > 0 else None


def _parse(text: str) -> Fraction:
    return quantity(text) or Fraction(0)


def quantity(text: str) -> Fraction | None:
    """Return the exact amount; None for text that isn't a quantity."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    value = Fraction(match["digits"].rstrip("."))
    if match["suffix"]:
        value *= _SCALE[match["suffix"]]
    elif match["power"]:
        value *= Fraction(10) ** int(match["power"])
    return -value if match["sign"] == "-" else value


_DECIMAL = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")


def canonical(text: str) -> str:
    """Return a quantity as Go's `Quantity.String` does: `30` of `30000m`; other text as it is."""
    value, match = quantity(text), _NUMBER.fullmatch(text)
    if value is None or match is None:
        return text
    if (match["suffix"] or "").endswith("i") and abs(value) >= 1024:
        number, at = _reduced(ceil(value), 1024, len(_UNITS) - 1)
        return f"{number}{_UNITS[at]}"
    number, at = _reduced(ceil(value * 10**9), 1000, len(_DECIMAL) - 1)
    if match["power"]:
        exponent = 3 * (at - 3)
        return f"{number}e{exponent}" if exponent else str(number)
    return f"{number}{_DECIMAL[at] if number else ''}"


def in_format_of(text: str, other: str) -> str:
    """Return a quantity in its canonical form; of another format than `other`, whole in that."""
    value, form = quantity(text), _format(other)
    if value is None or form == _format(text):
        return canonical(text)
    if form == "i":
        number, at = _reduced(ceil(value), 1024, len(_UNITS) - 1)
        return f"{number}{_UNITS[at]}"
    return canonical(f"{ceil(value)}e0" if form == "e" else str(ceil(value)))


def _format(text: str) -> str:
    """Return the format of a quantity: `i` for binary units, `e` for powers of ten, else none."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return ""
    return "e" if match["power"] else "i" if (match["suffix"] or "").endswith("i") else ""


def _reduced(number: int, base: int, most: int) -> tuple[int, int]:
    """Return a number without its powers of a base, and how many were taken."""
    taken = 0
    while number and number % base == 0 and taken < most:
        number, taken = number // base, taken + 1
    return number, taken


def _whole(value: Fraction) -> int:
    return max(-_LARGEST, min(_LARGEST, ceil(value)))


def _short(value: float, decimals: int = 2) -> str:
    if abs(value) >= 10:
        decimals = 1
    if abs(value) >= 100:
        decimals = 0
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
