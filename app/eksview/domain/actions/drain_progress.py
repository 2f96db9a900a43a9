"""The progress of a drain: the state of each pod, and what was done and what not."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from eksview.domain.actions.change import Outcome
from eksview.domain.base.plural import plural
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.drain.plan import PlannedPod

RETRY = 5.0  # seconds until an eviction that was put off is tried again, as in kubectl
BUDGET = "DisruptionBudget"
NAMESPACE_ENDS = "NamespaceTerminating"
"""Causes of refusals by the Eviction API."""


class PodState(StrEnum):
    """Where a pod is on its way off the node."""

    WAITING = "not evicted"
    EVICTING = "evicting"
    BLOCKED = "blocked"  # by a budget
    PUT_OFF = "put off"  # by a busy server, or until its namespace has deleted it
    LEAVING = "terminating"
    GONE = "gone"
    FAILED = "failed"
    UNKNOWN = "unknown"  # the answer was lost


OVER = frozenset({PodState.GONE, PodState.FAILED, PodState.UNKNOWN})
AGAIN = frozenset({PodState.BLOCKED, PodState.PUT_OFF})
"""The states in which an eviction is tried again."""


class PodProgress(Struct):
    """A pod of a drain; `since` is when its state began."""

    pod: PlannedPod
    state: PodState = PodState.WAITING
    note: Clean = EMPTY
    since: float = 0.0
    tries: int = 0

    def become(self, state: PodState, now: float, note: Clean = EMPTY) -> None:
        """Change the state; one that goes on keeps its beginning."""
        if state is not self.state:
            self.since = now
        self.state, self.note = state, note


def after_eviction(outcome: Outcome) -> tuple[PodState, float | None]:
    """Return a pod's state after an eviction, and the seconds until the next try; None for none.

    What is tried again is what kubectl tries again: the server said that it did nothing.
    """
    if outcome.done:
        return PodState.LEAVING, None
    if outcome.lost:
        return PodState.UNKNOWN, None
    if outcome.status == 404:
        return PodState.GONE, None
    if outcome.status == 429:
        state = PodState.BLOCKED if outcome.cause == BUDGET else PodState.PUT_OFF
        return state, max(RETRY, outcome.retry_after or 0.0)
    if outcome.status == 403 and outcome.cause == NAMESPACE_ENDS:
        return PodState.PUT_OFF, RETRY
    return PodState.FAILED, None


def cordoned(nodes: Sequence[Clean]) -> Clean:
    """Return which nodes stay cordoned when a drain ends early, all of them by name."""
    if not nodes:
        return Clean("no node is known to be cordoned")
    *first, last = nodes
    names = f"{', '.join(first)} and {last}" if first else last
    return clean(f"{names} {'stay' if first else 'stays'} cordoned")


def drained(pods: Sequence[PodProgress], stopped: Clean = EMPTY) -> Clean:
    """Return what was done and what not; `stopped` says why the drain ended early."""
    counted = Counter(each.state for each in pods)
    parts = ", ".join(f"{counted[state]} {state}" for state in PodState if counted[state])
    if not pods:
        return clean(stopped or "No pods to evict.")
    if counted[PodState.GONE] == len(pods):
        return clean(f"Drained: {plural(len(pods), 'pod')} gone.")
    return clean(f"{stopped} {parts}." if stopped else f"{parts[:1].upper()}{parts[1:]}.")
