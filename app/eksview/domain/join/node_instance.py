"""The join of nodes and EC2 instances, one pair at a time.

What couldn't be read is UNKNOWN, never a node without an instance and never an instance that failed
to join.
"""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Labels
from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.aws.tags import GROUP_TAG, NODEGROUP_TAG
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.join.account_mismatch import Mismatch
from eksview.domain.join.unjoined import (
    LoneInstance,
    LoneState,
    judge_unjoined,
    overdue_reason,
    overdue_word,
)
from eksview.domain.kube.node_labels import group_of, instance_id, pool_of
from eksview.domain.kube.node_status import is_ready, status_text
from eksview.domain.kube.provider_id import ProviderId, parse_provider_id
from eksview.domain.rows.aws import (
    AutoScalingRow,
    ImageRow,
    InstanceRow,
    Member,
    SessionRow,
    StatusRow,
)
from eksview.domain.rows.kube import ClaimRow, NodeRow

HYPERPOD_REASON = (
    "SageMaker HyperPod runs its instances in an account of the service: EC2 doesn't list them."
)
_AUTO_POOL = "eks:kubernetes-node-pool-name"

ManagerKind: TypeAlias = Literal[
    "nodegroup", "self-managed", "karpenter", "auto", "fargate", "hybrid", "hyperpod", "none"
]
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


class Manager(Struct, frozen=True, gc=False):
    """The manager of a machine: a managed nodegroup, an Auto Scaling group, Karpenter, ..."""

    kind: ManagerKind
    name: Clean


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


def judge(
    node: NodeRow | None,
    instance: InstanceRow | None,
    seen: Seen,
    *,
    status: StatusRow | None = None,
    match: Match = "",
    evidence: LoneEvidence = NO_EVIDENCE,
) -> MappingRow:
    """Return the row of a node and its matched instance, of which one may be missing.

    `evidence` is about the instance. ValueError when both are missing.
    """
    if node is not None and instance is not None:
        return _both(node, instance, status, match, evidence.membership)
    if node is not None:
        return _node_alone(node, seen)
    if instance is not None and (why := seen.mismatch) is not None:
        return MappingRow(instance.id, RowKind.UNKNOWN, "", instance.id, why.word, why.reason)
    if instance is not None:
        return _instance_alone(instance, seen, evidence)
    raise ValueError("a row needs a node or an instance")


NAMED = 3  # nodes of one provider ID that a sentence names; the rest are counted


def judge_rivals(nodes: Sequence[NodeRow], instance: str, owner: str) -> list[MappingRow]:
    """Return the rows of the nodes that name one instance, without the owner's.

    `owner` is the node that the instance's own address names, empty when that is none or several:
    then the instance is joined to no node.
    """
    first = sorted(node.name for node in nodes)[: NAMED + 1]
    return [
        _rival(node, instance, first, len(nodes), owner) for node in nodes if node.name != owner
    ]


def _rival(
    node: NodeRow, instance: str, first: Sequence[str], count: int, owner: str
) -> MappingRow:
    if instance_id(node.provider_id) != instance:
        return _shared(node, instance, owner)
    if owner:
        reason = f"Duplicate provider ID {instance}: by its address the instance is {clean(owner)}."
        return _row(node, "", RowKind.ORPHAN, "duplicate ID", reason)
    rivals = [name for name in first if name != node.name][:NAMED]
    more = count - 1 - len(rivals)
    names = clean(", ".join(rivals)) + (f" and {more:,} more" if more else "")
    reason = (
        f"Duplicate provider ID {instance}, also used by {names}: unknown which one runs there."
    )
    return _row(node, instance, RowKind.MISMATCH, "duplicate ID", reason, rival=True)


def _shared(node: NodeRow, instance: str, owner: str) -> MappingRow:
    """Return the row of a node without a provider ID whose names several nodes have."""
    if owner:
        reason = f"It has a name of {instance}, but by its address the instance is {clean(owner)}."
        return _row(node, "", RowKind.ORPHAN, "same instance", reason)
    reason = f"Several nodes without provider ID match {instance}: unknown which one runs there."
    return _row(node, instance, RowKind.MISMATCH, "same instance", reason, rival=True)


