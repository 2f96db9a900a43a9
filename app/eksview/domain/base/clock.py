"""Time as a parameter."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Seconds: `time.time` for times that are shown, `time.monotonic` for waits."""
Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits for so many seconds, such as `asyncio.sleep`."""
