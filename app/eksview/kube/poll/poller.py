"""Asks one question again and again, and tells its link how that goes."""

import asyncio
from collections.abc import Callable
from logging import getLogger
from random import random
from time import monotonic, time

from eksview.domain.base.clock import Clock
from eksview.domain.base.problem import UserError
from eksview.domain.live.messages import Sink
from eksview.domain.live.polled import Pause, after_answer, after_failure
from eksview.domain.live.retry import Failure
from eksview.domain.rows.link import Phase
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError, from_exception
from eksview.kube.poll.polled_resources import PolledResource
from eksview.kube.watch.link_reporter import LinkReporter
from eksview.kube.watch.reflector import Sleep

LIMIT = 60.0  # seconds for a whole round
LOG = getLogger(__name__)


class Poller:
    """One question, for as long as it runs. What can't be had is told and asked again rarely."""

    def __init__(
        self,
        question: PolledResource,
        connection: Connection,
        sink: Sink,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        elapsed: Clock = monotonic,
        chance: Callable[[], float] = random,
    ) -> None:
        self._question = question
        self._connection = connection
        self._sleep = sleep
        self._clock = clock
        self._elapsed = elapsed
        self._chance = chance
        self._teller = LinkReporter(question.name, sink, clock)
        self._failures = 0

    async def run(self) -> None:
        """Ask until cancelled."""
        try:
            while True:
                await self._sleep(await self.once())
        finally:
            self._teller.hush()

    async def once(self) -> float:
        """One round; returns the seconds until the next."""
        began = self._elapsed()
        try:
            async with asyncio.timeout(LIMIT):
                await self._question.ask()
        except Exception as error:  # a link that ended without a word would look live
            return await self._failed(self._understood(error))
        self._failures = 0
        self._teller.phase(Phase.LIVE, heard=self._clock())
        return after_answer(self._elapsed() - began, self._question.period).wait

    def _understood(self, error: Exception) -> RequestError:
        if isinstance(error, RequestError):
            return error
        if isinstance(error, TimeoutError):
            return from_exception(error, server=self._connection.access.server)
        if isinstance(error, UserError):
            return RequestError(str(error), Failure())
        LOG.error("%s: not foreseen", self._question.name, exc_info=error)
        said = "eksview doesn't understand what the API server sent; its log says more."
        return RequestError(said, Failure())

    async def _failed(self, failed: RequestError) -> float:
        absent = await self._is_absent(failed.failure.status)
        pause = after_failure(failed.failure, self._failures, self._chance, absent=absent)
        self._failures = pause.failures
        if absent:
            self._question.absent()
        else:
            self._question.unanswered(failed)
        self._tell(pause, str(failed))
        return pause.wait

    async def _is_absent(self, status: int | None) -> bool:
        """Whether there is no such API at all.

        Who isn't allowed it hears 403 even of what doesn't exist, but may ask whether it does.
        """
        group = self._question.optional
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

    def _tell(self, pause: Pause, why: str) -> None:
        LOG.info("%s: %s", self._question.name, why)
        match pause.phase:
            case Phase.OFF:
                self._teller.phase(Phase.OFF)
            case Phase.REFUSED:
                self._teller.refused(why, self._question.permission, pause.wait)
            case _:
                self._teller.retrying(why, pause.wait)
