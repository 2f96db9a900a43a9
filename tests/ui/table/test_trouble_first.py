"""What is wrong comes first in every table, and `t` goes from one problem to the next."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from eksview.domain.base.health import Health, severity
from eksview.domain.rows.kube import Kind, NodeRow, PodRow
from eksview.store.store import Store
from eksview.ui.nodes.nodegroups_screen import NODEGROUPS
from eksview.ui.nodes.nodes_screen import NODES, NodesScreen
from eksview.ui.pods.pods_screen import PodsScreen
from eksview.ui.table.pod_table import PODS
from eksview.ui.table.screen import TableScreen
from eksview.ui.table.spec import TableSpec
from tests.ui.table_app import TableApp, press, shown, store_of
from tests.ui.table_rows import condition, lease, node, pod

SIZES = [(80, 24), (120, 36), (200, 60)]
LATER = 60.0  # seconds: longer than any wait for rows to be moved


def fine(name: str) -> PodRow:
    return pod(name, namespace="a")


def broken(name: str, status: str = "CrashLoopBackOff", namespace: str = "z") -> PodRow:
    return pod(name, namespace=namespace, status=status, ready=0)


def crowd(*others: PodRow) -> Store:
    return store_of((Kind.POD, [*(fine(f"web-{number:03}") for number in range(90)), *others]))


def fleet(*others: NodeRow) -> Store:
    rows = [*(node(f"n-{number}") for number in range(1, 12)), *others]
    return store_of((Kind.NODE, rows), (Kind.LEASE, [lease(row.name) for row in rows]))


def names(app: TableApp, count: int = 5) -> list[str]:
    """The names of the first rows on the screen."""
    return [line.key.removeprefix("uid-") for line in app.shown.table._lines[:count]]


def name_of(app: TableApp) -> str:
    row = app.shown.table.current
    return "" if row is None else row.name


def test_severity_is_the_order_of_the_marks() -> None:
    assert sorted(Health, key=severity) == [Health.BAD, Health.WARN, Health.UNKNOWN, Health.OK]


@pytest.mark.parametrize("spec", [PODS, NODES, NODEGROUPS], ids=["pods", "nodes", "nodegroups"])
@pytest.mark.parametrize("health", Health)
def test_a_row_is_ranked_as_it_is_marked(spec: TableSpec[object, None], health: Health) -> None:
    marked = replace(spec, health=lambda *_: health)
    assert marked.order(object(), None) == severity(health)


@pytest.mark.parametrize("size", SIZES)
async def test_pods_in_trouble_come_first_then_by_namespace_and_name(
    size: tuple[int, int],
) -> None:
    bad = [broken("b"), broken("c", "Error", "y"), broken("a", "ImagePullBackOff")]
    app = TableApp(PodsScreen, crowd(*bad, pod("d", namespace="z", status="Pending", ready=0)))
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot)
        assert names(app) == ["c", "a", "b", "d", "web-000"]


@pytest.mark.parametrize("size", SIZES)
async def test_nodes_in_trouble_come_first_then_by_name(size: tuple[int, int]) -> None:
    lost = node("z-2", conditions=(condition("Ready", "Unknown"),))
    full = node("z-10", conditions=(condition("DiskPressure", "True"), condition("Ready", "True")))
    app = TableApp(NodesScreen, fleet(full, lost, replace(full, name="z-9", uid="uid-z-9")))
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot)
        assert names(app, 6) == ["z-2", "z-9", "z-10", "n-1", "n-2", "n-3"]
        await press(app, pilot, "N")
        assert names(app, 3) == ["n-1", "n-2", "n-3"]


async def test_a_node_whose_heartbeat_stops_comes_up_without_an_event() -> None:
    names_but_last = [f"n-{number}" for number in range(1, 11)]
    patient = [replace(lease(name), duration=4000) for name in names_but_last]
    store = store_of(
        (Kind.NODE, map(node, [*names_but_last, "n-11"])), (Kind.LEASE, [*patient, lease("n-11")])
    )
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        assert names(app, 1) == ["n-1"]
        app.now += LATER
        await shown(app, pilot)
        app.now += LATER / 10
        await shown(app, pilot)
        assert names(app, 2) == ["n-11", "n-1"]


async def test_a_pod_that_breaks_comes_up_and_the_cursor_stays_on_its_pod() -> None:
    store = crowd()
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "j", "j")
        assert name_of(app) == "web-002"
        store.put(Kind.POD, replace(store.pods["uid-web-080"], status="Error", ready=0))
        app.now += LATER
        await shown(app, pilot)
        assert names(app, 4) == ["web-080", "web-000", "web-001", "web-002"]
        assert name_of(app) == "web-002"
        store.put(Kind.POD, replace(store.pods["uid-web-080"], status="Running", ready=1))
        app.now += LATER
        await shown(app, pilot)
        assert names(app, 2) == ["web-000", "web-001"]
        assert name_of(app) == "web-002"


@pytest.mark.parametrize(
    ("screen", "store", "reached"),
    [
        (PodsScreen, lambda: crowd(broken("x"), broken("y")), ["x", "y"]),
        (
            NodesScreen,
            lambda: fleet(node("z-1", unschedulable=True), node("z-2", ready="False")),
            ["z-1", "z-2"],
        ),
    ],
    ids=["pods", "nodes"],
)
async def test_a_key_goes_to_the_next_problem_and_round(
    screen: type[TableScreen], store: Callable[[], Store], reached: list[str]
) -> None:
    app = TableApp(screen, store())
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "N")  # by name, so that problems are among the others
        for name in (*reached, *reached):
            await press(app, pilot, "t")
            assert name_of(app) == name
            assert name in names(app, 30), "the row is on the screen"


async def test_without_a_problem_the_key_says_so_and_moves_nothing() -> None:
    app = TableApp(PodsScreen, crowd())
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "j", "t")
        assert name_of(app) == "web-001"
        assert [note.message for note in app._notifications] == [
            "None of these rows has a problem."
        ]


async def test_only_problems_that_are_shown_are_gone_to() -> None:
    app = TableApp(PodsScreen, crowd(broken("first"), broken("second")))
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "slash", *"!first", "enter")
        await press(app, pilot, "G", "t", "t")
        assert name_of(app) == "second"


async def test_sorting_shows_the_top_and_a_third_time_brings_problems_first_again() -> None:
    app = TableApp(PodsScreen, crowd(broken("zebra")))
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "G")
        assert name_of(app) == "web-089"
        # the cursor stays on its row where that is at the top, too, and else goes to the first
        for first, current in (("web-000", "web-000"), ("zebra", "zebra"), ("zebra", "web-000")):
            await press(app, pilot, "N")
            assert names(app, 1) == [first]
            assert name_of(app) == current
            await press(app, pilot, "G")
        await press(app, pilot, "g")
        assert names(app, 2) == ["zebra", "web-000"]


@pytest.mark.parametrize(
    ("key", "column"),
    [
        ("P", "NAMESPACE"), ("N", "NAME"), ("R", "READY"), ("S", "STATUS"), ("T", "RESTARTS"),
        ("A", "AGE"), ("I", "IP"), ("O", "NODE"), ("C", "CPU"), ("M", "MEM"),
        ("X", "%CPU/R"), ("Z", "%MEM/R"),
    ],
)  # fmt: skip
def test_pods_sort_by_the_keys_of_k9s(key: str, column: str) -> None:
    # k9s, internal/view/pod.go and internal/view/browser.go: Shift and these letters
    assert next(each.title for each in PODS.columns if each.key == key) == column


async def test_pods_of_a_namespace_stay_by_name_when_sorted_by_namespace() -> None:
    store = store_of((Kind.POD, [broken("b"), fine("d"), fine("c"), pod("a", namespace="z")]))
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "P")
        assert names(app) == ["c", "d", "a", "b"]
