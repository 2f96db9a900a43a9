"""Reading a whole object as JSON: what is missing or of another type is empty, not an error."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from eksview.domain.base.text import clean

Json: TypeAlias = Any
"""A value as the JSON decoder gave it."""


def at(value: Json, *path: str) -> Json:
    """What is found by following keys; None where the way ends."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def text(value: Json, *path: str, empty: str = "") -> str:
    """A value in clean words; `empty` where there is none."""
    found = at(value, *path)
    if found is None or found == "" or isinstance(found, (Mapping, list)):
        return empty
    return str(found).lower() if isinstance(found, bool) else clean(str(found))


def objects(value: Json, *path: str) -> list[Mapping[str, Json]]:
    """The objects of a list."""
    found = at(value, *path)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def words(value: Json, *path: str) -> list[str]:
    """The clean words of a list of them."""
    found = at(value, *path)
    return [clean(str(each)) for each in found] if isinstance(found, list) else []


def pairs(value: Json, *path: str) -> Iterator[tuple[str, str]]:
    """The entries of a map, by key; raw, so that the longest can be measured after cleaning."""
    found = at(value, *path)
    if isinstance(found, Mapping):
        for key in sorted(found, key=str):
            yield clean(str(key)), text(found[key])
