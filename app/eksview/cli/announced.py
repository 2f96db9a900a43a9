"""Commands without a screen: what they wait for is reported on stderr."""

import asyncio
import sys
from collections.abc import Coroutine
from contextlib import suppress
from time import time
from typing import Any, TypeVar

from eksview.domain.base.text import clean
from eksview.process.waits import WAITS

T = TypeVar("T")
PERIOD = 0.5  # seconds between two looks


def run_announced(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine; a program, proxy or server it waits for is named within 5 s."""
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
    while True:
        await asyncio.sleep(PERIOD)
        wait = WAITS.every.long(time())
        if wait is not None and wait.subject not in announced:
            announced.add(wait.subject)
            sys.stderr.write(f"eksview: {clean(wait.words(time()))}\n")
            sys.stderr.flush()
