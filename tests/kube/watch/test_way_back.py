"""The way back after an outage: a changed pod shows soon, without a burst of requests.

What the server does is that of a kube-apiserver 1.36 that was restarted: refused connections, then
200 and one ERROR event of 410 for the version of the old watch.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import time
from types import SimpleNamespace
from typing import Any

import pytest

from eksview.domain.base.errors import UserError
from eksview.domain.live.messages import Fanout
from eksview.domain.live.retry import FIRST, Failure
from eksview.domain.resources.registry import WATCHED
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.kube.client.connection import JSON
from eksview.kube.client.errors import RequestError
from eksview.kube.client.response import Response
from eksview.kube.cluster_watcher import ClusterWatcher
from eksview.kube.poll.probes import PERIOD, Probes
from eksview.kube.watch.recovery import Recovery
from eksview.kube.watch.reflector import Reflector
from eksview.kube.watch.watched_resource import WatchedResource
from tests.kube.watch.scripted import bookmark, event, page, pod
from tests.kube.world import MemorySink, World
from tests.loop_clock import let_pass
from tests.patience import until

SOON = 5.0  # seconds
MOST_REQUESTS = 60  # a minute from one link
LINKS = [
    WatchedResource(each, name, namespace) for each in WATCHED for name, namespace in each.links
]


class Restarting:
    """A server that is away for a while and has forgotten every old version afterwards."""

    def __init__(self) -> None:
        self.access = SimpleNamespace(server="https://api.test")
        self.expires: float | None = None
        self.secrets = ()
        self.status: int | None = 200  # of /readyz; None: connections are refused
        self.mute = False  # connections stay open when the server goes, and bring nothing more
        self.generation = 1
        self.asked: list[tuple[float, str]] = []
        self._down = asyncio.Event()

    def leave(self) -> None:
        self.status = None
        self.generation += 1
        self._down.set()
        self._down = asyncio.Event()

    def _ask(self, path: str) -> None:
        self.asked.append((_now(), path))
        if self.status is None:
            raise RequestError("Connection refused.", Failure())

    async def ask(self, path: str, *_: Any, **__: Any) -> Response:
        self._ask(path)
        assert self.status is not None
        return Response(self.status, b"ok", "text/plain", 0.0)

    async def get_bytes(self, path: str, query: Mapping[str, str], *, accept: str = JSON) -> bytes:
        self._ask(path)
        self._authorize()
        return page()

    async def get_json(self, path: str, **_: Any) -> Any:
        self._ask(path)
        return {}

    async def post_json(self, *_: Any, **__: Any) -> Any:
        raise UserError("No.")

    def error_of(self, answer: Response) -> RequestError:
        return RequestError("Not ready.", Failure(answer.status))

    @asynccontextmanager
    async def stream(
        self, path: str, query: Mapping[str, str], silence: float, *, accept: str = JSON
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        self._ask(path)
        self._authorize()
        yield self._lines(query)

    def _authorize(self) -> None:
        if self.status != 200:
            raise RequestError("pods is forbidden.", Failure(403))  # before its rules are read

    async def _lines(self, query: Mapping[str, str]) -> AsyncIterator[bytes]:
        version = str(self.generation)
        if query.get("resourceVersion", version) != version:
            yield event("ERROR", {"kind": "Status", "code": 410, "reason": "Expired"})
            return
        if "sendInitialEvents" in query:
            yield event("ADDED", pod(f"of-{version}", version))
            yield bookmark(version, ends_list=True)
        await self._down.wait()
        if self.mute:
            await asyncio.Event().wait()
        raise RequestError("The connection was lost.", Failure())


def _now() -> float:
    return asyncio.get_running_loop().time()


class Dashboard:
    """The probes and all reflectors of a cluster, on the loop's clock."""

    def __init__(self, server: Restarting, chance: float) -> None:
        self.server = server
        self.sink = MemorySink()
        loop = asyncio.get_running_loop()
        recovery = Recovery()
        probes = Probes(server, self.sink, clock=_now, chance=lambda: chance, recovery=recovery)
        reflectors = [
            Reflector(
                each,
                server,
                self.sink,
                clock=_now,
                elapsed=_now,
                chance=lambda: chance,
                recovery=recovery,
            )
            for each in LINKS
        ]
        self.tasks = [loop.create_task(each.run()) for each in (probes, *reflectors)]

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    @property
    def pods(self) -> set[str]:
        return set(self.sink.tables[Kind.POD])


@asynccontextmanager
async def dashboard(chance: float) -> AsyncIterator[Dashboard]:
    dashboard = Dashboard(Restarting(), chance)
    await let_pass(60.0)
    assert dashboard.pods == {"of-1"}
    yield dashboard
    await dashboard.stop()


