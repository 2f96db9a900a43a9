"""The one place where calls to the API server become records: masked, numbered and bounded."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from itertools import count
from time import monotonic, time
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from eksview.domain.clock import Clock
from eksview.domain.trace import Request, masked_parameters, masked_path, verb_of

ASKER: ContextVar[str] = ContextVar("asker", default="")
"""The link or screen on whose behalf a task asks; set once per task."""

NUMBERS = count(1)
"""Shared by all recorders, so that a number is a call's wherever it came from."""

Tell = Callable[[Request], None]


class Record:
    """One call under way. It is told when it is answered and again when it has ended."""

    def __init__(self, request: Request, tell: Tell | None, elapsed: Clock) -> None:
        self._request = request
        self._tell = tell
        self._elapsed = elapsed
        self._began = elapsed()

    def answered(self, status: int) -> None:
        """The headers are there."""
        wait = self._elapsed() - self._began
        self._say(replace(self._request, status=status, wait=wait, took=wait))

    @property
    def lists(self) -> bool:
        """Whether the answer is a list, whose items are worth counting."""
        return self._request.verb == "list"

    def ended(self, size: int, items: int | None = None) -> float:
        """The whole body is there, or nothing more comes; `size` in bytes. Seconds it took."""
        took = self._elapsed() - self._began
        self._say(replace(self._request, took=took, size=size, items=items))
        return took

    def failed(self, why: str) -> None:
        """No answer came."""
        took = self._elapsed() - self._began
        self._say(replace(self._request, took=took, why=why))

    def _say(self, request: Request) -> None:
        self._request = request
        if self._tell is not None:
            self._tell(request)


class Recorder:
    """Makes the records of one connection."""

    def __init__(
        self, tell: Tell | None = None, *, clock: Clock = time, elapsed: Clock = monotonic
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._elapsed = elapsed

    def begin(
        self, method: str, path: str, query: Mapping[str, str], body: dict[str, Any] | None
    ) -> Record:
        """A call that is about to be made."""
        target = path + (f"?{urlencode(query)}" if query else "")
        request = Request(
            number=next(NUMBERS),
            at=self._clock(),
            service="kubernetes",
            verb=verb_of(method, target),
            target=masked_path(target),
            asker=ASKER.get(),
            parameters=masked_parameters(_reviewed(body)),
        )
        return Record(request, self._tell, self._elapsed)


def _reviewed(body: dict[str, Any] | None) -> dict[str, Any]:
    """What a review is about, in the words of `kubectl auth can-i`."""
    spec = (body or {}).get("spec") or {}
    asked = spec.get("resourceAttributes") or spec.get("nonResourceAttributes") or {}
    resource = asked.get("resource") or asked.get("path") or ""
    if asked.get("group"):
        resource += f".{asked['group']}"
    if asked.get("subresource"):
        resource += f"/{asked['subresource']}"
    return {"verb": asked["verb"], "resource": resource} if asked.get("verb") else {}
