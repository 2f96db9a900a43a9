"""Karpenter's NodeClaims, one for each node of a node pool, as karpenter.sh/v1 has them."""

from eksview_demo.cluster.nodes import node_shape
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.storage import template
from eksview_demo.storage.resources import NODE_CLAIMS
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, rfc3339

BOOT = 72.0  # seconds from a claim to its node's registration
LAUNCH = 2.0  # of those until EC2 has launched the instance
READY = 18.0  # seconds a node that was there from the beginning took from then on


GPU = "gpu"
"""The node pool that launches nothing."""
REFUSAL = "User is not authorized to perform this operation due to a service control policy"
REST = "Registered=Unknown, Initialized=Unknown"
GIVEN_UP = 300.0  # seconds until Karpenter deletes a claim that isn't launched


def claim_name(node: NodeState) -> str:
    """Return the value of the instance's tag karpenter.sh/nodeclaim."""
    return f"{node.group.name}-{node.instance[-5:]}"


def claim(node: NodeState, initialized: float | None) -> Draft:
    """Return the claim of a registered node; `initialized` is when it first was Ready."""
    name, created = claim_name(node), node.created - BOOT
    labels = {
        "karpenter.k8s.aws/ec2nodeclass": node.group.name,
        "karpenter.sh/capacity-type": node.group.capacity_type,
        "karpenter.sh/nodepool": node.group.name,
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": node.group.machine.name,
        "topology.kubernetes.io/zone": node.zone,
    }
    spec, status = _spec(node), _status(node, created, initialized)
    version = NODE_CLAIMS.api_version
    metadata = {
        "name": name,
        "uid": _uid(node),
        "creationTimestamp": rfc3339(created),
        "generation": 1,
        "labels": labels,
        "finalizers": ["karpenter.sh/termination"],
        "managedFields": [
            managed("karpenter", version, rfc3339(created), {"spec": spec}),
            managed("karpenter", version, rfc3339(node.created), {"status": status}, "status"),
        ],
    }
    tail = template.tail({"metadata": metadata, "spec": spec, "status": status})
    return Draft("", name, tail, labels)


def failed_claim(name: str, uid: str, created: float) -> Draft:
    """Return a claim whose instance can't be launched, as Karpenter 1.6 reports it.

    Source: launch.go of kubernetes-sigs/karpenter, and errors.go of karpenter-provider-aws, which
    shortens EC2's error to a reason and a message.
    """
    labels = {"karpenter.k8s.aws/ec2nodeclass": GPU, "karpenter.sh/nodepool": GPU}
    waits = "AwaitingReconciliation", "object is awaiting reconciliation"
    conditions = [
        _unknown("Launched", "Unauthorized", REFUSAL, created + LAUNCH),
        *(_unknown(kind, *waits, created) for kind in ("Registered", "Initialized")),
        _unknown("Ready", "UnhealthyDependents", f"Launched=Unknown, {REST}", created),
    ]
    spec: dict[str, object] = {
        "expireAfter": "720h",
        "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": GPU},
        "requirements": [
            {
                "key": "node.kubernetes.io/instance-type",
                "operator": "In",
                "values": ["g5.xlarge", "g5.2xlarge"],
            }
        ],
        "resources": {"requests": {"cpu": "3", "memory": "12Gi", "pods": "6"}},
    }
    status: dict[str, object] = {"conditions": conditions}
    version, times = NODE_CLAIMS.api_version, rfc3339(created)
    metadata = {
        "name": name,
        "uid": uid,
        "creationTimestamp": times,
        "generation": 1,
        "labels": labels,
        "finalizers": ["karpenter.sh/termination"],
        "managedFields": [
            managed("karpenter", version, times, {"spec": spec}),
            managed("karpenter", version, times, {"status": status}, "status"),
        ],
    }
    tail = template.tail({"metadata": metadata, "spec": spec, "status": status})
    return Draft("", name, tail, labels)


def _unknown(kind: str, reason: str, message: str, at: float) -> dict[str, object]:
    return {
        "type": kind,
        "status": "Unknown",
        "reason": reason,
        "message": message,
        "lastTransitionTime": rfc3339(at),
        "observedGeneration": 1,
    }


def _spec(node: NodeState) -> dict[str, object]:
    group = node.group
    requirements = {
        "karpenter.sh/capacity-type": group.capacity_type,
        "node.kubernetes.io/instance-type": group.machine.name,
    }
    return {
        "expireAfter": "720h",
        "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": group.name},
        "requirements": [
            {"key": key, "operator": "In", "values": [value]} for key, value in requirements.items()
        ],
        "resources": {"requests": {"cpu": "1930m", "memory": "2Gi", "pods": "9"}},
    }


def _status(node: NodeState, created: float, initialized: float | None) -> dict[str, object]:
    machine = node.group.machine
    return {
        "allocatable": {
            "cpu": f"{machine.cpu_allocatable}m",
            "memory": f"{machine.memory_allocatable}Mi",
            "pods": str(machine.pods),
        },
        "capacity": {
            "cpu": str(machine.cores),
            "memory": f"{machine.memory}Gi",
            "pods": str(machine.pods),
        },
        "conditions": _conditions(node, created, initialized),
        "imageID": "ami-0d1f3c9b2e8a47c65",
        "nodeName": node.name,
        "providerID": node_shape.provider_id(node),
    }


def _uid(node: NodeState) -> str:
    """Return a uid that is always the same for a node."""
    return f"{node.uid[:-12]}{node.lease_uid[-12:]}"


def _conditions(
    node: NodeState, created: float, initialized: float | None
) -> list[dict[str, object]]:
    transitions: tuple[tuple[str, float | None], ...] = (
        ("Launched", created + LAUNCH),
        ("Registered", node.created),
        ("Initialized", initialized),
        ("Ready", initialized),
    )
    return [_condition(kind, at, created) for kind, at in transitions]


def _condition(kind: str, at: float | None, created: float) -> dict[str, object]:
    waiting = at is None
    return {
        "type": kind,
        "status": "Unknown" if waiting else "True",
        "reason": "NodeNotReady" if waiting else kind,
        "message": "Node status is not ready" if waiting else "",
        "lastTransitionTime": rfc3339(created if at is None else at),
        "observedGeneration": 1,
    }
