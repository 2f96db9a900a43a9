"""The runs of a credential plugin, which become rarer while they don't help: it may open a browser.

The requests to an OpenID Connect provider likewise.
"""

from collections.abc import Awaitable, Callable
from math import inf
from random import random
from time import monotonic

from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError
from eksview.domain.live.retry import backoff
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from eksview.kube.client.exec_plugin import Credential

LASTING = 60.0  # seconds; a run sooner after the last one means that the last one didn't help
LONGEST_REST = 10.0  # seconds; a person may have logged in meanwhile
Runner = Callable[[Exec, ClusterAccess], Awaitable[Credential]]
Get = Callable[[], Awaitable[Credential]]


class PluginRuns:
    """The runs of one plugin and the rests between them."""

    def __init__(self, elapsed: Clock = monotonic, chance: Callable[[], float] = random) -> None:
        self._elapsed = elapsed
        self._chance = chance
        self._useless = 0  # runs in a row
        self._ended = -inf
        self._rests_until = -inf
        self._failed: UserError | None = None
        self.took: float | None = None  # seconds the plugin ran for, the last time

    @property
    def resting(self) -> bool:
        """Return whether another run has to wait."""
        return self._elapsed() < self._rests_until

    @property
    def failed(self) -> bool:
        """Return whether the last run gave no credential."""
        return self._failed is not None

    async def run(self, get: Get) -> Credential:
        """Get a credential; requests during the rest after a failure share that failure."""
        if self.resting and self._failed is not None:
            raise self._failed
        began = self._elapsed()
        self._useless = self._useless + 1 if began - self._ended < LASTING else 0
        self._failed = None
        try:
            return await get()
        except UserError as problem:
            self._failed = problem
            raise
        finally:
            self._ended = self._elapsed()
            self.took = self._ended - began
            if self._failed is not None or self._useless:
                rest = backoff(self._useless, self._chance, most=LONGEST_REST)
                self._rests_until = self._ended + rest
