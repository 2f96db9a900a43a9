"""What one batch holds after several writes: the latest of each key, in the order to apply it."""

import pytest

from eksview.domain.base.reading import Read
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Drop, LinkState, Put, Reset, Swap, Trace
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Probe
from eksview.store import mailbox as module
from eksview.store.mailbox import Batch, Mailbox
from eksview.store.store import Store
from tests.store.test_store import lease, new_mailbox, node, pod, run

NODES, PODS, LEASES = Kind.NODE, Kind.POD, Kind.LEASE


def request(number: int) -> ApiCall:
    return ApiCall(number=number, at=0.0, source="pods", service="k8s", verb="GET", target="/")


def test_an_empty_batch_is_false_and_one_with_anything_in_it_is_true() -> None:
    hand = new_mailbox()
    assert not hand.take()
    link, probe = Link("pods", Phase.LIVE, 0.0), Probe("readyz", at=0.0, ok=True, latency=None)
    for write in (
        lambda: hand.send(Put(PODS, pod("1"))),
        lambda: hand.send(Drop(PODS, pod("1"))),
        lambda: hand.send(Swap(PODS, [])),
        lambda: hand.send(LinkState(link)),
        lambda: hand.send(FactSet(Facts.readyz, Read(probe, 0.0))),
        lambda: hand.send(Trace(request(1))),
        lambda: hand.send(Reset()),
    ):
        write()
        assert hand.take()
        assert hand.take() == Batch()


def test_a_row_a_link_a_fact_and_a_call_are_kept_under_their_names() -> None:
    hand = new_mailbox()
    link, probe = Link("pods", Phase.LIVE, 0.0), Probe("readyz", at=0.0, ok=True, latency=None)
    hand.send(LinkState(link))
    hand.send(FactSet(Facts.readyz, Read(probe, 0.0)))
    hand.send(Trace(request(7)))
    hand.send(Put(PODS, pod("1")))
    hand.send(Put(NODES, node("1")))
    batch = hand.take()
    assert batch == Batch(
        rows={(PODS, "1"): Put(PODS, pod("1")), (NODES, "1"): Put(NODES, node("1"))},
        links={"pods": LinkState(link)},
        facts={"readyz": FactSet(Facts.readyz, Read(probe, 0.0))},
        traces={7: Trace(request(7))},
    )


def test_a_drop_replaces_the_row_that_waits() -> None:
    hand = new_mailbox()
    hand.send(Put(PODS, pod("1")))
    hand.send(Drop(PODS, pod("1")))
    assert hand.take().rows == {(PODS, "1"): Drop(PODS, pod("1"))}


def test_a_late_drop_leaves_the_successor_of_its_name() -> None:
    hand = new_mailbox()
    hand.send(Put(NODES, node("a", uid="new")))
    hand.send(Drop(NODES, node("a", uid="old")))
    assert hand.take().rows == {(NODES, "a"): Put(NODES, node("a", uid="new"))}


def test_a_second_drop_of_one_name_is_the_one_that_counts() -> None:
    hand = new_mailbox()
    hand.send(Drop(NODES, node("a", uid="old")))
    hand.send(Drop(NODES, node("a", uid="new")))
    assert hand.take().rows == {(NODES, "a"): Drop(NODES, node("a", uid="new"))}


def test_a_whole_swap_removes_the_scoped_swap_that_waits() -> None:
    hand = new_mailbox()
    hand.send(Swap(LEASES, [lease("a")], "kube-node-lease"))
    hand.send(Swap(PODS, [pod("1")], "a"))
    hand.send(Swap(LEASES, [lease("b")]))
    swaps = {key: swap.rows for key, swap in hand.take().swaps.items()}
    assert swaps == {(PODS, "a"): [pod("1")], (LEASES, ""): [lease("b")]}


def test_a_scoped_swap_removes_only_the_one_of_its_scope_and_goes_to_the_end() -> None:
    hand = new_mailbox()
    hand.send(Swap(PODS, [pod("1", "a")], "a"))
    hand.send(Swap(PODS, [pod("2", "b")], "b"))
    hand.send(Swap(LEASES, [], "a"))
    hand.send(Swap(PODS, [pod("3", "a")], "a"))
    assert [(key, swap.rows) for key, swap in hand.take().swaps.items()] == [
        ((PODS, "b"), [pod("2", "b")]),
        ((LEASES, "a"), []),
        ((PODS, "a"), [pod("3", "a")]),
    ]


