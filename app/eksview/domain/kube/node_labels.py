"""What a node's labels name: its group, zone, instance type and capacity type."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean

GroupKind: TypeAlias = Literal[
    "nodegroup",
    "nodepool",
    "fargate",
    "auto",
    "hybrid",
    "hyperpod",
    "none",
    "provider",
    "anywhere",  # of ECS
]
Labels: TypeAlias = Mapping[str, Clean]

_COMPUTE = "eks.amazonaws.com/compute-type"
_NODEGROUPS = ("eks.amazonaws.com/nodegroup", "alpha.eksctl.io/nodegroup-name")
KARPENTER_POOLS = (
    "karpenter.sh/nodepool",
    "karpenter.sh/provisioner-name",  # Karpenter before 0.32
)
"""Labels of nodes and NodeClaims, and tags of instances."""
_NODEPOOLS = (
    *KARPENTER_POOLS,
    "cloud.google.com/gke-nodepool",
    "kubernetes.azure.com/agentpool",
)
_ZONES = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_TYPES = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
_CAPACITIES = ("eks.amazonaws.com/capacityType", "karpenter.sh/capacity-type")

_HYPERPOD_GROUP = "sagemaker.amazonaws.com/instance-group-name"

INSTANCE_ID = re.compile(r"i-[0-9a-f]+")
HYPERPOD = re.compile(r"aws:///[^/]*/sagemaker/cluster/hyperpod-([^/]*)-(i-[0-9a-f]+)")
"""The zone's id, the HyperPod cluster's and the instance's. Source: amazon-vpc-cni-k8s."""
_HYPERPOD_TARGET = re.compile(r"sagemaker-cluster:.*-(i-[0-9a-f]+)")
_HYBRID = re.compile(r"eks-hybrid:///[^/]+/[^/]+/(mi-[0-9a-f]+)")
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
    SageMaker HyperPod labels its nodes with their instance group.
    """
    compute = labels.get(_COMPUTE, "")
    if compute == "fargate" or FARGATE.fullmatch(provider_id):
        return NodeGroup("fargate", Clean("fargate"))
    if compute == "hybrid" or provider_id.startswith("eks-hybrid://"):
        return NodeGroup("hybrid", Clean("hybrid"))
    if (name := labels.get(_HYPERPOD_GROUP, EMPTY)) or HYPERPOD.fullmatch(provider_id):
        return NodeGroup("hyperpod", name or Clean("hyperpod"))
    pool = _first(labels, _NODEPOOLS)
    if compute == "auto":
        return NodeGroup("auto", pool or Clean("auto"))
    if name := _first(labels, _NODEGROUPS):
        return NodeGroup("nodegroup", name)
    return NodeGroup("nodepool", pool) if pool else NodeGroup("none", EMPTY)


def pool_of(labels: Labels) -> Clean:
    """Return Karpenter's node pool, or its provisioner; empty without one."""
    return _first(labels, KARPENTER_POOLS)


def zone_of(labels: Labels) -> Clean:
    """Return the zone, `us-west-2a`; empty without one."""
    return _first(labels, _ZONES)


def short_zone(zone: str) -> str:
    """Return `2a` of `us-west-2a`, `lax-1a` of `us-west-2-lax-1a`; another zone as it is."""
    match = _AWS_ZONE.fullmatch(zone)
    return (match["zone"] or match["local"]) if match else zone


def region_of(zone: str) -> str:
    """Return "us-west-2" for "us-west-2a" and for local zones such as "us-west-2-lax-1a"."""
    parts = zone.split("-")
    for number, part in enumerate(parts):
        digits = part.rstrip("abcdefghijklmnopqrstuvwxyz")
        if number and digits.isdigit():
            return "-".join((*parts[:number], digits))
    return ""


def instance_type_of(labels: Labels) -> Clean:
    """Return the instance type, `m6i.large`; empty without one."""
    return _first(labels, _TYPES)


def instance_id(provider_id: str) -> str:
    """Return the EC2 instance of `aws:///us-west-2a/i-0abc…`; empty for anything else."""
    return _aws_parts(provider_id)[1]


def session_machine(provider_id: str) -> str:
    """Return the machine that Session Manager knows a node as: `i-…` or `mi-…`; empty for none.

    A hybrid node has an `mi-…` if it was activated by Systems Manager, a HyperPod node its
    instance's id. Sources: Amazon EKS User Guide, "Prepare credentials for hybrid nodes"; Amazon
    SageMaker AI Developer Guide, "Access your SageMaker HyperPod cluster nodes".
    """
    hyperpod, hybrid = HYPERPOD.fullmatch(provider_id), _HYBRID.fullmatch(provider_id)
    return hyperpod[2] if hyperpod else hybrid[1] if hybrid else instance_id(provider_id)


def session_target(labels: Labels, provider_id: str) -> str:
    """Return the target by which a session opens on a node, where that isn't an EC2 instance."""
    match = HYPERPOD.fullmatch(provider_id)
    if match is not None:
        group = labels.get(_HYPERPOD_GROUP, "")
        return f"sagemaker-cluster:{match[1]}_{group}-{match[2]}" if group else ""
    machine = session_machine(provider_id)
    return machine if machine.startswith("mi-") else ""


def machine_of_target(target: str) -> str:
    """Return the machine of a session's target, which names that of HyperPod in another form."""
    match = _HYPERPOD_TARGET.fullmatch(target)
    return match[1] if match else target


def zone_in(provider_id: str) -> str:
    """Return the zone of an EC2 instance's provider ID; empty without one."""
    return _aws_parts(provider_id)[0]


def _aws_parts(provider_id: str) -> tuple[str, str]:
    """Return zone and instance of `aws:///ZONE/i-…`, `aws://ZONE/i-…`, `aws:////i-…` or `i-…`.

    Source: cloud-provider-aws `MapToAWSInstanceID`, which reads the path of the URL alone.
    """
    text = provider_id if provider_id.startswith("aws://") else f"aws:///{provider_id}"
    host, _, path = text.removeprefix("aws://").partition("/")
    *zone, instance = path.strip("/").split("/")
    if len(zone) > 1 or not INSTANCE_ID.fullmatch(instance):
        return "", ""
    return (zone[0] if zone else host), instance


def capacity_type_of(labels: Labels) -> Clean:
    """Return `on-demand`, `spot`, `reserved`, `capacity-block`; empty without one."""
    return clean(_first(labels, _CAPACITIES).lower().replace("_", "-"))


def _first(labels: Labels, keys: tuple[str, ...]) -> Clean:
    return next((labels[key] for key in keys if labels.get(key)), EMPTY)
