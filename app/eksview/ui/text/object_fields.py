"""The fields of an API object as clean text, by the path of their keys.

Missing values and those of another type are empty.
"""

from collections.abc import Iterator, Mapping

from eksview.domain.base.json_values import Json, at
from eksview.domain.base.text import Clean, clean


def text(value: Json, *path: str, empty: str = "") -> Clean:
    """Return a value as clean text; `empty` without one."""
    item = at(value, *path)
    if item is None or item == "" or isinstance(item, (Mapping, list)):
        return clean(empty)
    return clean(str(item).lower() if isinstance(item, bool) else str(item))


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
