"""Waiting for Textual without looking at how busy the machine is."""

import textual.app
import textual.pilot

from tests.loop_clock import idle, skip

REFRESH = 1 / 60  # seconds; Textual's screens refresh by timers of half of it


async def _wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Return when every message is handled and what was to be drawn by then is drawn.

    Textual's own compares this process's time with the machine's in steps of 20 ms: it waits for
    nothing on a free machine, and gives up on a busy one.
    """
    await idle()
    skip(REFRESH)
    await idle()


textual.app.wait_for_idle = _wait_for_idle
textual.pilot.wait_for_idle = _wait_for_idle
