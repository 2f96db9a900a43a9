"""A whole object, fetched when a tab shows it and again when its row has changed."""

from collections.abc import Awaitable, Callable
from math import inf
from typing import Generic, TypeVar

from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError

T = TypeVar("T")

AGAIN = 3.0
"""Seconds between two requests for an object that keeps changing."""
RETRY = 10.0
"""Seconds until a failed request is repeated."""


class Fetch(Generic[T]):
    """One request at a time; the last result stays while the next request runs.

    `result` is the object at the time `since`, `problem` the sentence if the last request failed.
    An object is fetched again after `period` seconds even if its row is the same.
    """

    def __init__(
        self, ask: Callable[[], Awaitable[T]], clock: Clock, *, period: float = inf
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._period = period
        self._of: object = None
        self._requested = float("-inf")
        self.busy = False
        self.result: T | None = None
        self.since: float | None = None
        self.problem = ""

    def due(self, row: object) -> bool:
        """Return whether it is time to fetch the object of this row."""
        if self.busy:
            return False
        waited = abs(self._clock() - self._requested)  # the clock may be corrected
        if self.problem:
            return waited >= RETRY
        return waited >= (self._period if row is self._of else AGAIN)

    async def ask(self, row: object) -> None:
        """Fetch the object; returns after success or failure."""
        self.busy, self._of, self._requested = True, row, self._clock()
        try:
            self.result = await self._ask()
            self.since, self.problem = self._clock(), ""
        except UserError as problem:
            self.problem = problem.sentence
        finally:
            self.busy = False
