"""The answers of an API server: whole ones, and bodies that are read as they come."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec

from eksview.domain.kube.go_json import UNREAD
from eksview.kube.client.call_log import Record


class Response(msgspec.Struct, frozen=True):
    """Any HTTP answer, good or bad. `latency` is in seconds, to the end of the body."""

    status: int
    body: bytes
    content_type: str
    latency: float
    retry_after: str | None = None


class CountedBody:
    """The chunks of a body, and how many bytes and lines (of a watch: events) there were."""

    def __init__(self, content: aiohttp.StreamReader) -> None:
        self._content = content
        self.size = self.lines = 0
        self.begun = False

    async def chunks(self) -> AsyncIterator[bytes]:
        self.begun = True
        async for chunk in self._content.iter_any():
            self.size += len(chunk)
            self.lines += chunk.count(b"\n")
            yield chunk


class _List(msgspec.Struct):
    """A list of which only the number of items is read: 0.7 us a kilobyte."""

    items: list[msgspec.Raw] | None = None


_LISTS = msgspec.json.Decoder(_List)


def _items(body: bytes) -> int | None:
    """Return how many items a list has; None for anything else."""
    try:
        items = _LISTS.decode(body).items
    except UNREAD:
        return None
    return None if items is None else len(items)


async def read_response(response: aiohttp.ClientResponse, record: Record) -> Response:
    """Read an answer to its end, and record its size."""
    body = await response.read()
    return Response(
        status=response.status,
        body=body,
        content_type=response.content_type,
        latency=record.ended(len(body), _items(body) if record.lists else None),
        retry_after=response.headers.get("Retry-After"),
    )
