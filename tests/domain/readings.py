"""Plain values as readings, for the inputs of checks."""

from collections.abc import Mapping
from typing import Any

from eksview.domain.base.reading import NOT_ASKED, Read

AT = 1_760_000_000.0


def as_readings(
    changes: Mapping[str, Any], names: tuple[str, ...] = ("entries", "auth")
) -> dict[str, Any]:
    """The sources of the IAM mapping as read; None for what wasn't asked for."""
    return {name: _read(value) if name in names else value for name, value in changes.items()}


def _read(value: Any) -> Any:
    if value is None:
        return NOT_ASKED
    return Read(value, AT) if isinstance(value, tuple) or hasattr(value, "exists") else value
