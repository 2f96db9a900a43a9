"""References to the objects that own others."""

from typing import Any

from eksview.domain.describe.common import items, word
from eksview.domain.kube.object_ref import ObjectRef


def owner_of_pod(owner: str, api: str, namespace: str) -> ObjectRef | None:
    """Return the controller of a pod's row, `ReplicaSet/web-1`; None for none."""
    kind, _, name = owner.partition("/")
    return ObjectRef(api, kind, "", name, namespace) if name else None


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
