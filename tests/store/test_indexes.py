"""What the store keeps beside its tables: static pods, unread sums, latencies, changes."""

import pytest
from msgspec.structs import replace

from eksview.domain.base.reading import NotAsked, Read
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.live.facts import Facts
from eksview.domain.live.watch_scope import link_of_pods
from eksview.domain.rows.access import EndpointFact, Hop
from eksview.domain.rows.aws import InstanceRow, SessionRow
from eksview.domain.rows.kube import Kind, PodRow, UsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Probe
from eksview.domain.tables.mapping_columns import MAPPING_COLUMNS
from eksview.store import store as module
from eksview.store.changes import Changes
from eksview.store.node_instance_join import node_of_target
from eksview.store.selectors.machine import machine_of_node
from eksview.store.store import LATENCIES, SLICE, Store
from tests.domain.aws_objects import DNS, ID, NOW
from tests.domain.aws_objects import instance as ec2_instance
from tests.domain.aws_objects import node as ec2_node
from tests.store.test_mailbox import request
from tests.store.test_store import event, lease, node, pod


def static(uid: str, **changes: object) -> PodRow:
    labels = "component=etcd,tier=control-plane"
    return replace(pod(uid), **{"namespace": "kube-system", "labels": labels} | changes)


def uids(store: Store) -> set[str]:
    return {row.uid for row in store.static_pods()}


def test_static_pods_are_listed_while_they_are_there() -> None:
    store = Store()
    for row in (static("1"), static("2"), static("3", namespace="shop"), static("4", labels="a=b")):
        store.put(Kind.POD, row)
    assert uids(store) == {"1", "2"}
    store.put(Kind.POD, static("2", restarts=1))
    assert uids(store) == {"1", "2"}
    store.drop(Kind.POD, static("1"))
    assert uids(store) == {"2"}
    store.put(Kind.POD, static("2", labels="a=b"))
    assert uids(store) == set()
    store.put(Kind.POD, static("5"))
    store.reset()
    assert uids(store) == set()


def figures(sums: PodTotals) -> tuple[int, int]:
    return sums.pods, sums.cpu


def test_sums_are_unread_while_neither_all_pods_nor_the_nodes_own_are_read() -> None:
    store = Store()
    store.put(Kind.POD, pod("1", "a", cpu=5))
    assert figures(store.pod_totals_of("a")) == (1, 5)
    store.set_link(Link("nodes", Phase.OFF, NOW))
    assert figures(store.pod_totals_of("b")) == (0, 0)
    store.set_link(Link("pods", Phase.OFF, NOW))
    assert figures(store.pod_totals_of("a")) == figures(store.pod_totals_of("b")) == (-1, -1)
    store.set_link(Link(link_of_pods("a"), Phase.LISTING, NOW))
    assert figures(store.pod_totals_of("a")) == (-1, -1)
    store.set_link(Link(link_of_pods("a"), Phase.LIVE, NOW))
    assert figures(store.pod_totals_of("a")) == (1, 5)
    assert figures(store.pod_totals_of("b")) == (-1, -1)
    store.set_link(Link(link_of_pods("a"), Phase.OFF, NOW))
    assert figures(store.pod_totals_of("a")) == (-1, -1)
    store.set_link(Link("pods", Phase.LIVE, NOW))
    assert figures(store.pod_totals_of("a")) == (1, 5)
    store.set_link(Link("pods", Phase.REFUSED, NOW))
    store.reset()
    assert figures(store.pod_totals_of("a")) == (0, 0)


def test_the_last_pod_of_a_node_takes_its_sums_with_it() -> None:
    store = Store()
    store.put(Kind.POD, pod("1", "a", cpu=5))
    store.put(Kind.POD, pod("2", "a", cpu=7))
    store.drop(Kind.POD, pod("1"))
    assert figures(store.pod_totals_of("a")) == (1, 7)
    assert [row.uid for row in store.pods_of("a")] == ["2"]
    store.drop(Kind.POD, pod("2"))
    store.put(Kind.POD, pod("3", "a", cpu=1))
    assert figures(store.pod_totals_of("a")) == (1, 1)
    assert [row.uid for row in store.pods_of("b")] == []


