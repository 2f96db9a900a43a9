"""The clock of the loop a test runs on, which a test may move forward."""

import asyncio


def skip(seconds: float) -> None:
    """Move the running loop's clock forward: every timer up to then is due at once.

    So a limit ends when a test has seen what had to happen before it, however slow the machine is.
    """
    loop = asyncio.get_running_loop()
    now = loop.time
    loop.time = lambda: now() + seconds  # type: ignore[method-assign]
