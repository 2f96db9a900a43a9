"""Table responses: what `kubectl get` prints, computed by the server as a real one does."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.api.lists import Page
from eksview_demo.api.tables import access_tables, custom_tables, object_tables, workload_tables
from eksview_demo.api.tables.printing import Cells, Printer, node_cells, pod_cells
from eksview_demo.storage.resources import (
    CUSTOM,
    EVENTS,
    LEASES,
    NAMESPACES,
    NODES,
    PODS,
    Resource,
)
from eksview_demo.storage.status import StatusError
from eksview_demo.storage.storage import Stored
from eksview_demo.times import Clock

_CHUNK = 100


class _Metadata(Struct):
    metadata: msgspec.Raw


_meta = msgspec.json.Decoder(_Metadata)


def wanted(accept: str) -> bool:
    """Return whether an Accept header prefers a Table."""
    first = accept.split(",", 1)[0].replace(" ", "")
    return "as=Table" in first and "v=v1" in first and "g=meta.k8s.io" in first


class TableView:
    """A resource as tables, as a server of a minor version prints them.

    `include` is `includeObject`: Metadata, Object or None.
    """

    def __init__(self, resource: Resource, include: str, clock: Clock, minor: int) -> None:
        if include not in ("", "Metadata", "Object", "None"):
            raise StatusError(400, f'includeObject: Invalid value: "{include}"')
        self._resource = resource
        self._include = include or "Metadata"
        self._clock = clock
        self._minor = minor
        self._columns, self._cells = _VIEWS[resource.name]
        self._columns_sent = False

    def body(self, page: Page) -> Iterator[bytes]:
        """Yield a list as one table in pieces."""
        head = self._head(page.metadata()) | {"columnDefinitions": self._columns}
        yield msgspec.json.encode(head)[:-1] + b',"rows":['
        for low in range(0, len(page.items), _CHUNK):
            rows = [self._row(stored) for stored in page.items[low : low + _CHUNK]]
            yield (b"," if low else b"") + msgspec.json.encode(rows)[1:-1]
        yield b"]}\n"

    def single(self, stored: Stored) -> bytes:
        """Return one object as a table of one row."""
        page = Page(stored.version, [stored])
        return b"".join(self.body(page))

    def event(self, kind: str, stored: Stored, version: int) -> bytes:
        """Return a watch event; only the first one has column definitions."""
        row = self._row(msgspec.structs.replace(stored, version=version))
        return self._line(kind, {"resourceVersion": str(version)}, [row])

    def bookmark(self, version: int, annotations: dict[str, str] | None) -> bytes:
        """Return a bookmark: a row without cells whose object has the version."""
        metadata: dict[str, Any] = {"resourceVersion": str(version), "creationTimestamp": None}
        if annotations:
            metadata["annotations"] = annotations
        hollow = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
        rows = [{"cells": [], "object": hollow | {"metadata": metadata}}]
        return self._line("BOOKMARK", {"resourceVersion": str(version)}, rows)

    def _line(self, kind: str, metadata: dict[str, Any], rows: list[Any]) -> bytes:
        columns = None if self._columns_sent else self._columns
        self._columns_sent = True
        table = self._head(metadata) | {"columnDefinitions": columns, "rows": rows}
        return msgspec.json.encode({"type": kind, "object": table}) + b"\n"

    def _head(self, metadata: dict[str, Any]) -> dict[str, Any]:
        return {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}

    def _row(self, stored: Stored) -> dict[str, Any]:
        item = stored.item()
        printer = Printer(self._clock(), self._minor)
        row: dict[str, Any] = {"cells": self._cells(msgspec.json.decode(item), printer)}
        if self._include == "Object":
            kind = {"kind": self._resource.kind, "apiVersion": self._resource.api_version}
            row["object"] = kind | msgspec.json.decode(item, type=dict[str, msgspec.Raw])
        elif self._include == "Metadata":
            kind = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
            row["object"] = kind | {"metadata": _meta.decode(item).metadata}
        else:
            row["object"] = None
        return row


def _column(text: str, priority: int = 0) -> dict[str, Any]:
    """Return the column of a name, which a type other than string follows after a colon."""
    name, _, kind = text.partition(":")
    return {
        "name": name,
        "type": kind or "string",
        "format": "name" if name == "Name" else "",
        "description": "",
        "priority": priority,
    }


def _columns(default: str, wide: str = "") -> list[dict[str, Any]]:
    """Return the columns of comma-separated names; the wide ones have priority 1."""
    names = [(name, 0) for name in default.split(",")]
    names += [(name, 1) for name in wide.split(",") if name]
    return [_column(*column) for column in names]


def _lease_cells(lease: Any, printer: Printer) -> list[Any]:
    holder = (lease.get("spec") or {}).get("holderIdentity") or ""
    return [lease["metadata"]["name"], holder, printer.age_of(lease)]


def _event_cells(event: Any, printer: Printer) -> list[Any]:
    """Return the cells of an event; source: `printEvent` of kube-apiserver's printers."""
    about, series = event["involvedObject"], event.get("series")
    first = printer.age(event.get("firstTimestamp") or event.get("eventTime"))
    last = printer.age(event["lastTimestamp"]) if event.get("lastTimestamp") else first
    count = event.get("count") or 1
    if series:
        last, count = printer.age(series["lastObservedTime"]), series["count"]
    source = event.get("source") or {}
    return [
        last,
        event["type"],
        event["reason"],
        f"{about['kind'].lower()}/{about['name']}",
        about.get("fieldPath", ""),
        ", ".join(filter(None, (source.get("component"), source.get("host")))),
        event["message"].strip(),
        first,
        count,
        event["metadata"]["name"],
    ]


def _namespace_cells(namespace: Any, printer: Printer) -> list[Any]:
    return [namespace["metadata"]["name"], "Active", printer.age_of(namespace)]


_NODE_COLUMNS = _columns(
    "Name,Status,Roles,Age,Version",
    "Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime",
)
_POD_COLUMNS = _columns("Name,Ready,Status,Restarts,Age", "IP,Node,Nominated Node,Readiness Gates")
_EVENT_COLUMNS = [
    _column(name, priority)
    for name, priority in (
        *(("Last Seen", 0), ("Type", 0), ("Reason", 0), ("Object", 0), ("Subobject", 1)),
        *(("Source", 1), ("Message", 0), ("First Seen", 1), ("Count", 1), ("Name", 1)),
    )
]

_VIEWS: dict[str, tuple[list[dict[str, Any]], Cells]] = {
    NODES.name: (_NODE_COLUMNS, node_cells),
    PODS.name: (_POD_COLUMNS, pod_cells),
    LEASES.name: (_columns("Name,Holder,Age"), _lease_cells),
    EVENTS.name: (_EVENT_COLUMNS, _event_cells),
    NAMESPACES.name: (_columns("Name,Status,Age"), _namespace_cells),
    **{
        name: (_columns(default, wide), cells)
        for views in (access_tables.VIEWS, workload_tables.VIEWS, object_tables.VIEWS)
        for name, (default, wide, cells) in views.items()
    },
    **{
        resource.name: (
            custom_tables.columns(resource.name),
            partial(custom_tables.cells, resource.name),
        )
        for resource in CUSTOM
    },
}
