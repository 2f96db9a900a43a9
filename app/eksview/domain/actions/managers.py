"""What else manages an object, and would undo a change of it.

Sources: the labels and annotations that Flux, Argo CD and Helm set on what they apply; Helm 3's
three-way merge of a release, a chart and what is there.
"""

from collections.abc import Iterator, Sequence

from eksview.domain.actions.facts import ActedObject, Autoscaler
from eksview.domain.actions.registry import Verb
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.object_ref import ObjectRef

_FLUX = {"kustomize.toolkit.fluxcd.io": "Kustomization", "helm.toolkit.fluxcd.io": "HelmRelease"}
_ARGO = "argocd.argoproj.io/tracking-id"
_INSTANCE = "argocd.argoproj.io/instance"
_RELEASE = "meta.helm.sh/release-name"
_MANAGED_BY = "app.kubernetes.io/managed-by"
_REPLACING = frozenset({"ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController"})
"""Controllers that create a pod again, which is what deleting a pod is for."""


def warnings(verb: Verb, ref: ObjectRef, acted: ActedObject) -> Iterator[Clean]:
    """Yield a sentence about each controller that owns an object."""
    meta = acted.metadata
    if ref.kind == "Pod" and verb is Verb.DELETE and meta.controller is None:
        yield clean(f"{ref.name} has no controller: nothing creates it again.")
    if ref.kind != "Pod":  # a pod has the labels of its workload, which stays as it is
        yield from _appliers(meta.labels or {}, meta.annotations or {})
        if verb is not Verb.RESTART:  # an upgrade keeps annotations that no chart has
            yield from _helm(meta.labels or {}, meta.annotations or {})
    for owner in meta.owner_references or ():
        if owner.controller and not (ref.kind == "Pod" and owner.kind in _REPLACING):
            undone = "creates it again" if verb is Verb.DELETE else "undoes this"
            yield clean(f"{owner.kind}/{owner.name} controls it and {undone}.")


def _appliers(labels: dict[str, str], annotations: dict[str, str]) -> Iterator[Clean]:
    for prefix, kind in _FLUX.items():
        if name := labels.get(f"{prefix}/name"):
            space = labels.get(f"{prefix}/namespace", "")
            yield clean(f"Flux ({kind} {space}/{name}) may undo this.")
    argo = (annotations.get(_ARGO) or labels.get(_INSTANCE) or "").partition(":")[0]
    if argo:
        yield clean(f"Argo CD (application {argo}) may undo this.")


def _helm(labels: dict[str, str], annotations: dict[str, str]) -> Iterator[Clean]:
    if release := annotations.get(_RELEASE):
        yield clean(f"Helm (release {release}) undoes this with its next upgrade.")
    elif labels.get(_MANAGED_BY) == "Helm":
        yield Clean("Helm undoes this with its next upgrade.")


def scaled_by(ref: ObjectRef, autoscalers: Sequence[Autoscaler]) -> Iterator[Clean]:
    """Yield a sentence about each HorizontalPodAutoscaler of a workload."""
    for autoscaler in autoscalers:
        spec, meta = autoscaler.spec, autoscaler.metadata
        target = spec.scale_target_ref
        same = (target.kind, target.name) == (ref.kind, ref.name)
        if same and meta.namespace == ref.namespace:
            between = f"{spec.min_replicas or 1} to {spec.max_replicas}"
            yield clean(f"HorizontalPodAutoscaler {meta.name} sets its replicas ({between}).")
