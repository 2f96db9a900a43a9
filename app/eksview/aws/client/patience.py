"""One-shot calls that are repeated while AWS throttles, within the time of the call.

The links of the dashboard repeat theirs by themselves and show it (`throttled_client.py`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import random
from typing import TypeVar

from eksview.aws.client.errors import from_exception
from eksview.domain.aws import errors
from eksview.domain.aws.errors import AwsRefusal
from eksview.domain.aws.rate_limit import backoff
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.clock import Sleep
from eksview.process.waits import WAITS

T = TypeVar("T")
LIMIT = 20.0  # seconds for one call with its repetitions


class AwsCallFailed(Exception):  # noqa: N818 - AWS's refusal
    """A failed call."""

    def __init__(self, refusal: AwsRefusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


async def patiently(
    ask: Callable[[], Awaitable[T]],
    action: str,
    place: AwsTarget,
    environ: Mapping[str, str],
    *,
    limit: float = LIMIT,
    sleep: Sleep = asyncio.sleep,
    chance: Callable[[], float] = random,
) -> T:
    """Return the answer of a call; raises `AwsCallFailed` for anything but passing failures."""
    loop = asyncio.get_running_loop()
    until, failures = loop.time() + limit, 0
    while True:
        try:
            with WAITS.on(f"AWS ({action})", limit, routine=True):
                async with asyncio.timeout_at(until):
                    return await ask()
        except Exception as error:
            refusal = from_exception(error, action, place, environ)
        wait = backoff(failures, chance, refusal.retry_after)
        if not refusal.passing:
            raise AwsCallFailed(refusal)
        if loop.time() + wait >= until:
            raise AwsCallFailed(errors.still_throttled(refusal, action, limit))
        with WAITS.on(f"AWS to take {action} again ({refusal.code})", wait):
            await sleep(wait)
        failures += 1