def test_usage_counts_while_it_is_fresh() -> None:
    store = Store()
    reading = UsageRow("a", NOW, 10, 20)
    store.put(Kind.USAGE, reading)
    assert store.usage_of("a", NOW + 1) is reading
    assert store.usage_of("a", NOW + 9000) is None
    assert store.usage_of("b", NOW) is None
    assert store.take_changes().nodes == {"a"}


def test_the_whole_way_to_the_endpoint_is_a_latency_too() -> None:
    store = Store()
    hops = (Hop("http", ok=True, target="/livez", took=0.25),)
    store.set_fact(Facts.endpoint, Read(EndpointFact(NOW, "h", 443, hops), NOW))
    assert store.latencies("endpoint") == (0.25,)
    for number in range(LATENCIES + 5):
        probe = Probe("readyz", at=NOW, ok=True, latency=float(number))
        store.set_fact(Facts.readyz, Read(probe, NOW))
    assert len(store.latencies("readyz")) == LATENCIES
    assert store.latencies("readyz")[-1] == LATENCIES + 4
    assert store.latencies("livez") == ()


def test_only_the_latest_calls_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRACED", 2)
    store = Store()
    for number in (1, 2, 3):
        store.set_request(request(number))
    assert store.requests == {"2": request(2), "3": request(3)}
    assert store.take_changes().requests == {"1", "2", "3"}


def test_a_call_that_is_dropped_is_a_change_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRACED", 2)
    store = Store()
    for number in (1, 2):
        store.set_request(request(number))
    store.take_changes()
    store.set_request(request(3))
    assert store.take_changes().requests == {"1", "3"}


def test_a_change_is_told_once_under_what_it_is() -> None:
    store = Store()
    store.put(Kind.NODE, node("a"))
    assert store.take_changes() == Changes(
        nodes={"a"}, members={Kind.NODE}, mapping={"node/a"}, mapping_members=True
    )
    store.put(Kind.EVENT, event("1", "Node//a"))
    assert store.take_changes() == Changes(events={"1"}, members={Kind.EVENT})
    store.put(Kind.LEASE, lease("kube-scheduler", "kube-system"))
    changed = Changes(leases={"kube-system/kube-scheduler"}, members={Kind.LEASE})
    assert store.take_changes() == changed
    store.put(Kind.POD, pod("1", "a"))
    assert store.take_changes() == Changes(pods={"1"}, nodes={"a"}, members={Kind.POD})
    store.put(Kind.POD, pod("1", "a", restarts=1))
    assert store.take_changes() == Changes(pods={"1"})
    store.put(Kind.POD, pod("1", "a", restarts=1, cpu=200))
    assert store.take_changes() == Changes(pods={"1"}, nodes={"a"})
    store.drop(Kind.POD, pod("1"))
    assert store.take_changes() == Changes(pods={"1"}, nodes={"a"}, members={Kind.POD})
    store.set_link(Link("health", Phase.LIVE, NOW))
    store.set_fact(Facts.readyz, Read(Probe("readyz", at=NOW, ok=True), NOW))
    assert store.take_changes() == Changes(links={"health"}, facts={"readyz"})
    assert store.facts.readyz == Read(Probe("readyz", at=NOW, ok=True), NOW)
    assert not store.take_changes()


def test_the_very_same_row_changes_nothing() -> None:
    store, row = Store(), pod("1")
    store.put(Kind.POD, row)
    store.take_changes()
    store.put(Kind.POD, row)
    assert not store.take_changes()


def test_a_drop_of_what_is_not_there_changes_nothing() -> None:
    store = Store()
    store.drop(Kind.POD, pod("1"))
    store.put(Kind.NODE, node("a", uid="new"))
    store.take_changes()
    store.drop(Kind.NODE, node("a", uid="old"))
    assert not store.take_changes()


