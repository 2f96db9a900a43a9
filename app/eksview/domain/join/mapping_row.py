"""The rows of the join of nodes and EC2 instances, and what they are judged by."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.text import Clean
from eksview.domain.join.account_mismatch import Mismatch
from eksview.domain.join.unjoined import overdue_reason, overdue_word
from eksview.domain.rows.aws import (
    AutoScalingRow,
    ImageRow,
    InstanceRow,
    Member,
    SessionRow,
    StatusRow,
)
from eksview.domain.rows.kube import ClaimRow, NodeRow

Match: TypeAlias = Literal["provider ID", "private DNS", "address", "tags", ""]


class RowKind(StrEnum):
    """The kind of a row of the mapping; its value is the one of a filter `kind=…`."""

    JOINED = "joined"
    NOT_JOINED = "not-joined"  # an instance without a node: joining, failed, or its node left
    NO_NODE = "no-node"  # an instance that needs none: in a warm pool, in standby, leaving
    CANDIDATE = "candidate"  # an instance without a node that may belong to the cluster
    ORPHAN = "orphan"  # a node without an instance
    CLAIM = "nodeclaim"  # a NodeClaim of Karpenter without node and instance
    MISMATCH = "mismatch"  # node and instance exist, but contradict each other
    NOT_EC2 = "not-ec2"  # not EC2: Fargate, hybrid, minikube, another cloud
    GONE = "gone"  # a terminated instance without a node: AWS still lists it for an hour
    UNKNOWN = "unknown"  # the other side couldn't be read, or not since this appeared


class MappingRow(Struct, frozen=True, gc=False):
    """A row: a node, an instance, or both.

    `overdue` is when an instance that is joining counts as failed, or with `doubt` as one of which
    nobody knows; `word_at` and `why_at` respect both. `reason` is one sentence, empty for a joined
    row without a problem.
    """

    key: str
    kind: RowKind
    node: str
    instance: str
    word: Clean
    reason: Clean
    match: Match = ""
    overdue: float | None = None
    doubt: bool = False


class Membership(Struct, frozen=True, gc=False):
    """An instance in its Auto Scaling group."""

    group: AutoScalingRow
    member: Member


class Seen(Struct, frozen=True):
    """The state of reading: EC2 including this node's instance, the nodes, the groups.

    `nodes_since` is when the list of nodes was complete for the first time, None before.
    """

    ec2: bool = False
    nodes_since: float | None = None
    ec2_why: str = ""  # the sentence of EC2's link, when it has no answer
    mismatch: Mismatch | None = None  # why EC2's answers aren't about this node or instance
    groups: bool = False
    groups_why: str = ""  # the sentence of Auto Scaling's link, when it has no answer

    @property
    def nodes(self) -> bool:
        """True once the list of nodes is complete."""
        return self.nodes_since is not None


class LoneEvidence(Struct, frozen=True):
    """What decides about an instance without a node, beside its own row.

    `blocked` says that EKS or a join check reports why it can't join.
    """

    had_node: bool = False
    membership: Membership | None = None
    claim: ClaimRow | None = None
    unread: str = ""  # why its group's warm pool is unknown
    blocked: bool = False


NO_EVIDENCE = LoneEvidence()


def word_at(row: MappingRow, now: float) -> str:
    """Return the row's state in a few words, for a cell."""
    if not is_overdue(row, now):
        return row.word
    return "not launched" if row.kind is RowKind.CLAIM else overdue_word(doubt=row.doubt)


def why_at(row: MappingRow, now: float) -> str:
    """Return the row's problem in one sentence; empty when there is none."""
    if not is_overdue(row, now) or row.overdue is None:
        return row.reason
    if row.kind is RowKind.CLAIM:
        return f"{row.reason[:-1]}, more than 5 minutes after it was created."
    return overdue_reason(row.overdue, now, doubt=row.doubt)


def failed_at(row: MappingRow, now: float) -> bool:
    """Return whether the row's instance has failed to join, for certain."""
    return is_overdue(row, now) and not row.doubt


def is_overdue(row: MappingRow, now: float) -> bool:
    """Return whether the time in which the row's instance should have joined is over."""
    return row.overdue is not None and now >= row.overdue


def sessions_unread(_: str) -> None:
    """Return None, for sessions that weren't read."""


class MappingContext(Struct, frozen=True):
    """Look-ups for a mapping row's cells; `claim` takes the NodeClaim's node or instance."""

    now: float
    node: Callable[[str], NodeRow | None]
    instance: Callable[[str], InstanceRow | None]
    status: Callable[[str], StatusRow | None]  # by instance
    image: Callable[[str], ImageRow | None]  # by AMI
    membership: Callable[[str], Membership | None]  # by instance
    claim: Callable[[str], ClaimRow | None]
    sessions: Callable[[str], Sequence[SessionRow] | None] = sessions_unread  # by instance
