"""The manager of a machine: what launched it, and replaces it."""

from collections.abc import Mapping as Labels
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.aws.tags import GROUP_TAG, NODEGROUP_TAG
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.node_labels import group_of, pool_of
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import ClaimRow, NodeRow

_AUTO_POOL = "eks:kubernetes-node-pool-name"

_WORDS = {
    "nodegroup": "managed nodegroup",
    "self-managed": "Auto Scaling group, self-managed",
    "karpenter": "Karpenter nodepool",
    "auto": "EKS Auto Mode, nodepool",
    "fargate": "Fargate",
    "hybrid": "hybrid node",
    "hyperpod": "SageMaker HyperPod, instance group",
}

ManagerKind: TypeAlias = Literal[
    "nodegroup", "self-managed", "karpenter", "auto", "fargate", "hybrid", "hyperpod", "none"
]


class Manager(Struct, frozen=True, gc=False):
    """The manager of a machine: a managed nodegroup, an Auto Scaling group, Karpenter, ..."""

    kind: ManagerKind
    name: Clean


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


def manager_words(manager: Manager) -> str:
    """Return `managed nodegroup ng-general`."""
    if manager.kind == "none":
        return "unknown"
    name = "" if manager.name == manager.kind else manager.name
    return f"{_WORDS[manager.kind]} {clean(name)}".strip()


def why_unowned(node: NodeRow) -> str:
    """Return why a node has no owner among the objects of the cluster."""
    manager = manager_of(node, None)
    if manager.kind == "none":
        return f"No object of the cluster is known to own {node.name}."
    return f"No object of the cluster owns {node.name}: it is of {manager_words(manager)}."
