"""The links that are polled beside the streams: what is nice to know and often not to be had.

None of them makes the cluster look stale or refused: whoever needs one says that it is missing.
"""

from collections.abc import Callable

from msgspec import Struct

from eksview.domain.live.retry import RARELY, Failure, backoff
from eksview.domain.rows.link import Phase

NODECLAIMS = "nodeclaims"
SIGNING = "signing"
AWS_AUTH = "aws-auth"
EKS_METRICS = "eks-metrics"
USAGE = "usage"
EXTRAS = frozenset({NODECLAIMS, SIGNING, AWS_AUTH, EKS_METRICS, USAGE})

PERIOD = 30.0
"""Seconds between two rounds, where the question has no period of its own."""
SHARE = 10
"""A round takes at most a tenth of the time: thousands of NodeClaims are asked for less often."""
ABSENT = 300.0
"""Seconds after which what isn't installed is looked for again."""


class Pause(Struct, frozen=True):
    """How a link goes on after a round: its phase, the seconds to wait, the failures in a row."""

    phase: Phase
    wait: float
    failures: int = 0


def after_answer(took: float, period: float = PERIOD) -> Pause:
    """After a whole round that took so many seconds."""
    return Pause(Phase.LIVE, max(period, SHARE * took))


def after_failure(
    failure: Failure, failures: int, chance: Callable[[], float], *, absent: bool = False
) -> Pause:
    """After a round that failed; `absent`: because nothing of the kind is installed."""
    if absent:
        return Pause(Phase.OFF, ABSENT * (1.0 + 0.1 * chance()))
    if failure.status == 403:
        return Pause(Phase.REFUSED, RARELY * (1.0 + 0.1 * chance()))
    wait = backoff(failures, chance) if failure.retry_after is None else failure.retry_after
    return Pause(Phase.RETRYING, wait, failures + 1)
