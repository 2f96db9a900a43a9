"""A whole object, asked for when somebody looks at it and again when its row has changed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from eksview.domain.clock import Clock
from eksview.domain.ports import Problem
from eksview.domain.text import clean

AGAIN = 3.0
"""Seconds between two questions about an object that keeps changing."""
RETRY = 10.0
"""Seconds until a question that was refused is asked again."""


class Fetch:
    """One question at a time; what was found before stays while the next one is out.

    `found` is the object at `since`, `problem` the sentence when the last question failed.
    """

    def __init__(self, ask: Callable[[], Awaitable[dict[str, Any]]], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._of: object = None
        self._asked = float("-inf")
        self.busy = False
        self.found: Mapping[str, Any] | None = None
        self.since: float | None = None
        self.problem = ""

    def due(self, row: object) -> bool:
        """Whether it is time to ask about an object whose row is now this one."""
        if self.busy:
            return False
        waited = self._clock() - self._asked
        if self.problem:
            return waited >= RETRY
        return row is not self._of and waited >= AGAIN

    async def ask(self, row: object) -> None:
        """Ask; returns when there is an answer of either sort."""
        self.busy, self._of, self._asked = True, row, self._clock()
        try:
            self.found = await self._ask()
            self.since, self.problem = self._clock(), ""
        except Problem as problem:
            self.problem = clean(str(problem))
        finally:
            self.busy = False
