"""The bounded, coalescing mailbox between the data thread and the screen's loop."""

from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import astuple

from eksview.domain.live.facts import AnyFactSet, FactSet
from eksview.domain.live.messages import (
    Drop,
    Forget,
    LinkState,
    Message,
    Put,
    Reset,
    Swap,
    TableKey,
    Trace,
)
from eksview.domain.rows.kube import in_scope

TRACED = 500
"""Calls kept in a batch; the oldest are dropped."""

Key: TypeAlias = tuple[TableKey, str]


class Batch(Struct):
    """The messages since the last batch, only the latest per key.

    The order to apply them is: reset, forgotten tables, swaps, rows, links, facts; calls at any
    time.
    """

    reset: bool = False
    forgotten: dict[TableKey, Forget] = field(default_factory=dict)
    swaps: dict[tuple[TableKey, str], Swap] = field(default_factory=dict)
    rows: dict[Key, Put | Drop] = field(default_factory=dict)
    links: dict[str, LinkState] = field(default_factory=dict)
    facts: dict[str, AnyFactSet] = field(default_factory=dict)
    traces: dict[int, Trace] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(astuple(self))

    def add(self, message: Message) -> None:
        """Add a message and remove those that it makes obsolete."""
        match message:
            case Put():
                self.rows[(message.kind, message.row.key)] = message
            case Drop():
                self._drop(message)
            case Swap():
                self._swap(message)
            case Forget():
                self._forget(message)
            case LinkState(link):
                self.links[link.name] = message
            case FactSet():
                self.facts[message.key.name] = message
            case Trace(request):
                self.traces[request.number] = message
                if len(self.traces) > TRACED:
                    del self.traces[next(iter(self.traces))]
            case Reset():
                self._reset()

    def _drop(self, message: Drop) -> None:
        key = message.kind, message.row.key
        waiting = self.rows.get(key)
        successor = isinstance(waiting, Put) and waiting.row.uid != message.row.uid
        if not successor:
            self.rows[key] = message

    def _swap(self, message: Swap) -> None:
        kind, scope = message.kind, message.scope
        self.rows = {
            key: waiting
            for key, waiting in self.rows.items()
            if not (key[0] == kind and in_scope(waiting.row, scope))
        }
        for key in [key for key in self.swaps if key[0] == kind and scope in ("", key[1])]:
            del self.swaps[key]  # the order in which they came is the order of the last of each
        self.swaps[(kind, scope)] = message

    def _forget(self, message: Forget) -> None:
        kind = message.kind
        self.rows = {key: waiting for key, waiting in self.rows.items() if key[0] != kind}
        self.swaps = {key: swap for key, swap in self.swaps.items() if key[0] != kind}
        self.links = {name: link for name, link in self.links.items() if not kind.has_link(name)}
        self.forgotten[kind] = message

    def _reset(self) -> None:
        self.reset = True
        for obsolete in (self.forgotten, self.swaps, self.rows, self.links, self.facts):
            obsolete.clear()


class Mailbox:
    """A `Sink` that any thread may write and one loop empties.

    It holds one entry per key, so a screen that lags costs no memory beyond the table's own size.
    `wake` is called in the writing thread when an empty mailbox gets its first entry.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = Lock()
        self._batch = Batch()
        self._asleep = True

    def send(self, message: Message, /) -> None:
        """Keep a message for the next batch."""
        with self._lock:
            self._batch.add(message)
            rouse, self._asleep = self._asleep, False
        if rouse:
            self._wake()

    def take(self) -> Batch:
        """Return everything waiting; the next message wakes again."""
        with self._lock:
            batch, self._batch = self._batch, Batch()
            self._asleep = True
            return batch
