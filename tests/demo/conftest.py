"""A small cluster behind a real HTTPS server, and a client that knows its token."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.demo.faults import FaultyServer

NOW = 1_800_000_000.0


class Time:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Client:
    """Requests to one server with one token."""

    def __init__(self, session: aiohttp.ClientSession, server: DemoServer) -> None:
        self._session = session
        self.server = server

    def request(
        self, path: str, query: dict[str, str] | None = None, role: str = "admin", **more: Any
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.server.access.tokens[role]}"}
        headers |= more.pop("headers", {})
        method = more.pop("method", "GET")
        url = self.server.url + path
        return self._session.request(method, url, params=query, headers=headers, **more)

    async def get(self, path: str, query: dict[str, str] | None = None, **more: Any) -> Any:
        """The JSON of an answer, whatever its status."""
        async with self.request(path, query, **more) as response:
            return msgspec.json.decode(await response.read())

    async def status(self, path: str, query: dict[str, str] | None = None, **more: Any) -> int:
        async with self.request(path, query, **more) as response:
            return int(response.status)


async def read_events(response: aiohttp.ClientResponse, count: int) -> list[Any]:
    """The next so many events of a watch."""
    return [msgspec.json.decode(await response.content.readline()) for _ in range(count)]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def cluster(time: Time) -> DemoCluster:
    cluster = DemoCluster(seed=7, clock=time)
    build(cluster, nodes=6, pods=60)
    return cluster


@pytest.fixture
async def server(cluster: DemoCluster) -> AsyncIterator[FaultyServer]:
    server = FaultyServer(cluster)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client(server: DemoServer) -> AsyncIterator[Client]:
    context = ssl.create_default_context(cadata=server.certificates.authority.decode())
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Client(session, server)


@pytest.fixture
def kubeconfig(server: DemoServer, tmp_path: Path) -> Path:
    path = tmp_path / "kubeconfig"
    server.write_kubeconfig(path)
    return path
