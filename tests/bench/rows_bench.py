"""What an event costs on its way from bytes to the store, and what a pod costs there."""

import gc
import json
import tracemalloc
from collections.abc import Callable

from eksview.domain.resources.pods import RESOURCE
from eksview.domain.rows.kube import Kind
from eksview.store.store import Store
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.storage.resources import PODS
from tests.bench.report import Figure, Figures, best

LINES = 10_000
PAGE = 500


def lines(count: int) -> list[bytes]:
    """So many watch lines, one a pod, as the demo's API server writes them."""
    cluster = DemoCluster(seed=1)
    build(cluster, nodes=max(10, count // 30), pods=count)
    items = (stored.item() for stored in cluster.storage.table(PODS).objects.values())
    return [b'{"type":"MODIFIED","object":%b}' % item for item in items]


def pages(watched: list[bytes]) -> list[bytes]:
    """The same objects as pages of a list."""
    start = len(b'{"type":"MODIFIED","object":')
    items = [line[start:-1] for line in watched]
    return [
        b'{"metadata":{"resourceVersion":"1"},"items":[%b]}'
        % b",".join(items[place : place + PAGE])
        for place in range(0, len(items), PAGE)
    ]


def run() -> Figures:
    """The figures."""
    watched = lines(LINES)
    yield from _events(watched)
    yield _memory(pages(watched))


def _events(watched: list[bytes]) -> Figures:
    store = Store()

    def apply() -> None:
        for line in watched:
            store.put(Kind.POD, RESOURCE.to_row(RESOURCE.decode_watch(line).object))

    def plain() -> None:
        for line in watched:
            json.loads(line)

    apply()
    ours, theirs = best(apply) / len(watched), best(plain) / len(watched)
    size = sum(map(len, watched)) / len(watched) / 1024
    yield Figure(
        "decode and apply one event",
        f"{ours * 1e6:.1f} us, {1 / ours:,.0f}/s",
        "25 us, 20,000/s",
        f"json.loads alone: {theirs * 1e6:.1f} us (pods of {size:.1f} KB)",
    )


def _memory(listed: list[bytes]) -> Figure:
    def rows() -> Store:
        store = Store()
        for page in listed:
            for row in RESOURCE.page(page)[0]:
                store.put(Kind.POD, row)
        return store

    def objects() -> list[object]:
        return [json.loads(page) for page in listed]

    return Figure(
        "a pod in the store",
        f"{_held(rows) / LINES:,.0f} bytes",
        "1,200 bytes",
        f"as dicts: {_held(objects) / LINES:,.0f} bytes",
    )


def _held(make: Callable[[], object]) -> int:
    """Bytes that live on in what was made."""
    gc.collect()
    tracemalloc.start()
    made = make()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del made
    return held
