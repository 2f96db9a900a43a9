"""Persistent volumes, drivers and classes of storage as kubectl words them."""

from collections.abc import Sequence

from eksview.domain.base.go_text import go_text
from eksview.domain.base.json_values import Json, at, items, texts, word
from eksview.domain.describe.claims import access_modes, phase_of, storage_class_of
from eksview.domain.describe.common import (
    Lines,
    Related,
    amount,
    head,
    labels_and_annotations,
    map_text,
    moment,
    named,
)
from eksview.domain.describe.volumes import volume_source

_DEFAULT_CLASS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


def persistent_volume(whole: Json, related: Related) -> Lines:
    spec = at(whole, "spec")
    yield from named(whole, namespaced=False)
    yield from labels_and_annotations(whole)
    yield f"Finalizers:\t{word(whole, 'metadata', 'finalizers', empty='[]')}"
    yield f"StorageClass:\t{storage_class_of(whole)}"
    yield f"Status:\t{phase_of(whole, related.now)}"
    claim = at(spec, "claimRef")
    claimed = f"{word(claim, 'namespace')}/{word(claim, 'name')}"
    yield f"Claim:\t{'' if claim is None else claimed}"
    yield f"Reclaim Policy:\t{word(spec, 'persistentVolumeReclaimPolicy')}"
    yield f"Access Modes:\t{access_modes(spec)}"
    if at(spec, "volumeMode"):
        yield f"VolumeMode:\t{word(spec, 'volumeMode')}"
    yield f"Capacity:\t{amount(spec, 'capacity', 'storage', empty='0')}"
    yield from _node_affinity(at(spec, "nodeAffinity", "required"))
    yield f"Message:\t{word(whole, 'status', 'message')}"
    yield "Source:"
    yield from volume_source(spec)


def _node_affinity(required: Json) -> Lines:
    if required is None:
        yield "Node Affinity:\t<none>"
        return
    yield "Node Affinity:\t"
    terms = items(required, "nodeSelectorTerms")
    yield f"  Required Terms:\t{'' if terms else '<none>'}"
    yield from _terms(terms, "matchExpressions", "    ")


def _terms(terms: Sequence[Json], field: str, indent: str) -> Lines:
    """Yield the expressions of the terms of a selector; those of a topology are all `in`."""
    for number, term in enumerate(terms):
        title = f"{indent}Term {number}:"
        for expression in items(term, field):
            values = ", ".join(texts(expression, "values"))
            operator = word(expression, "operator", empty="In").lower()
            text = f"{word(expression, 'key')} {operator}"
            yield f"{title}\t{text} [{values}]" if values else f"{title}\t{text}"
            title = indent
        if not items(term, field):
            yield f"{title}\t<none>"


def csi_node(whole: Json, related: Related) -> Lines:
    yield from head(whole, namespaced=False)
    created = word(whole, "metadata", "creationTimestamp")
    yield f"CreationTimestamp:\t{moment(created, related.zone)}"
    yield "Spec:"
    if at(whole, "spec", "drivers") is not None:
        yield "  Drivers:"
    for driver in items(whole, "spec", "drivers"):
        yield f"    {word(driver, 'name')}:"
        yield f"      Node ID:\t{word(driver, 'nodeID')}"
        if (count := at(driver, "allocatable", "count")) is not None:
            yield "      Allocatables:"
            yield f"        Count:\t{count}"
        if at(driver, "topologyKeys") is not None:
            yield f"      Topology Keys:\t{word(driver, 'topologyKeys')}"


def attributes_class(whole: Json, _: Related) -> Lines:
    yield from named(whole, namespaced=False)
    yield f"Annotations:\t{map_text(at(whole, 'metadata', 'annotations'))}"
    yield f"DriverName:\t{word(whole, 'driverName')}"
    yield f"Parameters:\t{map_text(at(whole, 'parameters'))}"


def storage_class(whole: Json, _: Related) -> Lines:
    yield from named(whole, namespaced=False)
    annotations = at(whole, "metadata", "annotations") or {}
    default = any(annotations.get(key) == "true" for key in _DEFAULT_CLASS)
    yield f"IsDefaultClass:\t{'Yes' if default else 'No'}"
    yield f"Annotations:\t{map_text(annotations)}"
    yield f"Provisioner:\t{word(whole, 'provisioner')}"
    yield f"Parameters:\t{map_text(at(whole, 'parameters'))}"
    grows = at(whole, "allowVolumeExpansion")
    yield f"AllowVolumeExpansion:\t{'<unset>' if grows is None else go_text(grows).capitalize()}"
    options = texts(whole, "mountOptions")
    yield "MountOptions:" if options else "MountOptions:\t<none>"
    yield from (f"  {option}" for option in options)
    for title, field in (
        ("ReclaimPolicy", "reclaimPolicy"),
        ("VolumeBindingMode", "volumeBindingMode"),
    ):
        if at(whole, field) is not None:
            yield f"{title}:\t{word(whole, field)}"
    topologies = at(whole, "allowedTopologies")
    if topologies is not None:
        yield f"AllowedTopologies:\t{'' if topologies else '<none>'}"
        yield from _terms(items(whole, "allowedTopologies"), "matchLabelExpressions", "  ")