@pytest.mark.parametrize("outage", [4.0, 20.0, 120.0])
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
async def test_a_changed_pod_shows_soon_after_an_outage(outage: float, chance: float) -> None:
    async with dashboard(chance) as world:
        world.server.leave()
        await let_pass(outage)
        assert world.pods == {"of-1"}
        world.server.status = 200
        await let_pass(SOON)
        assert world.pods == {"of-2"}
        assert {link.phase for link in world.sink.links.values()} == {Phase.LIVE}


async def test_a_server_that_refuses_while_it_starts_is_asked_again_when_it_is_ready() -> None:
    async with dashboard(1.0) as world:
        world.server.leave()
        await let_pass(20.0)
        world.server.status = 500
        await let_pass(30.0)
        assert world.sink.links["pods"].phase is Phase.REFUSED
        world.server.status = 200
        await let_pass(SOON)
        assert world.pods == {"of-2"}


async def test_streams_that_nobody_ends_are_left_once_the_server_is_back() -> None:
    async with dashboard(0.5) as world:
        world.server.mute = True
        world.server.leave()
        await let_pass(20.0)
        assert world.sink.links["pods"].phase is Phase.LIVE  # nothing has told it
        world.server.status = 200
        await let_pass(SOON)
        assert world.pods == {"of-2"}


@pytest.mark.parametrize(("outage", "most"), [(4.0, 8), (20.0, 10), (120.0, 14)])
async def test_an_outage_costs_few_requests_and_its_end_no_burst(outage: float, most: int) -> None:
    async with dashboard(0.0) as world:
        world.server.leave()
        world.server.asked.clear()
        await let_pass(outage)
        world.server.status = 200
        await let_pass(SOON)
        asked = Counter(path for _, path in world.server.asked)
        probes = ("/readyz", "/livez", "/livez/ping", "/version")
        probed = sum(asked.pop(path, 0) for path in probes)
        assert probed <= 2 * (outage + SOON) + 4
        assert max(asked.values()) <= most


async def test_an_outage_of_hours_is_looked_at_as_rarely_as_a_healthy_server() -> None:
    async with dashboard(0.0) as world:
        world.server.leave()
        await let_pass(3600.0)
        world.server.asked.clear()
        await let_pass(60.0)
        assert sum(path == "/readyz" for _, path in world.server.asked) <= 13


async def test_links_come_back_spread_by_chance() -> None:
    times = set()
    for chance in (0.1, 0.9):
        async with dashboard(chance) as world:
            world.server.leave()
            await let_pass(120.0)
            world.server.status = 200
            world.server.asked.clear()
            await let_pass(SOON)
            ready = next(at for at, path in world.server.asked if path == "/readyz")
            times.add(round(min(at for at, p in world.server.asked if "pods" in p) - ready, 1))
    assert len(times) == 2


async def only_short(seconds: float) -> None:
    """Skip short waits and the probe's; never end another one."""
    if seconds > 3.0 * FIRST and seconds != PERIOD:
        await asyncio.Event().wait()
    await asyncio.sleep(0.005)


async def test_the_probe_of_a_real_server_ends_the_waits_of_its_links(world: World) -> None:
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=only_short)
    watcher.start()
    await world.level()
    await world.server.stop()
    links = [each.name for each in LINKS]
    await until(lambda: all(world.sink.links[name].phase is Phase.RETRYING for name in links))
    # The third wait of each is longer than any that ends by itself.
    await until(lambda: all((world.sink.links[name].retry_at or 0) > time() for name in links))
    world.churn()
    world.cluster.storage.compact()
    await world.server.start(world.server.port)
    await world.level()
    await until(lambda: all(world.sink.links[name].phase is Phase.LIVE for name in links))
    await watcher.stop()


class Flapping(Restarting):
    """A server whose health changes with every request, and whose watches all expire."""

    async def ask(self, path: str, *_: Any, **__: Any) -> Response:
        self.asked.append((_now(), path))
        self.status = {200: 500, 500: None, None: 200}[self.status]
        if self.status is None:
            raise RequestError("Connection refused.", Failure())
        return Response(self.status, b"ok", "text/plain", 0.0)

    def _ask(self, path: str) -> None:
        self.asked.append((_now(), path))

    async def _lines(self, query: Mapping[str, str]) -> AsyncIterator[bytes]:
        yield bookmark("1", ends_list=True)
        yield event("ERROR", {"kind": "Status", "code": 410, "reason": "Expired"})


@pytest.mark.parametrize("chance", [0.0, 1.0])
async def test_a_health_that_flaps_hurries_no_link(chance: float) -> None:
    server = Flapping()
    flapping = Dashboard(server, chance)
    await let_pass(120.0)
    server.asked.clear()
    await let_pass(300.0)
    await flapping.stop()
    asked = Counter(path for _, path in server.asked)
    assert asked["/api/v1/pods"] / 5 <= MOST_REQUESTS
