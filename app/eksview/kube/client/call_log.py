"""The one place where calls to the API server become records: masked, numbered and bounded."""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from itertools import count
from time import monotonic, time
from typing import Any, Self
from urllib.parse import urlencode

from msgspec.structs import replace

from eksview.domain.base.clock import Clock
from eksview.domain.live.api_call import ApiCall, masked_parameters, masked_path, verb_of

Tell = Callable[[ApiCall], None]


class Record:
    """One call under way. It is told when it is answered and again when it has ended."""

    def __init__(self, request: ApiCall, tell: Tell | None, elapsed: Clock) -> None:
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

    def _say(self, request: ApiCall) -> None:
        self._request = request
        if self._tell is not None:
            self._tell(request)


class KubeCallLog:
    """Makes the records of one connection.

    `numbers` are those of the calls on record, shared with whatever else records.
    """

    def __init__(
        self,
        tell: Tell | None = None,
        numbers: Iterator[int] | None = None,
        *,
        clock: Clock = time,
        elapsed: Clock = monotonic,
    ) -> None:
        self.numbers = numbers or count(1)
        self._tell = tell
        self._asker = ""
        self._clock = clock
        self._elapsed = elapsed

    def on_behalf_of(self, asker: str) -> Self:
        """Return the same recorder, for the calls of one link or screen."""
        named = copy(self)
        named._asker = asker
        return named

    def begin(
        self, method: str, path: str, query: Mapping[str, str], body: dict[str, Any] | None
    ) -> Record:
        """A call that is about to be made."""
        target = path + (f"?{urlencode(query)}" if query else "")
        request = ApiCall(
            number=next(self.numbers),
            at=self._clock(),
            service="kubernetes",
            verb=verb_of(method, target),
            target=masked_path(target),
            asker=self._asker,
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
