"""A whole object, asked for when somebody looks at it and again when its row has changed."""

from collections.abc import Awaitable, Callable
from math import inf
from typing import Generic, TypeVar

from eksview.domain.base.clock import Clock
from eksview.domain.base.problem import UserError
from eksview.domain.base.text import clean

T = TypeVar("T")

AGAIN = 3.0
"""Seconds between two questions about an object that keeps changing."""
RETRY = 10.0
"""Seconds until a question that was refused is asked again."""


class Fetch(Generic[T]):
    """One question at a time; what was found before stays while the next one is out.

    `found` is the object at `since`, `problem` the sentence when the last question failed.
    It is asked again after `period` seconds even if its row is the same.
    """

    def __init__(
        self, ask: Callable[[], Awaitable[T]], clock: Clock, *, period: float = inf
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._period = period
        self._of: object = None
        self._asked = float("-inf")
        self.busy = False
        self.found: T | None = None
        self.since: float | None = None
        self.problem = ""

    def due(self, row: object) -> bool:
        """Whether it is time to ask about an object whose row is now this one."""
        if self.busy:
            return False
        waited = self._clock() - self._asked
        if self.problem:
            return waited >= RETRY
        return waited >= (self._period if row is self._of else AGAIN)

    async def ask(self, row: object) -> None:
        """Ask; returns when there is an answer of either sort."""
        self.busy, self._of, self._asked = True, row, self._clock()
        try:
            self.found = await self._ask()
            self.since, self.problem = self._clock(), ""
        except UserError as problem:
            self.problem = clean(str(problem))
        finally:
            self.busy = False
