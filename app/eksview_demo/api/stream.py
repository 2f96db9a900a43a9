"""Writing a watch to the wire, with the fault that was armed for it."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from eksview_demo.api import answers, faults
from eksview_demo.api.faults import Abort, ApiFaults, Cut, End, Expire, Fault, Garbage, Hang
from eksview_demo.storage import status


async def send(
    request: web.BaseRequest,
    batches: AsyncIterator[list[bytes]],
    fault: Fault | None,
    queue: ApiFaults,
) -> web.StreamResponse:
    """Stream the lines as chunks until the watch ends or the fault strikes."""
    response = web.StreamResponse(headers=answers.headers())
    response.enable_chunked_encoding()
    await response.prepare(request)
    if fault is None:
        async for batch in batches:
            await response.write(b"".join(batch))
    else:
        await _Faulty(request, response, queue, fault).run(batches)
    await response.write_eof()
    return response


class _Faulty:
    """A stream with a fault: line by line, so that it strikes where it was told to."""

    def __init__(
        self, request: web.BaseRequest, response: web.StreamResponse, queue: ApiFaults, fault: Fault
    ) -> None:
        self._request = request
        self._response = response
        self._queue = queue
        self._fault: Fault | None = fault
        self._left: int = getattr(fault, "after", 0)

    async def run(self, batches: AsyncIterator[list[bytes]]) -> None:
        if self._left == 0 and not await self._strike(b""):
            return
        async for batch in batches:
            for line in batch:
                if not await self._write(line):
                    return

    async def _write(self, line: bytes) -> bool:
        """Write one line; False when the stream is over."""
        if self._fault is not None and self._left == 0 and not await self._strike(line):
            return False
        await self._response.write(line)
        self._left -= 1
        if self._fault is not None and self._left == 0:
            return isinstance(self._fault, Cut) or await self._strike(b"")
        return True

    async def _strike(self, line: bytes) -> bool:
        """Do what the fault says at this line; False when that ends the stream."""
        match self._fault:
            case Cut():
                if not line:
                    return True  # it needs a line to cut
                await self._response.write(line[: len(line) // 2])
                await cut_off(self._request)
            case Abort():
                await cut_off(self._request)
            case Expire():
                gone = status.status(410, "The resourceVersion for the provided watch is too old.")
                await self._response.write(status.error_line(gone))
            case Hang():
                await self._queue.hang()
            case Garbage(line=garbage):
                await self._response.write(garbage)
                self._fault = None
                return True
            case End():
                pass
        return False


async def no_answer(request: web.BaseRequest) -> web.StreamResponse:
    """Close the connection; the response is for aiohttp's eyes only."""
    await cut_off(request)
    return web.Response()


async def half(request: web.BaseRequest, body: bytes) -> web.StreamResponse:
    """Half an answer whose length was promised whole, and no more."""
    response = web.StreamResponse(headers=answers.headers())
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    await cut_off(request)
    return response


async def cut_off(request: web.BaseRequest) -> None:
    """Close the connection as a crash does, once what was written is on its way."""
    await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.close()
        await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.abort()


def plain(fault: Fault) -> bool:
    """Whether the fault replaces or delays the answer rather than breaking a stream."""
    return isinstance(fault, faults.Answer | faults.Delay)
