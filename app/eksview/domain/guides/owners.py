"""References to the objects that own others."""

import re
from collections.abc import Iterable
from typing import Any

from eksview.domain.base.json_values import items, word
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.kube import ClaimRow, PodRow

_MADE = {
    "Deployment": ("ReplicaSet", re.compile("[bcdfghjklmnpqrstvwxz2456789]{1,10}")),
    "CronJob": ("Job", re.compile(r"\d{8,}")),
}
"""The kind of what a controller makes, and the end of its names: a hash or a time in minutes.

Source: `rand.SafeEncodeString` of k8s.io/apimachinery, `getJobName` of the CronJob controller.
"""


def made_by(kind: str, namespace: str, name: str) -> str:
    """Return how the names of what a controller makes begin, `ReplicaSet/shop/web-`; or nothing."""
    return f"{_MADE[kind][0]}/{namespace}/{name}-" if kind in _MADE else ""


def is_made_by(kind: str, end: str) -> bool:
    """Return whether a controller ends names so."""
    return kind in _MADE and _MADE[kind][1].fullmatch(end) is not None


def owner_of_pod(pod: PodRow) -> ObjectRef | None:
    """Return the controller of a pod; None for none."""
    kind, _, name = pod.owner.partition("/")
    if not name:
        return None
    return ObjectRef(pod.owner_api, kind, "", name, pod.namespace, pod.owner_uid)


def owner_of_node(node: str, claims: Iterable[ClaimRow]) -> ObjectRef | None:
    """Return the NodeClaim of Karpenter that a node was launched for; None for none."""
    claim = next((each for each in claims if each.node == node), None)
    if claim is None:
        return None
    return ObjectRef("karpenter.sh/v1", "NodeClaim", "nodeclaims", claim.name, uid=claim.uid)


def owners_of(whole: Any) -> tuple[ObjectRef, ...]:
    """Return the owners of a whole object, its controller first.

    Their plurals aren't known, nor which of them have no namespace: `ApiResources.completed`.
    """
    namespace = word(whole, "metadata", "namespace")
    references = items(whole, "metadata", "ownerReferences")
    ordered = sorted(references, key=lambda each: each.get("controller") is not True)
    return tuple(
        ObjectRef(
            word(each, "apiVersion"),
            word(each, "kind"),
            "",
            word(each, "name"),
            namespace,
            word(each, "uid"),
        )
        for each in ordered
    )
