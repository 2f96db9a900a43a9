"""How long a test waits for what must happen, and the waiting for it."""

import asyncio
import time
from collections.abc import Callable

PATIENCE = 90.0
"""Seconds. A passing test doesn't spend them, and on a busy machine a slow one is no failed one."""


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds, on the running loop."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def eventually(holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds; else fail with what it is."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"no {what} within {seconds} s"
        time.sleep(0.05)
