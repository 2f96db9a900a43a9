"""The amounts that cells are compared with: `restarts>3`, `age>1h`, `cpu>50%`, `mem-req>1Gi`."""

import re
from collections.abc import Callable
from operator import ge, gt, le, lt

from eksview.domain.base.quantity import cpu_milli, quantity, size_bytes
from eksview.domain.filter.errors import FilterError
from eksview.domain.tables.column import Unit

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_PART = r"(\d{1,12}(?:\.\d{1,6})?)(ms|[smhdwy])"
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,17})?(?:e[+-]\d\d)?", re.ASCII)
_EXAMPLES: dict[Unit, str] = {
    "number": "a number, such as 3",
    "percent": "a percentage, such as 50%",
    "duration": "a time, such as 30m, 2h or 7d",
    "cpu": "CPU, such as 250m or 2",
    "size": "an amount, such as 512Mi or 4Gi",
    "quantity": "a quantity, such as 3, 250m or 4Gi",
}
COMPARISONS: dict[str, Callable[[float, float], bool]] = {">": gt, "<": lt, ">=": ge, "<=": le}


def amount_of(text: str, unit: Unit) -> float | None:
    """Return an amount in the unit of a column's measure; None for other text.

    Durations are in seconds, CPU in milli-cores, sizes in bytes.
    """
    if unit == "duration":
        return _seconds(text)
    if unit == "quantity":
        exact = quantity(text)
        return None if exact is None else float(exact)
    if unit in ("cpu", "size"):
        if quantity(text) is None:
            return None
        return cpu_milli(text) if unit == "cpu" else size_bytes(text)
    number = text.removesuffix("%") if unit == "percent" else text
    return float(number) if _NUMBER.fullmatch(number) else None


def needed_amount(name: str, text: str, unit: Unit) -> float:
    """Return an amount; raise FilterError, which says what the column is compared with."""
    amount = amount_of(text, unit)
    if amount is None:
        raise FilterError(f"{name} is compared with {_EXAMPLES[unit]}")
    return amount


def _seconds(text: str) -> float | None:
    """Return the seconds of `1h30m` or `500ms`; None without a unit."""
    if not re.fullmatch(f"(?:{_PART})+", text, re.ASCII):
        return None
    return sum(float(count) * _SECONDS[unit] for count, unit in re.findall(_PART, text, re.ASCII))
