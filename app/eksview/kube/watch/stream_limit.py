"""The time limit of a stream: of a list that doesn't end, and of a silence since an outage."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from eksview.kube.watch.recovery import SPREAD, Recovery

QUIET = 10.0  # seconds without another object, after which a list's end isn't waited for
LONGEST_LIST = 600.0  # seconds; as long as a server lets a watch live
GRACE = 1.0  # seconds after an outage in which a stream has to bring something


class StreamLimit:
    """A context that raises TimeoutError when its stream isn't worth waiting for."""

    def __init__(self, recovery: Recovery, chance: Callable[[], float]) -> None:
        self._recovery = recovery
        self._chance = chance
        self._timeout = asyncio.timeout(None)
        self._outages = recovery.outages
        self._listed = -1  # objects of the list when it last grew; -1: it is no list
        self._latest = 0.0  # the loop's time at which a list ends at last

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        self._ignore = self._recovery.listen(self._suspect)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ignore()
        await self._timeout.__aexit__(kind, error, trace)

    def begin_list(self) -> None:
        """Expect the objects of a list, and its end."""
        self._listed = 0
        self._latest = asyncio.get_running_loop().time() + LONGEST_LIST
        self._restart(QUIET)

    def heard(self, listed: int | None, *, cut: bool = False) -> None:
        """Note that bytes came: so many objects of a list so far, or None once it has ended.

        A list is also on its way while a line is `cut`: a slow network brings it in parts.
        """
        self._outages = self._recovery.outages
        if listed is None:
            self._listed = -1
            if self._timeout.when() is not None:
                self._timeout.reschedule(None)
        elif cut or listed != self._listed:
            self._listed = listed
            self._restart(QUIET)

    def _restart(self, seconds: float) -> None:
        due = asyncio.get_running_loop().time() + seconds
        self._timeout.reschedule(min(due, self._latest) if self._listed >= 0 else due)

    def _suspect(self) -> None:
        """End a watch from which nothing has come since before the outage that is over.

        Its server or its VPN may have been replaced, in which case nothing ends the connection.
        """
        silent = self._outages < self._recovery.outages
        if silent and self._listed < 0 and not self._timeout.expired():
            self._restart(GRACE + SPREAD * self._chance())
