"""The journal of a node's service, polled: the log query of kubelets can't be followed."""

import asyncio
from collections.abc import Callable
from logging import getLogger
from random import random
from time import time

from msgspec.structs import replace

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.text import EMPTY, Clean, clean, clean_name
from eksview.domain.live.retry import NOT_FOUND, before_reading_on
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.journal import OFF, JournalLines, JournalRequest, switched_off
from eksview.domain.logs.line import stamped
from eksview.domain.logs.resume import ResumePoint
from eksview.kube.client.connection import ANYTHING, Connection
from eksview.kube.client.errors import RequestError, as_request_error

PERIOD = 5.0
"""Seconds between two polls while the screen shows the lines: each runs journalctl on the node."""
MOST = 10_000  # lines of one poll; beyond it a notice says that lines may be missing
SILENCE = 35.0  # seconds; the kubelet ends journalctl after 30
ROOM = 0.1  # seconds between two looks for room, or at a screen that is hidden
LOG = getLogger(__name__)


class JournalReader:
    """Reads a journal into an inbox."""

    def __init__(
        self,
        connection: Connection,
        request: JournalRequest,
        inbox: LogInbox,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        chance: Callable[[], float] = random,
    ) -> None:
        self._connection = connection
        self._request = request
        self._inbox = inbox
        self._sleep = sleep
        self._clock = clock
        self._chance = chance
        self._resume = ResumePoint()
        self._failures = 0
        node, service = clean_name(request.node), clean_name(request.service)
        self._source = LogSource(0, EMPTY, node, service)
        inbox.report(self._source)

    async def run(self) -> None:
        """Poll until cancelled, or read once without following."""
        while True:
            wait = await self._round()
            if wait is None:
                return
            await self._sleep(wait)
            while self._inbox.held and not self._inbox.closed:
                await self._sleep(ROOM)

    async def _round(self) -> float | None:
        """Read once; return the seconds until the next time, None for never."""
        try:
            await self._read()
        except Exception as error:  # a journal that ended unreported would look quiet
            server = self._connection.access.server
            return self._failed(as_request_error(error, "journal", server=server, log=LOG))
        self._failures = 0
        if self._source.phase is SourcePhase.FAILED:
            return None
        if self._request.follow:
            return PERIOD
        if self._source.phase is SourcePhase.LIVE:  # else it says why there are no lines
            self._report(SourcePhase.ENDED)
        return None

    async def _read(self) -> None:
        request, now = self._request, self._clock()
        lines = JournalLines(now)
        self._resume.again()
        query = request.query(now, self._resume.since, MOST)
        async with self._connection.stream(request.path, query, SILENCE, ANYTHING) as chunks:
            async for chunk in chunks:
                await self._put(lines.feed(chunk))
                if lines.html:
                    break
        await self._put(lines.end())
        if lines.html:
            self._report(SourcePhase.FAILED, switched_off(request.node))
            return
        self._inbox.as_of(now)
        if lines.message:
            self._report(SourcePhase.WAITING, clean(lines.message))
        else:
            self._report(SourcePhase.LIVE)

    async def _put(self, lines: list[bytes]) -> None:
        fresh = self._resume.fresh(lines)
        if self._resume.gap:
            self._resume.gap = False
            notice = f"the journal was rotated, or had more than {MOST:,} new lines: some may miss"
            self._inbox.put([(~0, stamped(self._clock(), notice.encode()))])
        if fresh:
            self._inbox.put([(0, line) for line in fresh])
        while self._inbox.full and not self._inbox.closed:
            await self._sleep(ROOM)

    def _failed(self, error: RequestError) -> float | None:
        """Report a failure; return the seconds until the next try, None for none."""
        status, gone = error.failure.status, error.failure.reason == "NotFound"
        if status in OFF and not (status == NOT_FOUND and gone):
            self._report(SourcePhase.FAILED, switched_off(self._request.node))
            return None
        if gone or status == 400 or not self._request.follow:
            self._report(SourcePhase.FAILED, error.sentence)
            return None
        self._failures += 1
        phase = SourcePhase.FAILED if status == 403 else SourcePhase.RETRYING
        self._report(phase, error.sentence)
        return before_reading_on(error.failure, self._failures, self._chance)

    def _report(self, phase: SourcePhase, reason: Clean = EMPTY) -> None:
        if (phase, reason) != (self._source.phase, self._source.reason):
            self._source = replace(self._source, phase=phase, reason=reason)
            self._inbox.report(self._source)
