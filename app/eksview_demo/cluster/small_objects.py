"""Namespaces, leaders' leases and events as the API server sends them."""

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


def namespace(name: str, uid: str, created: float) -> Draft:
    labels = {"kubernetes.io/metadata.name": name}
    at = rfc3339(created)
    metadata = {
        "name": name,
        "uid": uid,
        "creationTimestamp": at,
        "labels": labels,
        "managedFields": [managed("kube-apiserver", "v1", at, {"metadata": {"labels": labels}})],
    }
    document = {
        "metadata": metadata,
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }
    return Draft("", name, template.tail(document), labels, ("Active",))


class EventState(Struct):
    """A recurring event and its count."""

    name: str
    uid: str
    kind: str
    about_namespace: str
    about: str
    about_uid: str
    about_api: str
    type: str
    reason: str
    message: str
    source: str
    first: float
    last: float
    count: int = 1
    host: str = ""

    @property
    def namespace(self) -> str:
        return self.about_namespace or "default"

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"


def event(state: EventState) -> Draft:
    first, last = rfc3339(state.first), rfc3339(state.last)
    about = {
        "kind": state.kind,
        "namespace": state.about_namespace,
        "name": state.about,
        "uid": state.about_uid,
        "apiVersion": state.about_api,
    }
    source = {"component": state.source} | ({"host": state.host} if state.host else {})
    body = {
        "involvedObject": {key: value for key, value in about.items() if value},
        "reason": state.reason,
        "message": state.message,
        "source": source,
        "firstTimestamp": first,
        "lastTimestamp": last,
        "count": state.count,
        "type": state.type,
        "eventTime": None,
        "reportingComponent": state.source,
        "reportingInstance": state.host,
    }
    owner = "kubelet" if state.host else "kube-controller-manager"
    metadata = {
        "name": state.name,
        "namespace": state.namespace,
        "uid": state.uid,
        "creationTimestamp": first,
        "managedFields": [managed(owner, "v1", last, body)],
    }
    fields = (
        state.kind,
        state.about_namespace,
        state.about,
        state.about_uid,
        state.about_api,
        "",
        "",
        state.reason,
        state.source,
        state.source,
        state.type,
    )
    tail = template.tail({"metadata": metadata} | body)
    return Draft(state.namespace, state.name, tail, {}, fields)
