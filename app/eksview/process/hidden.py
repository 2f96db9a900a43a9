"""Programs that run without the terminal, for a limited time and not longer than eksview.

A terminal belongs to the dashboard: a program that read from it would take its keys, and one that
outlived eksview would write over the shell's prompt.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from subprocess import DEVNULL, PIPE, STDOUT, Popen
from threading import Thread
from typing import TypeVar

from msgspec import Struct

from eksview.domain.base.secrets import mask
from eksview.domain.base.text import Clean, clean
from eksview.process.waits import WAITS

T = TypeVar("T")

LONGEST, SHOWN = 10_000, 200  # bytes of stderr that are looked at, characters that are shown
WATCHDOG = ("/bin/sh", "-c", 'read -r ended || kill -s KILL -- "-$1"', "eksview-watchdog")
"""A shell that ends a process group when eksview ends, however that happens.

Its stdin is a pipe from eksview. A line means that the program has ended. The end of the pipe means
that eksview has ended, even by SIGKILL, after which the kernel closes the pipe.
"""


class ProcessOutput(Struct, frozen=True):
    """The result of a program: its exit code, negative after a signal, and what it wrote."""

    code: int
    out: bytes
    err: bytes

    @property
    def complaint(self) -> str:
        """The last line of stderr, without secrets; empty for none."""
        end = self.err[-LONGEST:]
        if len(self.err) > LONGEST:  # its first word may be half a secret, whose name was cut off
            end = b"".join(end.split(maxsplit=1)[1:])
        text = mask(end.decode(errors="replace"))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return clean(lines[-1])[:SHOWN] if lines else ""


async def run_hidden(
    subject: str,
    command: Sequence[str],
    environ: Mapping[str, str],
    limit: float,
    text: bytes | None = None,
) -> ProcessOutput:
    """Run a program to its end; meanwhile it is waited for as `subject`, if that isn't empty.

    Its stdin is `text` or nothing. In a session of its own, it has no terminal to open, and Ctrl-C
    isn't sent to it. Raises OSError if it can't be started, and TimeoutError after `limit` seconds,
    in which case it is killed together with its children. A child that holds its output is waited
    for after the program has ended, as kubectl does.
    """
    process = _started(command, environ, has_input=text is not None)
    try:
        async with _watched(process), asyncio.timeout(limit):
            with WAITS.on(subject, limit) if subject else nullcontext():
                out, err = await _in_thread(lambda: process.communicate(text))
    except BaseException:
        # The program itself may have ended, but not the child that has its output.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        _end(process)
    return ProcessOutput(process.returncode or 0, out, err)


async def follow_hidden(
    command: Sequence[str], environ: Mapping[str, str], take: Callable[[Clean], None]
) -> int:
    """Run a program until it ends, pass on its lines without secrets, and return its exit code.

    It has no stdin and no terminal. Raises OSError if it can't be started. Cancelled, it ends the
    program with its children.
    """
    process = _started(command, environ, stderr=STDOUT)
    loop, output = asyncio.get_running_loop(), process.stdout

    def read() -> int:
        while output is not None and (line := output.readline(LONGEST)):
            text = mask(line.decode(errors="replace").rstrip())
            with suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(take, clean(text))
        return process.wait()

    try:
        async with _watched(process):
            return await _in_thread(read)
    finally:
        _end(process)


def _started(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    has_input: bool = False,
    stderr: int = PIPE,
) -> Popen[bytes]:
    """Start a program as the leader of a session.

    Not by asyncio: cancelled while it starts a program, it would end it without its children.
    """
    return Popen(  # noqa: S603 - the command is the user's
        command,
        stdin=PIPE if has_input else DEVNULL,
        stdout=PIPE,
        stderr=stderr,
        env=environ,
        start_new_session=True,
    )


@asynccontextmanager
async def _watched(process: Popen[bytes]) -> AsyncIterator[None]:
    """Have the process group ended with eksview; without a shell it is ended by `_end` alone."""
    watchdog = None
    with suppress(OSError):
        watchdog = await asyncio.create_subprocess_exec(
            *WATCHDOG, str(process.pid), stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        if watchdog is not None:
            _end(process)
            await watchdog.communicate(b"ended\n")


async def _in_thread(work: Callable[[], T]) -> T:
    """Return what a function returns that waits for a program, in a thread of its own."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def settle(value: T) -> None:
        if not result.done():
            result.set_result(value)

    def run() -> None:
        value = work()
        with suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(settle, value)

    # A daemon: a child that left the process group may hold the output for hours.
    Thread(target=run, name="eksview-program", daemon=True).start()
    return await result


def _end(process: Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
