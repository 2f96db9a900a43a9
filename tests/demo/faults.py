"""Faults on demand: what a test makes the API server do wrong, in the order they were armed."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Any

from aiohttp import web
from msgspec import Struct

from eksview_demo.api import answers
from eksview_demo.api.access import USERS, Access
from eksview_demo.api.exchange import ApiRequest, Exchange
from eksview_demo.api.server import DemoServer
from eksview_demo.storage import status
from eksview_demo.storage.status import StatusError


class Answer(Struct, frozen=True):
    """Answer with a status code instead; `body` replaces the usual Status."""

    code: int
    retry_after: int | str | None = None
    message: str = ""
    body: bytes | None = None
    content_type: str = "application/json"


class Abort(Struct, frozen=True):
    """Close the connection without an answer, or after so many lines of a stream."""

    after: int = 0


class Cut(Struct, frozen=True):
    """After so many whole lines send half of the next and close; half the body of a list."""

    after: int = 0


class End(Struct, frozen=True):
    """End the stream cleanly after so many lines."""

    after: int = 0


class Expire(Struct, frozen=True):
    """410: after so many lines of a stream as its ERROR event, otherwise as the answer."""

    after: int = 0


class Garbage(Struct, frozen=True):
    """Put a line that is no event into the stream after so many others, and go on."""

    line: bytes = b'{"type":"MODIFIED","object":{"kind":\n'
    after: int = 0


class Hang(Struct, frozen=True):
    """Send nothing more after so many lines of a stream, until `release()` of the queue."""

    after: int = 0


class Delay(Struct, frozen=True):
    """Answer as always, but this many seconds later."""

    seconds: float


def html(code: int = 502) -> Answer:
    """Return the error page of a load balancer in front of the server."""
    page = b"<html>\n<head><title>Bad Gateway</title></head>\n<body>upstream</body>\n</html>\n"
    return Answer(code, body=page, content_type="text/html; charset=utf-8")


# What a server without the WatchList feature answers.
NO_WATCH_LIST = Answer(
    422,
    message='ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: '
    "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
)

Fault = Answer | Abort | Cut | End | Expire | Garbage | Hang | Delay


class _Armed(Struct):
    fault: Fault
    verb: str
    resource: str
    path: str
    left: int | None

    def meets(self, ask: ApiRequest) -> bool:
        return (
            (not self.verb or ask.verb in self.verb.split(","))
            and (not self.resource or ask.resource == self.resource)
            and self.path in ask.path
        )


class ApiFaults:
    """The queue of armed faults. A request meets the first one that matches it, and uses it up."""

    def __init__(self) -> None:
        self.asked: deque[ApiRequest] = deque(maxlen=1000)
        self.fired: list[tuple[ApiRequest, Fault]] = []
        self._armed: list[_Armed] = []
        self._released = asyncio.Event()

    def add(
        self,
        fault: Fault,
        *,
        verb: str = "",
        resource: str = "",
        path: str = "",
        times: int | None = 1,
    ) -> None:
        """Arm a fault for requests of this verb (or `a,b`), resource and part of a path.

        `times` None: until cleared.
        """
        self._armed.append(_Armed(fault, verb, resource, path, times))

    def clear(self) -> None:
        """Disarm everything and release what hangs."""
        self._armed.clear()
        self.release()

    def release(self) -> None:
        """End every request that hangs now."""
        self._released.set()
        self._released = asyncio.Event()

    async def hang(self) -> None:
        """Wait to be released."""
        await self._released.wait()

    @property
    def pending(self) -> int:
        """Return how many faults are still armed."""
        return len(self._armed)

    def exchange(self, request: ApiRequest) -> Exchange:
        """Return the exchange of a request, with the fault that it meets."""
        fault = self._take(request)
        return Exchange() if fault is None else FaultyExchange(self, request, fault)

    def _take(self, ask: ApiRequest) -> Fault | None:
        self.asked.append(ask)
        for armed in self._armed:
            if armed.meets(ask):
                self._use(armed)
                self.fired.append((ask, armed.fault))
                return armed.fault
        return None

    def _use(self, armed: _Armed) -> None:
        if armed.left is None:
            return
        armed.left -= 1
        if armed.left <= 0:
            self._armed.remove(armed)


class FaultyExchange(Exchange):
    """An exchange with one fault, which strikes before the answer or within it."""

    def __init__(self, queue: ApiFaults, request: ApiRequest, fault: Fault) -> None:
        self._queue = queue
        self._fault = fault
        self._streams = request.verb in ("watch", "watchlist") or request.path.endswith("/log")

    async def early(self, request: web.BaseRequest) -> web.StreamResponse | None:
        match self._fault:
            case Delay(seconds=seconds):
                await asyncio.sleep(seconds)
            case Answer() as answer:
                return _answer_of(answer)
            case Abort() if not self._streams:
                return await _no_answer(request)
            case Hang() if not self._streams:
                await self._queue.hang()
                return await _no_answer(request)
            case Expire() if not self._streams:
                raise StatusError(410, status.PAGE_TOO_OLD)
        return None

    async def large(self, request: web.BaseRequest, body: Iterable[bytes]) -> web.StreamResponse:
        if not isinstance(self._fault, Cut):
            return await super().large(request, body)
        whole = b"".join(body)
        response = web.StreamResponse(headers=answers.headers())
        response.content_length = len(whole)
        await response.prepare(request)
        await response.write(whole[: len(whole) // 2])
        await _cut_off(request)
        return response

    async def watch(
        self,
        request: web.BaseRequest,
        batches: AsyncIterator[list[bytes]],
        content_type: str = answers.JSON,
    ) -> web.StreamResponse:
        streamed = batches if isinstance(self._fault, Delay) else self._lines(request, batches)
        return await super().watch(request, streamed, content_type)

    async def _lines(
        self, request: web.BaseRequest, batches: AsyncIterator[list[bytes]]
    ) -> AsyncIterator[list[bytes]]:
        """Yield the lines one by one, so that the fault strikes after the right one."""
        left = getattr(self._fault, "after", 0)
        if left == 0 and not isinstance(self._fault, Cut):
            async for line in self._strike(request):
                yield [line]
            if not isinstance(self._fault, Garbage):
                return
        async for batch in batches:
            for line in batch:
                if left == 0 and isinstance(self._fault, Cut):
                    yield [line[: len(line) // 2]]
                    await _cut_off(request)
                    return
                yield [line]
                left -= 1
                if left == 0 and not isinstance(self._fault, Cut):
                    async for added in self._strike(request):
                        yield [added]
                    if not isinstance(self._fault, Garbage):
                        return

    async def _strike(self, request: web.BaseRequest) -> AsyncIterator[bytes]:
        match self._fault:
            case Abort():
                await _cut_off(request)
            case Expire():
                gone = status.status(410, "The resourceVersion for the provided watch is too old.")
                yield status.error_line(gone)
            case Hang():
                await self._queue.hang()
            case Garbage(line=garbage):
                yield garbage


class FaultyServer(DemoServer):
    """A demo server whose requests meet the faults that a test arms."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.faults = arm(self)


def arm(server: DemoServer) -> ApiFaults:
    """Return a queue of faults that the requests of a server meet from now on."""
    faults = ApiFaults()
    server.api.exchange = faults.exchange
    return faults


def replace_token(access: Access, role: str, token: str) -> None:
    """Give a role another token; the one of before is worth nothing from now on."""
    access._users.pop(access.tokens[role], None)
    access.tokens[role] = token
    access._users[token] = USERS[role]


async def _no_answer(request: web.BaseRequest) -> web.StreamResponse:
    await _cut_off(request)
    return web.Response()  # aiohttp wants one; nobody receives it


async def _cut_off(request: web.BaseRequest) -> None:
    """Close the connection as a crash does, once what was written is on its way."""
    await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.close()
        await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.abort()


def _answer_of(fault: Answer) -> web.StreamResponse:
    extra = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.body is not None:
        return web.Response(
            body=fault.body,
            status=fault.code,
            headers=answers.headers(fault.content_type) | extra,
        )
    message = fault.message or status.REASONS.get(fault.code, "the server said no")
    details: dict[str, Any] | None = None
    if fault.retry_after is not None:
        details = {"retryAfterSeconds": fault.retry_after}
    return answers.refusal(StatusError(fault.code, message, details=details, headers=extra))
