"""The join of nodes and EC2 instances, judged one pair at a time.

Nothing here guesses: what couldn't be read is UNREAD, never a node without an instance and never an
instance that failed to join.
"""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Labels
from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.kube.node_labels import group_of
from eksview.domain.kube.node_status import status_text
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

JOIN_LIMIT = 900.0
"""Seconds from launch in which a node is expected. Source: Karpenter's registration TTL and the
`NodeCreationFailure` of managed nodegroups, fifteen minutes both."""

_AUTO_POOL = "eks:kubernetes-node-pool-name"

ManagerKind: TypeAlias = Literal[
    "nodegroup", "self-managed", "karpenter", "auto", "fargate", "hybrid", "none"
]
Match: TypeAlias = Literal["provider ID", "private DNS", "tags", ""]


class RowKind(StrEnum):
    """What a row of the mapping is. The value is what a filter `kind=…` takes."""

    JOINED = "joined"
    UNJOINED = "unjoined"  # an instance without a node: joining, failed to join, or its node left
    ORPHAN = "orphan"  # a node without an instance
    DISAGREE = "disagree"  # both are there and can't both be right
    ELSEWHERE = "elsewhere"  # not EC2: Fargate, hybrid, minikube, another cloud
    GONE = "gone"  # a terminated instance without a node: AWS still lists it for an hour
    UNREAD = "unread"  # the other side couldn't be read, or not since this appeared


class MappingRow(Struct, frozen=True, gc=False):
    """One row: a node, an instance, or both.

    `overdue` is when an instance that is joining has failed to; ask `word_at` and `why_at`, which
    know it. `why` is one sentence, empty for a joined row with nothing to say.
    """

    key: str
    kind: RowKind
    node: str
    instance: str
    word: str
    why: str
    match: Match = ""
    overdue: float | None = None


class Manager(Struct, frozen=True, gc=False):
    """Who keeps the machine alive: a managed nodegroup, an Auto Scaling group, Karpenter, ..."""

    kind: ManagerKind
    name: str


class Membership(Struct, frozen=True, gc=False):
    """An instance in its Auto Scaling group."""

    group: AutoScalingRow
    member: Member


class Seen(Struct, frozen=True):
    """What could be read: EC2 with this node already asked for, and the list of nodes, whole."""

    ec2: bool = False
    nodes: bool = False
    ec2_why: str = ""  # the sentence of EC2's link, when it has none


def word_at(row: MappingRow, now: float) -> str:
    """The row's state in a word or two, for a cell."""
    return "failed to join" if _overdue(row, now) else row.word


def why_at(row: MappingRow, now: float) -> str:
    """What there is to say of the row, one sentence; empty when all is well."""
    if not _overdue(row, now) or row.overdue is None:
        return row.why
    since = human_duration(now - (row.overdue - JOIN_LIMIT))
    return f"Launched {since} ago and no node has registered: see its checks for the reason."


def _overdue(row: MappingRow, now: float) -> bool:
    return row.overdue is not None and now >= row.overdue


def judge(
    node: NodeRow | None,
    instance: InstanceRow | None,
    seen: Seen,
    *,
    status: StatusRow | None = None,
    match: Match = "",
    had_node: bool = False,
) -> MappingRow:
    """The row of a node and the instance it was matched with, of which one may be missing.

    `had_node`: a node of this instance was seen earlier. ValueError when both are missing.
    """
    if node is not None and instance is not None:
        return _both(node, instance, status, match)
    if node is not None:
        return _node_alone(node, seen)
    if instance is not None:
        return _instance_alone(instance, seen, had_node=had_node)
    raise ValueError("a row needs a node or an instance")


NAMED = 3
"""Nodes of one provider ID that are named; the rest are counted."""


def judge_rivals(nodes: Sequence[NodeRow], instance: str, owner: str) -> list[MappingRow]:
    """The rows of the nodes that lead to one instance, without the owner's.

    `owner` is the one of them that the instance's own address names, empty when none or several
    do: then the instance is joined to nobody.
    """
    first = sorted(node.name for node in nodes)[: NAMED + 1]
    return [
        _rival(node, instance, first, len(nodes), owner) for node in nodes if node.name != owner
    ]


