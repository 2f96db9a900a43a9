"""Commands without a screen: what they wait for is reported on stderr."""

import asyncio
import sys
from collections.abc import Collection, Coroutine
from contextlib import suppress
from time import time
from typing import Any, TypeVar

from eksview.domain.base.text import clean
from eksview.domain.live.waits import SOON, OpenWaits, Wait
from eksview.process.waits import WAITS

T = TypeVar("T")
PERIOD = 0.5  # seconds between two looks
PATIENCE = 2.0  # seconds from which on a person at a terminal is told what a command waits for


def run_announced(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine; what it waits for is named on stderr within 5 s.

    On a terminal that is named as well once the command takes `PATIENCE` seconds.
    """
    return asyncio.run(_announced(work))


async def _announced(work: Coroutine[Any, Any, T]) -> T:
    announcing = asyncio.create_task(_announce())
    try:
        return await work
    finally:
        announcing.cancel()
        with suppress(asyncio.CancelledError):
            await announcing


async def _announce() -> None:
    """Print the first long wait for each subject."""
    announced: set[str] = set()
    began, terminal = time(), sys.stderr.isatty()
    while True:
        await asyncio.sleep(PERIOD)
        now = time()
        slow = terminal and not announced and now - began >= PATIENCE
        wait = to_announce(WAITS.every, now, announced, slow=slow)
        if wait is not None:
            announced.add(wait.subject)
            sys.stderr.write(f"eksview: {clean(wait.words(now))}\n")
            sys.stderr.flush()


def to_announce(
    waits: OpenWaits, now: float, announced: Collection[str], *, slow: bool
) -> Wait | None:
    """Return the wait to print: a long one, or any where the whole command is `slow`."""
    wait = waits.long(now, 0.0 if slow else SOON)
    return None if wait is None or wait.subject in announced else wait
