"""Objects that are made once, as drafts."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from eksview_demo.storage import template
from eksview_demo.storage.resources import Resource
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import rfc3339


class Plain(Struct, frozen=True):
    """An object's resource, its name and what follows its metadata."""

    resource: Resource
    namespace: str
    name: str
    body: Mapping[str, Any]
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    fields: tuple[str, ...] = ()

    def draft(self, uid: str, created: float) -> Draft:
        """Return it as stored."""
        metadata: dict[str, Any] = {"name": self.name}
        metadata |= {"namespace": self.namespace} if self.namespace else {}
        metadata |= {"uid": uid, "creationTimestamp": rfc3339(created)}
        metadata |= {"labels": self.labels} if self.labels else {}
        metadata |= {"annotations": self.annotations} if self.annotations else {}
        tail = template.tail({"metadata": metadata, **self.body})
        return Draft(self.namespace, self.name, tail, self.labels, self.fields)
