"""Applies the mailbox to the store in short slices, so that no key waits."""

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import chain
from logging import getLogger
from random import random
from typing import Any, TypeAlias

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import FactSet
from eksview.domain.live.messages import Drop, Forget, LinkState, Message, Put, Reset, Swap, Trace
from eksview.domain.live.retry import backoff
from eksview.domain.rows.link import Link, Phase
from eksview.store.mailbox import Batch, Mailbox
from eksview.store.selectors.join_review import SOURCES, review_joins
from eksview.store.store import SLICE, Store

PERIOD = 0.05  # seconds between two batches
BUDGET = 0.003  # seconds of applying before the loop may do other work
PAUSE = 0.001
CALM = 60.0  # seconds without a failure, after which the next is the first again
TABLES = "tables"
"""The link of the tables, which exists once a change couldn't be applied."""
REASON = Clean("eksview couldn't apply a change; reading all lists again. Its log says more.")
LOG = getLogger(__name__)

Failed: TypeAlias = Callable[[Exception], None]


def _raised(error: Exception) -> None:
    raise error


def steps(store: Store, batch: Batch, failed: Failed = _raised) -> Iterator[None]:
    """Apply a batch, with a pause allowed at every yield; what can't be applied is skipped."""
    if batch.reset:
        store.reset()
    for forgotten in batch.forgotten.values():
        store.forget(forgotten.kind)
    for swap in batch.swaps.values():
        yield from _guarded(_swapped(store, swap), failed)
    for number, change in enumerate(batch.rows.values(), 1):
        try:
            apply_row(store, change)
        except Exception as error:
            failed(error)
        if number % (SLICE // 5) == 0:
            yield
    rest: Iterator[Message] = chain(
        batch.links.values(), batch.facts.values(), batch.traces.values()
    )
    for message in rest:
        try:
            _set(store, message)
        except Exception as error:
            failed(error)
    try:
        _review(store, {*batch.links, *batch.facts})
    except Exception as error:
        failed(error)
    yield from _guarded(store.mapping.settle(), failed)


def _swapped(store: Store, swap: Swap) -> Iterator[None]:
    return store.swap(swap.kind, swap.rows, swap.scope, swap.columns)


def _guarded(work: Iterator[None], failed: Failed) -> Iterator[None]:
    try:
        yield from work
    except Exception as error:
        failed(error)


def apply_row(store: Store, message: Put | Drop) -> None:
    """Add, replace or remove a row."""
    if isinstance(message, Put):
        store.put(message.kind, message.row)
    else:
        store.drop(message.kind, message.row)


def apply(store: Store, message: Message) -> None:
    """Apply one message without a pause."""
    _set(store, message)
    match message:
        case LinkState(link):
            _review(store, {link.name})
        case FactSet(key):
            _review(store, {key.name})


def _set(store: Store, message: Message) -> None:
    match message:
        case Put() | Drop():
            apply_row(store, message)
        case Swap():
            for _ in _swapped(store, message):
                pass
        case Forget(kind):
            store.forget(kind)
        case LinkState(link):
            store.set_link(link)
        case FactSet(key, reading):
            store.set_fact(key, reading)
        case Trace(request):
            store.set_request(request)
        case Reset():
            store.reset()


def _review(store: Store, sources: AbstractSet[str]) -> None:
    """Check the instances in doubt again, once for all that has changed."""
    if not SOURCES.isdisjoint(sources):
        review_joins(store, store.time.now())


class Relisting:
    """The lists that are requested again after a change that couldn't be applied.

    The table may be wrong until then, so the link `tables` shows it; `relist` requests the lists.
    """

    def __init__(
        self,
        store: Store,
        loop: AbstractEventLoop,
        relist: Callable[[], None],
        chance: Callable[[], float],
    ) -> None:
        self._store = store
        self._loop = loop
        self._relist = relist
        self._chance = chance
        self._changes = 0  # that couldn't be applied, since the start
        self._rounds = 0  # in a row
        self._last = float("-inf")
        self._due: TimerHandle | None = None

    def failed(self, error: Exception) -> None:
        """Count a change; the first since the last lists is logged and makes them be requested."""
        self._changes += 1
        if self._due is not None:
            return
        LOG.error("A change couldn't be applied to the tables.", exc_info=error)
        now = self._loop.time()
        self._rounds = self._rounds + 1 if now - self._last < CALM else 0
        self._last = now
        wait = backoff(self._rounds, self._chance)
        self._due = self._loop.call_later(wait, self._again)
        self._show(Phase.RETRYING, reason=REASON, retry_at=self._now() + wait)

    def _again(self) -> None:
        self._due = None
        self._show(Phase.LIVE)
        self._relist()

    def _now(self) -> float:
        """Return this machine's time, which links come with."""
        return self._store.time.now() + self._store.time.ahead

    def _show(self, phase: Phase, **fields: Any) -> None:
        now = self._now()
        link = Link(TABLES, phase, now, heard=now, bad_lines=self._changes, **fields)
        with suppress(Exception):  # it may be what can't be applied; the log has it
            self._store.set_link(link)


class Applier:
    """The reader of a mailbox, on the store's loop; the data thread writes to `mailbox`.

    `relist` is called to list everything again after a change that couldn't be applied.
    """

    def __init__(
        self,
        store: Store,
        loop: AbstractEventLoop,
        relist: Callable[[], None] = lambda: None,
        chance: Callable[[], float] = random,
    ) -> None:
        self._store = store
        self._relisting = Relisting(store, loop, relist, chance)
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
        self._work = steps(self._store, self.mailbox.take(), self._relisting.failed)
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
