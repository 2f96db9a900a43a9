"""Namespaces as the API server sends them."""

from eksview_demo.storage import template
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, rfc3339


def namespace_draft(name: str, uid: str, created: float) -> Draft:
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
