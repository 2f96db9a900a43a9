"""No server makes a reflector hurry: the real loop against any answers, on a clock of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from eksview.domain.live.retry import Failure, retry_after_seconds
from eksview.kube.client.connection import JSON
from eksview.kube.client.errors import RequestError
from eksview.kube.watch.reflector import Reflector
from tests.kube.watch.scripted import bookmark, event, page, pod
from tests.kube.world import PODS, MemorySink

MOST = 100  # requests a minute from one link
MINUTES = 4


class Over(BaseException):
    """The end of the time that is looked at; no Exception, which would be retried."""


class Hostile:
    """A server that answers at once whatever was drawn, and the clock of its client."""

    def __init__(self, draw: Callable[[str], object]) -> None:
        self.access = SimpleNamespace(server="https://api.test")
        self.secrets: tuple[str, ...] = ()
        self.now = 0.0
        self.asked: list[float] = []
        self.most = 0  # requests in any minute so far
        self._draw = draw

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    @asynccontextmanager
    async def stream(
        self, path: str, query: Mapping[str, str], silence: float, *, accept: str = JSON
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        answer = self._answer("watch")
        yield self._chunks(answer)

    async def _chunks(self, lines: object) -> AsyncIterator[bytes]:
        assert isinstance(lines, list)
        for line in lines:
            if isinstance(line, float):
                self.now += line
            elif isinstance(line, RequestError):
                raise line
            else:
                yield line

    async def get_bytes(self, path: str, query: Mapping[str, str], *, accept: str = JSON) -> bytes:
        answer = self._answer("page")
        assert isinstance(answer, bytes)
        return answer

    def _answer(self, kind: str) -> object:
        self.asked.append(self.now)
        self._check()
        answer = self._draw(kind)
        if isinstance(answer, RequestError):
            raise answer
        return answer

    def _check(self) -> None:
        self.most = max(self.most, sum(at > self.now - 60.0 for at in self.asked))
        if self.most > MOST or self.now > MINUTES * 60.0:
            raise Over


TEXTS = ("0", "-1", "inf", "1e308", "nan", "3600", "1", "soon", "Fri, 31 Dec 1999 23:59:59 GMT")
FAILURES = st.builds(
    Failure,
    status=st.sampled_from([None, 400, 401, 403, 404, 410, 422, 429, 500, 503, 504]),
    reason=st.sampled_from(["", "Expired", "ResourceVersionTooLarge"]),
    retry_after=st.sampled_from(TEXTS).map(retry_after_seconds) | st.floats(),
    silent=st.booleans(),
).map(lambda failure: RequestError("It failed.", failure))
GONE = {"kind": "Status", "code": 410, "reason": "Expired"}
LINES = st.sampled_from(
    [
        event("ADDED", pod("a", "5")),
        event("MODIFIED", pod("b", "6")),
        event("DELETED", pod("b", "7")),
        event("ERROR", GONE),
        event("ERROR", {"kind": "Status", "code": 500}),
        bookmark("10", ends_list=True),
        bookmark("11"),
        b"no json\n",
        b"half",
        1.05,
        12.0,
    ]
)
STREAMS = st.lists(LINES | FAILURES, max_size=5)
PAGES = st.builds(
    page,
    st.sampled_from("abc").map(pod),
    version=st.sampled_from(["1", "2"]),
    more=st.sampled_from(["", "x", "y", "z"]),
) | st.sampled_from([b"[]", b"{}", json.dumps({"error": "no"}).encode()])
ANSWERS = {"watch": STREAMS | FAILURES, "page": PAGES | FAILURES}


async def _drive(server: Hostile, chance: float) -> None:
    reflector = Reflector(
        PODS,
        server,
        MemorySink(),
        sleep=server.sleep,
        clock=lambda: server.now,
        elapsed=lambda: server.now,
        chance=lambda: chance,
    )
    try:
        await reflector.run()
    except Over:
        return


@settings(max_examples=60, deadline=None)
@given(data=st.data(), chance=st.floats(0.0, 1.0))
def test_no_sequence_of_answers_hurries_a_link(data: st.DataObject, chance: float) -> None:
    patterns = {kind: data.draw(st.lists(each, min_size=1, max_size=6), label=kind)
                for kind, each in ANSWERS.items()}  # fmt: skip
    turns = dict.fromkeys(patterns, 0)

    def answer(kind: str) -> object:
        """Repeat the drawn answers, as a server that is broken for good would."""
        turns[kind] += 1
        return patterns[kind][turns[kind] % len(patterns[kind])]

    server = Hostile(answer)
    asyncio.run(_drive(server, chance))
    assert server.most <= MOST
