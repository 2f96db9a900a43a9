"""The poll of the usage of pods, which runs only while a screen shows some.

metrics-server sends all pods of a request in one piece, so a screen of one namespace costs only
that one, and the pods of a large answer are decoded in slices between which other links go on.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.reading import Permission
from eksview.domain.live import polled
from eksview.domain.live.messages import LinkState, Sink, Swap
from eksview.domain.resources.pod_usage import RESOURCE
from eksview.domain.rows.kube import Kind, PodUsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import raw_list, readable
from eksview.kube.poll.polled_resources import PolledResource
from eksview.kube.poll.poller import Poller
from eksview.process.first_of import first_of

SLICE = 500
"""Pods decoded before other links go on."""

Scopes = Callable[[], Sequence[str]]
"""Returns the namespaces to read; an empty name stands for all."""


class PodUsagePoll(PolledResource):
    """The usage of the pods of the namespaces that `scopes` returns."""

    name = polled.POD_USAGE
    permission = Permission("list", RESOURCE.name, RESOURCE.group)
    optional = RESOURCE.group
    period = RESOURCE.period or polled.PERIOD

    def __init__(self, connection: Connection, sink: Sink, clock: Clock, scopes: Scopes) -> None:
        super().__init__(connection, sink, clock)
        self._scopes = scopes

    async def ask(self) -> None:
        """Read each namespace, and replace its rows in one step."""
        scopes = self._scopes()
        for namespace in scopes:
            self._sink.send(Swap(Kind.POD_USAGE, await self._rows(namespace), namespace))

    async def _rows(self, namespace: str) -> list[PodUsageRow]:
        body = await self.connection.get_bytes(RESOURCE.path(namespace))
        items = raw_list(RESOURCE.name, f"{RESOURCE.object_kind}List", body).items or []
        rows: list[PodUsageRow] = []
        for start in range(0, len(items), SLICE):
            page = b'{"items":[' + b",".join(map(bytes, items[start : start + SLICE])) + b"]}"
            with readable(f"a list of {RESOURCE.object_kind}"):
                some = RESOURCE.decode_list(page).items or ()
            rows += RESOURCE.rows(some, start)
            await asyncio.sleep(0)
        return rows

    def unanswered(self, failed: RequestError) -> None:
        """Forget what may no longer be read; after another failure it is shown until it is old."""
        if failed.failure.status == 403:
            self.absent()

    def absent(self) -> None:
        self._sink.send(Swap(Kind.POD_USAGE, ()))


class PodUsage:
    """The namespaces whose usage is on a screen, and the poll of them.

    The poll goes on to the end of its period after the last screen is left, so that going back and
    forth between two screens sends no more requests.
    """

    def __init__(
        self,
        connection: Connection,
        sink: Sink,
        *,
        readable: Callable[[], Sequence[str]],
        sleep: Sleep,
        clock: Clock,
    ) -> None:
        self._sink = sink
        self._readable = readable
        self._sleep = sleep
        self._clock = clock
        self._followed: Counter[str] = Counter()
        self._covered: Sequence[str] = ()
        self._more = asyncio.Event()
        self._poll = PodUsagePoll(connection, sink, clock, self._scopes)

    @property
    def wanted(self) -> bool:
        """True while a screen shows usage of pods."""
        return bool(self._followed)

    def follow(self, namespace: str) -> None:
        """Read the usage of a namespace, empty for all, in `run`."""
        self._followed[namespace] += 1
        if not {namespace, ""} & set(self._covered):
            self._more.set()

    def leave(self, namespace: str) -> None:
        """End one `follow`."""
        self._followed[namespace] -= 1
        if self._followed[namespace] <= 0:
            del self._followed[namespace]

    def refresh(self) -> None:
        """Read again at once."""
        self._more.set()

    async def run(self) -> None:
        """Poll until no screen shows usage any more; then forget it."""
        poller = Poller(self._poll, self._sink, sleep=self._sleep, clock=self._clock)
        try:
            while self._followed:
                self._more.clear()
                wait = await poller.once()
                await first_of(self._sleep(wait), self._more.wait())
        finally:
            self._covered = ()
            poller.stop()
        self._poll.absent()
        self._sink.send(LinkState(Link(self._poll.name, Phase.OFF, self._clock())))

    def _scopes(self) -> Sequence[str]:
        everywhere = "" in self._followed
        self._covered = ("",) if everywhere else tuple(self._followed)
        return (self._readable() or ("",)) if everywhere else self._covered
