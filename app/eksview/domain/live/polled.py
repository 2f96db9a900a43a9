"""The optional links that are polled beside the watches.

None of them marks the cluster as stale or refused; the screens that need one show what is missing.
"""

from collections.abc import Callable

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import Clean, clean
from eksview.domain.live.retry import RARELY, Failure, backoff
from eksview.domain.rows.access import AccessRequest
from eksview.domain.rows.link import Phase

NODECLAIMS = "nodeclaims"
SIGNING = "signing"
AWS_AUTH = "aws-auth"
EKS_METRICS = "eks-metrics"
USAGE = "usage"
POD_USAGE = "pod-usage"
EXTRAS = frozenset({NODECLAIMS, SIGNING, AWS_AUTH, EKS_METRICS, USAGE})
ON_DEMAND = frozenset({POD_USAGE})
"""Those that are polled only while a screen shows what they read."""

PERIOD = 30.0
"""Seconds between two polls of a resource without a period of its own."""
SHARE = 10
"""A poll may take a tenth of the time, so thousands of NodeClaims are listed less often."""
ABSENT = 300.0
"""Seconds until a resource that isn't installed is looked for again."""


class Pause(Struct, frozen=True):
    """The state of a link after a poll: phase, seconds to wait, failures in a row."""

    phase: Phase
    wait: float
    failures: int = 0


def after_answer(took: float, period: float = PERIOD) -> Pause:
    """Return the pause after a poll that took so many seconds."""
    return Pause(Phase.LIVE, max(period, SHARE * took))


def no_watch(resource: str, every: float, denied: AccessRequest | None = None) -> Clean:
    """Return how often a resource is listed, and which right to watch it is missing, if one is."""
    why = f"RBAC denies `{denied}`" if denied else f"the API server has no watch of {resource}"
    return clean(f"Listed every {human_duration(every)} because {why}.")


def after_failure(
    failure: Failure, failures: int, chance: Callable[[], float], *, absent: bool = False
) -> Pause:
    """Return the pause after a failed poll; `absent` means that the resource isn't installed."""
    if absent:
        return Pause(Phase.OFF, ABSENT * (1.0 + 0.1 * chance()))
    if failure.status == 403:
        return Pause(Phase.REFUSED, RARELY * (1.0 + 0.1 * chance()))
    return Pause(Phase.RETRYING, backoff(failures, chance, failure.retry_after), failures + 1)