def _rival(
    node: NodeRow, instance: str, first: Sequence[str], count: int, owner: str
) -> MappingRow:
    if owner:
        why = (
            f"It leads to {instance}, which is {clean(owner)}'s by its address: two nodes, one ID."
        )
        return _row(node, "", RowKind.ORPHAN, "duplicate ID", why)
    others = [name for name in first if name != node.name][:NAMED]
    names, more = clean(", ".join(others)), count - 1 - len(others)
    names += f" and {more:,} more" if more else ""
    why = f"It leads to {instance}, and so does {names}: which one runs there can't be told."
    return _row(node, instance, RowKind.DISAGREE, "duplicate ID", why, rival=True)


def owns(node: NodeRow, instance: InstanceRow) -> bool:
    """Whether the instance's own addresses say that this node runs on it."""
    names = {instance.private_dns, instance.id, f"{instance.id}.{_domain(instance.private_dns)}"}
    ips = {instance.private_ip, *(each.private_ip for each in instance.interfaces)}
    names.discard("")
    ips.discard("")
    return node.name in names or node.internal_ip in ips


def key_of(node: str, instance: str, *, rival: bool = False) -> str:
    """A row's key: the instance's id where there is one, so that a row lives through its joining.

    Nodes that share a provider ID are told apart by their names.
    """
    return instance if instance and not rival else f"node/{node}"


def manager_of(
    node: NodeRow | None, instance: InstanceRow | None, claim: ClaimRow | None = None
) -> Manager:
    """Who runs the machine, by the node's labels, then the instance's tags, then the claim.

    Auto Mode is Karpenter run by EKS: `eks:eks-cluster-name` is on the instances of both, a pool's
    name under `eks:` on Auto Mode's only. A managed nodegroup's carry `eks:nodegroup-name`; eksctl
    labels self-managed nodes with a group name too, so a label alone doesn't make a managed
    nodegroup of an instance that lacks the tag.
    """
    labels = node.labels if node else {}
    tags = instance.tags if instance else {}
    group = group_of(labels, node.provider_id if node else "")
    if group.kind in ("fargate", "hybrid"):
        return Manager(group.kind, group.name)
    pool = _first(labels, tags, "karpenter.sh/nodepool") or (claim.nodepool if claim else "")
    if group.kind == "auto" or _AUTO_POOL in tags:
        return Manager("auto", pool or tags.get(_AUTO_POOL, "") or "auto")
    if pool:
        return Manager("karpenter", pool)
    if name := _first(labels, tags, "eks.amazonaws.com/nodegroup", "eks:nodegroup-name"):
        return Manager("nodegroup", name)
    if name := tags.get("aws:autoscaling:groupName", "") or group.name:
        return Manager("self-managed", name)
    return Manager("none", "")


def _first(labels: Labels[str, str], tags: Labels[str, str], key: str, tag: str = "") -> str:
    return labels.get(key, "") or tags.get(tag or key, "")


def _both(
    node: NodeRow, instance: InstanceRow, status: StatusRow | None, match: Match
) -> MappingRow:
    word, kind, why = status_text(node), RowKind.JOINED, ""
    ready = word.startswith("Ready")
    if instance.state not in ("running", "pending"):
        kind = RowKind.DISAGREE
        why = _off(node, instance)
        word = f"{word.split(',')[0]} on {clean(instance.state) or 'unknown'}"
    elif parse_provider_id(node.provider_id).where == "malformed":
        kind, word = RowKind.DISAGREE, "bad provider ID"
        why = f"{_malformed(node)}, though its {match} leads to {instance.id}."
    elif ready and status is not None and "impaired" in (status.system, status.instance):
        kind, word = RowKind.DISAGREE, "Ready on impaired"
        check = "system" if status.system == "impaired" else "instance"
        why = f"The node is Ready while the {check} status check of {instance.id} has failed."
    return _row(node, instance.id, kind, word, why, match)


def _off(node: NodeRow, instance: InstanceRow) -> str:
    reason = f" ({clean(instance.state_reason)})" if instance.state_reason else ""
    state = clean(instance.state) or "in no known state"
    said = status_text(node).split(",")[0]
    return f"The node is {said}, but its instance {instance.id} is {state}{reason}."


