"""Values as Go's fmt.Sprint prints them, which kubectl prints cells with."""

from typing import Any

_PLAIN_FLOATS = 1e21
"""From here on `%v` writes an exponent; Python does from 1e16."""


def go_text(value: Any) -> str:
    """Return a decoded JSON value as text: `true`, `1.5`, `map[a:1 b:2]`, `[1 2]`, `<nil>`."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < _PLAIN_FLOATS:
            return str(int(value))
        case dict():
            pairs = (f"{key}:{go_text(value[key])}" for key in sorted(value))
            return f"map[{' '.join(pairs)}]"
        case list():
            return f"[{' '.join(map(go_text, value))}]"
    return str(value)
