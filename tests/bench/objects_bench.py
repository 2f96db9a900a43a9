"""What 10,000 custom resources cost as the server's table: to read and to keep."""

import gc
import tracemalloc
from time import time

import msgspec

from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.live.messages import Swap
from eksview.domain.resources.server_objects import ServerObjects
from eksview.store.applier import apply
from eksview.store.store import Store
from tests.bench.report import Figure, Figures, best

OBJECTS = 10_000
PAGE = 500
WIDGETS = ApiResource("example.com", "v1", "widgets", "Widget", "widget")
NAMES = ("Name", "Ready", "Phase", "Owner", "Age")


def pages(count: int) -> list[bytes]:
    """A list of that many objects, as a server of the API sends it."""
    columns = [
        {"name": name, "type": "string", "format": "name" if name == "Name" else "",
         "description": "", "priority": 0}
        for name in NAMES
    ]  # fmt: skip
    rows = [_row(number) for number in range(count)]
    return [
        msgspec.json.encode(
            {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "1"},
             "columnDefinitions": columns, "rows": rows[start : start + PAGE]}
        )
        for start in range(0, count, PAGE)
    ]  # fmt: skip


def _row(number: int) -> dict[str, object]:
    name = f"widget-{number:05}"
    owner = {"apiVersion": "example.com/v1", "kind": "WidgetSet", "name": f"set-{number // 10}",
             "uid": f"owner-{number // 10}", "controller": True}  # fmt: skip
    meta = {
        "name": name,
        "namespace": f"team-{number % 40}",
        "uid": f"00000000-0000-4000-8000-{number:012}",
        "resourceVersion": str(number),
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "labels": {"app": f"app-{number % 100}", "tier": "back"},
        "managedFields": [{"manager": "controller", "fieldsV1": {"f:spec": {"f:a": {}}}}],
        "ownerReferences": [owner],
    }
    cells = [name, "True", "Bound", f"set-{number // 10}", "5d"]
    return {"cells": cells, "object": {"kind": "PartialObjectMetadata", "metadata": meta}}


def read(bodies: list[bytes]) -> Store:
    """Return a store with the objects of all pages, as one list."""
    source, store = ServerObjects(WIDGETS, time), Store()
    rows = [source.to_row(item) for body in bodies for item in source.decode_list(body).items or ()]
    apply(store, Swap(source.kind, rows))
    return store


def run() -> Figures:
    """The figures."""
    bodies = pages(OBJECTS)
    taken = best(lambda: read(bodies), rounds=3)
    yield Figure(
        f"read {OBJECTS:,} custom resources into the store",
        f"{OBJECTS / taken:,.0f}/s",
        "20,000/s",
        f"{sum(map(len, bodies)) / OBJECTS:,.0f} bytes each on the wire",
    )
    yield Figure("a custom resource in the store", f"{_bytes(bodies):,.0f} bytes", "1,500 bytes")


def _bytes(bodies: list[bytes]) -> float:
    gc.collect()
    tracemalloc.start()
    store = read(bodies)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    count = len(store.objects(WIDGETS.qualified).rows)
    return held / count
