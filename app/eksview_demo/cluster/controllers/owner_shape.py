"""Controllers of pods as the API server sends them: their metadata, specs and conditions."""

import zlib
from typing import Any

from eksview_demo.cluster.pods import pod_spec
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage.template import rfc3339

REVISION = "deployment.kubernetes.io/revision"
STRATEGY = {
    "type": "RollingUpdate",
    "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
}
_SAFE = "bcdfghjklmnpqrstvwxz2456789"  # apimachinery's rand.SafeEncodeString
_HELM = {"karpenter": "karpenter-1.6.3", "monitoring": "kube-prometheus-stack-77.0.1"}


def hash_of(text: str) -> str:
    """Return a text's hash as a pod template's is written."""
    digits = str(zlib.crc32(text.encode()))
    return "".join(_SAFE[int(digit)] for digit in digits)


def labels(workload: Workload) -> dict[str, str]:
    """Return the labels of a controller, with those of the tool that deployed it."""
    own = {"app": workload.name, "app.kubernetes.io/name": workload.name}
    if chart := _HELM.get(workload.namespace):
        return own | {"app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": chart}
    if workload.namespace == "payments":
        toolkit = "kustomize.toolkit.fluxcd.io"
        return own | {f"{toolkit}/name": "payments", f"{toolkit}/namespace": "flux-system"}
    return own


def annotations(workload: Workload, group: str = "apps") -> dict[str, str]:
    """Return the annotations of the tool that deployed a controller."""
    namespace, name = workload.namespace, workload.name
    if namespace in _HELM:
        return {
            "meta.helm.sh/release-name": _HELM[namespace].rsplit("-", 1)[0],
            "meta.helm.sh/release-namespace": namespace,
        }
    if namespace == "shop" or namespace.startswith("team-"):
        tracked = f"{namespace}:{group}/{workload.kind}:{namespace}/{name}"
        return {"argocd.argoproj.io/tracking-id": tracked}
    return {}


def selector(workload: Workload) -> dict[str, str]:
    """Return the labels by which a controller or a service selects the pods."""
    return {"app": workload.name}


def metadata(
    workload: Workload, uid: str, created: float, generation: int, name: str = "", **more: Any
) -> dict[str, Any]:
    """Return a controller's metadata; `more` replaces labels and annotations or adds owners."""
    made = {
        "name": name or workload.name,
        "namespace": workload.namespace,
        "uid": uid,
        "generation": generation,
        "creationTimestamp": rfc3339(created),
        "labels": labels(workload),
        "annotations": annotations(workload),
    } | more
    return {key: value for key, value in made.items() if value != {}}


def pod_template(workload: Workload, **more: str) -> dict[str, Any]:
    """Return the template of the pods; `more` adds labels, `pod_template_hash` for one."""
    added = {key.replace("_", "-"): value for key, value in more.items()}
    own = {"app": workload.name, "app.kubernetes.io/name": workload.name}
    about: dict[str, Any] = {"labels": own | added}
    if workload.restarted_at:
        about["annotations"] = {"kubectl.kubernetes.io/restartedAt": workload.restarted_at}
    return {"metadata": about, "spec": pod_spec.template(workload)}


def controller(kind: str, api_version: str, name: str, uid: str) -> list[dict[str, Any]]:
    """Return the ownerReferences of an object with this controller."""
    return [
        {
            "apiVersion": api_version,
            "kind": kind,
            "name": name,
            "uid": uid,
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]


def condition(kind: str, status: bool, reason: str, message: str, at: float) -> dict[str, Any]:
    """Return a condition that changed last at a time."""
    return {
        "type": kind,
        "status": "True" if status else "False",
        "lastTransitionTime": rfc3339(at),
        "reason": reason,
        "message": message,
    }


def claim_template() -> dict[str, Any]:
    """Return the PersistentVolumeClaim template of a StatefulSet."""
    return {
        "kind": "PersistentVolumeClaim",
        "apiVersion": "v1",
        "metadata": {"name": "data", "creationTimestamp": None},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "20Gi"}},
            "storageClassName": "gp3",
            "volumeMode": "Filesystem",
        },
        "status": {"phase": "Pending"},
    }
