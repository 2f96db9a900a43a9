"""Whether PodDisruptionBudgets let a pod be evicted now, and why not.

Source: kubernetes `pkg/registry/core/pod/rest/eviction.go`. The order of its decisions is kept.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.drain.objects import DisruptionBudget, DrainPod
from eksview.domain.drain.selectors import matches_labels

ALWAYS_ALLOW = "AlwaysAllow"


class Leave(StrEnum):
    """Whether the budgets allow an eviction."""

    ALLOWED = "allowed"
    COUNTED = "counted"  # it takes one of the allowed disruptions
    BLOCKED = "blocked"  # until the budget allows it; kubectl drain tries again
    FAILS = "fails"  # as long as the budgets are as they are
    UNKNOWN = "unknown"  # the budgets weren't read


class Verdict(Struct, frozen=True):
    """What the budgets say about one pod; `budgets` are their names in its namespace."""

    leave: Leave
    budgets: tuple[Clean, ...] = ()
    reason: Clean = EMPTY


UNPROTECTED = Verdict(Leave.ALLOWED)


def budgets_of(pod: DrainPod, budgets: Sequence[DisruptionBudget]) -> tuple[DisruptionBudget, ...]:
    """Return the budgets that select a pod."""
    meta = pod.metadata
    return tuple(
        budget
        for budget in budgets
        if budget.metadata.namespace == meta.namespace
        and matches_labels(budget.spec.selector, meta.labels or {})
    )


def verdict_of(pod: DrainPod, budgets: Sequence[DisruptionBudget] | None) -> Verdict:
    """Return whether a pod may be evicted; `budgets` is None where they weren't read."""
    if pod.finished or pod.status.phase == "Pending" or pod.metadata.deletion_timestamp:
        return UNPROTECTED
    if budgets is None:
        return Verdict(Leave.UNKNOWN, reason=Clean("PodDisruptionBudgets weren't read"))
    own = budgets_of(pod, budgets)
    names = tuple(clean(budget.metadata.name) for budget in own)
    if not own:
        return UNPROTECTED
    if len(own) > 1:
        return Verdict(Leave.FAILS, names, clean(
            f"{len(own)} budgets select it, which the Eviction API refuses: {', '.join(names)}"
        ))  # fmt: skip
    if _is_free(pod, own[0]):
        return Verdict(Leave.ALLOWED, names)
    leave, reason = _judged(own[0])
    return Verdict(leave, names, reason)


def _is_free(pod: DrainPod, budget: DisruptionBudget) -> bool:
    """Return whether a pod that isn't Ready may go without being counted."""
    if pod.ready:
        return False
    if budget.spec.unhealthy_pod_eviction_policy == ALWAYS_ALLOW:
        return True
    status = budget.status
    return status.current_healthy >= status.desired_healthy > 0


def _judged(budget: DisruptionBudget) -> tuple[Leave, Clean]:
    name, status = clean(budget.metadata.name), budget.status
    if status.observed_generation < budget.metadata.generation:
        return Leave.BLOCKED, clean(f"{name}: its status is older than its spec")
    if status.disruptions_allowed < 0:
        return Leave.FAILS, clean(f"{name}: disruptionsAllowed is negative")
    if status.disruptions_allowed > 0:
        return Leave.COUNTED, EMPTY
    failed = next((
        each.message for each in status.conditions or ()
        if each.type == "DisruptionAllowed" and each.reason == "SyncFailed"
    ), None)  # fmt: skip
    if failed is not None:
        return Leave.BLOCKED, clean(f"{name} failed to sync: {failed}")
    return Leave.BLOCKED, clean(
        f"{name} needs {status.desired_healthy} healthy pods and has {status.current_healthy}"
    )
