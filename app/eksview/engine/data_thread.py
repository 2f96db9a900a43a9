"""The data thread: all clients run in it, so that none of their work delays a key."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")
STOP_LIMIT = 1.0  # seconds to close every connection


class DataLoop:
    """A thread with an event loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._running = Event()
        self._thread = Thread(target=self._run, name="eksview-data", daemon=True)

    def start(self) -> None:
        """Start the thread; returns when it accepts work."""
        self._thread.start()
        self._running.wait()

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run a coroutine on the loop; any thread may wait for the future."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self, last: Coroutine[Any, Any, None] | None = None) -> None:
        """Run `last`, cancel the other tasks and end, within about `STOP_LIMIT` seconds."""
        if not self._thread.is_alive():
            if last is not None:
                last.close()
            return
        with suppress(TimeoutError):  # a daemon thread: hanging work ends with the process
            self.submit(_finish(last)).result(STOP_LIMIT)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_LIMIT)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # Links report errors; a traceback would be drawn over the screen.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._loop.call_soon(self._running.set)
        self._loop.run_forever()


async def _finish(last: Coroutine[Any, Any, None] | None) -> None:
    if last is not None:
        await last
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
