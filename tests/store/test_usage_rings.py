"""The usage seen since start, as the store gathers it."""

from msgspec.structs import replace

from eksview.domain.live.messages import Swap
from eksview.domain.rows.kube import Kind, PodUsageRow, UsageRow
from eksview.store.applier import apply
from eksview.store.store import Store
from eksview.store.usage_rings import MOST_PODS
from tests.ui.harness import node

NOW = 1_800_000_000.0
ROW = replace(node(0), name="a")


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def polled(time: Time, store: Store, *readings: int | None) -> None:
    """Apply a poll each 15 s; None is one in which the node isn't."""
    for cpu in readings:
        time.now += 15
        rows = [] if cpu is None else [UsageRow("a", time.now - 2, cpu, 1)]
        apply(store, Swap(Kind.USAGE, rows))


def cpu_of(store: Store, name: str = "a") -> list[float]:
    ring = store.usage_rings.nodes[name]
    return [value for _, value in ring.series(NOW)[0].points[:-1]]


def test_each_reading_of_a_node_is_kept_and_those_before_it_was_absent_too() -> None:
    time = Time()
    store = Store(time)
    store.put(Kind.NODE, ROW)
    polled(time, store, 1000, 2000, None, None, 3000)
    assert cpu_of(store) == [1, 2, 3]
    store.put(Kind.NODE, replace(ROW, unschedulable=True))
    assert cpu_of(store) == [1, 2, 3]


def test_a_node_that_leaves_and_another_cluster_take_the_figures_along() -> None:
    time = Time()
    store = Store(time)
    polled(time, store, 1000)
    assert not store.usage_rings.nodes  # as many as nodes
    store.put(Kind.NODE, ROW)
    polled(time, store, 1000)
    assert store.usage_rings.nodes
    store.drop(Kind.NODE, ROW)
    assert not store.usage_rings.nodes
    store.put(Kind.NODE, ROW)
    polled(time, store, 1000)
    store.usage_rings.keep_pod("shop/web")
    store.reset()
    assert not store.usage_rings.nodes
    assert not store.usage_rings.pods


def test_a_time_that_cannot_be_right_is_left_out() -> None:
    store = Store(lambda: NOW)
    store.put(Kind.NODE, ROW)
    for at in (NOW - 9000, NOW + 9000, -1.0, 1e12):
        store.put(Kind.USAGE, UsageRow("a", at, 1, 1))
    assert not store.usage_rings.nodes
    store.put(Kind.USAGE, UsageRow("a", NOW - 5, 1, 1))
    assert len(store.usage_rings.nodes["a"]) == 1


def test_of_the_pods_those_opened_last_are_kept() -> None:
    store = Store(lambda: NOW)
    rings = store.usage_rings
    rings.keep_pod("shop/web")
    rows = [PodUsageRow(f"shop/{name}", NOW - 5, 250, 2**20) for name in ("web", "other")]
    apply(store, Swap(Kind.POD_USAGE, rows, "shop"))
    assert set(rings.pods) == {"shop/web"}
    assert rings.pods["shop/web"].series(NOW)[0].points[-1] == (NOW - 5, 0.25)
    rings.keep_pod("shop/second")
    rings.keep_pod("shop/web")  # opened again
    for number in range(MOST_PODS - 1):
        rings.keep_pod(f"shop/{number}")
    assert len(rings.pods) == MOST_PODS
    assert "shop/second" not in rings.pods
    assert len(rings.pods["shop/web"]) == 1
