"""The resources that reflectors follow, and the reasons why one isn't followed."""

from math import inf
from typing import Any, Protocol

from msgspec import Struct

from eksview.domain.base.reading import Permission
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.api_types import Listed, WatchEvent
from eksview.domain.kube.object_kind import KindCheck
from eksview.domain.kube.server_table import TableColumns
from eksview.domain.resources.named_resource import NamedResource
from eksview.domain.rows.access import AccessRequest
from eksview.domain.rows.kube import both_scope, namespace_scope


class Followed(NamedResource, Protocol):
    """A resource as a reflector reads it: `domain.resources` has its own, and the server's."""

    @property
    def accept(self) -> str: ...
    @property
    def query(self) -> dict[str, str]: ...
    @property
    def streamed(self) -> bool: ...
    @property
    def watched(self) -> bool: ...
    @property
    def heading(self) -> TableColumns | None: ...
    def expected(self) -> KindCheck: ...
    def decode_list(self, body: bytes) -> Listed[Any]: ...
    def decode_watch(self, line: bytes) -> WatchEvent[Any]: ...
    def to_row(self, item: Any, number: int = 0) -> Any: ...


class WatchedResource(Struct, frozen=True):
    """A resource, or a part of it, that a reflector follows by the link of `name`.

    The part is a namespace, or of pods a node; `fields` and `labels` select it. Of more
    objects than `most` none are followed. `only` names the namespaces of the link, where not all
    are followed; `narrow` raises `Denied` for a refusal, so that they are.
    """

    resource: Followed
    name: str
    namespace: str = ""
    node: str = ""
    fields: str = ""
    labels: str = ""
    most: float = inf
    only: Clean = EMPTY
    narrow: bool = False

    @property
    def path(self) -> str:
        return self.resource.path(self.namespace)

    @property
    def selected(self) -> dict[str, str]:
        """Return the query that selects the part."""
        selectors = {"fieldSelector": self.fields, "labelSelector": self.labels}
        return {name: selector for name, selector in selectors.items() if selector}

    @property
    def query(self) -> dict[str, str]:
        """Return the query of every list and watch."""
        return {**self.resource.query, **self.selected}

    @property
    def scope(self) -> str:
        """Return the part of the table that a list replaces; empty for all of it."""
        if self.node and self.namespace:
            return both_scope(self.node, self.namespace)
        return self.node or namespace_scope(self.resource.kind, self.namespace)

    def permission(self, verb: str) -> Permission:
        """Return the permission that a request needs."""
        return Permission(verb, self.resource.name, self.resource.group, clean(self.namespace))

    def request(self, verb: str) -> AccessRequest:
        """Return what is asked of the authorizer, in the words of screens."""
        needed = self.permission(verb)
        return AccessRequest(verb, needed.resource, needed.group, namespace=needed.namespace)


class TooMany(Exception):  # noqa: N818 - it is no error
    """More objects than are to be followed; `announced` is the server's count, if it has one."""

    def __init__(self, announced: int | None) -> None:
        super().__init__(announced)
        self.announced = announced


class Denied(Exception):  # noqa: N818 - it is no error
    """A refusal of a source that may be followed by namespace instead."""

    def __init__(self, source: WatchedResource) -> None:
        super().__init__(source.name)
        self.source = source
