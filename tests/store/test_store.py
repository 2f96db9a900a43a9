"""The store's tables, joins and sums stay true whatever order events come in."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from eksview.domain.base.reading import Read
from eksview.domain.live.clock_skew import ClockSkew
from eksview.domain.live.facts import Facts
from eksview.domain.live.messages import Drop, Put, Reset, Swap
from eksview.domain.rows.kube import (
    EventRow,
    Kind,
    LeaseRow,
    NodeRow,
    PodRow,
    Requests,
    both_scope,
    namespace_scope,
    undecoded,
)
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Probe
from eksview.store.applier import steps
from eksview.store.mailbox import Mailbox
from eksview.store.store import Store
from tests.domain import aws_objects


def node(name: str, uid: str = "n1", *, unschedulable: bool = False) -> NodeRow:
    return aws_objects.node(
        name=name,
        uid=uid,
        unschedulable=unschedulable,
        conditions=(),
        labels={},
        internal_ip="",
        provider_id="",
    )


def pod(
    uid: str, on: str = "a", *, cpu: int = 100, restarts: int = 0, counted: bool = True
) -> PodRow:
    return aws_objects.pod(
        uid=uid,
        name=f"web-{uid}",
        node=on,
        restarts=restarts,
        requests=Requests(cpu=cpu, memory=cpu * 10),
        labels="app=web",
        counted=counted,
    )


def lease(name: str, namespace: str = "kube-node-lease", renewed: float = 1.0) -> LeaseRow:
    return LeaseRow(
        namespace=namespace,
        name=name,
        uid=f"l-{name}",
        holder=name,
        renewed=renewed,
        acquired=None,
        duration=40,
        transitions=0,
    )


def event(uid: str, about: str) -> EventRow:
    return EventRow(uid, "default", uid, about, "Normal", "R", "m", "s", 1, None, None)


def run(store: Store, hand: Mailbox) -> None:
    for _ in steps(store, hand.take()):
        pass


def new_mailbox() -> Mailbox:
    return Mailbox(wake=lambda: None)


def test_sums_follow_a_pod_that_changes_moves_and_leaves() -> None:
    store = Store()
    store.put(Kind.POD, pod("1", "a", cpu=100))
    store.put(Kind.POD, pod("2", "a", cpu=50, restarts=3))
    assert (store.pod_totals_of("a").pods, store.pod_totals_of("a").cpu) == (2, 150)
    store.put(Kind.POD, pod("1", "b", cpu=100))
    assert store.pod_totals_of("a").cpu == 50
    assert store.pod_totals_of("b").memory == 1000
    store.drop(Kind.POD, pod("2"))
    assert store.pod_totals_of("a").pods == 0
    assert [p.uid for p in store.pods_of("a")] == []


def test_a_finished_pod_holds_nothing() -> None:
    store = Store()
    store.put(Kind.POD, pod("1", cpu=100))
    store.put(Kind.POD, pod("1", cpu=100, counted=False))
    assert (store.pod_totals_of("a").pods, store.pod_totals_of("a").cpu) == (0, 0)
    assert [p.uid for p in store.pods_of("a")] == ["1"]


def test_a_pod_touches_the_node_it_left_and_the_node_it_joined() -> None:
    store = Store()
    store.put(Kind.POD, pod("1", "a"))
    store.take_changes()
    store.put(Kind.POD, pod("1", "b"))
    assert store.take_changes().nodes == {"a", "b"}


def test_the_late_goodbye_of_an_old_node_does_not_remove_the_new_one_of_its_name() -> None:
    store = Store()
    store.put(Kind.NODE, node("a", uid="new"))
    store.drop(Kind.NODE, node("a", uid="old"))
    assert store.nodes["a"].uid == "new"


def test_a_heartbeat_touches_its_node_and_a_leader_does_not() -> None:
    store = Store()
    store.put(Kind.LEASE, lease("a"))
    store.put(Kind.LEASE, lease("kube-scheduler", "kube-system"))
    assert store.take_changes().nodes == {"a"}
    found = store.lease_of("a")
    assert found is not None
    assert found.renewed == 1.0


def test_the_leaders_leases_are_kept_apart_from_heartbeats() -> None:
    store = Store(lambda: 3.0)
    store.put(Kind.LEASE, lease("a"))
    store.put(Kind.LEASE, lease("kube-scheduler", "kube-system", renewed=1.0))
    store.put(Kind.LEASE, lease("kube-scheduler", "kube-system", renewed=3.0))
    assert [each.renewed for each in store.system_leases()] == [3.0]
    store.drop(Kind.LEASE, lease("kube-scheduler", "kube-system"))
    assert list(store.system_leases()) == []


def test_a_probe_leaves_its_latency_in_the_history_and_a_silent_one_does_not() -> None:
    store = Store()
    for latency in (0.01, None, 0.03):
        store.set_fact(
            Facts.readyz,
            Read(Probe("readyz", at=0.0, ok=latency is not None, latency=latency), 0.0),
        )
    assert store.latencies("readyz") == (0.01, 0.03)
    store.reset()
    assert store.latencies("readyz") == ()


def test_events_are_found_by_what_they_are_about() -> None:
    store = Store()
    store.put(Kind.EVENT, event("1", "Node//a"))
    store.put(Kind.EVENT, event("2", "Node//a"))
    store.put(Kind.EVENT, event("1", "Node//b"))
    assert [e.uid for e in store.events_about("Node//a")] == ["2"]
    store.drop(Kind.EVENT, event("2", "Node//a"))
    assert store.events_about("Node//a") == []


def test_a_swap_removes_ghosts_and_touches_only_what_differs() -> None:
    store = Store()
    for uid in "123":
        store.put(Kind.POD, pod(uid))
    store.take_changes()
    for _ in store.swap(Kind.POD, [pod("1"), pod("2", restarts=1), pod("4")]):
        pass
    assert set(store.pods) == {"1", "2", "4"}
    assert store.take_changes().pods == {"2", "3", "4"}


def test_nothing_of_a_swap_is_seen_before_its_end() -> None:
    store = Store()
    store.put(Kind.POD, pod("ghost"))
    work = store.swap(Kind.POD, [pod(str(number)) for number in range(1200)])
    next(work)
    assert set(store.pods) == {"ghost"}
    for _ in work:
        pass
    assert len(store.pods) == 1200


def test_a_swap_of_one_namespace_leaves_the_others_alone() -> None:
    store = Store()
    store.put(Kind.LEASE, lease("a"))
    store.put(Kind.LEASE, lease("kube-scheduler", "kube-system"))
    for _ in store.swap(Kind.LEASE, [lease("b")], "kube-node-lease"):
        pass
    assert set(store.leases) == {"kube-node-lease/b", "kube-system/kube-scheduler"}


def test_a_reset_forgets_everything_and_says_so() -> None:
    store = Store()
    store.put(Kind.NODE, node("a"))
    store.put(Kind.POD, pod("1"))
    store.reset()
    assert not store.nodes
    assert not store.pods
    assert store.pod_totals_of("a").pods == 0
    assert store.take_changes().reset


def test_the_hand_over_keeps_the_latest_per_key() -> None:
    hand, store = new_mailbox(), Store()
    for restarts in range(100):
        hand.send(Put(Kind.POD, pod("1", restarts=restarts)))
    batch = hand.take()
    assert len(batch.rows) == 1
    for _ in steps(store, batch):
        pass
    assert store.pods["1"].restarts == 99


def test_the_hand_over_wakes_once_until_it_is_emptied() -> None:
    wakes: list[int] = []
    hand = Mailbox(wake=lambda: wakes.append(1))
    hand.send(Put(Kind.POD, pod("1")))
    hand.send(Put(Kind.POD, pod("2")))
    assert len(wakes) == 1
    hand.take()
    hand.send(Put(Kind.POD, pod("3")))
    assert len(wakes) == 2


def test_a_swap_overtakes_the_rows_that_waited_before_it() -> None:
    hand, store = new_mailbox(), Store()
    hand.send(Put(Kind.POD, pod("ghost")))
    hand.send(Swap(Kind.POD, [pod("1")]))
    hand.send(Put(Kind.POD, pod("2")))
    run(store, hand)
    assert set(store.pods) == {"1", "2"}


def test_a_reset_overtakes_everything_that_waited_before_it() -> None:
    hand, store = new_mailbox(), Store()
    store.put(Kind.POD, pod("old"))
    hand.send(Put(Kind.POD, pod("waiting")))
    hand.send(Reset())
    hand.send(Put(Kind.NODE, node("fresh")))
    run(store, hand)
    assert not store.pods
    assert set(store.nodes) == {"fresh"}


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["put", "drop", "swap", "flush"]),
        st.integers(0, 5),
        st.sampled_from("ab"),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=60,
)


@given(ACTIONS)
def test_through_any_history_the_store_equals_the_truth(
    actions: list[tuple[str, int, str, int, bool]],
) -> None:
    hand, store, truth = new_mailbox(), Store(), {}
    for what, number, on, cpu, counted in actions:
        row = pod(str(number), on, cpu=cpu, counted=counted)
        if what == "put":
            truth[row.uid] = row
            hand.send(Put(Kind.POD, row))
        elif what == "drop":
            truth.pop(row.uid, None)
            hand.send(Drop(Kind.POD, row))
        elif what == "swap":
            truth = {row.uid: row}
            hand.send(Swap(Kind.POD, [row]))
        else:
            run(store, hand)
    run(store, hand)
    assert store.pods == truth
    cpu_of = Counter(dict.fromkeys("ab", 0))
    for row in truth.values():
        cpu_of[row.node] += row.requests.cpu if row.counted else 0
    assert {on: store.pod_totals_of(on).cpu for on in "ab"} == dict(cpu_of)


def test_rows_that_could_not_be_decoded_are_counted() -> None:
    store, bad = Store(), undecoded(pod("1"), "spec: a string instead of an object")
    store.put(Kind.POD, bad)
    store.put(Kind.NODE, undecoded(node("a"), "status: null"))
    assert len(store.undecoded) == 2
    store.put(Kind.POD, bad)
    assert len(store.undecoded) == 2
    store.put(Kind.POD, pod("1"))
    assert len(store.undecoded) == 1
    store.drop(Kind.NODE, node("a"))
    assert len(store.undecoded) == 0
    for _ in store.swap(Kind.POD, [bad, pod("2")]):
        pass
    assert len(store.undecoded) == 1
    store.reset()
    assert len(store.undecoded) == 0


def test_totals_of_pods_are_unread_where_only_some_namespaces_are_read() -> None:
    store = Store()
    store.put(Kind.POD, pod("1"))
    store.set_link(Link("pods", Phase.LIVE, 0.0))
    assert store.pod_totals_of("a").pods == 1
    store.set_link(Link("pods", Phase.LIVE, 0.0, only="shop"))
    assert store.pod_totals_of("a").pods < 0


def test_a_list_of_a_namespace_leaves_the_pods_of_others() -> None:
    store = Store()
    for row in (pod("1"), pod("2"), replace(pod("3"), namespace="web")):
        store.put(Kind.POD, row)
    for _ in store.swap(Kind.POD, [pod("2")], namespace_scope(Kind.POD, pod("1").namespace)):
        pass
    assert set(store.pods) == {"2", "3"}


def test_a_list_of_a_nodes_namespace_leaves_its_other_pods() -> None:
    store = Store()
    one = pod("1")
    for row in (one, replace(pod("2"), namespace="web"), replace(pod("3"), node="other")):
        store.put(Kind.POD, row)
    for _ in store.swap(Kind.POD, [], both_scope(one.node, one.namespace)):
        pass
    assert set(store.pods) == {"2", "3"}


def test_stamps_from_before_the_clocks_difference_was_known_are_moved() -> None:
    store = Store(lambda: 1_000.0)
    store.set_link(Link("nodes", Phase.LIVE, 900.0, heard=1_000.0))
    store.set_fact(Facts.readyz, Read(Probe("readyz", 990.0, True), 990.0))
    store.set_fact(Facts.clock_skew, Read(ClockSkew(70.0), 1_000.0))
    link, probe = store.links["nodes"], store.facts.readyz
    assert (link.since, link.heard) == (830.0, 930.0)
    assert isinstance(probe, Read)
    assert (probe.at, probe.value.at, store.time.now()) == (920.0, 920.0, 930.0)
