"""The texts in a value of rows, facts or JSON."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct


def texts(value: Any) -> Iterator[str]:
    """Every text, keys included."""
    match value:
        case str():
            yield value
        case tuple() | list() | frozenset():
            yield from (text for each in value for text in texts(each))
        case dict():
            yield from (text for pair in value.items() for text in texts(pair))
        case Struct():
            yield from texts(msgspec.structs.astuple(value))
