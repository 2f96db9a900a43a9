"""Time as a parameter."""

from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Seconds: `time.time` for times that are shown, `time.monotonic` for waits."""