def test_a_scoped_swap_does_not_remove_the_whole_one_before_it() -> None:
    hand = new_mailbox()
    hand.send(Swap(PODS, [pod("1", "a"), pod("2", "b")]))
    hand.send(Swap(PODS, [pod("3", "a")], "a"))
    assert list(hand.take().swaps) == [(PODS, ""), (PODS, "a")]


def test_a_swap_removes_the_waiting_rows_and_drops_of_its_kind_and_scope_alone() -> None:
    hand = new_mailbox()
    hand.send(Put(PODS, pod("1", "a")))
    hand.send(Drop(PODS, pod("2", "a")))
    hand.send(Put(PODS, pod("3", "b")))
    hand.send(Drop(PODS, pod("4", "b")))
    hand.send(Put(NODES, node("a")))
    hand.send(Swap(PODS, [], "a"))
    rows = {
        (PODS, "3"): Put(PODS, pod("3", "b")),
        (PODS, "4"): Drop(PODS, pod("4", "b")),
        (NODES, "a"): Put(NODES, node("a")),
    }
    assert hand.take().rows == rows
    hand.send(Put(PODS, pod("3", "b")))
    hand.send(Put(NODES, node("a")))
    hand.send(Swap(PODS, []))
    assert hand.take().rows == {(NODES, "a"): Put(NODES, node("a"))}


def test_a_reset_keeps_the_calls_that_were_made_and_nothing_else() -> None:
    hand = new_mailbox()
    hand.send(Put(PODS, pod("1")))
    hand.send(Swap(PODS, []))
    hand.send(LinkState(Link("pods", Phase.LIVE, 0.0)))
    hand.send(FactSet(Facts.readyz, Read(Probe("readyz", at=0.0, ok=True, latency=None), 0.0)))
    hand.send(Trace(request(7)))
    hand.send(Reset())
    assert hand.take() == Batch(reset=True, traces={7: Trace(request(7))})


def test_of_the_calls_that_wait_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRACED", 3)
    hand = new_mailbox()
    for number in range(5):
        hand.send(Trace(request(number)))
    assert list(hand.take().traces) == [2, 3, 4]


def test_every_kind_of_write_wakes_and_only_the_first_of_a_batch() -> None:
    wakes: list[int] = []
    probe = Probe("readyz", at=0.0, ok=True, latency=None)
    hand = Mailbox(wake=lambda: wakes.append(1))
    for write in (
        lambda: hand.send(Put(PODS, pod("1"))),
        lambda: hand.send(Drop(PODS, pod("1"))),
        lambda: hand.send(Swap(PODS, [])),
        lambda: hand.send(LinkState(Link("pods", Phase.LIVE, 0.0))),
        lambda: hand.send(FactSet(Facts.readyz, Read(probe, 0.0))),
        lambda: hand.send(Trace(request(1))),
        lambda: hand.send(Reset()),
    ):
        wakes.clear()
        write()
        assert wakes == [1]
        write()
        assert wakes == [1]
        hand.take()


def test_a_batch_is_applied_swaps_first_in_the_order_they_came() -> None:
    hand, store = new_mailbox(), Store()
    hand.send(Put(NODES, node("n")))
    hand.send(Swap(PODS, [pod("1", "a"), pod("2", "b")]))
    hand.send(Swap(PODS, [pod("3", "a")], "a"))
    hand.send(Put(PODS, pod("4", "b")))
    run(store, hand)
    assert set(store.pods) == {"2", "3", "4"}
    assert set(store.nodes) == {"n"}


def test_links_facts_and_calls_of_a_batch_reach_the_store() -> None:
    hand, store = new_mailbox(), Store()
    link, probe = Link("pods", Phase.LIVE, 0.0), Probe("readyz", at=0.0, ok=True)
    hand.send(LinkState(link))
    hand.send(FactSet(Facts.readyz, Read(probe, 0.0)))
    hand.send(Trace(request(7)))
    run(store, hand)
    assert (store.links, store.requests) == ({"pods": link}, {"7": request(7)})
    assert store.facts.readyz == Read(probe, 0.0)
