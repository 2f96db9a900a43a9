"""The state of the terminal: how far it lags behind, and what happens when it hangs up."""

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
"""Seconds to close everything and to restore a terminal that may not read any more."""

_REASONS = {
    signal.SIGHUP: "the terminal hung up",
    signal.SIGTERM: "the process received SIGTERM",
}
_log = logging.getLogger(__name__)


def backlog(app: App[Any]) -> bool:
    """Return whether painted frames still wait to be written, or to be shown."""
    driver = driver_of(app)
    return bool(getattr(driver, "behind", False)) or frames_waiting(driver)


def held(app: App[Any]) -> bool:
    """Return whether even a frame that answers a key would wait on its way to the terminal."""
    driver = driver_of(app)
    return isinstance(driver, FlowControlDriver) and driver.behind


def verdicts(app: App[Any]) -> list[bool]:
    """Return whether each frame shown since the last call was late; else whether one is now."""
    driver = driver_of(app)
    if isinstance(driver, FlowControlDriver) and driver.answers:
        return driver.verdicts()
    return [backlog(app)]


def leave_on_signals(app: App[Any]) -> None:
    """Exit as `q` does on SIGHUP and SIGTERM.

    Exiting writes to the terminal, which blocks while that is stopped; after the time of `GRACE`
    the process ends without it.
    """
    loop = asyncio.get_running_loop()
    for number in _REASONS:
        loop.add_signal_handler(number, _leave, app, number)


def _leave(app: App[Any], number: signal.Signals) -> None:
    _log.warning("exiting because %s", _REASONS[number])
    driver = driver_of(app)
    if number is signal.SIGHUP and isinstance(driver, FlowControlDriver):
        driver.hang_up()
    code = 128 + number
    watchdog = threading.Timer(GRACE[number], os._exit, (code,))
    watchdog.daemon = True
    watchdog.start()
    app.exit(return_code=code)
