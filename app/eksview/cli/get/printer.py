"""The base of the printers of `eksview get`."""

from typing import Any, TextIO

from msgspec import Raw

from eksview.cli.get.query import PrintedResource, Query
from eksview.cli.kubectl_format import Object
from eksview.domain.base.text import clean
from eksview.domain.kube.api_types import Listed
from eksview.domain.kube.go_json import parse
from eksview.domain.kube.object_kind import METADATA_KIND, KindCheck, require_kind
from eksview.domain.kube.secret_values import without_values
from eksview.kube.client.connection import JSON
from eksview.kube.client.lists import raw_list, readable
from eksview.kube.objects import AS_METADATA, AS_METADATA_LIST

METADATA_ONLY = f"{AS_METADATA_LIST},{AS_METADATA}"
"""The Accept header for objects without their fields; there is no other form to fall back on."""


class Printer:
    """A printer of objects, each as soon as the output format allows."""

    def __init__(self, query: Query, out: TextIO) -> None:
        self._query = query
        self._resource: PrintedResource = query.selections[0].resource
        self._out = out
        self.count = 0  # of objects so far
        self.undecoded: list[str] = []  # the name of each object that couldn't be, and why

    @property
    def accept(self) -> str:
        """The Accept header of requests for what is printed."""
        return JSON if self._kind == self._resource.object_kind else METADATA_ONLY

    @property
    def query(self) -> dict[str, str]:
        """The parameters of those requests."""
        return {}

    @property
    def expected(self) -> KindCheck:
        """The check of a watch's events."""
        return KindCheck(self._kind)

    @property
    def _kind(self) -> str:
        """The kind of the objects in an answer, which for secrets is that of their metadata."""
        return METADATA_KIND if self._resource.secret else self._resource.object_kind

    def begin(self, resource: PrintedResource) -> None:
        """Take what follows for objects of that resource."""
        self._resource = resource

    def page(self, body: bytes) -> Listed[Raw]:
        """Print and return a page of a list; raises `UserError` for anything else."""
        page = raw_list(self._resource.name, f"{self._kind}List", body)
        self._retrieved()
        with readable(f"a list of {self._resource.name}"):
            for item in page.items or ():
                self.item(item)
        return page

    def single(self, body: bytes) -> None:
        """Print an object that was read by its name; raises `UserError` for anything else."""
        with readable(f"a {self._resource.object_kind}"):
            require_kind(body, self._kind)
            self._retrieved()
            self.item(body)

    def item(self, item: Raw | bytes) -> None:
        """Print an object."""
        self.count += 1
        self._print(item)

    def end(self) -> None:
        """Print what is left; more objects may follow in a watch."""

    def _retrieved(self) -> None:
        """Note that objects of the resource, or an empty list of them, came."""

    def _print(self, item: Raw | bytes) -> None:
        raise NotImplementedError

    def _object(self, item: Raw | bytes) -> Object:
        """Return the whole object; the items of a list lack their kind and version."""
        header = {"apiVersion": self._resource.api, "kind": self._resource.object_kind}
        whole: Object = header | parse(bytes(item), dict[str, Any])
        return without_values(whole) if self._resource.secret else whole


def label_cells(query: Query, metadata: object) -> list[str]:
    """Return the cells of a query's columns of labels."""
    if not query.shows_labels:
        return []
    labels = _texts(metadata.get("labels") if isinstance(metadata, dict) else None)
    cells = [labels.get(key, "") for key in query.label_columns]
    if query.show_labels:
        cells.append(",".join(sorted(map("=".join, labels.items()))) or "<none>")
    return list(map(clean, cells))


def _texts(labels: object) -> dict[str, str]:
    """Return the labels whose value is a text; none where they aren't an object."""
    pairs = labels.items() if isinstance(labels, dict) else ()
    return {key: value for key, value in pairs if isinstance(value, str)}
