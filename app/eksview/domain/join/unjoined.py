"""The rule for an instance that no node names: joining, failed, waiting elsewhere, or unknown.

Sources: Amazon EC2 Auto Scaling User Guide, "Instance lifecycle", "Warm pools" and "Lifecycle
hooks"; Amazon EKS User Guide, "Managed node groups with warm pools".
"""

from enum import StrEnum

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.rows.aws import InstanceRow

JOIN_LIMIT = 900.0
"""Seconds from launch in which a node must register. Source: Karpenter's registration TTL and the
`NodeCreationFailure` of managed nodegroups, fifteen minutes both."""
NEVER = float("inf")

_LEAVING = ("Terminating", "Terminated", "Detaching", "Detached")
_STANDBY = ("Standby", "EnteringStandby")
_HELD = ("Pending", "ReplacingRootVolume", "RootVolumeReplaced")


class LoneState(StrEnum):
    """What an instance without a node is."""

    GONE = "gone"
    UNREAD = "unread"  # what decides hasn't been read
    JOINING = "joining"  # or failed, once its time is over
    OFF = "off"  # not running, so it can't join
    NODE_DELETED = "node deleted"
    WARM_POOL = "in warm pool"
    STANDBY = "in standby"
    LEAVING = "leaving"
    NOT_WORKER = "not a worker"
    CANDIDATE = "may belong to the cluster"


class LoneInstance(Struct, frozen=True, kw_only=True):
    """An instance without a node, and what is known about it.

    `lifecycle` is what `group`, its Auto Scaling group, says: also of an instance in the group's
    warm pool. `entered` is the start of the group's latest activity for it.
    """

    instance: InstanceRow
    nodes_since: float | None  # when the nodes were first complete; None: they aren't
    had_node: bool = False  # its node was seen
    registered: bool | None = None  # by its NodeClaim; None: it has none, or it wasn't read
    group: str = ""
    lifecycle: str = ""
    entered: float | None = None
    unread: str = ""  # why its lifecycle is unknown; empty if it was read or it is in no group
    blocked: bool = False  # EKS reports its failure, or a join check fails


class LoneVerdict(Struct, frozen=True):
    """A state with its word for a cell and its reason in one sentence.

    From `overdue` on, an instance that is joining counts as failed; with `doubt` it may also have
    joined before anybody looked.
    """

    state: LoneState
    word: str
    reason: str
    overdue: float | None = None
    doubt: bool = False


def judge_unjoined(about: LoneInstance) -> LoneVerdict:
    """Return what an instance without a node is."""
    if about.instance.ended:
        reason = f"The instance is {_state(about.instance)}."
        return LoneVerdict(LoneState.GONE, about.instance.state, reason)
    if about.nodes_since is None:
        reason = "Unknown whether it joined, because the nodes haven't been read."
        return LoneVerdict(LoneState.UNREAD, "nodes not read", reason)
    return (
        _foreign(about.instance)
        or _by_lifecycle(about)
        or _unread(about)
        or _off(about.instance)
        or _node_deleted(about)
        or _joining(about, about.nodes_since)
    )


def _foreign(instance: InstanceRow) -> LoneVerdict | None:
    """Return the verdict of an instance that isn't, or may not be, the cluster's."""
    if instance.candidate:
        reason = (
            f"It isn't tagged for this cluster and has no node, but it has {instance.candidate}: "
            "it may belong to the cluster."
        )
        return LoneVerdict(LoneState.CANDIDATE, LoneState.CANDIDATE.value, reason)
    if instance.stranger:
        reason = (
            "It is tagged as shared with the cluster, but no node has its instance profile, its "
            "image, or the cluster security group."
        )
        return LoneVerdict(LoneState.NOT_WORKER, "not a worker", reason)
    return None


def _unread(about: LoneInstance) -> LoneVerdict | None:
    if not about.unread:
        return None
    reason = f"Can't know whether it is in a warm pool, in standby or leaving: {about.unread}"
    return LoneVerdict(LoneState.UNREAD, "lifecycle not read", reason)


def _off(instance: InstanceRow) -> LoneVerdict | None:
    if instance.state in ("running", "pending"):
        return None
    reason = f"No node can register because the instance is {_state(instance)}."
    return LoneVerdict(LoneState.OFF, instance.state or "unknown", reason)


def _node_deleted(about: LoneInstance) -> LoneVerdict | None:
    if about.had_node:
        reason = "Its node was deleted, but the instance is still running."
    elif about.registered:
        reason = "Its NodeClaim was registered, so its node was deleted; the instance still runs."
    else:
        return None
    return LoneVerdict(LoneState.NODE_DELETED, "node deleted", reason)


def _state(instance: InstanceRow) -> str:
    detail = f" ({instance.state_reason})" if instance.state_reason else ""
    return f"{instance.state or 'unknown'}{detail}"


def _by_lifecycle(about: LoneInstance) -> LoneVerdict | None:
    """Return the verdict of a lifecycle that needs no node; None for one in service."""
    lifecycle, group = about.lifecycle, about.group
    step, _, phase = lifecycle.removeprefix("Warmed:").partition(":")
    said = f"({lifecycle})"
    if step in _LEAVING:
        does = "detaching" if step.startswith("Detach") else "terminating"
        return LoneVerdict(LoneState.LEAVING, "leaving", f"{group} is {does} it {said}.")
    if lifecycle.startswith("Warmed:"):
        reason = f"It waits in the warm pool of {group} {said} and joins when the group needs it."
        return LoneVerdict(LoneState.WARM_POOL, "in warm pool", reason)
    if step in _STANDBY:
        reason = f"It is in standby in {group} {said} and isn't expected to be a node."
        return LoneVerdict(LoneState.STANDBY, "in standby", reason)
    if step in _HELD and (phase or step != "Pending"):
        reason = f"{group} hasn't put it into service yet {said}, so it may not have begun to join."
        return LoneVerdict(LoneState.JOINING, "joining", reason, NEVER)
    return None


def _joining(about: LoneInstance, nodes_since: float) -> LoneVerdict:
    launched = about.instance.launched
    if launched is None:
        return LoneVerdict(LoneState.JOINING, "no node", "No node has registered from it.")
    overdue = max(launched, about.entered or launched) + JOIN_LIMIT
    unseen = nodes_since > overdue and about.registered is None and not about.blocked
    reason = "Launched less than 15 minutes ago; its node hasn't registered yet."
    if about.entered is not None and about.entered > launched + JOIN_LIMIT:
        reason = "In service for less than 15 minutes; its node hasn't registered yet."
    return LoneVerdict(LoneState.JOINING, "joining", reason, overdue, unseen)


def overdue_word(*, doubt: bool) -> str:
    """Return the word for an instance without a node whose time to join is over."""
    return "no node, can't know why" if doubt else "failed to join"


def overdue_reason(overdue: float, now: float, *, doubt: bool) -> str:
    """Return the sentence for an instance without a node whose time to join is over."""
    since = human_duration(now - (overdue - JOIN_LIMIT))
    if doubt:
        return (
            f"Launched {since} ago and has no node. Can't know why: it failed to join, or its node "
            "was deleted before eksview looked."
        )
    return (
        f"Launched {since} ago, but no node has registered: the instance's checks show the reason."
    )
