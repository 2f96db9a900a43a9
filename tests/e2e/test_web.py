"""`eksview web`: what a browser is sent over its websocket, and what it may do."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pyte
import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import EKSVIEW
from tests.e2e.terminal import below, descendants
from tests.patience import PATIENCE, until
from tests.process.children import alive

COLUMNS, ROWS = 120, 36
AIOHTTP_WAITS = 60.0  # seconds, for requests that go on when a server ends


@pytest.fixture
def web(api: Api, tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port that it listens on, and the process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", **api.env}
    command = [*EKSVIEW, "web", "--port", str(port), "--jump", "ops@bastion"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env
    )
    yield port, process
    process.send_signal(signal.SIGINT)
    process.wait(timeout=PATIENCE)


class Browser:
    """A page's terminal."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    async def type(self, keys: str) -> None:
        await self._socket.send_json(["stdin", keys])

    async def shows(self, *words: str) -> str:
        """Reads until they are on the screen; returns it."""
        async with asyncio.timeout(PATIENCE):
            while any(word not in self.text for word in words):
                message = await self._socket.receive()
                if message.type is aiohttp.WSMsgType.BINARY:
                    self._stream.feed(message.data)
                assert message.type is not aiohttp.WSMsgType.CLOSED, self.text
        return self.text

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)


async def _connect(
    session: aiohttp.ClientSession, port: int, *, autoclose: bool = True
) -> aiohttp.ClientWebSocketResponse:
    url = f"http://127.0.0.1:{port}/ws?width={COLUMNS}&height={ROWS}"
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await session.ws_connect(url, autoclose=autoclose)
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


async def test_a_visit_shows_the_cluster_and_runs_nothing(web) -> None:
    port, process = web
    async with aiohttp.ClientSession() as session, await _connect(session, port) as socket:
        browser = Browser(socket)
        await browser.shows("Workers", "6 nodes", "● live", "q Quit")
        await browser.type("2")
        await browser.shows("6 nodes:", "VERSION", "ip-10-")
        await browser.type("\x1a")  # Ctrl-z
        await browser.type("s")
        await browser.shows("Session on ip-10-", "Read-only view", "Enter copy",
                            "ssh -J ops@bastion 10.0.")  # fmt: skip
        before = descendants(process.pid)
        await browser.type("\r")
        await browser.shows("Sent to the browser's", "6 nodes:")
        assert descendants(process.pid) == before


async def test_the_server_ends_with_its_dashboards_though_pages_are_open(web) -> None:
    port, process = web
    async with (
        aiohttp.ClientSession() as session,
        await _connect(session, port, autoclose=False) as socket,
    ):
        await Browser(socket).shows("Workers")
        dashboards = below(process.pid)
        assert dashboards
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(AIOHTTP_WAITS * 0.75):
            while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
                pass
        await until(lambda: process.poll() is not None)
    assert not [pid for pid in dashboards if alive(pid)]
