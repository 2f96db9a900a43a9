"""The outcome of reading a value: read, refused, failed or not asked."""

from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Permission(Struct, frozen=True):
    """A verb on a resource in RBAC; an empty `namespace` means the whole cluster."""

    verb: str
    resource: str
    group: str = ""
    namespace: Clean = EMPTY


class Read(Struct, Generic[T_co], frozen=True):
    """A value, and when it was read."""

    value: T_co
    at: float


class Refused(Struct, Generic[T_co], frozen=True):
    """A refusal. `missing` is a permission in RBAC, or the names of IAM actions."""

    reason: Clean  # one sentence for a person
    missing: Permission | Clean | None
    at: float
    last: T_co | None = None  # the last value that was read
    read_at: float | None = None  # when that was


class ReadFailed(Struct, Generic[T_co], frozen=True):
    """A failure other than a refusal."""

    reason: Clean  # one sentence for a person
    at: float
    last: T_co | None = None  # the last value that was read
    read_at: float | None = None  # when that was


class NotAsked(Struct, frozen=True):
    """The state before the first request."""


NOT_ASKED = NotAsked()
Reading: TypeAlias = Read[T] | Refused[T] | ReadFailed[T] | NotAsked


def with_value(reading: Reading[Any], value: T, *, known: bool) -> Reading[T]:
    """Return a reading of another value: the one read, else the last one if one is `known`."""
    match reading:
        case Read(at=at):
            return Read(value, at)
        case Refused(reason, missing, at, _, read_at):
            return Refused(reason, missing, at, value if known else None, read_at)
        case ReadFailed(reason, at, _, read_at):
            return ReadFailed(reason, at, value if known else None, read_at)
    return reading


def value_of(reading: Reading[T]) -> T | None:
    """Return the value if it was read."""
    return reading.value if isinstance(reading, Read) else None


def last_of(reading: Reading[T]) -> T | None:
    """Return the value, else the last one that was read."""
    if isinstance(reading, Read):
        return reading.value
    return None if isinstance(reading, NotAsked) else reading.last


def why_unread(reading: Reading[T]) -> Clean:
    """Return the reason of a refusal or failure; empty if it was read or not asked."""
    return reading.reason if isinstance(reading, Refused | ReadFailed) else EMPTY
