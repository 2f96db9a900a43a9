"""Faults on demand: what a test makes the API server do wrong, in the order it was told."""

import asyncio
from collections import deque

from msgspec import Struct


class Ask(Struct, frozen=True):
    """A request, as faults match it and as tests read it back.

    `verb` is `list`, `page` (a list continued), `watch`, `watchlist` (a streaming list), `get`
    or `create`; `resource` is empty for paths such as /readyz.
    """

    verb: str
    resource: str
    namespace: str
    path: str
    query: dict[str, str]


class Answer(Struct, frozen=True):
    """Answer with a status code instead; `body` replaces the usual Status."""

    code: int
    retry_after: int | None = None
    message: str = ""
    body: bytes | None = None
    content_type: str = "application/json"


class Abort(Struct, frozen=True):
    """Close the connection without a word, after so many lines of a stream."""

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
    """Say nothing more, after so many lines of a stream; `release()` of the queue ends it."""

    after: int = 0


class Delay(Struct, frozen=True):
    """Answer as always, but this many seconds later."""

    seconds: float


def html(code: int = 502) -> Answer:
    """The error page of a load balancer in front."""
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

    def meets(self, ask: Ask) -> bool:
        return (
            (not self.verb or ask.verb in self.verb.split(","))
            and (not self.resource or ask.resource == self.resource)
            and self.path in ask.path
        )


class ApiFaults:
    """The queue. The first armed fault a request meets is its fate, and is used up by it."""

    def __init__(self) -> None:
        self.asked: deque[Ask] = deque(maxlen=1000)
        self.fired: list[tuple[Ask, Fault]] = []
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
        """Disarm everything and let go of what hangs."""
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
        """How many faults are still armed."""
        return len(self._armed)

    def take(self, ask: Ask) -> Fault | None:
        """The fate of this request."""
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
