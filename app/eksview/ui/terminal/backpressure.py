"""The terminal at the other end: how far it lags behind, and what when it goes away."""

import asyncio
import logging
import os
import signal
import threading
from typing import Any

from textual.app import App

from eksview.ui.terminal.driver import FlowControlDriver
from eksview.ui.terminal.textual_private import driver_of, frames_waiting

GRACE = {signal.SIGHUP: 1.5, signal.SIGTERM: 3.0}
"""Seconds to let go, and to say goodbye to a terminal that may not be listening any more."""

_WHY = {
    signal.SIGHUP: "the terminal hung up",
    signal.SIGTERM: "it was told to, by SIGTERM",
}
_log = logging.getLogger(__name__)


def backlog(app: App[Any]) -> bool:
    """Return whether painted frames still wait to be written, or to be shown."""
    driver = driver_of(app)
    return bool(getattr(driver, "behind", False)) or frames_waiting(driver)


def held(app: App[Any]) -> bool:
    """Whether even a frame that answers a key would only wait on the way to the terminal."""
    driver = driver_of(app)
    return isinstance(driver, FlowControlDriver) and driver.behind


def verdicts(app: App[Any]) -> list[bool]:
    """Whether the line was behind: of every frame shown since, else of this look alone."""
    driver = driver_of(app)
    if isinstance(driver, FlowControlDriver) and driver.answers:
        return driver.verdicts()
    return [backlog(app)]


def leave_on_signals(app: App[Any]) -> None:
    """End as `q` does when the terminal hangs up or somebody terminates the process.

    Leaving writes to the terminal, which blocks for ever when it is stopped; the process is then
    ended without its goodbye.
    """
    loop = asyncio.get_running_loop()
    for number in _WHY:
        loop.add_signal_handler(number, _leave, app, number)


def _leave(app: App[Any], number: signal.Signals) -> None:
    _log.warning("it ends: %s", _WHY[number])
    driver = driver_of(app)
    if number is signal.SIGHUP and isinstance(driver, FlowControlDriver):
        driver.hang_up()
    code = 128 + number
    watchdog = threading.Timer(GRACE[number], os._exit, (code,))
    watchdog.daemon = True
    watchdog.start()
    app.exit(return_code=code)
