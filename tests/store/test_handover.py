"""What one batch holds after several writes: the latest of each key, in the order to apply it."""

import pytest

from eksview.domain.rows import Kind
from eksview.domain.trace import Request
from eksview.domain.updates import Link, Phase, Probe
from eksview.store import handover as module
from eksview.store.handover import Batch, Gone, HandOver
from eksview.store.store import Store
from tests.store.test_store import handover, lease, node, pod, run

NODES, PODS, LEASES = Kind.NODE, Kind.POD, Kind.LEASE


def request(number: int) -> Request:
    return Request(number=number, at=0.0, asker="pods", service="k8s", verb="GET", target="/")


def test_an_empty_batch_is_false_and_one_with_anything_in_it_is_true() -> None:
    hand = handover()
    assert not hand.take()
    link, probe = Link("pods", Phase.LIVE, 0.0), Probe("readyz", at=0.0, ok=True, latency=None)
    for write in (
        lambda: hand.put(PODS, pod("1")),
        lambda: hand.drop(PODS, pod("1")),
        lambda: hand.swap(PODS, []),
        lambda: hand.link(link),
        lambda: hand.fact("readyz", probe),
        lambda: hand.trace(request(1)),
        hand.reset,
    ):
        write()
        assert hand.take()
        assert hand.take() == Batch()


def test_a_row_a_link_a_fact_and_a_call_are_kept_under_their_names() -> None:
    hand = handover()
    link, probe = Link("pods", Phase.LIVE, 0.0), Probe("readyz", at=0.0, ok=True, latency=None)
    hand.link(link)
    hand.fact("readyz", probe)
    hand.trace(request(7))
    hand.put(PODS, pod("1"))
    hand.put(NODES, node("1"))
    batch = hand.take()
    assert batch == Batch(
        rows={(PODS, "1"): pod("1"), (NODES, "1"): node("1")},
        links={"pods": link},
        facts={"readyz": probe},
        requests={7: request(7)},
    )


def test_a_drop_replaces_the_row_that_waits() -> None:
    hand = handover()
    hand.put(PODS, pod("1"))
    hand.drop(PODS, pod("1"))
    assert hand.take().rows == {(PODS, "1"): Gone(pod("1"))}


def test_a_late_drop_leaves_the_successor_of_its_name() -> None:
    hand = handover()
    hand.put(NODES, node("a", uid="new"))
    hand.drop(NODES, node("a", uid="old"))
    assert hand.take().rows == {(NODES, "a"): node("a", uid="new")}


def test_a_second_drop_of_one_name_is_the_one_that_counts() -> None:
    hand = handover()
    hand.drop(NODES, node("a", uid="old"))
    hand.drop(NODES, node("a", uid="new"))
    assert hand.take().rows == {(NODES, "a"): Gone(node("a", uid="new"))}


def test_a_whole_swap_removes_the_scoped_swap_that_waits() -> None:
    hand = handover()
    hand.swap(LEASES, [lease("a")], "kube-node-lease")
    hand.swap(PODS, [pod("1")], "a")
    hand.swap(LEASES, [lease("b")])
    batch = hand.take()
    assert batch.swaps == {(PODS, "a"): [pod("1")], (LEASES, ""): [lease("b")]}


def test_a_scoped_swap_removes_only_the_one_of_its_scope_and_goes_to_the_end() -> None:
    hand = handover()
    hand.swap(PODS, [pod("1", "a")], "a")
    hand.swap(PODS, [pod("2", "b")], "b")
    hand.swap(LEASES, [], "a")
    hand.swap(PODS, [pod("3", "a")], "a")
    assert list(hand.take().swaps.items()) == [
        ((PODS, "b"), [pod("2", "b")]),
        ((LEASES, "a"), []),
        ((PODS, "a"), [pod("3", "a")]),
    ]


def test_a_scoped_swap_does_not_remove_the_whole_one_before_it() -> None:
    hand = handover()
    hand.swap(PODS, [pod("1", "a"), pod("2", "b")])
    hand.swap(PODS, [pod("3", "a")], "a")
    assert list(hand.take().swaps) == [(PODS, ""), (PODS, "a")]


def test_a_swap_removes_the_waiting_rows_and_drops_of_its_kind_and_scope_alone() -> None:
    hand = handover()
    hand.put(PODS, pod("1", "a"))
    hand.drop(PODS, pod("2", "a"))
    hand.put(PODS, pod("3", "b"))
    hand.drop(PODS, pod("4", "b"))
    hand.put(NODES, node("a"))
    hand.swap(PODS, [], "a")
    rows = {(PODS, "3"): pod("3", "b"), (PODS, "4"): Gone(pod("4", "b")), (NODES, "a"): node("a")}
    assert hand.take().rows == rows
    hand.put(PODS, pod("3", "b"))
    hand.put(NODES, node("a"))
    hand.swap(PODS, [])
    assert hand.take().rows == {(NODES, "a"): node("a")}


def test_a_reset_keeps_the_calls_that_were_made_and_nothing_else() -> None:
    hand = handover()
    hand.put(PODS, pod("1"))
    hand.swap(PODS, [])
    hand.link(Link("pods", Phase.LIVE, 0.0))
    hand.fact("readyz", Probe("readyz", at=0.0, ok=True, latency=None))
    hand.trace(request(7))
    hand.reset()
    assert hand.take() == Batch(reset=True, requests={7: request(7)})


def test_of_the_calls_that_wait_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRACED", 3)
    hand = handover()
    for number in range(5):
        hand.trace(request(number))
    assert list(hand.take().requests) == [2, 3, 4]


def test_every_kind_of_write_wakes_and_only_the_first_of_a_batch() -> None:
    wakes: list[int] = []
    hand = HandOver(wake=lambda: wakes.append(1))
    for write in (
        lambda: hand.put(PODS, pod("1")),
        lambda: hand.drop(PODS, pod("1")),
        lambda: hand.swap(PODS, []),
        lambda: hand.link(Link("pods", Phase.LIVE, 0.0)),
        lambda: hand.fact("readyz", Probe("readyz", at=0.0, ok=True, latency=None)),
        lambda: hand.trace(request(1)),
        hand.reset,
    ):
        wakes.clear()
        write()
        assert wakes == [1]
        write()
        assert wakes == [1]
        hand.take()


def test_a_batch_is_applied_swaps_first_in_the_order_they_came() -> None:
    hand, store = handover(), Store()
    hand.put(NODES, node("n"))
    hand.swap(PODS, [pod("1", "a"), pod("2", "b")])
    hand.swap(PODS, [pod("3", "a")], "a")
    hand.put(PODS, pod("4", "b"))
    run(store, hand)
    assert set(store.pods) == {"2", "3", "4"}
    assert set(store.nodes) == {"n"}


def test_links_facts_and_calls_of_a_batch_reach_the_store() -> None:
    hand, store = handover(), Store()
    link, probe = Link("pods", Phase.LIVE, 0.0), Probe("readyz", at=0.0, ok=True)
    hand.link(link)
    hand.fact("readyz", probe)
    hand.trace(request(7))
    run(store, hand)
    expected = ({"pods": link}, {"readyz": probe}, {"7": request(7)})
    assert (store.links, store.facts, store.requests) == expected
