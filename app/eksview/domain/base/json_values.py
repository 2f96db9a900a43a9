"""The values of decoded JSON by the path of their keys; one that is missing is empty."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from eksview.domain.base.go_text import go_text

Json: TypeAlias = Any
"""A value as the JSON decoder gave it."""


def at(value: Json, *path: str) -> Json:
    """Return the value at a path of keys; None if it doesn't exist."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def word(value: Json, *path: str, empty: str = "") -> str:
    """Return a value as Go prints it with %v; `empty` where it is missing or empty."""
    item = at(value, *path)
    return empty if item is None or item == "" else go_text(item)


def number(value: Json, *path: str) -> int:
    """Return a whole number; zero where it is missing, as in Go."""
    item = at(value, *path)
    return item if isinstance(item, int) and not isinstance(item, bool) else 0


def items(value: Json, *path: str) -> Sequence[Json]:
    """Return the objects of a list; empty where it is missing."""
    item = at(value, *path)
    return [entry for entry in item if isinstance(entry, Mapping)] if isinstance(item, list) else ()


def texts(value: Json, *path: str) -> Sequence[str]:
    """Return the texts of a list; empty where it is missing."""
    item = at(value, *path)
    return [go_text(entry) for entry in item] if isinstance(item, list) else ()
