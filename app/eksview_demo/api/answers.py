"""HTTP responses: JSON, text, and bodies too large for one piece."""

import asyncio
import uuid
import zlib
from collections.abc import Iterable
from itertools import chain

import msgspec
from aiohttp import web

from eksview_demo.storage.resources import Resource
from eksview_demo.storage.status import StatusError
from eksview_demo.storage.storage import Stored

GZIP_FROM = 128 * 1024  # bytes; the API server's own threshold, and its level below
_GZIP_LEVEL = 1
_GZIP_WINDOW = 31  # zlib's name for "with a gzip header"

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
PLAIN = "text/plain"


def headers(content_type: str = JSON) -> dict[str, str]:
    """Return the headers of every response."""
    return {
        "Audit-Id": str(uuid.uuid4()),
        "Cache-Control": "no-cache, private",
        "Content-Type": content_type,
    }


def json(body: object, code: int = 200) -> web.Response:
    """Return a response of small JSON."""
    return web.Response(body=msgspec.json.encode(body) + b"\n", status=code, headers=headers())


def raw(body: bytes) -> web.Response:
    """Return a response of JSON that is already encoded."""
    return web.Response(body=body, headers=headers())


def whole(resource: Resource, stored: Stored) -> bytes:
    """Return a stored object as JSON, with its kind."""
    head = f'{{"kind":"{resource.kind}","apiVersion":"{resource.api_version}",'
    return head.encode() + stored.item()[1:] + b"\n"


def tagged(body: bytes, tag: str, content_type: str) -> web.Response:
    """Return a response that a client may keep and ask for again with its ETag."""
    extra = {"ETag": tag, "Vary": "Accept"}
    return web.Response(body=body, headers=headers(content_type) | extra)


def not_modified(tag: str) -> web.Response:
    return web.Response(status=304, headers={"ETag": tag, "Vary": "Accept"})


def text(body: str, code: int = 200, content_type: str = TEXT) -> web.Response:
    extra = {"X-Content-Type-Options": "nosniff"}
    return web.Response(body=body.encode(), status=code, headers=headers(content_type) | extra)


def refusal(refused: StatusError) -> web.Response:
    """Return a Status as a response."""
    answer = json(refused.body, refused.code)
    answer.headers.update(refused.headers)
    return answer


async def large(request: web.BaseRequest, chunks: Iterable[bytes]) -> web.StreamResponse:
    """Send JSON that is made while it is sent, gzipped if the client accepts and it is large."""
    first, rest = _first(chunks, GZIP_FROM)
    if len(first) < GZIP_FROM:
        return web.Response(body=first, headers=headers())
    response = web.StreamResponse(headers=headers())
    pack = None
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        pack = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
        response.headers["Content-Encoding"] = "gzip"
    await response.prepare(request)
    for chunk in chain((first,), rest):
        # zlib releases the GIL, so that other requests are served meanwhile.
        await response.write(await asyncio.to_thread(pack.compress, chunk) if pack else chunk)
    if pack:
        await response.write(pack.flush())
    await response.write_eof()
    return response


def _first(chunks: Iterable[bytes], enough: int) -> tuple[bytes, Iterable[bytes]]:
    """Return the first chunks up to so many bytes in one piece, and the rest."""
    rest = iter(chunks)
    head: list[bytes] = []
    size = 0
    for chunk in rest:
        head.append(chunk)
        size += len(chunk)
        if size >= enough:
            break
    return b"".join(head), rest
