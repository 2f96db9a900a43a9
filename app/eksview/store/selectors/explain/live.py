"""Live values of readings and tables, with the age and the reason that each has."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from msgspec.structs import replace

from eksview.domain.aws.parts import CLUSTER
from eksview.domain.base.health import Health
from eksview.domain.base.reading import (
    NotAsked,
    Permission,
    Read,
    ReadFailed,
    Reading,
    Refused,
    with_value,
)
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.explain.value import LiveValue
from eksview.domain.live.trust import HEALTH, outdated
from eksview.domain.rows.aws import ClusterInfo
from eksview.domain.rows.kube import KIND_OF, RowT
from eksview.domain.rows.link import Phase
from eksview.store.selectors.readings import (
    cluster_reading,
    count_reading,
    part_reading,
    rows_reading,
)
from eksview.store.store import Store

T = TypeVar("T")
Shown = Callable[[T], str | LiveValue | None]
"""What is shown of a read value: its text, or None where there is none."""


def live(reading: Reading[T], shown: Shown[T]) -> LiveValue:
    """Return the live value of a reading; the last known one keeps the time it was read."""
    match reading:
        case Read(value, at):
            return replace(_value(shown, value), at=at)
        case Refused(reason, missing, _, last, read_at):
            right = right_words(missing)
            return replace(
                _last(shown, last), at=read_at, unread="refused", reason=reason, right=right
            )
        case ReadFailed(reason, _, last, read_at):
            return replace(_last(shown, last), at=read_at, unread="failed", reason=reason)
        case NotAsked():
            return LiveValue(unread="loading")


def right_words(missing: Permission | Clean | None) -> Clean:
    """Return a missing right as the API that wants it writes it."""
    if not isinstance(missing, Permission):
        return missing or EMPTY
    resource = f"{missing.resource}.{missing.group}" if missing.group else missing.resource
    where = f" -n {missing.namespace}" if missing.namespace else ""
    return clean(f"{missing.verb} {resource}{where}")


def read_text(text: str, at: float | None, health: Health | None = None) -> LiveValue:
    """Return the value of a text that was read; of an empty one, that there is none."""
    return LiveValue(clean(text), at, health, unread="" if text else "none")


def confirmed(store: Store, reading: Reading[T]) -> Reading[T]:
    """Return a reading by the API server, as failed where the server has stopped answering."""
    health = store.links.get(HEALTH)
    if isinstance(reading, Read) and health is not None and outdated(reading.at, health):
        return ReadFailed(health.reason, health.since, reading.value, reading.at)
    return reading


def cluster_now(store: Store) -> Reading[ClusterInfo]:
    """Return how this cluster was described; as failed where EKS has stopped answering."""
    reading, part = cluster_reading(store), part_reading(store, CLUSTER)
    if isinstance(reading, Read) and isinstance(part, Refused | ReadFailed):
        return with_value(replace(part, read_at=reading.at), reading.value, known=True)
    return reading


def rows_now(store: Store, row: type[RowT]) -> Reading[tuple[RowT, ...]]:
    """Return the rows of a watched table; those of a watch that broke off are the last known."""
    return _watched_now(store, row, rows_reading(store, row))


def count_now(store: Store, row: type[RowT]) -> LiveValue:
    """Return the number of rows of a watched table."""
    return live(_watched_now(store, row, count_reading(store, row)), lambda count: f"{count:,}")


def _watched_now(store: Store, row: type[RowT], reading: Reading[T]) -> Reading[T]:
    reading = confirmed(store, reading)
    link = store.links.get(KIND_OF[row].link)
    if isinstance(reading, Read) and link is not None and link.phase is Phase.RETRYING:
        return ReadFailed(link.reason, link.since, reading.value, reading.at)
    return reading


def _last(shown: Shown[T], last: T | None) -> LiveValue:
    """Return the last known value; it judges nothing about now."""
    value = LiveValue() if last is None else _value(shown, last)
    return value if value.health is None else replace(value, health=Health.UNKNOWN)


def _value(shown: Shown[T], value: T) -> LiveValue:
    result = shown(value)
    if isinstance(result, LiveValue):
        return result
    return LiveValue(clean(result)) if result else LiveValue(unread="none")


def clock_time(at: float | None) -> Clean:
    """Return `2026-10-09 08:53:20 UTC`; empty for no time."""
    return EMPTY if at is None else clean(f"{datetime.fromtimestamp(at, UTC):%F %T} UTC")


def fact_value(store: Store, reading: Reading[T], shown: Shown[T]) -> LiveValue:
    """Return the value of a fact that the API server reports."""
    return live(confirmed(store, reading), shown)


def row_count(reading: Reading[Sequence[T]]) -> LiveValue:
    """Return the number of rows of a table."""
    return live(reading, lambda rows: f"{len(rows):,}")


def yes_or_no(answer: bool) -> LiveValue:
    """Return the word of an answer."""
    return LiveValue(word="yes" if answer else "no")
