"""Custom resources: their definitions with printer columns, and the objects that don't change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from eksview_demo.cluster.nodes.karpenter import GPU
from eksview_demo.cluster.objects.plain_objects import Plain
from eksview_demo.storage.resources import (
    APPLICATIONS,
    CUSTOM,
    DEFINITIONS,
    KUSTOMIZATIONS,
    NODE_CLAIMS,
    NODE_POOLS,
    Resource,
)
from eksview_demo.storage.template import rfc3339

_READY = '.status.conditions[?(@.type=="Ready")].status'
_AGE = ".metadata.creationTimestamp"


class PrinterColumn(Struct, frozen=True, omit_defaults=True, rename={"path": "jsonPath"}):
    """An entry of additionalPrinterColumns; one of priority 1 is shown by `-o wide` only."""

    name: str
    type: str
    path: str
    priority: int = 0


def _text(name: str, path: str, priority: int = 0) -> PrinterColumn:
    return PrinterColumn(name, "string", path, priority)


_AGE_COLUMN = PrinterColumn("Age", "date", _AGE)
_LABELS = ".metadata.labels"
COLUMNS: Mapping[str, tuple[PrinterColumn, ...]] = {
    # pkg/apis/v1/nodeclaim.go of kubernetes-sigs/karpenter 1.6
    NODE_CLAIMS.name: (
        _text("Type", rf"{_LABELS}.node\.kubernetes\.io/instance-type"),
        _text("Capacity", rf"{_LABELS}.karpenter\.sh/capacity-type"),
        _text("Zone", rf"{_LABELS}.topology\.kubernetes\.io/zone"),
        _text("Node", ".status.nodeName"),
        _text("Ready", _READY),
        _AGE_COLUMN,
        _text("ImageID", ".status.imageID", 1),
        _text("ID", ".status.providerID", 1),
        _text("NodePool", rf"{_LABELS}.karpenter\.sh/nodepool", 1),
        _text("NodeClass", ".spec.nodeClassRef.name", 1),
    ),
    NODE_POOLS.name: (
        _text("NodeClass", ".spec.template.spec.nodeClassRef.name"),
        _text("Nodes", ".status.resources.nodes"),
        _text("Ready", _READY),
        _AGE_COLUMN,
        PrinterColumn("Weight", "integer", ".spec.weight", 1),
        _text("CPU", ".status.resources.cpu", 1),
        _text("Memory", ".status.resources.memory", 1),
    ),
    APPLICATIONS.name: (
        _text("Sync Status", ".status.sync.status"),
        _text("Health Status", ".status.health.status"),
        _text("Revision", ".status.sync.revision", 10),
        _text("Project", ".spec.project", 10),
    ),
    KUSTOMIZATIONS.name: (
        _AGE_COLUMN,
        _text("Ready", _READY),
        _text("Status", '.status.conditions[?(@.type=="Ready")].message'),
    ),
}


def objects(namespaces: Iterable[str], created: float) -> Iterator[Plain]:
    """Yield the definitions and what Argo CD and Flux deploy."""
    for resource in CUSTOM:
        yield _definition(resource, created)
    for namespace in namespaces:
        if namespace == "shop" or namespace.startswith("team-"):
            yield _application(namespace)
    for name, ready, message in (
        ("payments", True, "Applied revision: main@sha1:4f1c2d3e5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d"),
        ("infrastructure", False, "kustomize build failed: missing base ../network"),
    ):
        yield _kustomization(name, ready, message, created)


def _definition(resource: Resource, created: float) -> Plain:
    names: dict[str, Any] = {
        "plural": resource.name,
        "singular": resource.singular,
        "kind": resource.kind,
        "listKind": f"{resource.kind}List",
    }
    names |= {"shortNames": resource.short} if resource.short else {}
    names |= {"categories": resource.categories} if resource.categories else {}
    opaque = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {
        "name": resource.version,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": opaque},
        "subresources": {"status": {}},
        "additionalPrinterColumns": COLUMNS[resource.name],
    }
    status = {
        "conditions": [
            _condition("NamesAccepted", "NoConflicts", "no conflicts found", created),
            _condition("Established", "InitialNamesAccepted", "accepted", created),
        ],
        "acceptedNames": names,
        "storedVersions": [resource.version],
    }
    spec = {
        "group": resource.group,
        "names": names,
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "versions": [version],
        "conversion": {"strategy": "None"},
    }
    name = f"{resource.name}.{resource.group}"
    return Plain(DEFINITIONS, "", name, {"spec": spec, "status": status})


def _condition(
    kind: str, reason: str, message: str, at: float, status: bool = True
) -> dict[str, Any]:
    return {
        "type": kind,
        "status": "True" if status else "False",
        "reason": reason,
        "message": message,
        "lastTransitionTime": rfc3339(at),
    }


def node_pool(name: str, nodes: int, created: float) -> Plain:
    """Return a node pool of Karpenter with so many nodes; the one for GPUs isn't ready."""
    ready = name != GPU
    node_class = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": name}
    spec = {
        "disruption": {
            "budgets": [{"nodes": "10%"}],
            "consolidateAfter": "1m",
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
        },
        "template": {"spec": {"nodeClassRef": node_class, "expireAfter": "720h"}},
        "weight": 10 if ready else 1,
    }
    message = "" if ready else "NodeClassReady=False"
    reason = "Ready" if ready else "UnhealthyDependents"
    status = {
        "conditions": [_condition("Ready", reason, message, created, ready)],
        "resources": {"cpu": str(8 * nodes), "memory": f"{15 * nodes}Gi", "nodes": str(nodes)},
    }
    return Plain(NODE_POOLS, "", name, {"spec": spec, "status": status})


def _application(namespace: str) -> Plain:
    source = {"repoURL": "https://git.example.com/deploy.git", "path": namespace}
    spec = {
        "project": "default",
        "source": source | {"targetRevision": "main"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": namespace},
    }
    revision = "9c0d4f1c2d3e5a6b7c8d9e0f1a2b3c4d5e6f7a8b"
    healthy = namespace != "shop"
    status = {
        "sync": {"status": "Synced" if healthy else "OutOfSync", "revision": revision},
        "health": {"status": "Healthy" if healthy else "Degraded"},
    }
    return Plain(APPLICATIONS, "argocd", namespace, {"spec": spec, "status": status})


def _kustomization(name: str, ready: bool, message: str, created: float) -> Plain:
    spec = {
        "interval": "10m0s",
        "path": f"./{name}",
        "prune": True,
        "sourceRef": {"kind": "GitRepository", "name": "deploy"},
    }
    reason = "ReconciliationSucceeded" if ready else "BuildFailed"
    status = {"conditions": [_condition("Ready", reason, message, created, ready)]}
    return Plain(KUSTOMIZATIONS, "flux-system", name, {"spec": spec, "status": status})
