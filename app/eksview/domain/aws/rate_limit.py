"""How often AWS is asked, and how to go on after an answer or a refusal. Pure: time is a parameter.

The clients' own retries are off: a throttled call must be seen at once, not after ten seconds.
"""

from collections import deque
from collections.abc import Callable

from msgspec import Struct

from eksview.domain.rows.link import Phase

MINUTE = 60.0
FIRST = 1.0  # seconds, doubled with each failure
MOST = 60.0
RARELY = 120.0  # what is denied is asked again, in case somebody grants it
LOGIN = 30.0  # credentials are looked for again; that costs no call until there are some
SHARE = 10.0  # times as long as a round takes is the least from one to the next
LONGEST = 300.0  # seconds to which a period is stretched by that
PATIENCE = 4  # times one throttled call is made again before the round is given up


class Budget:
    """The calls of the last minute, against as many as may be made in one."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more call may be made; zero for at once."""
        if self.used(now) < self.most:
            return 0.0
        return self._calls[0] + MINUTE - now

    def spend(self, now: float) -> None:
        """A call is made."""
        self._calls.append(now)

    def used(self, now: float) -> int:
        """Calls of the last minute."""
        while self._calls and self._calls[0] <= now - MINUTE:
            self._calls.popleft()
        return len(self._calls)


def period_of(period: float, took: float) -> float:
    """Seconds from the beginning of one round to that of the next, when one took so long.

    Reading 5,000 instances costs seconds of a core: asked every half minute they would keep it
    busy. What is news is asked for at once anyway.
    """
    return max(period, min(LONGEST, SHARE * took))


class Backoff(Struct, frozen=True):
    """What a link is now, how long it waits, and the failures in a row the next decision counts."""

    phase: Phase
    wait: float
    failures: int = 0


def backoff(failures: int, chance: Callable[[], float]) -> float:
    """Seconds before the next try: doubling, capped, and up to a half on top.

    `chance` gives 0 to 1; the jitter keeps the links of many dashboards from returning together.
    """
    base = min(MOST, FIRST * 2.0 ** min(failures, 10))
    return min(MOST, base * (1.0 + 0.5 * chance()))


def after_refusal(
    kind: str,
    failures: int,
    period: float,
    chance: Callable[[], float],
    retry_after: float | None = None,
) -> Backoff:
    """Go on after a refusal of this `domain.aws.errors` kind."""
    match kind:
        case "denied":
            return Backoff(Phase.REFUSED, max(period, RARELY) * (1.0 + 0.1 * chance()))
        case "expired" | "no-credentials":
            return Backoff(Phase.RETRYING, LOGIN)
        case "not-found":
            return Backoff(Phase.RETRYING, period)
    wait = backoff(failures, chance) if retry_after is None else retry_after
    return Backoff(Phase.RETRYING, wait, failures + 1)