def test_a_reset_tells_every_table_and_forgets_links_facts_and_latencies() -> None:
    store = Store()
    store.set_link(Link("pods", Phase.LIVE, NOW))
    store.set_fact(Facts.readyz, Read(Probe("readyz", at=NOW, ok=True, latency=0.1), NOW))
    store.put(Kind.EVENT, event("1", "Node//a"))
    store.put(Kind.LEASE, lease("kube-scheduler", "kube-system"))
    store.reset()
    assert (store.links, store.events) == ({}, {})
    assert store.facts.readyz == NotAsked()
    assert store.events_about("Node//a") == []
    assert list(store.system_leases()) == []
    assert store.take_changes() == Changes(reset=True, members=set(Kind), mapping_members=True)


def test_a_session_touches_the_node_it_is_on() -> None:
    store = Store()
    store.put(Kind.NODE, ec2_node())
    store.put(Kind.INSTANCE, ec2_instance())
    store.take_changes()
    session = SessionRow("s", ID, "arn", NOW, None, "", "Connected", open=True)
    store.put(Kind.SESSION, session)
    changes = store.take_changes()
    assert (changes.nodes, changes.tables) == ({DNS}, {Kind.SESSION: {"s"}})
    store.put(Kind.SESSION, replace(session, id="t", target="mi-unknown"))
    changes = store.take_changes()
    assert (changes.nodes, changes.tables) == (set(), {Kind.SESSION: {"t"}})


@pytest.mark.parametrize(
    ("provider", "target"),
    [
        ("eks-hybrid:///us-west-2/prod/mi-0a1b2c", "mi-0a1b2c"),
        (
            "aws:///usw2-az1/sagemaker/cluster/hyperpod-tqci9uwuwqiz-i-00f3cbe8dfee6b675",
            "sagemaker-cluster:tqci9uwuwqiz_workers-i-00f3cbe8dfee6b675",
        ),
    ],
)
def test_a_session_is_on_a_node_that_isnt_of_ec2(provider: str, target: str) -> None:
    store = Store()
    store.put(Kind.NODE, ec2_node(name="outside", provider_id=provider))
    store.set_link(Link("ssm", Phase.LIVE, NOW, heard=NOW))
    store.take_changes()
    session = SessionRow("s", target, "arn", NOW, None, "", "Connected", open=True)
    store.put(Kind.SESSION, session)
    assert store.take_changes().nodes == {"outside"}
    assert store.mapping.sessions_of("outside") == (session,)
    assert node_of_target(store.mapping, target) == "outside"
    assert machine_of_node(store, "outside").sessions == (session,)
    (row,) = store.mapping.rows.values()
    (column,) = [column for column in MAPPING_COLUMNS if column.id == "sessions"]
    assert column.cell(row, store.mapping.context(NOW)) != "-"
    store.drop(Kind.SESSION, session)
    assert store.mapping.sessions_of("outside") == ()
    store.drop(Kind.NODE, ec2_node(name="outside", provider_id=provider))
    assert node_of_target(store.mapping, target) == ""


def test_every_other_row_is_told_under_its_kind() -> None:
    store = Store()
    store.put(Kind.INSTANCE, ec2_instance())
    store.put(Kind.INSTANCE, ec2_instance(id="i-2", private_dns="b"))
    assert store.take_changes().tables == {Kind.INSTANCE: {ID, "i-2"}}
    assert (
        store.table(InstanceRow)
        == store.instances
        == {
            ID: ec2_instance(),
            "i-2": ec2_instance(id="i-2", private_dns="b"),
        }
    )


def test_a_swap_pauses_after_every_slice_of_rows() -> None:
    store = Store()
    rows = [pod(str(number)) for number in range(2 * SLICE)]
    assert sum(1 for _ in store.swap(Kind.POD, rows)) == 2
    assert len(store.pods) == 2 * SLICE
    store.take_changes()
    for _ in store.swap(Kind.POD, [pod(str(number)) for number in range(2 * SLICE)]):
        pass
    assert not store.take_changes()  # equal rows, though others


def test_a_swap_of_one_node_leaves_the_pods_of_others_alone() -> None:
    store = Store()
    for uid, name in (("1", "a"), ("2", "a"), ("3", "b")):
        store.put(Kind.POD, pod(uid, name))
    for _ in store.swap(Kind.POD, [pod("2", "a"), pod("4", "a")], "a"):
        pass
    assert set(store.pods) == {"2", "3", "4"}
    for _ in store.swap(Kind.POD, []):
        pass
    assert not store.pods
