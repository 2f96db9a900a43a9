"""Responses without specs and statuses: `PartialObjectMetadata` of any resource."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.api.lists import Page
from eksview_demo.storage.status import StatusError
from eksview_demo.storage.storage import Stored

API = "meta.k8s.io/v1"
KIND = "PartialObjectMetadata"
_CHUNK = 100


class _Object(Struct):
    metadata: msgspec.Raw


_read = msgspec.json.Decoder(_Object)


def wanted(accept: str) -> str:
    """Return the kind that an Accept header prefers, of an object or of a list; else empty."""
    parameters = set(accept.split(",", 1)[0].replace(" ", "").split(";"))
    if not {"v=v1", "g=meta.k8s.io"} <= parameters:
        return ""
    return next((kind for kind in (KIND, f"{KIND}List") if f"as={kind}" in parameters), "")


class MetadataView:
    """A resource as metadata; `kind` is the requested one."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def body(self, page: Page) -> Iterator[bytes]:
        """Yield a list in pieces. Raises StatusError when an object was requested."""
        self._check(f"{KIND}List", "the requested object is a list")
        head = {"kind": f"{KIND}List", "apiVersion": API, "metadata": page.metadata()}
        yield msgspec.json.encode(head)[:-1] + b',"items":['
        for low in range(0, len(page.items), _CHUNK):
            items = [_partial(stored) for stored in page.items[low : low + _CHUNK]]
            yield (b"," if low else b"") + msgspec.json.encode(items)[1:-1]
        yield b"]}\n"

    def single(self, stored: Stored) -> bytes:
        """Return one object. Raises StatusError when a list was requested."""
        self._check(KIND, "the requested object is not a list")
        return msgspec.json.encode(_partial(stored)) + b"\n"

    def event(self, kind: str, stored: Stored, version: int) -> bytes:
        """Return a watch event."""
        changed = msgspec.structs.replace(stored, version=version)
        return msgspec.json.encode({"type": kind, "object": _partial(changed)}) + b"\n"

    def bookmark(self, version: int, annotations: dict[str, str] | None) -> bytes:
        """Return a bookmark."""
        metadata: dict[str, Any] = {"resourceVersion": str(version), "creationTimestamp": None}
        metadata |= {"annotations": annotations} if annotations else {}
        bare = {"kind": KIND, "apiVersion": API, "metadata": metadata}
        return msgspec.json.encode({"type": "BOOKMARK", "object": bare}) + b"\n"

    def _check(self, kind: str, reason: str) -> None:
        if self._kind != kind:
            raise StatusError(406, f"you requested {self._kind}, but {reason}")


def _partial(stored: Stored) -> dict[str, Any]:
    return {"kind": KIND, "apiVersion": API, "metadata": _read.decode(stored.item()).metadata}
