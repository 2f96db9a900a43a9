"""References to the objects that own others."""

from collections.abc import Mapping
from typing import Any

from eksview.domain.describe.common import items, word
from eksview.domain.kube.object_ref import ObjectRef

_APIS: Mapping[str, str] = {
    "ReplicaSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "ReplicationController": "v1",
    "Node": "v1",
}
"""The groups of the controllers of pods that are part of Kubernetes."""
_CLUSTER = frozenset({"Node", "NodeClaim", "NodePool", "Namespace"})
"""Kinds without a namespace that own others."""


def owner_of_pod(owner: str, namespace: str) -> ObjectRef | None:
    """Return the controller of a pod's row, `ReplicaSet/web-1`; None for none or another kind."""
    kind, _, name = owner.partition("/")
    if kind not in _APIS or not name:
        return None
    return ObjectRef(_APIS[kind], kind, "", name, "" if kind in _CLUSTER else namespace)


def owners_of(whole: Any) -> tuple[ObjectRef, ...]:
    """Return the owners of a whole object, its controller first; their plurals aren't known."""
    namespace = word(whole, "metadata", "namespace")
    references = items(whole, "metadata", "ownerReferences")
    ordered = sorted(references, key=lambda each: each.get("controller") is not True)
    return tuple(
        ObjectRef(
            word(each, "apiVersion"),
            word(each, "kind"),
            "",
            word(each, "name"),
            "" if word(each, "kind") in _CLUSTER else namespace,
            word(each, "uid"),
        )
        for each in ordered
    )
