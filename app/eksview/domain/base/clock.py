"""Time as a parameter."""

from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Seconds; `time.time` for what is shown, `time.monotonic` for what is waited for."""