def _node_alone(node: NodeRow, seen: Seen) -> MappingRow:
    provider = parse_provider_id(node.provider_id)
    if elsewhere := _elsewhere(node, provider):
        return _row(node, "", RowKind.ELSEWHERE, *elsewhere)
    if not seen.ec2:
        why = seen.ec2_why or "EC2 hasn't answered yet for this node."
        return _row(node, provider.instance, RowKind.UNREAD, "EC2 not read", why)
    return _row(node, provider.instance, RowKind.ORPHAN, *_orphan(node, provider))


def _elsewhere(node: NodeRow, provider: ProviderId) -> tuple[str, str] | None:
    """Word and sentence for a node that EC2 doesn't run; None where it should."""
    match provider.where:
        case "fargate":
            return "Fargate", "Fargate has no EC2 instance."
        case "hybrid":
            return "hybrid", "A hybrid node: its machine isn't in EC2."
        case "other":
            return provider.scheme, f"The node runs on {provider.scheme}, not on EC2."
        case "none" if not _of_eks(node):
            word = "minikube" if "minikube.k8s.io/name" in node.labels else "not EC2"
            return word, "The node has no provider ID."
    return None


def _orphan(node: NodeRow, provider: ProviderId) -> tuple[str, str]:
    nobody = "no instance has its address or its name"
    if provider.where == "malformed":
        return "bad provider ID", f"{_malformed(node)}, and {nobody}."
    if provider.where == "none":
        return "no provider ID", f"The node has no provider ID yet, and {nobody}."
    return "no instance", (
        f"EC2 knows no {provider.instance} in this account and region: it was terminated over an "
        "hour ago, or another account or region has it."
    )


def _of_eks(node: NodeRow) -> bool:
    return any(label.startswith(("eks.amazonaws.com/", "karpenter.")) for label in node.labels)


def _malformed(node: NodeRow) -> str:
    return f"Its provider ID {clean(node.provider_id)!r} isn't one that AWS gives"


def _instance_alone(instance: InstanceRow, seen: Seen, *, had_node: bool) -> MappingRow:
    state = clean(instance.state) or "unknown"
    reason = f": {clean(instance.state_reason)}" if instance.state_reason else ""
    if instance.state in ("terminated", "shutting-down"):
        return _lone(instance, RowKind.GONE, state, f"The instance is {state}{reason}.")
    if not seen.nodes:
        why = "The nodes haven't been read, so whether it joined isn't known."
        return _lone(instance, RowKind.UNREAD, "nodes not read", why)
    if instance.state not in ("running", "pending"):
        why = f"The instance is {state}{reason}, so no node can register from it."
        return _lone(instance, RowKind.UNJOINED, state, why)
    if had_node:
        why = "Its node was deleted while the instance goes on running."
        return _lone(instance, RowKind.UNJOINED, "node deleted", why)
    why = "Launched less than 15 minutes ago; its node hasn't registered yet."
    if instance.launched is None:
        return _lone(instance, RowKind.UNJOINED, "no node", "No node has registered from it.")
    overdue = instance.launched + JOIN_LIMIT
    return _lone(instance, RowKind.UNJOINED, "joining", why, overdue)


def _row(
    node: NodeRow,
    instance: str,
    kind: RowKind,
    word: str,
    why: str,
    match: Match = "",
    *,
    rival: bool = False,
) -> MappingRow:
    key = key_of(node.name, instance, rival=rival)
    return MappingRow(key, kind, node.name, instance, word, why, match)


def _lone(
    instance: InstanceRow, kind: RowKind, word: str, why: str, overdue: float | None = None
) -> MappingRow:
    return MappingRow(instance.id, kind, "", instance.id, word, why, overdue=overdue)


def _domain(dns: str) -> str:
    return dns.partition(".")[2]


def unread(_: str) -> None:
    """Sessions that nobody has read."""


class MappingContext(Struct, frozen=True):
    """What a mapping row's cells need beside it; `claim` by the NodeClaim's node or instance."""

    now: float
    node: Callable[[str], NodeRow | None]
    instance: Callable[[str], InstanceRow | None]
    status: Callable[[str], StatusRow | None]  # by instance
    image: Callable[[str], ImageRow | None]  # by AMI
    membership: Callable[[str], Membership | None]  # by instance
    claim: Callable[[str], ClaimRow | None]
    sessions: Callable[[str], Sequence[SessionRow] | None] = unread  # by instance
