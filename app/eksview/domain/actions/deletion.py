"""What the deletion of an object leads to, by its kind.

Sources: the Kubernetes documentation of each kind (garbage collection, pod GC of lost nodes,
persistent volumes, custom resources), and Karpenter's of its finalizers.
"""

from collections.abc import Sequence

from eksview.domain.drain.objects import DrainMeta
from eksview.domain.kube.object_ref import ObjectRef

_PODS = "Deletes {it} and {its} pods."
_KARPENTER = "Karpenter then drains {its} pods and terminates the EC2 instance."
_DELETIONS: dict[str, str] = {
    "Pod": "Deletes {it}; a pod that has a controller is replaced by another one.",
    "Node": "Deletes only {it}, not the EC2 instance, which goes on running. "
            "{Its} pods are deleted without a look at budgets: drain first.",
    "Namespace": "Deletes {it} and everything in {it}.",
    "Deployment": _PODS,
    "ReplicaSet": _PODS,
    "ReplicationController": _PODS,
    "DaemonSet": _PODS,
    "Job": _PODS,
    "StatefulSet": "Deletes {it} and {its} pods. {Its} PersistentVolumeClaims stay, unless its "
                   "persistentVolumeClaimRetentionPolicy deletes them.",
    "CronJob": "Deletes {it}, {its} jobs and their pods.",
    "Service": "Deletes {it}: clients no longer reach its pods. A load balancer is deleted too.",
    "PersistentVolumeClaim": "Deletes {it} once no pod uses {it}. The volume and its data are "
                             "deleted too, unless its reclaim policy is Retain.",
    "PersistentVolume": "Deletes {it} once no claim is bound to {it}. The data is deleted too, "
                        "unless the reclaim policy is Retain.",
    "CustomResourceDefinition": "Deletes {it} and every object of {its} kind, in all namespaces.",
    "NodeClaim": f"Deletes {{it}} and its node. {_KARPENTER}",
    "NodePool": "Deletes {it} and {its} NodeClaims. Karpenter then drains their nodes and "
                "terminates the EC2 instances.",
}  # fmt: skip
_OTHER = "Deletes {it}, and what names {it} as its owner."
_OF_CONTROLLER = {
    "": "Deletes {it}.",  # a warning names each pod that nothing creates again
    "Node": "Deletes {it}.",  # a warning names the node whose static pod it is
    "StatefulSet": "Deletes {it}; the StatefulSet creates {it} again under the same name.",
}
"""What happens to a pod by the kind of its controller."""
_NODEPOOL = "karpenter.sh/nodepool"
"""The label of Karpenter's nodes, which its finalizer lets go only when they are drained."""


def deletion_of(refs: Sequence[ObjectRef], objects: Sequence[DrainMeta]) -> str:
    """Return what happens, with places for the pronouns; `objects` are those that were read."""
    kinds = {ref.kind for ref in refs}
    kind = kinds.pop() if len(kinds) == 1 else ""
    if len(objects) == len(refs):
        if kind == "Node" and all(_NODEPOOL in (each.labels or {}) for each in objects):
            return f"Deletes {{it}}. {_KARPENTER}"
        controllers = {each.controller.kind if each.controller else "" for each in objects}
        if kind == "Pod" and len(controllers) == 1:
            return _OF_CONTROLLER.get(controllers.pop(), _DELETIONS[kind])
    return _DELETIONS.get(kind, _OTHER)
