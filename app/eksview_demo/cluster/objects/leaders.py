"""The leases by which the control plane elects its leaders, and an API server's identity."""

from msgspec import Struct

from eksview_demo.storage import template
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, micro_time, rfc3339


class Leader(Struct):
    """A lease of the control plane; `every` seconds it is renewed."""

    name: str
    holder: str
    uid: str
    acquired: float
    renewed: float
    every: float = 2.0
    duration: int = 15
    transitions: int = 0
    host: str = ""  # set on an API server's identity lease
    created: float = 0.0  # 0: when it was acquired


def leader_lease(leader: Leader) -> Draft:
    """Return the lease of a leader, or of an API server's identity."""
    labels: dict[str, str] = {}
    spec: dict[str, object] = {
        "holderIdentity": leader.holder,
        "leaseDurationSeconds": leader.duration,
    }
    metadata: dict[str, object] = {
        "name": leader.name,
        "namespace": "kube-system",
        "uid": leader.uid,
        "creationTimestamp": rfc3339(leader.created or leader.acquired),
    }
    manager = leader.name
    if leader.host:
        manager = "kube-apiserver"
        labels = {
            "apiserver.kubernetes.io/identity": "kube-apiserver",
            "kubernetes.io/hostname": leader.host,
        }
        metadata["labels"] = labels
    else:
        spec["acquireTime"] = micro_time(leader.acquired)
        spec["leaseTransitions"] = leader.transitions
    spec["renewTime"] = micro_time(leader.renewed)
    now = rfc3339(leader.renewed)
    fields = {"spec": spec}
    metadata["managedFields"] = [managed(manager, "coordination.k8s.io/v1", now, fields)]
    tail = template.tail({"metadata": metadata, "spec": spec})
    return Draft("kube-system", leader.name, tail, labels)
