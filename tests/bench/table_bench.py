"""Filter and sort over 150,000 pods, and what a frame of 5,000 nodes costs under 1,000 events/s."""

import asyncio
import gc
import random
import time
from collections.abc import Callable

from msgspec.structs import replace
from textual.pilot import Pilot

from eksview.domain.filter.parse import parse_filter
from eksview.domain.rows.kube import Kind, NodeRow, PodRow
from eksview.domain.tables.column import PodContext
from eksview.domain.tables.pod_columns import POD_COLUMNS
from eksview.store.store import Store
from eksview.ui.nodes.nodes_screen import NodesScreen
from eksview.ui.pods.pods_screen import PodsScreen
from eksview.ui.table.pod_table import PODS
from eksview.ui.table.rows.model import Order, TableModel
from eksview.ui.table.screen import TableScreen
from tests.bench.report import Figure, Figures, best
from tests.ui.table_app import TableApp, store_of
from tests.ui.table_rows import NOW, lease, nodes, pods

POD_COUNT, NODE_COUNT = 150_000, 5_000
FRAMES_A_SECOND, SECONDS, EVENTS_A_SECOND = 4, 10, 1_000
SIZE = (160, 48)


def run() -> Figures:
    """The figures."""
    fleet = nodes(NODE_COUNT)
    crowd = _as_listed(pods(POD_COUNT, fleet))
    gc.collect()
    gc.freeze()  # as the dashboard does after the first list
    yield from _model(crowd)
    for screen in (NodesScreen, PodsScreen):
        yield _frames(screen, fleet, crowd)


def _as_listed(rows: list[PodRow]) -> list[PodRow]:
    """In the order of the API server's list, in memory too."""
    return [replace(row) for row in sorted(rows, key=PODS.name)]


def _model(crowd: list[PodRow]) -> Figures:
    source = {row.uid: row for row in crowd}
    model = TableModel(PODS.name, PODS.text, PODS.labels, PODS.tally)
    names = [PODS.name(row) for row in crowd]
    shuffled = random.Random(1).sample(names, len(names))
    texts = [PODS.text(row) for row in crowd]
    plain_sort = f"sorted() of as many strings: {best(lambda: sorted(shuffled)) * 1e3:.0f} ms"
    scan = (
        f"'in' over as many strings: {best(lambda: ['web' in each for each in texts]) * 1e3:.0f} ms"
    )
    yield _work("a table of 150,000 pods, built", model, lambda: model.load(source), "in slices")
    yield _work("the first filter's preparation", model, model.prepare, "in slices")
    for text in ("w", "we", "web", "web-7d", "!web", "app=web-7d876db474"):
        wanted = parse_filter(text)
        yield _work(f"filter {text}", model, lambda f=wanted: model.filter(f), "100 ms", scan)
    model.filter(None)
    while model.advance():
        pass
    now = PodContext(NOW)
    for column in POD_COLUMNS:
        if column.id in ("name", "restarts", "node", "status", "age", "ip"):
            order = Order(lambda row, sort=column.sort: sort(row, now), True, pure=True)
            yield _work(
                f"sort by {column.id}",
                model,
                lambda wanted=order: model.sort(wanted),
                "100 ms",
                plain_sort,
            )


def _work(
    name: str,
    model: TableModel[PodRow],
    begin: Callable[[], None],
    target: str,
    reference: str = "",
) -> Figure:
    started = time.perf_counter()
    begin()
    longest, last = time.perf_counter() - started, time.perf_counter()
    while model.advance():
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    total = time.perf_counter() - started
    value = f"{total * 1e3:.0f} ms, a slice {longest * 1e3:.0f} ms"
    return Figure(name, value, target, reference)


def _frames(screen: type[TableScreen], fleet: list[NodeRow], crowd: list[PodRow]) -> Figure:
    store = store_of(
        (Kind.NODE, fleet), (Kind.LEASE, [lease(row.name) for row in fleet]), (Kind.POD, crowd)
    )
    costs, idle = asyncio.run(_shown(screen, store, crowd))
    each = sum(costs) / len(costs)
    return Figure(
        f"frame of {screen.__name__}, 1,000 events/s",
        f"{each * 1e3:.1f} ms, longest {max(costs) * 1e3:.1f}",
        f"{FRAMES_A_SECOND * 5} ms/s of a core",
        f"a frame in which nothing happened: {idle * 1e3:.1f} ms",
    )


async def _shown(
    screen: type[TableScreen], store: Store, crowd: list[PodRow]
) -> tuple[list[float], float]:
    """CPU seconds of each frame, painted as far as a headless app paints; and of an idle one."""
    dice = random.Random(1)
    app = TableApp(screen, store)
    costs = []
    async with app.run_test(size=SIZE) as pilot:
        app.tick(full=True)
        while app.shown.table.busy:
            await pilot.pause()
        for frame in range(FRAMES_A_SECOND * SECONDS):
            for row in dice.sample(crowd, EVENTS_A_SECOND // FRAMES_A_SECOND):
                now = store.pods[row.uid]
                store.put(Kind.POD, replace(now, restarts=now.restarts + 1))
            app.now = NOW + frame / FRAMES_A_SECOND
            costs.append(await _cost(app, pilot))
        app.now += 0.01
        return costs, min([await _cost(app, pilot) for _ in range(5)])


async def _cost(app: TableApp, pilot: Pilot[None]) -> float:
    started = time.process_time()
    app.tick()
    await pilot.pause()
    return time.process_time() - started
