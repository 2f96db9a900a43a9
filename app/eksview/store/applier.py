"""Applies the mailbox to the store in short slices, so that no key waits."""

from asyncio import AbstractEventLoop
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from eksview.domain.base.clock import Clock
from eksview.domain.live.facts import FactSet
from eksview.domain.live.messages import Drop, LinkState, Message, Put, Reset, Swap, Trace
from eksview.store.mailbox import Batch, Mailbox
from eksview.store.store import SLICE, Store

PERIOD = 0.05  # seconds between two batches
BUDGET = 0.003  # seconds of applying before the loop may do other work
PAUSE = 0.001


def steps(store: Store, batch: Batch) -> Iterator[None]:
    """Apply a batch, with a pause allowed at every yield."""
    if batch.reset:
        store.reset()
    for swap in batch.swaps.values():
        yield from store.swap(swap.kind, swap.rows, swap.scope)
    for number, change in enumerate(batch.rows.values(), 1):
        apply_row(store, change)
        if number % (SLICE // 5) == 0:
            yield
    rest: Iterator[Message] = chain(
        batch.links.values(), batch.facts.values(), batch.traces.values()
    )
    for message in rest:
        apply(store, message)
    yield from store.mapping.settle()


def apply_row(store: Store, message: Put | Drop) -> None:
    """Add, replace or remove a row."""
    if isinstance(message, Put):
        store.put(message.kind, message.row)
    else:
        store.drop(message.kind, message.row)


def apply(store: Store, message: Message) -> None:
    """Apply one message without a pause."""
    match message:
        case Put() | Drop():
            apply_row(store, message)
        case Swap(kind, rows, scope):
            for _ in store.swap(kind, rows, scope):
                pass
        case LinkState(link):
            store.set_link(link)
        case FactSet(key, reading):
            store.set_fact(key, reading)
        case Trace(request):
            store.set_request(request)
        case Reset():
            store.reset()


class Applier:
    """The reader of a mailbox, on the store's loop; the data thread writes to `mailbox`."""

    def __init__(self, store: Store, loop: AbstractEventLoop) -> None:
        self._store = store
        self._loop = loop
        self._clock: Clock = loop.time
        self._taken = float("-inf")
        self._work: Iterator[None] | None = None
        self._waiting = False
        self.mailbox = Mailbox(self._wake)

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: the program ends
            self._loop.call_soon_threadsafe(self._ready)

    def _ready(self) -> None:
        if self._work is not None:
            self._waiting = True
            return
        self._loop.call_at(max(self._clock(), self._taken + PERIOD), self._take)

    def _take(self) -> None:
        self._taken = self._clock()
        self._work = steps(self._store, self.mailbox.take())
        self._step()

    def _step(self) -> None:
        assert self._work is not None  # noqa: S101 - _take set it
        until = self._clock() + BUDGET
        for _ in self._work:
            if self._clock() >= until:
                self._loop.call_later(PAUSE, self._step)
                return
        self._work = None
        if self._waiting:
            self._waiting = False
            self._ready()
