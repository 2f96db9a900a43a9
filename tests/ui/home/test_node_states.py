"""How every worker is doing, and when it is judged again."""

import msgspec
import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts
from eksview.domain.rows.kube import Kind, LeaseRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Check, Probe
from eksview.store.store import Store
from eksview.ui.home.node_states import NodeStates
from tests.ui.harness import CORDONED, DISK_PRESSURE, NOT_READY, NOW, node, node_name, populate

FIRST = node_name(0)


def states_of(store: Store, now: float = NOW) -> NodeStates:
    states = NodeStates(store)
    states.check_heartbeats(now)
    states.update(store.nodes, now)
    return states


def beat(store: Store, name: str, renewed: float) -> None:
    store.put(
        Kind.LEASE, LeaseRow("kube-node-lease", name, f"l-{name}", name, renewed, None, 40, 0)
    )


@pytest.fixture
def store():
    return populate(Store())


@pytest.mark.parametrize(
    ("number", "health", "word", "ready"),
    [
        (0, Health.OK, "Ready", True),
        (DISK_PRESSURE, Health.WARN, "DiskPressure", True),
        (NOT_READY, Health.BAD, "NotReady", False),
        (CORDONED, Health.WARN, "Cordoned", True),
    ],
)
def test_each_node_has_its_worst_word(store, number, health, word, ready):
    state = states_of(store).workers[node_name(number)]
    assert (state.health, state.word, "Ready" in state.words) == (health, word, ready)


def test_moods_count_all_nodes_and_follow_a_change(store):
    states = states_of(store)
    words = {"Ready": 5, "NotReady": 1, "cordoned": 1, "DiskPressure": 1}
    assert +states.counts == words
    store.put(Kind.NODE, msgspec.structs.replace(node(0), unschedulable=True))
    assert states.update([FIRST], NOW) == {FIRST}
    assert +states.counts == words | {"cordoned": 2}


def test_a_heartbeat_on_time_changes_nothing(store):
    states = states_of(store)
    beat(store, FIRST, NOW + 10)
    assert states.update([FIRST], NOW + 10) == set()


@pytest.mark.parametrize(
    ("silence", "health", "word"),
    [
        (39, Health.OK, "Ready"),
        (41, Health.WARN, "Late heartbeat"),
        (51, Health.BAD, "No heartbeat"),
    ],
)
def test_silence_is_noticed_without_an_event(store, silence, health, word):
    states = states_of(store)
    now = NOW - 1 + silence  # the first node was heard a second before
    states.update(states.overdue(now), now)
    state = states.workers[FIRST]
    assert (state.health, state.word) == (health, word)


def test_a_node_silent_for_long_is_not_looked_at_for_ever(store):
    states = states_of(store)
    late = NOW + 1000
    states.update(states.overdue(late), late)
    assert states.overdue(late + 1000) == []


@pytest.mark.parametrize(
    "link",
    [
        Link("leases", Phase.RETRYING, NOW, heard=NOW - 9),
        Link("leases", Phase.REFUSED, NOW),
        Link("health", Phase.RETRYING, NOW, heard=NOW - 9),
    ],
)
def test_heartbeats_nobody_confirms_accuse_nobody(store, link):
    states = states_of(store)
    store.set_link(link)
    assert states.check_heartbeats(NOW)
    late = NOW + 1000
    states.update(store.nodes, late)
    assert states.workers[FIRST].word == "Ready"
    assert states.lease_of(FIRST) is None
    assert not states.check_heartbeats(NOW)


def test_no_heartbeat_is_judged_while_etcd_can_write_no_lease(store):
    states = states_of(store)
    dead = Probe("livez", NOW, ok=False, status=500, checks=(Check("etcd", ok=False),))
    store.set_fact(Facts.livez, Read(dead, NOW))
    assert states.check_heartbeats(NOW)
    states.update(store.nodes, NOW + 1000)
    assert states.workers[FIRST].word == "Ready"
    store.set_fact(Facts.livez, Read(Probe("livez", NOW, ok=True, status=200), NOW))
    assert states.check_heartbeats(NOW)
    states.update(store.nodes, NOW + 1000)
    assert states.workers[FIRST].word == "No heartbeat"


@pytest.mark.parametrize("cause", ["etcd", "health", "leases"])
def test_a_kubelet_has_time_to_renew_its_lease_after_a_break(store: Store, cause: str) -> None:
    """Its lease is as old as the break, which isn't its fault: it renews every 10 s."""

    def report(at: float, *, fine: bool) -> None:
        if cause == "etcd":
            probe = Probe("livez", at, ok=fine, checks=(Check("etcd", ok=fine),))
            store.set_fact(Facts.livez, Read(probe, at))
        else:
            phase = Phase.LIVE if fine else Phase.RETRYING
            store.set_link(Link(cause, phase, at, heard=NOW))

    def word(at: float) -> str:
        states.check_heartbeats(at)
        states.update(store.nodes, at)
        return states.workers[FIRST].word

    states = states_of(store)
    report(NOW + 1, fine=False)
    report(NOW + 121, fine=True)
    assert word(NOW + 122) == "Ready"
    assert word(NOW + 142) == "No heartbeat"
    report(NOW + 143, fine=False)
    report(NOW + 150, fine=True)  # too short for a missed renewal
    assert word(NOW + 151) == "No heartbeat"


def test_who_has_left_is_forgotten_only_when_asked(store):
    states = states_of(store)
    row = store.nodes[FIRST]
    store.drop(Kind.NODE, row)
    assert states.node(FIRST) is row, "a hidden screen may still draw it"
    assert states.drop_gone()
    assert FIRST not in states.workers
    assert states.counts["Ready"] == 4
    assert not states.drop_gone()
    assert FIRST not in states.overdue(NOW + 1000)


def test_a_stray_is_a_node_that_is_new_or_in_another_group_or_zone(store):
    states = states_of(store)

    def regrouped(names: list[str]) -> bool:
        states.update(names, NOW)
        return states.regrouped()

    row, zone = store.nodes[FIRST], "topology.kubernetes.io/zone"
    assert states.regrouped(), "all were new"
    assert not regrouped([FIRST])
    store.put(Kind.NODE, msgspec.structs.replace(row, labels={**row.labels, "team": "a"}))
    assert not regrouped([FIRST]), "another label moves nobody"
    store.put(Kind.NODE, msgspec.structs.replace(row, labels={**row.labels, zone: "us-west-2c"}))
    assert regrouped([FIRST])
    store.put(Kind.NODE, node(77))
    assert regrouped([node_name(77)])
    assert not regrouped(["nobody"])


def test_those_in_trouble_are_known_without_a_walk(store):
    states = states_of(store)
    assert states.unhealthy == {node_name(each) for each in (DISK_PRESSURE, NOT_READY, CORDONED)}
    store.put(Kind.NODE, msgspec.structs.replace(node(CORDONED), unschedulable=False, taints=()))
    store.drop(Kind.NODE, node(DISK_PRESSURE))
    states.update(store.nodes, NOW)
    states.drop_gone()
    assert states.unhealthy == {node_name(NOT_READY)}
