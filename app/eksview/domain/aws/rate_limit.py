"""The rate of calls to AWS, and how to continue after a refusal. Pure: time is a parameter.

The clients' own retries are off: throttling must be visible at once, not after ten seconds.
"""

from collections import deque
from collections.abc import Callable

from eksview.domain.live import retry
from eksview.domain.live.polled import Pause
from eksview.domain.rows.link import Phase

MINUTE = 60.0
FIRST = 1.0  # seconds, doubled with each failure
MOST = 60.0
RARELY = 120.0  # seconds until a denied call is tried again
LOGIN = 30.0  # seconds until credentials are looked for again, which costs no call
SHARE = 10.0  # the shortest period, in times of a round's duration
LONGEST = 300.0  # seconds; the longest period that results from it
PATIENCE = 4  # retries of one throttled call before the round ends


class Budget:
    """The calls of the last minute, and how many are allowed in one."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Return the seconds until one more call is allowed; zero for at once."""
        if self.used(now) < self.most:
            return 0.0
        return self._calls[0] + MINUTE - now

    def spend(self, now: float) -> None:
        self._calls.append(now)

    def used(self, now: float) -> int:
        """Return the number of calls in the last minute."""
        while self._calls and self._calls[0] <= now - MINUTE:
            self._calls.popleft()
        return len(self._calls)


def period_of(period: float, took: float) -> float:
    """Return the seconds between the starts of two rounds, when one took so long.

    Reading 5,000 instances costs seconds of a core, which every half minute would be busy with it.
    Changed instances are read at once anyway.
    """
    return max(period, min(LONGEST, SHARE * took))


def backoff(failures: int, chance: Callable[[], float], retry_after: float | None = None) -> float:
    """Return the seconds before the next call, from `FIRST` to `MOST` or as AWS asks."""
    return retry.backoff(failures, chance, retry_after, first=FIRST, most=MOST)


def after_refusal(
    kind: str,
    failures: int,
    period: float,
    chance: Callable[[], float],
    retry_after: float | None = None,
) -> Pause:
    """Return how to continue after a refusal of this `domain.aws.errors` kind."""
    match kind:
        case "denied":
            return Pause(Phase.REFUSED, max(period, RARELY) * (1.0 + 0.1 * chance()))
        case "expired" | "no-credentials":
            return Pause(Phase.RETRYING, LOGIN * (1.0 + 0.1 * chance()))
        case "not-found":
            return Pause(Phase.RETRYING, period * (1.0 + 0.1 * chance()))
    return Pause(Phase.RETRYING, backoff(failures, chance, retry_after), failures + 1)