def key_of(node: str, instance: str, *, rival: bool = False) -> str:
    """Return a row's key: the instance's id if there is one, so that joining keeps the row.

    Nodes that share a provider ID have keys of their names.
    """
    return instance if instance and not rival else f"node/{node}"


def manager_of(
    node: NodeRow | None, instance: InstanceRow | None, claim: ClaimRow | None = None
) -> Manager:
    """Return the machine's manager by the node's labels, the instance's tags, then the claim.

    Auto Mode is Karpenter run by EKS: `eks:eks-cluster-name` is on the instances of both, a pool's
    name under `eks:` on Auto Mode's only. A managed nodegroup's carry `eks:nodegroup-name`; eksctl
    labels self-managed nodes with a group name too, so a label alone doesn't make a managed
    nodegroup of an instance that lacks the tag.
    """
    labels = node.labels if node else {}
    tags = instance.tags if instance else {}
    group = group_of(labels, node.provider_id if node else "")
    if group.kind in ("fargate", "hybrid", "hyperpod"):
        return Manager(group.kind, group.name)
    pool = pool_of(labels) or pool_of(tags) or (claim.nodepool if claim else EMPTY)
    if group.kind == "auto" or _AUTO_POOL in tags:
        return Manager("auto", pool or tags.get(_AUTO_POOL, EMPTY) or Clean("auto"))
    if pool:
        return Manager("karpenter", pool)
    if name := _first(labels, tags, "eks.amazonaws.com/nodegroup", NODEGROUP_TAG):
        return Manager("nodegroup", name)
    if name := tags.get(GROUP_TAG, EMPTY) or group.name:
        return Manager("self-managed", name)
    return Manager("none", EMPTY)


def _first(labels: Labels[str, Clean], tags: Labels[str, Clean], key: str, tag: str = "") -> Clean:
    return labels.get(key, EMPTY) or tags.get(tag or key, EMPTY)


def _both(
    node: NodeRow,
    instance: InstanceRow,
    status: StatusRow | None,
    match: Match,
    membership: Membership | None,
) -> MappingRow:
    word, kind, reason = status_text(node), RowKind.JOINED, ""
    if instance.state not in ("running", "pending"):
        kind = RowKind.MISMATCH
        status_word = word.split(",")[0]
        reason = _off(status_word, instance, membership)
        word = f"{status_word}, instance {instance.state or 'unknown'}"
    elif parse_provider_id(node.provider_id).where == "malformed":
        kind, word = RowKind.MISMATCH, "bad provider ID"
        reason = f"{_malformed(node)}; its {match} matches {instance.id}."
    elif is_ready(node) and status is not None and "impaired" in (status.system, status.instance):
        kind, word = RowKind.MISMATCH, "Ready, instance impaired"
        check = "system" if status.system == "impaired" else "instance"
        reason = f"The node is Ready, but the {check} status check of {instance.id} has failed."
    return _row(node, instance.id, kind, word, reason, match)


def _off(word: str, instance: InstanceRow, membership: Membership | None) -> str:
    """Return the sentence for a node whose instance doesn't run."""
    detail = f" ({instance.state_reason})" if instance.state_reason else ""
    link = ", but" if word.startswith("Ready") else " because"
    state = instance.state or "in an unknown state"
    pooled = membership is not None and membership.member.warmed
    place = f": it is in the warm pool of {membership.group.name}" if membership and pooled else ""
    return f"{word}{link} its instance {instance.id} is {state}{detail}{place}."


def _node_alone(node: NodeRow, seen: Seen) -> MappingRow:
    provider = parse_provider_id(node.provider_id)
    if not_ec2 := _not_ec2(node, provider):
        return _row(node, "", RowKind.NOT_EC2, *not_ec2)
    if (mismatch := seen.mismatch) is not None:
        words = mismatch.word, mismatch.reason
        return _row(node, provider.instance, RowKind.UNKNOWN, *words)
    if not seen.ec2:
        reason = seen.ec2_why or "EC2 hasn't answered yet for this node."
        return _row(node, provider.instance, RowKind.UNKNOWN, "EC2 not read", reason)
    return _row(node, provider.instance, RowKind.ORPHAN, *_orphan(node, provider))


