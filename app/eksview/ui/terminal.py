"""The terminal at the other end: how far it lags behind, and what when it goes away."""

import asyncio
import os
import signal
import threading
from typing import Any

from textual.app import App

GRACE = 3.0
"""Seconds to say goodbye to a terminal that may not be listening any more."""


def backlog(app: App[Any]) -> bool:
    """Whether painted frames still wait to be written.

    Textual's writer thread takes 30 of them before the next one blocks the event loop, keys and
    all. Who waits here instead draws less and stays awake. False where there is no such thread.
    """
    behind = getattr(app._driver, "behind", None)
    if behind is not None:
        return bool(behind)
    writer = getattr(app._driver, "_writer_thread", None)
    queue = getattr(writer, "_queue", None)
    return queue is not None and not queue.empty()


def leave_on_signals(app: App[Any]) -> None:
    """End as `q` does when the terminal hangs up or somebody terminates the process.

    Leaving writes to the terminal, which blocks for ever when it is stopped; the process is then
    ended without its goodbye.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGHUP, signal.SIGTERM):
        loop.add_signal_handler(number, _leave, app, 128 + number)


def _leave(app: App[Any], code: int) -> None:
    watchdog = threading.Timer(GRACE, os._exit, (code,))
    watchdog.daemon = True
    watchdog.start()
    app.exit(return_code=code)
