"""What a node's labels name: its group, zone, instance type and capacity type."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean

GroupKind: TypeAlias = Literal["nodegroup", "nodepool", "fargate", "auto", "hybrid", "none"]
Labels: TypeAlias = Mapping[str, Clean]

_COMPUTE = "eks.amazonaws.com/compute-type"
_NODEGROUPS = ("eks.amazonaws.com/nodegroup", "alpha.eksctl.io/nodegroup-name")
_NODEPOOLS = (
    "karpenter.sh/nodepool",
    "karpenter.sh/provisioner-name",  # Karpenter before 0.32
    "cloud.google.com/gke-nodepool",
    "kubernetes.azure.com/agentpool",
)
_ZONES = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_TYPES = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
_CAPACITIES = ("eks.amazonaws.com/capacityType", "karpenter.sh/capacity-type")

_INSTANCE = re.compile(r"aws:///(?:[^/]*/)?(i-[0-9a-f]+)")
FARGATE = re.compile(r"aws:///.*/fargate-[^/]*")
_AWS_ZONE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]+)+-(?:\d+-(?:wl\d+-)?(?P<local>[a-z].*)|(?P<zone>\d+[a-z]))"
)


class NodeGroup(Struct, frozen=True, gc=False):
    """The group of a node; `name` is empty only for kind `none`."""

    kind: GroupKind
    name: Clean


def group_of(labels: Labels, provider_id: str = "") -> NodeGroup:
    """Return the group by the labels of EKS, eksctl, Karpenter and other clouds.

    Auto Mode nodes carry a nodepool too, and hybrid and Fargate nodes nothing but their kind.
    """
    compute = labels.get(_COMPUTE, "")
    if compute == "fargate" or FARGATE.fullmatch(provider_id):
        return NodeGroup("fargate", Clean("fargate"))
    if compute == "hybrid" or provider_id.startswith("eks-hybrid://"):
        return NodeGroup("hybrid", Clean("hybrid"))
    pool = _first(labels, _NODEPOOLS)
    if compute == "auto":
        return NodeGroup("auto", pool or Clean("auto"))
    if name := _first(labels, _NODEGROUPS):
        return NodeGroup("nodegroup", name)
    return NodeGroup("nodepool", pool) if pool else NodeGroup("none", EMPTY)


def zone_of(labels: Labels) -> Clean:
    """Return the zone, `us-west-2a`; empty without one."""
    return _first(labels, _ZONES)


def short_zone(zone: str) -> str:
    """Return `2a` of `us-west-2a`, `lax-1a` of `us-west-2-lax-1a`; another zone as it is."""
    match = _AWS_ZONE.fullmatch(zone)
    return (match["zone"] or match["local"]) if match else zone


def instance_type_of(labels: Labels) -> Clean:
    """Return the instance type, `m6i.large`; empty without one."""
    return _first(labels, _TYPES)


def instance_id(provider_id: str) -> str:
    """Return the EC2 instance of `aws:///us-west-2a/i-0abc…`; empty for anything else."""
    match = _INSTANCE.fullmatch(provider_id)
    return match[1] if match else ""


def capacity_type_of(labels: Labels) -> Clean:
    """Return `on-demand`, `spot`, `reserved`, `capacity-block`; empty without one."""
    return clean(_first(labels, _CAPACITIES).lower().replace("_", "-"))


def _first(labels: Labels, keys: tuple[str, ...]) -> Clean:
    return next((labels[key] for key in keys if labels.get(key)), EMPTY)
