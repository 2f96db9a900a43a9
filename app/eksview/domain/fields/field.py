"""Fields of an object: what is listed to be copied, each with its full value."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

ObjectT = TypeVar("ObjectT")


class Field(Struct, Generic[ObjectT], frozen=True):
    """A field of a kind of object; `read` returns its clean value, empty where it has none."""

    title: str
    read: Callable[[ObjectT], str]


class FieldValue(Struct, frozen=True):
    """The value of a field: clean text, of several lines for several values.

    `unread` is the reason why the value isn't known; then the text is empty.
    """

    title: str
    text: str
    unread: str = ""


def values_of(fields: Iterable[Field[ObjectT]], value: ObjectT) -> Iterator[FieldValue]:
    """Yield the values of the fields that the object has."""
    for field in fields:
        if text := field.read(value):
            yield FieldValue(field.title, text)


def without_repeats(values: Iterable[FieldValue]) -> tuple[FieldValue, ...]:
    """Return the values, of each title the first."""
    first: dict[str, FieldValue] = {}
    for value in values:
        first.setdefault(value.title, value)
    return tuple(first.values())


def together(objects: Iterable[Iterable[FieldValue]]) -> tuple[FieldValue, ...]:
    """Return the fields of several objects, the values of each title below each other."""
    texts: dict[str, list[str]] = {}
    reasons: dict[str, str] = {}
    for values in objects:
        for value in values:
            texts.setdefault(value.title, [])
            if value.text:
                texts[value.title].append(value.text)
            else:
                reasons.setdefault(value.title, value.unread)
    return tuple(
        FieldValue(title, "\n".join(found), "" if found else reasons.get(title, ""))
        for title, found in texts.items()
    )


def pairs(values: Mapping[str, str]) -> str:
    """Return labels or tags as kubectl prints and `-l` takes them: `app=web,tier=front`."""
    return ",".join(f"{key}={values[key]}" for key in sorted(values))
