"""Why the claims of a pod aren't bound, and the nodes that its volumes can be used on.

Source: kubernetes `pkg/controller/volume/persistentvolume`, and of the scheduler's plugins
`volumebinding` and `volumezone`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.drain.objects import (
    DrainMeta,
    Expression,
    NodeSelector,
    NodeTerm,
    PersistentVolume,
)
from eksview.domain.drain.selectors import matches_node
from eksview.domain.kube.go_json import fitting

_CLASS = "volume.beta.kubernetes.io/storage-class"
_CHOSEN = "volume.kubernetes.io/selected-node"
_STATIC = "kubernetes.io/no-provisioner"
_TOPOLOGY = {
    "topology.kubernetes.io/zone": "failure-domain.beta.kubernetes.io/zone",
    "topology.kubernetes.io/region": "failure-domain.beta.kubernetes.io/region",
}
"""Labels of a volume that its node must have, by either name."""


class ReadObject(Struct, frozen=True):
    """An object as it was read: `absent` if it doesn't exist, or a `problem` that hid it."""

    body: Mapping[str, Any] | None = None
    absent: bool = False
    problem: Clean = EMPTY


class _ClaimSpec(Struct, rename="camel"):
    volume_name: str = ""
    storage_class_name: str | None = None


class _Phase(Struct):
    phase: str = ""


class _PodClaim(Struct):
    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: _ClaimSpec = field(default_factory=_ClaimSpec)
    status: _Phase = field(default_factory=_Phase)

    @property
    def storage_class(self) -> str:
        """The name of its class; source: `GetPersistentVolumeClaimClass` of component-helpers."""
        annotations = self.metadata.annotations or {}
        return annotations.get(_CLASS) or self.spec.storage_class_name or ""


class _TopologyTerm(Struct, rename="camel"):
    match_label_expressions: list[Expression] | None = None


class _StorageClass(Struct, rename="camel"):
    provisioner: str = ""
    volume_binding_mode: str = "Immediate"
    allowed_topologies: list[_TopologyTerm] | None = None


class VolumeReach(Struct, frozen=True):
    """The nodes that the volume of a claim can be used on: by node affinity and by labels."""

    claim: str
    selector: NodeSelector | None = None
    labels: Mapping[str, str] = {}

    def has(self, labels: Mapping[str, str], name: str) -> bool:
        """Return whether a node is one of them."""
        zones = all(_in_zone(key, zone, labels) for key, zone in self.labels.items())
        return zones and matches_node(self.selector, labels, name)

    @property
    def conflict(self) -> Clean:
        """Why another node isn't one of them."""
        return clean(f"the volume of claim {self.claim} needs {self.place}")

    @property
    def place(self) -> Clean:
        """The labels of the nodes in words, empty for any node."""
        terms = (self.selector.node_selector_terms if self.selector else None) or ()
        by_affinity = " or ".join(" and ".join(_texts(term)) for term in terms)
        parts = [f"{key}={value}" for key, value in self.labels.items()]
        return clean(" and ".join(filter(None, (*parts, by_affinity))))


def _texts(term: NodeTerm) -> Iterator[str]:
    for each in (*(term.match_expressions or ()), *(term.match_fields or ())):
        values = each.values or []
        if each.operator == "In" and len(values) == 1:
            yield f"{each.key}={values[0]}"
        else:
            yield " ".join(filter(None, (each.key, each.operator, ", ".join(values))))


def _in_zone(key: str, zone: str, labels: Mapping[str, str]) -> bool:
    """Return whether a node is in the zone of a volume, whose label may name several: `a__b`."""
    old = _TOPOLOGY[key]
    if not any(each in labels for pair in _TOPOLOGY.items() for each in pair):
        return True  # source: `VolumeZone.Filter`: a node without these labels has no zones
    return (labels.get(key) or labels.get(old)) in zone.split("__")


class ClaimObjects(Struct, frozen=True):
    """A claim of a pod, and the volume or the storage class that it names."""

    name: str
    claim: ReadObject
    volume: ReadObject = ReadObject()
    storage_class: ReadObject = ReadObject()


class ClaimState(Struct, frozen=True):
    """The state of a claim in a sentence; `holds` the pod back, None where that is unknown.

    `reach` is None where the nodes that its volume can be used on are unknown.
    """

    name: Clean
    sentence: Clean
    holds: bool | None
    reach: VolumeReach | None = None


