"""The one bounded, coalescing hand-over between the data thread and the loop of the screen."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TypeAlias

from msgspec import Struct, field

from eksview.domain.rows import Kind, Row, scope_of
from eksview.domain.trace import Request
from eksview.domain.updates import Fact, Link

TRACED = 500
"""Calls that wait at most; the oldest are forgotten."""

Key: TypeAlias = tuple[Kind, str]


class Gone(Struct, frozen=True):
    """The last word on a key: this row left."""

    row: Row


class Batch(Struct):
    """Everything that happened since the last one, the latest per key only.

    To be applied in this order: reset, swaps, rows, links, facts; requests whenever.
    """

    reset: bool = False
    swaps: dict[tuple[Kind, str], Sequence[Row]] = field(default_factory=dict)
    rows: dict[Key, Row | Gone] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(
            self.reset or self.swaps or self.rows or self.links or self.facts or self.requests
        )


class HandOver:
    """A `Sink` that any thread may write and one loop empties.

    It holds at most one entry per key, so a screen that lags costs no memory beyond the table's own
    size. `wake` is called, from the writing thread, when an empty hand-over gets its first entry.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = Lock()
        self._batch = Batch()
        self._asleep = True

    def put(self, kind: Kind, row: Row) -> None:
        with self._lock:
            self._batch.rows[(kind, row.key)] = row
            rouse = self._rouse()
        if rouse:
            self._wake()

    def drop(self, kind: Kind, row: Row) -> None:
        with self._lock:
            waiting = self._batch.rows.get((kind, row.key))
            successor = waiting is not None and not isinstance(waiting, Gone)
            if not (successor and waiting.uid != row.uid):  # type: ignore[union-attr]
                self._batch.rows[(kind, row.key)] = Gone(row)
            rouse = self._rouse()
        if rouse:
            self._wake()

    def swap(self, kind: Kind, rows: Sequence[Row], scope: str = "") -> None:
        with self._lock:
            waiting = self._batch.rows
            self._batch.rows = {
                key: row for key, row in waiting.items() if not _covers(kind, scope, key[0], row)
            }
            swaps = self._batch.swaps
            for each in [key for key in swaps if key[0] is kind and scope in ("", key[1])]:
                del swaps[each]  # the order in which they came is the order of the last of each
            swaps[(kind, scope)] = rows
            rouse = self._rouse()
        if rouse:
            self._wake()

    def link(self, link: Link) -> None:
        with self._lock:
            self._batch.links[link.name] = link
            rouse = self._rouse()
        if rouse:
            self._wake()

    def fact(self, name: str, fact: Fact) -> None:
        with self._lock:
            self._batch.facts[name] = fact
            rouse = self._rouse()
        if rouse:
            self._wake()

    def trace(self, request: Request) -> None:
        with self._lock:
            waiting = self._batch.requests
            waiting[request.number] = request
            if len(waiting) > TRACED:
                del waiting[next(iter(waiting))]
            rouse = self._rouse()
        if rouse:
            self._wake()

    def reset(self) -> None:
        with self._lock:
            self._batch = Batch(reset=True, requests=self._batch.requests)
            rouse = self._rouse()
        if rouse:
            self._wake()

    def take(self) -> Batch:
        """Everything waiting; the next write wakes again."""
        with self._lock:
            batch, self._batch = self._batch, Batch()
            self._asleep = True
            return batch

    def _rouse(self) -> bool:
        rouse, self._asleep = self._asleep, False
        return rouse


def _covers(kind: Kind, scope: str, other: Kind, entry: Row | Gone) -> bool:
    row = entry.row if isinstance(entry, Gone) else entry
    return kind == other and in_scope(row, scope)


def in_scope(row: Row, scope: str) -> bool:
    """Whether a swap with a scope speaks of this row; an empty one is everything."""
    return not scope or scope_of(row) == scope
