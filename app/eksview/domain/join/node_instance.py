"""The join of nodes and EC2 instances, one pair at a time.

What couldn't be read is UNKNOWN, never a node without an instance and never an instance that failed
to join.
"""

from collections.abc import Sequence

from eksview.domain.aws.tags import GROUP_TAG
from eksview.domain.base.text import EMPTY, clean
from eksview.domain.join.mapping_row import (
    NO_EVIDENCE,
    LoneEvidence,
    MappingRow,
    Match,
    Membership,
    RowKind,
    Seen,
)
from eksview.domain.join.unjoined import LoneInstance, LoneState, judge_unjoined
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.kube.node_status import is_ready, status_text
from eksview.domain.kube.provider_id import ProviderId, parse_provider_id
from eksview.domain.rows.aws import InstanceRow, StatusRow
from eksview.domain.rows.kube import ClaimRow, NodeRow

HYPERPOD_REASON = (
    "SageMaker HyperPod runs its instances in an account of the service: EC2 doesn't list them."
)


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
