"""Values as Go's fmt.Sprint prints them, which kubectl prints cells and fields with."""

from decimal import Decimal
from typing import Any


def go_text(value: Any) -> str:
    """Return a decoded JSON value as text: `true`, `1.5`, `map[a:1 b:2]`, `[1 2]`, `<nil>`."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return str(value).lower()
        case float():
            return _float_text(value)
        case dict():
            pairs = (f"{key}:{go_text(value[key])}" for key in sorted(value))
            return f"map[{' '.join(pairs)}]"
        case list():
            return f"[{' '.join(map(go_text, value))}]"
    return str(value)


def _float_text(value: float) -> str:
    """Return a float as `%v` does: with an exponent below 1e-4 and from a million on."""
    number = Decimal(repr(value)).normalize()
    if -4 <= number.adjusted() < 6:
        return f"{number:f}"
    mantissa, _, exponent = f"{number:e}".partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].rjust(2, '0')}"
