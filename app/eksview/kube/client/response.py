"""The answers of an API server: whole ones, and bodies that are read as they come."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec

from eksview.domain.kube.go_json import UNREAD
from eksview.kube.client.call_log import Record

MIB = 1024 * 1024
MOST_BYTES = 32 * MIB
"""Of an object, a review or discovery: etcd keeps no object above 1.5 MiB."""
MOST_OF_LIST = 256 * MIB
"""Of a page, or of a list that has none: the usage of 100,000 pods takes 60 MiB."""
MOST_OF_METRICS = 128 * MIB
"""Of an API server's own metrics: those of large clusters take tens of MiB."""
MOST_OF_ERROR = MIB
"""Of an error, whose first words are shown; what follows them isn't read."""


class TooLongError(Exception):
    """An answer longer than its use needs; `most` is in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


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


async def read_response(
    response: aiohttp.ClientResponse, record: Record, most: int = MOST_BYTES
) -> Response:
    """Read an answer to its end, and record its size; of an error only the beginning.

    Raises `TooLongError` for another one of more bytes than `most`.
    """
    failed = response.status >= 300
    body = await read_body(response.content, MOST_OF_ERROR if failed else most)
    if len(body) > most and not failed:
        record.ended(len(body))
        raise TooLongError(most)
    return Response(
        status=response.status,
        body=body,
        content_type=response.content_type,
        latency=record.ended(len(body), _items(body) if record.lists else None),
        retry_after=response.headers.get("Retry-After"),
    )


async def read_body(content: aiohttp.StreamReader, most: int) -> bytes:
    """Return a body, of a longer one little more than `most` bytes."""
    chunks: list[bytes] = []
    left = most
    async for chunk in content.iter_any():
        chunks.append(chunk)
        left -= len(chunk)
        if left < 0:
            break
    return b"".join(chunks)
