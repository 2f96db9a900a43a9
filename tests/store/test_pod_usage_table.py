"""The snapshot of the usage of pods."""

from eksview.domain.live.messages import Swap
from eksview.domain.rows.kube import Kind, PodUsageRow
from eksview.domain.rows.usage_age import KEPT
from eksview.store.applier import apply
from eksview.store.store import Store

NOW = 1_800_000_000.0


def usage(key: str, at: float = NOW, cpu: int = 1) -> PodUsageRow:
    return PodUsageRow(key, at, cpu, 1)


def test_a_list_replaces_what_it_covers_and_nothing_else() -> None:
    store = Store()
    apply(store, Swap(Kind.POD_USAGE, [usage("a/x"), usage("a/y"), usage("b/x", NOW - 30)]))
    assert store.pod_usage.at == NOW
    apply(store, Swap(Kind.POD_USAGE, [usage("a/x", NOW + 15, 7)], "a"))
    changes = store.take_changes()
    assert Kind.POD_USAGE in changes.members
    cpu = {key: row.cpu if row else None for key in ("a/x", "a/y", "b/x")
           for row in [store.pod_usage.of(*key.split("/"), NOW + 15)]}  # fmt: skip
    assert cpu == {"a/x": 7, "a/y": None, "b/x": 1}
    assert store.pod_usage.at == NOW + 15
    apply(store, Swap(Kind.POD_USAGE, []))
    assert store.pod_usage.of("b", "x", NOW) is None
    assert store.pod_usage.at == 0


def test_what_is_too_old_is_unknown() -> None:
    store = Store()
    apply(store, Swap(Kind.POD_USAGE, [usage("a/x")]))
    assert store.pod_usage.of("a", "x", NOW + KEPT - 1) is not None
    assert store.pod_usage.of("a", "x", NOW + KEPT) is None
    assert store.pod_usage.of("a", "y", NOW) is None


def test_another_clusters_pods_have_none_of_it() -> None:
    store = Store()
    apply(store, Swap(Kind.POD_USAGE, [usage("a/x")]))
    store.reset()
    assert store.pod_usage.of("a", "x", NOW) is None
    assert store.pod_usage.at == 0
