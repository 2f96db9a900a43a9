"""The objects that `kubectl describe` lists beside the one it describes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from eksview.domain.kube.object_ref import ObjectRef

_SLICES = "discovery.k8s.io/v1", "EndpointSlice", "endpointslices", ""


class Beside(Struct, frozen=True):
    """The objects by the plural of their resource, and why others weren't read."""

    found: Mapping[str, Sequence[Any]] = {}
    why_not: Mapping[str, str] = {}

    def unread(self, plural: str) -> str:
        """Return why the objects of a resource aren't known; empty where they are."""
        if plural in self.found:
            return ""
        why = self.why_not.get(plural, "")
        return f"unknown because the {plural} weren't read{': ' if why else ''}{why}"


def listed_beside(ref: ObjectRef) -> tuple[ObjectRef, ...]:
    """Return the lists, which have no name, for the description of an object."""
    lists = _LISTS.get((ref.group, ref.kind))
    return () if lists is None else lists(ref)


_LISTS: Mapping[tuple[str, str], Callable[[ObjectRef], tuple[ObjectRef, ...]]] = {
    ("", "Service"): lambda ref: (ObjectRef(*_SLICES, ref.namespace),),
    ("networking.k8s.io", "Ingress"): lambda ref: (
        ObjectRef("v1", "Service", "services", "", ref.namespace),
        ObjectRef(*_SLICES, ref.namespace),
    ),
    ("", "PersistentVolumeClaim"): lambda ref: (ObjectRef("v1", "Pod", "pods", "", ref.namespace),),
    ("", "Namespace"): lambda ref: (
        ObjectRef("v1", "ResourceQuota", "resourcequotas", "", ref.name),
        ObjectRef("v1", "LimitRange", "limitranges", "", ref.name),
    ),
}
