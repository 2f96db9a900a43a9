"""The records of calls to the API server: masked, numbered and bounded."""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from itertools import count
from time import monotonic, time
from typing import Any, Self
from urllib.parse import urlencode

from msgspec.structs import replace

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import Clean, clean
from eksview.domain.live.api_call import ApiCall, masked_parameters, masked_path, verb_of

Send = Callable[[ApiCall], None]
PATCHES = {
    "application/merge-patch+json": "merge",
    "application/strategic-merge-patch+json": "strategic",
}


class Record:
    """A call under way, reported when it begins to be answered and when it ends."""

    def __init__(self, request: ApiCall, send: Send | None, elapsed: Clock) -> None:
        self._request = request
        self._send = send
        self._elapsed = elapsed
        self._began = elapsed()

    def answered(self, status: int) -> None:
        wait = self._elapsed() - self._began
        self._report(replace(self._request, status=status, wait=wait, took=wait))

    @property
    def lists(self) -> bool:
        """Return whether the answer is a list, whose items are counted."""
        return self._request.verb == "list"

    def ended(self, size: int, items: int | None = None) -> float:
        """Report the end of the body, of `size` bytes; returns the seconds it took."""
        took = self._elapsed() - self._began
        self._report(replace(self._request, took=took, size=size, items=items))
        return took

    def failed(self, reason: Clean) -> None:
        took = self._elapsed() - self._began
        self._report(replace(self._request, took=took, reason=reason))

    def _report(self, request: ApiCall) -> None:
        self._request = request
        if self._send is not None:
            self._send(request)


class KubeCallLog:
    """Makes the records of one connection.

    `numbers` are those of the calls on record, shared with whatever else records.
    """

    def __init__(
        self,
        send: Send | None = None,
        numbers: Iterator[int] | None = None,
        *,
        clock: Clock = time,
        elapsed: Clock = monotonic,
    ) -> None:
        self.numbers = numbers or count(1)
        self._send = send
        self._source = ""
        self._clock = clock
        self._elapsed = elapsed

    def on_behalf_of(self, source: str) -> Self:
        """Return the same recorder, for the calls of one link or screen."""
        named = copy(self)
        named._source = source
        return named

    def begin(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: dict[str, Any] | None,
        content_type: str = "",
    ) -> Record:
        """Begin the record of a call, whose body is of a media type."""
        target = path + (f"?{urlencode(query)}" if query else "")
        request = ApiCall(
            number=next(self.numbers),
            at=self._clock(),
            service="kubernetes",
            verb=verb_of(method, target),
            target=clean(masked_path(target)),
            source=self._source,
            parameters=masked_parameters(_sent(method, body, content_type)),
        )
        return Record(request, self._send, self._elapsed)


def _sent(method: str, body: dict[str, Any] | None, content_type: str) -> dict[str, Any]:
    """Return what a request sends: of a change its body as JSON, of a review its subject.

    A patch has its `type` too, by the name that `kubectl patch --type` takes.
    """
    if method == "POST" and (body or {}).get("kind") != "Eviction":
        return _reviewed(body)
    patch = {"type": PATCHES[content_type]} if content_type in PATCHES else {}
    return {**patch, "body": json.dumps(body)} if body else {}


def _reviewed(body: dict[str, Any] | None) -> dict[str, Any]:
    """Return the subject of a review, in the words of `kubectl auth can-i`."""
    spec = (body or {}).get("spec") or {}
    request = spec.get("resourceAttributes") or spec.get("nonResourceAttributes") or {}
    resource = request.get("resource") or request.get("path") or ""
    if request.get("group"):
        resource += f".{request['group']}"
    if request.get("name"):
        resource += f"/{request['name']}"
    words = {
        "verb": request.get("verb"),
        "resource": resource,
        "subresource": request.get("subresource"),
        "namespace": request.get("namespace") or spec.get("namespace"),
    }
    return {name: value for name, value in words.items() if value}
