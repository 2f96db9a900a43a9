"""The frames of SPDY/3.1, in which kubectl forwards the connections of a port-forward.

Source: "SPDY Protocol - Draft 3.1", and moby/spdystream, by which kubectl speaks it: without
flow control, and with headers whose names are in lower case.
"""

import zlib
from collections.abc import Iterator, Mapping

from msgspec import Struct

SYN_STREAM, SYN_REPLY, RST_STREAM, PING = 1, 2, 3, 6
"""Types of control frames; the others are passed over."""
FIN = 1
_CONTROL = 0x8000
_VERSION = 3
_HEAD = 8  # bytes before the data of a frame

_WORDS = (
    "options|head|post|put|delete|trace|accept|accept-charset|accept-encoding|accept-language"
    "|accept-ranges|age|allow|authorization|cache-control|connection|content-base|content-enc"
    "oding|content-language|content-length|content-location|content-md5|content-range|content"
    "-type|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-ran"
    "ge|if-unmodified-since|last-modified|location|max-forwards|pragma|proxy-authenticate|pro"
    "xy-authorization|range|referer|retry-after|server|te|trailer|transfer-encoding|upgrade|u"
    "ser-agent|vary|via|warning|www-authenticate|method|get|status|200 "
    "OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin"
)
_TEXT = (
    "1001012012022052063003023033043053063074024054064074084094104114124134144154164175025045"
    "05203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401"
    " Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 "
    "Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, "
    "Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/"
    "xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,s"
    "dchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)


def _counted(text: str) -> bytes:
    return len(text).to_bytes(4, "big") + text.encode()


_DICTIONARY = b"".join(map(_counted, _WORDS.split("|"))) + _TEXT.encode()


class SpdyFrame(Struct, frozen=True):
    """A frame; `kind` is 0 for data. The stream of a ping is its number."""

    kind: int
    stream: int
    fin: bool = False
    data: bytes = b""
    headers: Mapping[str, str] = {}


class SpdyFrames:
    """Both directions of one connection, which share nothing but its order."""

    def __init__(self) -> None:
        self._buffer = b""
        self._inflate = zlib.decompressobj(zdict=_DICTIONARY)
        self._deflate = zlib.compressobj(zdict=_DICTIONARY)

    def feed(self, data: bytes) -> Iterator[SpdyFrame]:
        """Yield the frames that these bytes complete. Raises ValueError for another protocol."""
        self._buffer += data
        while len(self._buffer) >= _HEAD:
            end = _HEAD + int.from_bytes(self._buffer[5:8], "big")
            if len(self._buffer) < end:
                return
            head, body = self._buffer[:_HEAD], self._buffer[_HEAD:end]
            self._buffer = self._buffer[end:]
            yield self._frame(head, body)

    def _frame(self, head: bytes, body: bytes) -> SpdyFrame:
        first, fin = int.from_bytes(head[:2], "big"), bool(head[4] & FIN)
        if not first & _CONTROL:
            return SpdyFrame(0, int.from_bytes(head[:4], "big"), fin, body)
        if first & ~_CONTROL != _VERSION:
            raise ValueError(f"SPDY/{first & ~_CONTROL}")
        kind = int.from_bytes(head[2:4], "big")
        stream = int.from_bytes(body[:4], "big")
        headers = self._headers(body[10:]) if kind == SYN_STREAM else {}
        return SpdyFrame(kind, stream, fin, body, headers)

    def _headers(self, packed: bytes) -> dict[str, str]:
        block = self._inflate.decompress(packed)
        texts: list[str] = []
        at = 4
        while at < len(block):
            size = int.from_bytes(block[at : at + 4], "big")
            texts.append(block[at + 4 : at + 4 + size].decode())
            at += 4 + size
        return dict(zip(texts[::2], texts[1::2], strict=True))

    def reply(self, stream: int) -> bytes:
        """Return the frame that accepts a stream, without headers."""
        block = self._deflate.compress(bytes(4)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return control(SYN_REPLY, stream.to_bytes(4, "big") + block)


def control(kind: int, body: bytes) -> bytes:
    """Return a control frame without flags."""
    head = (_CONTROL | _VERSION).to_bytes(2, "big") + kind.to_bytes(2, "big")
    return head + len(body).to_bytes(4, "big") + body


def data_frame(stream: int, data: bytes = b"", *, fin: bool = False) -> bytes:
    """Return data for a stream; with `fin` its last."""
    return stream.to_bytes(4, "big") + bytes([FIN * fin]) + len(data).to_bytes(3, "big") + data
