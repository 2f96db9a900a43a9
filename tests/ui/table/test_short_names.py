"""What is left out of a table's cells, and which columns are cut first."""

import pytest

from eksview.domain.rows.kube import Kind, PodRow, UsageRow
from eksview.store.store import Store
from eksview.ui.nodes.nodes_screen import NodesScreen
from eksview.ui.pods.pods_screen import PodsScreen
from eksview.ui.table.screen import TableScreen
from tests.ui.table_app import TableApp, press, shown, store_of
from tests.ui.table_rows import NOW, lease, node, nodes, pod

DOMAIN = ".us-west-2.compute.internal"
SIZES = [(80, 24), (120, 36), (200, 60)]


def fleet() -> Store:
    rows = nodes(9)
    return store_of(
        (Kind.NODE, rows),
        (Kind.LEASE, [lease(row.name) for row in rows]),
        (Kind.USAGE, [UsageRow(row.name, NOW, 400, 10**9) for row in rows]),
        (Kind.POD, [pod(f"web-{number}", node=row.name) for number, row in enumerate(rows)]),
    )


def heading(app: TableApp) -> list[str]:
    return next(line for line in app.lines() if "STATUS" in line).split()


def line_of(app: TableApp, name: str) -> str:
    return next(line for line in app.lines() if f" {name} " in line)


@pytest.mark.parametrize("size", SIZES)
async def test_the_domain_that_all_nodes_share_is_shown_only_in_wide(
    size: tuple[int, int],
) -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=size) as pilot:
        text = await shown(app, pilot)
        assert "compute" not in text
        assert "ip-10-0-1-17 " in text
        await press(app, pilot, "N", "w")
        assert f"ip-10-0-1-17{DOMAIN} " in app.text()
        await press(app, pilot, "w")
        assert "compute" not in app.text()


@pytest.mark.parametrize("screen", [NodesScreen, PodsScreen])
async def test_the_width_for_full_names_is_given_back(screen: type[TableScreen]) -> None:
    app = TableApp(screen, fleet())
    async with app.run_test(size=(200, 60)) as pilot:
        before = await shown(app, pilot)
        await press(app, pilot, "w", "w")
        assert app.text() == before


async def test_a_pods_node_is_short_before_and_after_the_nodes_are_read() -> None:
    rows = nodes(9)
    store = store_of((Kind.POD, [pod(f"web-{at}", node=row.name) for at, row in enumerate(rows)]))
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        for row in rows:
            store.put(Kind.NODE, row)
        app.now += 1
        late = await shown(app, pilot)
    again = TableApp(PodsScreen, store)
    again.now = app.now
    async with again.run_test(size=(120, 36)) as pilot:
        assert await shown(again, pilot) == late
        assert "compute" not in late


async def test_what_is_copied_and_filtered_is_the_whole_name() -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "N")
        assert app.shown.copied() == f"ip-10-0-1-17{DOMAIN}"
        await press(app, pilot, "slash", *f"1-17{DOMAIN}", "enter")
        assert app.shown.table.shown == 1


async def test_a_node_of_another_domain_brings_the_names_back() -> None:
    store = fleet()
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        other = node("gpu.lab.example")
        store.put(Kind.NODE, other)
        app.now += 10
        assert "ip-10-0-1-17.us" in await shown(app, pilot)
        store.drop(Kind.NODE, other)
        app.now += 10
        assert "compute" not in await shown(app, pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_usage_comes_before_requests(size: tuple[int, int]) -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot)
        titles = heading(app)
        usage, requests = ["CPU(%)", "MEM(%)"], ["CPU-REQ", "MEM-REQ"]
        at = titles.index(usage[0])
        assert titles[at : at + 3] == [*usage, requests[0]]


def broken(count: int = 30) -> list[PodRow]:
    owner = "recommender-6bd9c7f5b8-72q"
    names = [f"{owner}{number:02}" for number in range(count)]
    return [
        pod(
            name,
            namespace="observability",
            status="CrashLoopBackOff",
            ready=0,
            restarts=14,
            restarted=NOW - 146,
        )
        for name in names
    ]


@pytest.mark.parametrize("width", [80, 90, 100, 120, 160, 200])
async def test_the_word_for_what_is_wrong_is_whole_while_the_name_can_give(width: int) -> None:
    app = TableApp(PodsScreen, store_of((Kind.POD, broken()), (Kind.NODE, nodes(9))))
    async with app.run_test(size=(width, 24)) as pilot:
        text = await shown(app, pilot)
        assert text.count(" CrashLoopBackOff ") >= 10
        assert "AGE" in heading(app)


@pytest.mark.parametrize("width", [120, 140, 200])
async def test_restarts_and_namespaces_are_whole_where_other_columns_have_room(width: int) -> None:
    app = TableApp(PodsScreen, store_of((Kind.POD, broken()), (Kind.NODE, nodes(9))))
    async with app.run_test(size=(width, 24)) as pilot:
        text = await shown(app, pilot)
        assert text.count(" observability ") >= 10
        assert text.count(" 14 (2m26s ago) ") >= 10
