"""How a value came: read, refused, failed or not asked."""

from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Permission(Struct, frozen=True):
    """A verb on a resource, as RBAC knows it; `namespace` empty for the whole cluster."""

    verb: str
    resource: str
    group: str = ""
    namespace: str = ""


class Read(Struct, Generic[T_co], frozen=True):
    """A value, and when it was read."""

    value: T_co
    at: float


class Refused(Struct, Generic[T_co], frozen=True):
    """A value that may not be read. `missing` is a right in RBAC, or IAM actions by name."""

    why: str  # one sentence for a person
    missing: Permission | str | None
    at: float
    last: T_co | None = None  # what was known before


class ReadFailed(Struct, Generic[T_co], frozen=True):
    """A value that couldn't be read, for another reason than a missing right."""

    why: str  # one sentence for a person
    at: float
    last: T_co | None = None  # what was known before


class NotAsked(Struct, frozen=True):
    """A value that nobody has asked for yet."""


NOT_ASKED = NotAsked()
Reading: TypeAlias = Read[T] | Refused[T] | ReadFailed[T] | NotAsked


def value_of(reading: Reading[T]) -> T | None:
    """Return the value where it was read."""
    return reading.value if isinstance(reading, Read) else None


def last_of(reading: Reading[T]) -> T | None:
    """Return the value, else what was known before it could no longer be read."""
    match reading:
        case Read(value):
            return value
        case Refused() | ReadFailed():
            return reading.last
    return None


def why_unread(reading: Reading[T]) -> str:
    """Return why there is no value; empty where it was read or not asked."""
    return reading.why if isinstance(reading, Refused | ReadFailed) else ""
