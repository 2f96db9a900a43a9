"""Suspends the dashboard for a command that needs the terminal; the watches go on."""

import asyncio
import os
import shlex
import signal
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from textual.app import App

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.ui.terminal.textual_private import driver_of

GRACE = 1.0
"""Seconds that a command has to end after the terminal hung up."""


class ExternalCommand:
    """Runs one command at a time; while it is `running` nothing may be painted."""

    def __init__(self, app: App[Any], environ: Mapping[str, str]) -> None:
        self._app = app
        self._environ = environ
        self.running = False

    @property
    def possible(self) -> bool:
        """True if the terminal belongs to this machine and can run commands."""
        driver = driver_of(self._app)
        return driver is not None and driver.can_suspend

    async def run(self, command: Sequence[str]) -> None:
        """Run a command and resume the dashboard; raises UserError if it can't be started."""
        self.running = True
        try:
            # Paints that Textual 8.2 makes while it is suspended end in a dead writer's queue.
            with self._app.batch_update(), self._app.suspend():
                problem = await _problem(command, self._environ)
                if self._app.return_code is not None:
                    raise asyncio.CancelledError  # it ends: the terminal is left as it is now
        finally:
            self.running = False
        if problem is not None:
            raise problem


async def _problem(command: Sequence[str], environ: Mapping[str, str]) -> Exception | None:
    """Return an error, which would leave the terminal suspended if it were raised."""
    try:
        await lend(command, environ)
    except Exception as problem:
        return problem
    return None


async def lend(command: Sequence[str], environ: Mapping[str, str]) -> None:
    """Run a command in this terminal; after a failure its output stays until Enter."""
    terminal, line = sys.stdin.fileno(), shlex.join(command)
    before = termios.tcgetattr(terminal)
    _say(line, "\n")
    with _deaf():
        code = await _run(command, environ)
        # A command that was killed may have left the terminal raw.
        termios.tcsetattr(terminal, termios.TCSANOW, before)
        if code:
            termios.tcflush(terminal, termios.TCIFLUSH)
            _say(f"`{line}` {_ended(code)}; press Enter to return", " ")
            await _enter(terminal)


@contextmanager
def _deaf() -> Iterator[None]:
    """Handle Ctrl-C and Ctrl-\\ by nothing; a command would inherit ignored signals."""
    keys = (signal.SIGINT, signal.SIGQUIT)
    before = {number: signal.signal(number, lambda *_: None) for number in keys}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Return the exit code, or the negative number of the signal that ended it."""
    try:
        process = await asyncio.create_subprocess_exec(*command, env=environ)
    except OSError as error:
        raise UserError(f"{command[0]} can't be started: {error.strerror}.") from None
    try:
        return await process.wait()
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a command that still runs, as a terminal that hangs up does."""
    if process.returncode is not None:
        return
    try:
        process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(GRACE):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        with suppress(ProcessLookupError):
            process.kill()


def _ended(code: int) -> str:
    return f"ended with exit code {code}" if code > 0 else f"was ended by {_signal(-code)}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _say(text: str, end: str) -> None:
    sys.stdout.write(f"\x1b[0m\neksview: {clean(text)}{end}")
    sys.stdout.flush()


async def _enter(terminal: int) -> None:
    """Wait for a line of input, or for the end of the terminal."""
    loop, typed = asyncio.get_running_loop(), asyncio.Event()

    def read() -> None:
        with suppress(OSError):
            os.read(terminal, 1024)
        typed.set()

    loop.add_reader(terminal, read)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(terminal)
