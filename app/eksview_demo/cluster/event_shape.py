"""An event as the API server sends it."""

from msgspec import Struct

from eksview_demo.storage import template
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, rfc3339


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


def event_draft(state: EventState) -> Draft:
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