def _not_ec2(node: NodeRow, provider: ProviderId) -> tuple[str, str] | None:
    """Return word and sentence for a node that isn't in EC2; None for one that should be."""
    match provider.where:
        case "fargate":
            return "Fargate", "Fargate nodes have no EC2 instance."
        case "hybrid":
            return "hybrid", "Hybrid nodes have no EC2 instance."
        case "hyperpod":
            return "HyperPod", HYPERPOD_REASON
        case "other":
            return provider.scheme, f"The node runs on {provider.scheme}, not on EC2."
        case "none" if not _of_eks(node):
            word = "minikube" if "minikube.k8s.io/name" in node.labels else "not EC2"
            return word, "The node has no provider ID."
    return None


def _orphan(node: NodeRow, provider: ProviderId) -> tuple[str, str]:
    unmatched = "no instance has its address or its name"
    if provider.where == "malformed":
        return "bad provider ID", f"{_malformed(node)}, and {unmatched}."
    if provider.where == "none":
        return "no provider ID", f"The node has no provider ID yet, and {unmatched}."
    absent = f"EC2 has no {provider.instance} in this account and region"
    if is_ready(node):  # a terminated instance reports no status
        return "no instance", (
            f"{absent}, but the node is Ready, so it runs: in another account or region, or its "
            "provider ID is wrong."
        )
    return "no instance", (
        f"{absent}: it was terminated over an hour ago, or it is in another account or region."
    )


def _of_eks(node: NodeRow) -> bool:
    return any(label.startswith(("eks.amazonaws.com/", "karpenter.")) for label in node.labels)


def _malformed(node: NodeRow) -> str:
    return f"Its provider ID {clean(node.provider_id)!r} isn't a valid AWS provider ID"


def _instance_alone(instance: InstanceRow, seen: Seen, evidence: LoneEvidence) -> MappingRow:
    membership, claim, launched = evidence.membership, evidence.claim, instance.launched
    facts = LoneInstance(
        instance=instance,
        nodes_since=seen.nodes_since,
        had_node=evidence.had_node,
        registered=_registered(claim) if claim else None,
        group=membership.group.name if membership else EMPTY,
        lifecycle=membership.member.lifecycle if membership else EMPTY,
        entered=_entered(membership, instance.id) if membership and launched else None,
        unread="" if membership else evidence.unread or _groups_unread(instance, seen),
        blocked=evidence.blocked,
    )
    verdict = judge_unjoined(facts)
    return MappingRow(
        instance.id,
        _KINDS[verdict.state],
        "",
        instance.id,
        clean(verdict.word),
        clean(verdict.reason),
        overdue=verdict.overdue,
        doubt=verdict.doubt,
    )


_KINDS = {
    LoneState.GONE: RowKind.GONE,
    LoneState.UNREAD: RowKind.UNKNOWN,
    LoneState.JOINING: RowKind.NOT_JOINED,
    LoneState.OFF: RowKind.NOT_JOINED,
    LoneState.NODE_DELETED: RowKind.NOT_JOINED,
    LoneState.WARM_POOL: RowKind.NO_NODE,
    LoneState.STANDBY: RowKind.NO_NODE,
    LoneState.LEAVING: RowKind.NO_NODE,
    LoneState.NOT_WORKER: RowKind.NO_NODE,
    LoneState.CANDIDATE: RowKind.CANDIDATE,
}


def _registered(claim: ClaimRow) -> bool:
    return any(row.type == "Registered" and row.status == "True" for row in claim.conditions)


def _entered(membership: Membership, instance: str) -> float | None:
    """Return the start of the latest activity for an instance: its way from pool or standby."""
    own = (row.started for row in membership.group.activities or () if instance in row.description)
    return max((started for started in own if started is not None), default=None)


def _groups_unread(instance: InstanceRow, seen: Seen) -> str:
    """Return why the lifecycle of an instance of an Auto Scaling group is unknown."""
    if seen.groups or GROUP_TAG not in instance.tags:
        return ""
    return seen.groups_why or "Auto Scaling hasn't answered yet."


def _row(
    node: NodeRow,
    instance: str,
    kind: RowKind,
    word: str,
    reason: str,
    match: Match = "",
    *,
    rival: bool = False,
) -> MappingRow:
    key = key_of(node.name, instance, rival=rival)
    return MappingRow(key, kind, node.name, instance, clean(word), clean(reason), match)


def unread(_: str) -> None:
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
    sessions: Callable[[str], Sequence[SessionRow] | None] = unread  # by instance