def names_of(claim: ReadObject) -> tuple[str, str]:
    """Return the names of the volume and of the storage class to read of a claim."""
    read = fitting(claim.body, _PodClaim) if claim.body is not None else _PodClaim()
    volume = read.spec.volume_name
    return volume, "" if volume else read.storage_class


def state_of(objects: ClaimObjects) -> ClaimState:
    """Return the state of a claim by what was read of it."""
    name = clean(objects.name)
    if objects.claim.absent:
        return ClaimState(name, Clean("it doesn't exist"), holds=True)
    if objects.claim.body is None:
        return ClaimState(name, clean(f"unknown: {objects.claim.problem}"), holds=None)
    claim = fitting(objects.claim.body, _PodClaim)
    if claim.metadata.deletion_timestamp:
        return ClaimState(name, Clean("it is being deleted"), holds=True)
    if claim.status.phase == "Lost":
        lost = clean(f"Lost: its volume {claim.spec.volume_name} no longer exists")
        return ClaimState(name, lost, holds=True)
    if claim.spec.volume_name:
        return _with_volume(objects, claim)
    return _unbound(objects, claim)


def _with_volume(objects: ClaimObjects, claim: _PodClaim) -> ClaimState:
    name, volume, read = clean(objects.name), claim.spec.volume_name, objects.volume
    bound = claim.status.phase == "Bound"
    state = f"{'Bound to' if bound else 'Pending: it names volume'} {volume}"
    if read.absent:
        return ClaimState(name, clean(f"{state}, which doesn't exist"), holds=True)
    if read.body is None:
        return ClaimState(name, clean(f"{state}; its zone is unknown: {read.problem}"), holds=None)
    body = fitting(read.body, PersistentVolume)
    affinity = body.spec.node_affinity
    labels = body.metadata.labels or {}
    zones = {new: labels.get(new) or labels.get(old, "") for new, old in _TOPOLOGY.items()}
    reach = VolumeReach(
        objects.name,
        affinity.required if affinity else None,
        {key: zone for key, zone in zones.items() if zone},
    )
    if not bound:
        state += ", which isn't bound to it yet"
    return ClaimState(name, clean(state), holds=not bound, reach=reach)


def _unbound(objects: ClaimObjects, claim: _PodClaim) -> ClaimState:
    name, class_name, read = clean(objects.name), claim.storage_class, objects.storage_class
    if not class_name:
        text = "Pending: no storage class is set, and no existing volume was bound to it"
        return ClaimState(name, clean(text), holds=True)
    subject = f"Pending: storage class {class_name}"
    if read.absent:
        return ClaimState(name, clean(f"{subject} doesn't exist"), holds=True)
    if read.body is None:
        return ClaimState(name, clean(f"{subject} is unknown: {read.problem}"), holds=None)
    body = fitting(read.body, _StorageClass)
    if body.provisioner == _STATIC:
        text = f"{subject} provisions nothing; no existing volume was bound to it"
        return ClaimState(name, clean(text), holds=None)
    # Which existing volumes could be bound isn't known, so only what a new one needs is judged.
    reach = VolumeReach(objects.name, _allowed(body))
    if body.volume_binding_mode == "WaitForFirstConsumer" and not _node(claim):
        text = f"{subject} makes its volume once a node is chosen (WaitForFirstConsumer)"
        return ClaimState(name, clean(text), holds=False, reach=reach)
    chosen = f"node {_node(claim)} was chosen, but " if _node(claim) else ""
    maker = f"provisioner {body.provisioner} of storage class {class_name}"
    text = f"Pending: {chosen}{maker} hasn't made a volume"
    return ClaimState(name, clean(text), holds=True, reach=reach)


def _node(claim: _PodClaim) -> str:
    """Return the node that the scheduler chose for a new volume."""
    return (claim.metadata.annotations or {}).get(_CHOSEN, "")


def _allowed(storage_class: _StorageClass) -> NodeSelector | None:
    """Return the topologies that a class allows as a selector of nodes; None for all."""
    terms = storage_class.allowed_topologies
    if not terms:
        return None
    return NodeSelector([
        NodeTerm([Expression(each.key, "In", each.values)
                  for each in term.match_label_expressions or ()])
        for term in terms
    ])  # fmt: skip
