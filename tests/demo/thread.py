"""The demo server in a thread of this process, for tests whose own loop must stay free."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from eksview_demo.api.server import DemoServer
from eksview_demo.life.engine import Life, live

ResultT = TypeVar("ResultT")


class DemoThread:
    """A server, and optionally the life of its cluster, on a loop of its own."""

    def __init__(self, server: DemoServer, life: Life | None = None) -> None:
        self.server = server
        self._life = life
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._living: asyncio.Task[None] | None = None

    def __enter__(self) -> "DemoThread":
        self._thread.start()
        self.restart()
        if (life := self._life) is not None:
            self._living = self.call(lambda: self._loop.create_task(live(life)))
        return self

    def __exit__(self, *_: object) -> None:
        if self._living is not None:
            self.call(self._living.cancel)
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def stop(self) -> None:
        """Stop the API server; its cluster stays as it is."""
        asyncio.run_coroutine_threadsafe(self.server.stop(), self._loop).result(10)

    def restart(self) -> None:
        """Listen, on the port of before if there was one."""
        start = self.server.start(self.server.port)
        asyncio.run_coroutine_threadsafe(start, self._loop).result(10)

    def call(self, function: Callable[[], ResultT]) -> ResultT:
        """Run a function on the server's loop, where the cluster and its faults live."""

        async def run() -> ResultT:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    def write_kubeconfig(self, path: Path) -> Path:
        """Write the kubeconfig and return its path."""
        self.server.write_kubeconfig(path)
        return path
