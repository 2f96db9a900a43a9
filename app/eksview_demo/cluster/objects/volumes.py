"""The claims of StatefulSets and their volumes on EBS, and a claim that waits."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from eksview_demo.cluster.objects.plain_objects import Plain
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage.resources import CLAIMS, VOLUMES

_BOUND = {"pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes"}
_DRIVER = "ebs.csi.aws.com"
_PROVISIONER = {"volume.kubernetes.io/storage-provisioner": _DRIVER}
_MODES = ["ReadWriteOnce"]
ARCHIVE = "report-archive"
"""A claim of the namespace `batch` whose storage class doesn't exist."""


def objects(
    pods: Iterable[tuple[Workload, str, str]], uid_of: Callable[..., str]
) -> Iterator[Plain]:
    """Yield a claim and a volume for each pod: its workload, name and zone.

    `uid_of` returns the uid of an object of a kind, namespace and name.
    """
    for workload, pod, zone in pods:
        name = claim_name(pod)
        uid = uid_of("PersistentVolumeClaim", workload.namespace, name)
        yield from bound(workload, name, uid, zone)
    spec = _claim("gp3-archive", "100Gi")
    body: dict[str, Any] = {"spec": spec, "status": {"phase": "Pending"}}
    yield Plain(CLAIMS, "batch", ARCHIVE, body)


def has_claim(workload: Workload) -> bool:
    """Return whether each pod of a workload has a claim of its own."""
    return any(volume.kind == "data" for volume in workload.volumes)


def claim_name(pod: str) -> str:
    return f"data-{pod}"


def _claim(storage_class: str, size: str) -> dict[str, Any]:
    return {
        "accessModes": _MODES,
        "resources": {"requests": {"storage": size}},
        "storageClassName": storage_class,
        "volumeMode": "Filesystem",
    }


def bound(workload: Workload, name: str, uid: str, zone: str) -> Iterator[Plain]:
    """Yield a claim and its volume in a zone."""
    namespace = workload.namespace
    size = "100Gi" if workload.name == "prometheus" else "20Gi"
    volume = f"pvc-{uid}"
    claimed = _claim("gp3", size) | {"volumeName": volume}
    status = {"phase": "Bound", "accessModes": _MODES, "capacity": {"storage": size}}
    labels = {"app": workload.name}
    body: dict[str, Any] = {"spec": claimed, "status": status}
    yield Plain(CLAIMS, namespace, name, body, labels, _BOUND | _PROVISIONER)
    reference = {
        "kind": "PersistentVolumeClaim",
        "namespace": namespace,
        "name": name,
        "uid": uid,
        "apiVersion": "v1",
    }
    term = {"key": "topology.ebs.csi.aws.com/zone", "operator": "In", "values": [zone]}
    handle = f"vol-0{zlib.crc32(uid.encode()):08x}{zlib.crc32(volume.encode()):08x}"
    spec = {
        "capacity": {"storage": size},
        "csi": {"driver": _DRIVER, "fsType": "ext4", "volumeHandle": handle},
        "accessModes": _MODES,
        "claimRef": reference,
        "persistentVolumeReclaimPolicy": "Delete",
        "storageClassName": "gp3",
        "volumeMode": "Filesystem",
        "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [term]}]}},
    }
    provisioned = {"pv.kubernetes.io/provisioned-by": _DRIVER}
    body = {"spec": spec, "status": {"phase": "Bound"}}
    yield Plain(VOLUMES, "", volume, body, annotations=provisioned)
