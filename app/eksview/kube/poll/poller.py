"""The loop that polls a resource and reports the state of its link."""

import asyncio
from collections.abc import Callable
from logging import getLogger
from random import random
from time import monotonic, time

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import Clean
from eksview.domain.live.messages import Sink
from eksview.domain.live.polled import Pause, after_answer, after_failure
from eksview.domain.rows.link import Phase
from eksview.kube.client.errors import RequestError, as_request_error
from eksview.kube.poll.polled_resources import PolledResource
from eksview.kube.watch.link_reporter import LinkReporter

LIMIT = 60.0  # seconds for a whole round
LOG = getLogger(__name__)


class Poller:
    """The poll of one resource; what is refused or absent is requested rarely."""

    def __init__(
        self,
        resource: PolledResource,
        sink: Sink,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        elapsed: Clock = monotonic,
        chance: Callable[[], float] = random,
    ) -> None:
        self._resource = resource
        self._connection = resource.connection
        self._sleep = sleep
        self._clock = clock
        self._elapsed = elapsed
        self._chance = chance
        self._link = LinkReporter(resource.name, sink, clock)
        self._failures = 0

    async def run(self) -> None:
        try:
            while True:
                await self._sleep(await self.once())
        finally:
            self.stop()

    def stop(self) -> None:
        """Report nothing more of the link."""
        self._link.stop()

    async def once(self) -> float:
        """Poll once; returns the seconds until the next time."""
        began = self._elapsed()
        try:
            async with asyncio.timeout(LIMIT):
                await self._resource.ask()
        except Exception as error:  # a link that ended unreported would look live
            server = self._connection.access.server
            failed = as_request_error(error, self._resource.name, server=server, log=LOG)
            return await self._failed(failed)
        self._failures = 0
        self._link.phase(Phase.LIVE, heard=self._clock())
        return after_answer(self._elapsed() - began, self._resource.period).wait

    async def _failed(self, failed: RequestError) -> float:
        absent = await self._is_absent(failed.failure.status)
        pause = after_failure(failed.failure, self._failures, self._chance, absent=absent)
        self._failures = pause.failures
        if absent:
            self._resource.absent()
        else:
            self._resource.unanswered(failed)
        self._report(pause, failed.sentence)
        return pause.wait

    async def _is_absent(self, status: int | None) -> bool:
        """Return whether the API isn't installed.

        Without permission a missing API answers 403 too, but its group can be discovered.
        """
        group = self._resource.optional
        if not group or status not in (403, 404):
            return False
        if status == 404:
            return True
        try:
            async with asyncio.timeout(LIMIT):
                answer = await self._connection.ask(f"/apis/{group}")
        except (UserError, TimeoutError):
            return False
        return answer.status == 404

    def _report(self, pause: Pause, reason: Clean) -> None:
        LOG.info("%s: %s", self._resource.name, reason)
        match pause.phase:
            case Phase.OFF:
                self._link.phase(Phase.OFF)
            case Phase.REFUSED:
                self._link.refused(reason, self._resource.permission, pause.wait)
            case _:
                self._link.retrying(reason, pause.wait)
