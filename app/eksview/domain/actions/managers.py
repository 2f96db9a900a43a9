"""What else manages an object, and would undo a change of it.

Sources: the labels and annotations that Flux, Argo CD and Helm set on what they apply.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eksview.domain.actions.verbs import Verb
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.object_ref import ObjectRef

_FLUX = ("kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io")
_ARGO = "argocd.argoproj.io/tracking-id"
_INSTANCE = "argocd.argoproj.io/instance"
_HELM = "meta.helm.sh/release-name"
_BY_HELM = ("app.kubernetes.io/managed-by", "Helm")
_REPLACING = frozenset({"ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController"})
"""Controllers that create a pod again, which is what deleting a pod is for."""


def warnings(verb: Verb, ref: ObjectRef, whole: Mapping[str, Any]) -> tuple[Clean, ...]:
    """Return a sentence about each controller that owns an object."""
    if ref.kind == "Node" and verb is not Verb.DELETE:
        return ()
    meta = whole.get("metadata") or {}
    return (*_tools(meta), *_owners(verb, ref, meta))


def _tools(meta: Mapping[str, Any]) -> Iterator[Clean]:
    labels, annotations = meta.get("labels") or {}, meta.get("annotations") or {}
    for prefix in _FLUX:
        if name := labels.get(f"{prefix}/name"):
            space = labels.get(f"{prefix}/namespace") or ""
            kind = "HelmRelease" if prefix.startswith("helm") else "Kustomization"
            yield Clean(f"Flux ({kind} {clean(str(space))}/{clean(str(name))}) may undo this.")
    argo = str(annotations.get(_ARGO) or labels.get(_INSTANCE) or "").partition(":")[0]
    if argo:
        yield Clean(f"Argo CD (application {clean(argo)}) may undo this.")
    helm = annotations.get(_HELM) or (labels.get(_BY_HELM[0]) == _BY_HELM[1] and "unknown")
    if helm:
        yield Clean(f"Helm (release {clean(str(helm))}) undoes this with its next upgrade.")


def _owners(verb: Verb, ref: ObjectRef, meta: Mapping[str, Any]) -> Iterator[Clean]:
    for owner in meta.get("ownerReferences") or ():
        kind = str(owner.get("kind") or "")
        if not owner.get("controller") or (ref.kind == "Pod" and kind in _REPLACING):
            continue
        name = f"{clean(kind)}/{clean(str(owner.get('name') or ''))}"
        undone = "creates it again" if verb is Verb.DELETE else "undoes this"
        yield Clean(f"{name} controls it and {undone}.")


def scaled_by(ref: ObjectRef, autoscalers: Sequence[Mapping[str, Any]]) -> tuple[Clean, ...]:
    """Return a sentence about each HorizontalPodAutoscaler of a workload."""
    sentences = []
    for autoscaler in autoscalers:
        spec = autoscaler.get("spec") or {}
        target = spec.get("scaleTargetRef") or {}
        if (target.get("kind"), target.get("name")) == (ref.kind, ref.name):
            name = clean(str((autoscaler.get("metadata") or {}).get("name") or ""))
            low, high = spec.get("minReplicas") or 1, spec.get("maxReplicas")
            sentences.append(Clean(
                f"HorizontalPodAutoscaler {name} sets its replicas ({low} to {high})."
            ))  # fmt: skip
    return tuple(sentences)
