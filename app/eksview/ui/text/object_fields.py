"""The fields of an API object by the path of their keys.

Missing values and those of another type are empty.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from eksview.domain.base.text import Clean, clean

Json: TypeAlias = Any
"""A value as the JSON decoder gave it."""


def at(value: Json, *path: str) -> Json:
    """Return the value at a path of keys; None if it doesn't exist."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def text(value: Json, *path: str, empty: str = "") -> Clean:
    """Return a value as clean text; `empty` without one."""
    item = at(value, *path)
    if item is None or item == "" or isinstance(item, (Mapping, list)):
        return clean(empty)
    return clean(str(item).lower() if isinstance(item, bool) else str(item))


def objects(value: Json, *path: str) -> list[Mapping[str, Json]]:
    """Return the objects of a list."""
    item = at(value, *path)
    return [entry for entry in item if isinstance(entry, Mapping)] if isinstance(item, list) else []


def words(value: Json, *path: str) -> list[Clean]:
    """Return the texts of a list, cleaned."""
    item = at(value, *path)
    return [clean(str(word)) for word in item] if isinstance(item, list) else []


def pairs(value: Json, *path: str) -> Iterator[tuple[Clean, Clean]]:
    """Yield the entries of a map by key, cleaned."""
    item = at(value, *path)
    if isinstance(item, Mapping):
        for key in sorted(item, key=str):
            yield clean(str(key)), text(item[key])
