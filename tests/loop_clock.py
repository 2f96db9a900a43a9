"""The clock of the loop a test runs on, which a test may move forward."""

import asyncio
from typing import Any

MOST = 10_000  # turns of a loop on which something never rests


def skip(seconds: float) -> None:
    """Move the running loop's clock forward: every timer up to then is due at once.

    So a limit ends when a test has seen what had to happen before it, however slow the machine is.
    """
    loop: Any = asyncio.get_running_loop()
    if not hasattr(loop, "ahead"):
        now, loop.ahead = loop.time, 0.0
        loop.time = lambda: now() + loop.ahead
    loop.ahead += seconds


async def idle() -> None:
    """Return when nothing of the running loop is left but what waits for time or a thread."""
    loop: Any = asyncio.get_running_loop()
    for _ in range(MOST):
        await asyncio.sleep(0)
        if not loop._ready:
            return


async def let_pass(seconds: float) -> None:
    """Move the running loop's clock forward from timer to timer, each with what follows from it."""
    loop: Any = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        await idle()
        due = [timer.when() for timer in loop._scheduled if not timer.cancelled()]
        skip(max(0.0, min([*due, end]) - loop.time()))
        if loop.time() >= end:
            return
