"""One container's log: read, followed, and read on after every failure."""

import asyncio
from collections.abc import Callable
from logging import getLogger
from time import time
from typing import Any

from msgspec.structs import replace

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.retry import HEALTHY, RARELY, backoff, before_reading_on
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.line import stamped
from eksview.domain.logs.request import LogRequest
from eksview.domain.logs.resume import ResumePoint
from eksview.domain.logs.splitter import StampedLines
from eksview.domain.resources.log_pods import LogContainer, LogPod
from eksview.kube.client.connection import ANYTHING, Connection
from eksview.kube.client.errors import RequestError, as_request_error
from eksview.kube.logs.pod_set import PodSet

SILENCE = 300.0  # seconds without a line, after which it is read on: the connection may be dead
SETTLED = 1.0  # seconds in which a watch brings what ended a stream
LOOK = 5.0  # seconds between two looks at a container that hasn't started
ROOM, YIELD = 0.02, 1.0  # seconds between two looks for room, and until lines give way
DELETED = Clean("the pod was deleted")
LOG = getLogger(__name__)


class ContainerLog:
    """The reader of one container's log; `source` is what the screen is told of it."""

    def __init__(  # noqa: PLR0913 - what a test replaces comes from outside
        self,
        connection: Connection,
        request: LogRequest,
        pods: PodSet,
        pod: LogPod,
        source: LogSource,
        inbox: LogInbox,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        elapsed: Callable[[], float] = lambda: asyncio.get_running_loop().time(),
        chance: Callable[[], float] = lambda: 0.5,
    ) -> None:
        self._connection = connection
        self._request = request
        self._pods = pods
        self._pod = pod
        self._source = source
        self._inbox = inbox
        self._sleep = sleep
        self._clock = clock
        self._elapsed = elapsed
        self._chance = chance
        self._resume = ResumePoint()
        self._failures = 0
        self._rest: list[bytes] = []
        """The end of a stream without a newline: cut, unless it is the last that was written."""
        self._run = pod.container(str(source.container)).restarts

    @property
    def idle(self) -> bool:
        """Return whether its container has ended, so that it has no connection."""
        return self._source.phase is SourcePhase.ENDED

    async def run(self) -> None:
        """Read until the pod is gone, or once without following."""
        while True:
            began = self._elapsed()
            try:
                await self._read()
            except Exception as error:  # a log that ended unreported would look live
                server = self._connection.access.server
                failed = as_request_error(error, "logs", server=server, log=LOG)
                if not await self._failed(failed, self._elapsed() - began):
                    return
                continue
            if not await self._ended(self._elapsed() - began):
                return

    # reading

    async def _read(self) -> None:
        lines = StampedLines()
        path = f"/api/v1/namespaces/{self._pod.namespace}/pods/{self._pod.name}/log"
        restarts = self._container.restarts
        read_on = bool(self._resume.since) and restarts == self._run
        self._run = restarts
        self._resume.again()
        self._rest.clear()  # it comes again
        async with self._connection.stream(path, self._query(), SILENCE, ANYTHING) as chunks:
            self._report(SourcePhase.LIVE)
            async for chunk in chunks:
                await self._put(lines.feed(chunk), read_on=read_on)
            self._rest += lines.end()

    def _query(self) -> dict[str, str]:
        request = self._request
        query = {"container": str(self._source.container), "timestamps": "true"}
        if request.follow and not request.previous:
            query["follow"] = "true"
        if request.previous:
            query["previous"] = "true"
        if self._resume.since:
            return query | {"sinceTime": self._resume.since}
        if request.since is not None:
            query["sinceSeconds"] = str(request.since)
        if request.tail is not None:
            query["tailLines"] = str(request.tail)
        return query

    async def _put(self, lines: list[bytes], *, read_on: bool) -> None:
        fresh = self._resume.fresh(lines)
        if read_on and self._resume.gap:
            self._resume.gap = False
            self._note("the log was rotated meanwhile; lines may be missing here")
        if fresh:
            number = self._source.number
            self._inbox.put([(number, line) for line in fresh])
            await self._wait_for_room()

    async def _put_rest(self) -> None:
        """Put the last line of a container that writes no more."""
        await self._put(self._rest, read_on=False)
        self._rest = []

    async def _wait_for_room(self) -> None:
        """Slow down while the screen doesn't keep up; then the oldest lines give way."""
        waited = 0.0
        while self._inbox.full and not self._inbox.closed:
            if not self._inbox.held and waited >= YIELD:
                return
            await self._sleep(ROOM)
            waited += ROOM
        await asyncio.sleep(0)  # a flood must not keep the other links waiting

    # what follows a failure or an end

    async def _failed(self, error: RequestError, lived: float) -> bool:
        """Wait for the next try; return False if there is none."""
        status, sentence = error.failure.status, error.sentence
        if status == 400:  # the kubelet's own sentence, such as `container "web" … is waiting`
            sentence = clean(sentence.partition(" answered 400: ")[2] or sentence)
        if status == 404 and await self._is_deleted():
            return self._over(SourcePhase.ENDED, DELETED)
        if status in (400, 404) and self._known.ended:  # its containers may be removed
            return self._over(SourcePhase.ENDED, self._known.stopped or sentence)
        if not self._request.follow or self._request.previous:
            none = self._request.previous and status == 400
            return self._over(SourcePhase.ENDED if none else SourcePhase.FAILED, sentence)
        if status == 400:  # the container hasn't started
            self._report(SourcePhase.WAITING, sentence)
            await self._pods.changed(LOOK)
            return self._goes_on()
        if error.failure.silent:
            return True  # no line came for long: read on, in silence
        self._failures = 0 if lived >= HEALTHY else self._failures + 1
        wait = before_reading_on(error.failure, self._failures, self._chance)
        self._report(SourcePhase.FAILED if status == 403 else SourcePhase.RETRYING, sentence)
        await self._sleep(wait)
        return True

    async def _ended(self, lived: float) -> bool:
        """Wait for the container's next run after a stream's end; return False if none comes."""
        if not self._request.follow or self._request.previous:
            await self._put_rest()
            return self._over(SourcePhase.ENDED, self._known.stopped)
        if not self._known.bound:  # the API server answers with an empty log
            await self._wait_for_node()
            return self._goes_on()
        await self._settle()
        before = self._container
        if self._deleted() or not before.running:
            await self._put_rest()
        if self._deleted():
            return self._over(SourcePhase.ENDED, DELETED, note=True)
        if not before.running:
            state = before.state or self._known.stopped or Clean("the container isn't running")
            self._report(SourcePhase.ENDED, state)
            self._note(state)
            self._pods.wake()  # another container takes its place
            while not self._container.running:
                await self._pods.changed(RARELY)
                if self._deleted():
                    return self._over(SourcePhase.ENDED, DELETED)
            self._note("container started again")
            return True
        self._failures = 0 if lived >= HEALTHY else self._failures + 1
        if self._failures:
            await self._sleep(backoff(self._failures - 1, self._chance))
        return True

    async def _wait_for_node(self) -> None:
        """Wait until the pod is bound to a node or deleted, and report what keeps it."""
        reason = None
        while not self._known.bound and not self._deleted():
            if reason != self._known.stopped:
                reason = self._known.stopped
                self._report(SourcePhase.WAITING, reason)
            await self._pods.changed(RARELY)

    async def _settle(self) -> None:
        """Let the watch bring why a stream ended: the kubelet closes it before it reports."""
        before, started = self._container, self._elapsed()
        while self._container == before and not self._deleted() and before.running:
            left = SETTLED - (self._elapsed() - started)
            if left <= 0:
                return
            await self._pods.changed(left)

    @property
    def _known(self) -> LogPod:
        """The pod as the watch brought it last."""
        return self._pods.pods.get(self._pod.key, self._pod)

    @property
    def _container(self) -> LogContainer:
        return self._known.container(str(self._source.container))

    async def _is_deleted(self) -> bool:
        """Return whether the pod is gone; the watch may bring that after the answer of a log."""
        if not self._deleted():
            await self._pods.changed(SETTLED)
        return self._deleted()

    def _deleted(self) -> bool:
        return self._pods.complete and self._pod.key not in self._pods.pods

    def _goes_on(self) -> bool:
        """Return whether to read again: unless the pod is gone, which is reported."""
        return not self._deleted() or self._over(SourcePhase.ENDED, DELETED)

    def _over(self, phase: SourcePhase, reason: Clean = EMPTY, *, note: bool = False) -> bool:
        self._report(phase, reason)
        if note and reason:
            self._note(reason)
        return False

    def _report(self, phase: SourcePhase, reason: Clean = EMPTY) -> None:
        changed: Any = {"phase": phase, "reason": reason}
        self._source = replace(self._source, **changed)
        self._inbox.report(self._source)

    def _note(self, text: str) -> None:
        """Put a notice between the lines, at the time it is true."""
        self._inbox.put([(~self._source.number, stamped(self._clock(), clean(text).encode()))])
