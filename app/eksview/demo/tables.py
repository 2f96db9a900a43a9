"""Table answers: what `kubectl get` prints, computed by the server as a real one does.

Nodes and pods use the very columns `eksview get` prints, so the two can't drift apart.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from eksview.demo import aws_tables
from eksview.demo.listing import Page
from eksview.demo.resources import (
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    EVENTS,
    LEASES,
    NAMESPACES,
    NODES,
    PODS,
    ROLE_BINDINGS,
    ROLES,
    Resource,
)
from eksview.demo.statuses import Refusal
from eksview.demo.storage import Stored
from eksview.domain import project, shapes
from eksview.domain.age import age, parse_time
from eksview.domain.clock import Clock
from eksview.domain.columns import NODE_COLUMNS, POD_COLUMNS, NodeContext, PodContext
from eksview.domain.sums import NodeSums

_CHUNK = 100
_WIDE = {"wide": 1}

Cells = Callable[[bytes, float], list[Any]]


class _Metadata(Struct):
    metadata: msgspec.Raw


class _Created(Struct, rename="camel"):
    creation_timestamp: str = ""


class _Dated(Struct):
    metadata: _Created


_meta = msgspec.json.Decoder(_Metadata)
_dated = msgspec.json.Decoder(_Dated)
_node = msgspec.json.Decoder(shapes.Node)
_pod = msgspec.json.Decoder(shapes.Pod)
_lease = msgspec.json.Decoder(shapes.Lease)
_event = msgspec.json.Decoder(shapes.Event)

_NODE_COLUMNS = [column for column in NODE_COLUMNS if column.kubectl in ("default", "wide")]
_POD_COLUMNS = [column for column in POD_COLUMNS if column.kubectl in ("default", "wide")]


def wanted(accept: str) -> bool:
    """Whether an Accept header asks for a Table before anything else it could get."""
    first = accept.split(",", 1)[0].replace(" ", "")
    return "as=Table" in first and "v=v1" in first and "g=meta.k8s.io" in first


class TableView:
    """One resource as tables. `include`: Metadata, Object or None, as `includeObject` says."""

    def __init__(self, resource: Resource, include: str, clock: Clock) -> None:
        if include not in ("", "Metadata", "Object", "None"):
            raise Refusal(400, f'includeObject: Invalid value: "{include}"')
        self._resource = resource
        self._include = include or "Metadata"
        self._clock = clock
        self._columns, self._cells = _VIEWS[resource.name]
        self._told = False

    def body(self, page: Page) -> Iterator[bytes]:
        """A list as one table, in pieces."""
        head = self._head(page.metadata()) | {"columnDefinitions": self._columns}
        yield msgspec.json.encode(head)[:-1] + b',"rows":['
        for low in range(0, len(page.items), _CHUNK):
            rows = [self._row(stored) for stored in page.items[low : low + _CHUNK]]
            yield (b"," if low else b"") + msgspec.json.encode(rows)[1:-1]
        yield b"]}\n"

    def single(self, stored: Stored) -> bytes:
        """One object as a table of one row."""
        page = Page(stored.version, [stored])
        return b"".join(self.body(page))

    def event(self, kind: str, stored: Stored, version: int) -> bytes:
        """A watch event; only the first one names the columns."""
        row = self._row(msgspec.structs.replace(stored, version=version))
        return self._line(kind, {"resourceVersion": str(version)}, [row])

    def bookmark(self, version: int, annotations: dict[str, str] | None) -> bytes:
        """A bookmark: a row without cells whose object holds the version."""
        metadata: dict[str, Any] = {"resourceVersion": str(version), "creationTimestamp": None}
        if annotations:
            metadata["annotations"] = annotations
        hollow = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
        rows = [{"cells": [], "object": hollow | {"metadata": metadata}}]
        return self._line("BOOKMARK", {"resourceVersion": str(version)}, rows)

    def _line(self, kind: str, metadata: dict[str, Any], rows: list[Any]) -> bytes:
        columns = None if self._told else self._columns
        self._told = True
        table = self._head(metadata) | {"columnDefinitions": columns, "rows": rows}
        return msgspec.json.encode({"type": kind, "object": table}) + b"\n"

    def _head(self, metadata: dict[str, Any]) -> dict[str, Any]:
        return {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}

    def _row(self, stored: Stored) -> dict[str, Any]:
        item = stored.item()
        row: dict[str, Any] = {"cells": self._cells(item, self._clock())}
        if self._include == "Object":
            kind = {"kind": self._resource.kind, "apiVersion": self._resource.api_version}
            row["object"] = kind | msgspec.json.decode(item, type=dict[str, msgspec.Raw])
        elif self._include == "Metadata":
            kind = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
            row["object"] = kind | {"metadata": _meta.decode(item).metadata}
        else:
            row["object"] = None
        return row


def _column(title: str, priority: int = 0) -> dict[str, Any]:
    name = "-".join(word.capitalize() for word in title.split("-")).replace("Ip", "IP")
    return {
        "name": name,
        "type": "string",
        "format": "name" if title == "NAME" else "",
        "description": "",
        "priority": priority,
    }


def _no_sums(_: str) -> NodeSums:
    return NodeSums()


def _node_cells(item: bytes, now: float) -> list[Any]:
    row = project.node_row(_node.decode(item))
    context = NodeContext(now, _no_sums, lambda _: None)
    return [column.cell(row, context) for column in _NODE_COLUMNS]


def _pod_cells(item: bytes, now: float) -> list[Any]:
    row = project.pod_row(_pod.decode(item))
    context = PodContext(now)
    return [column.cell(row, context) for column in _POD_COLUMNS]


def _lease_cells(item: bytes, now: float) -> list[Any]:
    lease = _lease.decode(item)
    holder = lease.spec.holder_identity if lease.spec else ""
    return [lease.metadata.name, holder or "", _age(item, now)]


def _event_cells(item: bytes, now: float) -> list[Any]:
    row = project.event_row(_event.decode(item))
    kind, _, name = row.about.split("/", 2)
    return [
        age(now, row.last),
        row.type,
        row.reason,
        f"{kind.lower()}/{name}",
        "",
        row.source,
        row.message.strip(),
        age(now, row.first),
        str(row.count),
        row.name,
    ]


def _namespace_cells(item: bytes, now: float) -> list[Any]:
    name = msgspec.json.decode(item)["metadata"]["name"]
    return [name, "Active", _age(item, now)]


def _created_cells(item: bytes, _: float) -> list[Any]:
    """A role, by its name and its date, as kubectl has it."""
    metadata = msgspec.json.decode(item)["metadata"]
    return [metadata["name"], metadata["creationTimestamp"]]


def _binding_cells(item: bytes, now: float) -> list[Any]:
    binding = msgspec.json.decode(item)
    role = binding["roleRef"]
    return [binding["metadata"]["name"], f"{role['kind']}/{role['name']}", _age(item, now)]


def _age(item: bytes, now: float) -> str:
    created = _dated.decode(item).metadata.creation_timestamp
    return age(now, parse_time(created))


_EVENT_COLUMNS = [
    _column("LAST SEEN"),
    _column("TYPE"),
    _column("REASON"),
    _column("OBJECT"),
    _column("SUBOBJECT", 1),
    _column("SOURCE", 1),
    _column("MESSAGE"),
    _column("FIRST SEEN", 1),
    _column("COUNT", 1),
    _column("NAME", 1),
]

_ROLE_COLUMNS = [_column("NAME"), _column("CREATED AT")]
_BINDING_COLUMNS = [_column(title) for title in ("NAME", "ROLE", "AGE")]

_VIEWS: dict[str, tuple[list[dict[str, Any]], Cells]] = {
    NODES.name: ([_column(c.title, _WIDE.get(c.kubectl, 0)) for c in _NODE_COLUMNS], _node_cells),
    PODS.name: ([_column(c.title, _WIDE.get(c.kubectl, 0)) for c in _POD_COLUMNS], _pod_cells),
    LEASES.name: ([_column(title) for title in ("NAME", "HOLDER", "AGE")], _lease_cells),
    EVENTS.name: (_EVENT_COLUMNS, _event_cells),
    NAMESPACES.name: ([_column(title) for title in ("NAME", "STATUS", "AGE")], _namespace_cells),
    **{role.name: (_ROLE_COLUMNS, _created_cells) for role in (ROLES, CLUSTER_ROLES)},
    **{
        each.name: (_BINDING_COLUMNS, _binding_cells)
        for each in (ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS)
    },
    **{
        name: ([_column(*each) for each in columns], aws_tables.CELLS[name])
        for name, columns in aws_tables.COLUMNS.items()
    },
}
