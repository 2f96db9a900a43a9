"""What 10,000 custom resources cost: to read, to keep, to scroll, to filter and to sort."""

import gc
import re
import time as clock
import tracemalloc
from collections.abc import Sequence
from functools import partial
from time import time

import msgspec

from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.live.messages import Swap
from eksview.domain.resources.server_objects import ServerObjects
from eksview.store.applier import apply
from eksview.store.store import Store
from tests.bench.live_bench import BETWEEN, PATIENCE, SETTLED, pressed
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import LIVE, PtyScreen, selected
from tests.bench.report import Figure, Figures, best, spread
from tests.bench.served_cluster import served_by

OBJECTS = 10_000
PAGE = 500
WIDGETS = ApiResource("example.com", "v1", "widgets", "Widget", "widget")
MATCHES = re.compile(r"[\d,]+ of [\d,]+")
FILTER, SORT = "filter, a letter", "sort by name"
KEYS = {
    "cursor down": ([b"j"] * 20,),
    "page down": ([b"\x1b[6~"] * 20,),
    FILTER: ([b"4", b"2"], [b"1", b"7"], [b"5", b"3"], [b"8", b"1"], [b"9", b"6"]),
    SORT: ([b"N"] * 12,),
}
"""Keys of which each changes the screen; a filter is begun before each group, and left after it."""
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
    yield from _keys()


def _keys() -> Figures:
    """The keys of both tables, one after the other in one dashboard."""
    with (
        served_by("tests.bench.objects_api", str(OBJECTS)) as env,
        PtyApp(python("-m", "eksview"), env=env) as app,
    ):
        PtyScreen(app).shows(LIVE, PATIENCE)
        objects = _table(app, b":applications -A\r", "SYNC STATUS")
        pods = _table(app, b":pods -A\r", "RESTARTS")
    for name, taken in objects.items():
        target = "100 ms" if name == FILTER else "20/50/150 ms"
        yield Figure(
            f"{name}, {OBJECTS:,} custom resources",
            f"{spread(taken)} (p50/p95/max)",
            target,
            f"as many pods: {spread(pods[name])}",
        )


def _table(app: PtyApp, command: bytes, title: str) -> dict[str, list[float]]:
    """Open a table by a column's title; returns the seconds from keys to effects by their kind."""
    app.press(command)
    screen = PtyScreen(app)
    screen.shows(title, PATIENCE)
    clock.sleep(SETTLED / 2)
    return {name: _taken(app, screen, name) for name in KEYS}


def _taken(app: PtyApp, screen: PtyScreen, name: str) -> list[float]:
    taken = []
    for group in KEYS[name]:
        if name == FILTER:
            app.press(b"/")
            clock.sleep(BETWEEN)
        for key in group:
            before = _effect(name, screen.lines())
            taken.append(pressed(app, screen, key, partial(_differs, name, before)))
        if name == FILTER:
            app.press(b"\x1b")
            screen.until(lambda lines: not MATCHES.search("\n".join(lines)))
            clock.sleep(BETWEEN)
    return taken


def _differs(name: str, before: object, lines: Sequence[str]) -> bool:
    return _effect(name, lines) != before


def _effect(name: str, lines: Sequence[str]) -> object:
    """Return what a key of this kind changes."""
    if name == FILTER:
        return MATCHES.findall("\n".join(lines))
    if name == SORT:
        return next((line for line in lines if "NAMESPACE" in line), "")
    at = selected(lines)
    return at, lines[at]


def _bytes(bodies: list[bytes]) -> float:
    gc.collect()
    tracemalloc.start()
    store = read(bodies)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    count = len(store.objects(WIDGETS.qualified).rows)
    return held / count
