"""Persistent volume claims, and the templates of such in pods, as kubectl words them."""

from collections.abc import Sequence

from eksview.domain.base.json_values import Json, at, items, texts, word
from eksview.domain.describe.common import (
    Lines,
    Related,
    amount,
    fields_set,
    labels_and_annotations,
    moment,
    named,
    one_per_line,
    since,
)

_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}


def pods_with_claim(whole: Json, pods: Sequence[Json]) -> list[str]:
    """Return the names of the pods that mount a claim or own it."""
    name = word(whole, "metadata", "name")
    owners = items(whole, "metadata", "ownerReferences")
    owning = {word(owner, "uid") for owner in owners if word(owner, "kind") == "Pod"}
    return sorted(
        word(pod, "metadata", "name")
        for pod in pods
        if word(pod, "metadata", "uid") in owning
        or any(
            word(volume, "persistentVolumeClaim", "claimName") == name
            for volume in items(pod, "spec", "volumes")
        )
    )


def storage_class_of(whole: Json) -> str:
    """Return the class of a claim or a volume: of the old annotation, else of the spec."""
    old = word(whole, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class")
    return old or word(whole, "spec", "storageClassName")


def access_modes(value: Json) -> str:
    """Return access modes in kubectl's short form, each once."""
    modes = texts(value, "accessModes")
    return ",".join(short for mode, short in _MODES.items() if mode in modes)


def claim(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from named(whole)
    yield f"StorageClass:\t{storage_class_of(whole)}"
    yield f"Status:\t{phase_of(whole, related.now)}"
    volume = word(spec, "volumeName")
    yield f"Volume:\t{volume}"
    yield from labels_and_annotations(whole)
    yield f"Finalizers:\t{word(whole, 'metadata', 'finalizers', empty='[]')}"
    yield f"Capacity:\t{amount(status, 'capacity', 'storage', empty='0') if volume else ''}"
    yield f"Access Modes:\t{access_modes(status) if volume else ''}"
    yield from _mode_and_source(spec)
    unread = related.beside.unread("pods")
    users = pods_with_claim(whole, related.beside.found.get("pods", ()))
    yield from one_per_line("Used By", [unread] if unread else users)
    yield from _claim_conditions(whole, related)


def phase_of(whole: Json, now: float) -> str:
    """Return the phase of a claim or a volume, or since when it is being deleted."""
    deleted = word(whole, "metadata", "deletionTimestamp")
    if deleted:
        return f"Terminating (lasts {since(deleted, now)})"
    return word(whole, "status", "phase")


def _claim_conditions(whole: Json, related: Related) -> Lines:
    rows = items(whole, "status", "conditions")
    if rows:
        yield "Conditions:"
        yield "  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage"
        yield "  ----\t------\t-----------------\t------------------\t------\t-------"
    for row in rows:
        probed, changed = (moment(word(row, key), related.zone) for key in _CONDITION_TIMES)
        yield (
            f"  {word(row, 'type')} \t{word(row, 'status')} \t{probed} \t{changed} \t"
            f"{word(row, 'reason')} \t{word(row, 'message')}"
        )


_CONDITION_TIMES = "lastProbeTime", "lastTransitionTime"


def claim_template(template: Json) -> Lines:
    """Yield the claim that is made for a pod and deleted with it; it has no volume yet.

    kubectl indents labels and annotations once more than their titles.
    """
    yield f"StorageClass:\t{storage_class_of(template)}"
    yield "Volume:\t"
    yield from (line.replace("\t", "\t    ", 1) for line in labels_and_annotations(template))
    yield from ("Capacity:\t", "Access Modes:\t")
    yield from _mode_and_source(at(template, "spec"))


def _mode_and_source(spec: Json) -> Lines:
    yield from fields_set(spec, ("VolumeMode", "volumeMode"))
    if (source := at(spec, "dataSource")) is not None:
        yield "DataSource:"
        titles = ("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")
        yield from (f"  {line}" for line in fields_set(source, *titles))
