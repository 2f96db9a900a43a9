"""The recoveries of an API server after an outage, which end the waits of its links early."""

import asyncio
from collections.abc import Callable

from eksview.domain.base.clock import Sleep
from eksview.process.first_of import first_of

SPREAD = 0.8  # seconds over which the links of one dashboard come back, so that they are no burst


class Recovery:
    """The outages of an API server as its health probe sees them."""

    def __init__(self) -> None:
        self.outages = 0  # since the start
        self.count = 0  # recoveries since the start
        self._recovered = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each recovery until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def lost(self) -> None:
        """Note that the server doesn't answer any longer."""
        self.outages += 1

    def recovered(self) -> None:
        """End all waits: the server answers again, or has become ready."""
        self.count += 1
        self._recovered.set()
        self._recovered = asyncio.Event()
        for listener in list(self._listeners):
            listener()

    async def rest(self, sleep: Sleep, seconds: float, since: int) -> bool:
        """Sleep, but not beyond a recovery; return whether there was one since that `count`."""
        if self.count == since:
            await first_of(sleep(seconds), self._recovered.wait())
        return self.count != since
