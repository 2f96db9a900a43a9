"""The fan-out: a new screen gets the same state as the others."""

from msgspec.structs import replace

from eksview.domain.base.reading import Read, value_of
from eksview.domain.base.text import Clean
from eksview.domain.kube.server_table import ObjectTableKey, TableColumn, TableColumns
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Drop, Forget, LinkState, Put, Reset, Swap, Trace
from eksview.domain.live.viewers import Viewers
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.sshserver.fanout import ViewerFanout
from eksview.store.applier import steps
from eksview.store.mailbox import TRACED, Mailbox
from eksview.store.store import Store
from tests.ui.harness import NOW, node, pod

SMALL = Viewers(3)


class Screen:
    """A store behind a mailbox, as in each session."""

    def __init__(self) -> None:
        self.store = Store()
        self.sink = Mailbox(lambda: None)

    def pumped(self) -> Store:
        for _ in steps(self.store, self.sink.take()):
            pass
        return self.store


def send_all(fanout: ViewerFanout) -> None:
    fanout.send(Swap(Kind.NODE, [node(0), node(1)]))
    fanout.send(Put(Kind.POD, pod(0, node(0).name)))
    fanout.send(Put(Kind.POD, pod(1, node(1).name)))
    fanout.send(Drop(Kind.NODE, node(1)))
    fanout.send(LinkState(Link("nodes", Phase.LIVE, NOW)))
    fanout.send(FactSet(Facts.viewers, Read(SMALL, NOW)))
    fanout.send(Trace(ApiCall(1, NOW, "kubernetes", "list", "/api/v1/nodes", "nodes")))


def contents_of(store: Store) -> tuple[set[str], set[str], set[str], object, int]:
    links = {name for name, link in store.links.items() if link.phase is Phase.LIVE}
    facts, requests = value_of(store.facts.viewers), len(store.requests)
    return set(store.nodes), set(store.pods), links, facts, requests


def test_a_newcomer_knows_what_those_who_were_there_know() -> None:
    fanout, early, late = ViewerFanout(), Screen(), Screen()
    fanout.join(early.sink)
    send_all(fanout)
    fanout.join(late.sink)
    expected = ({node(0).name}, {"pod-0", "pod-1"}, {"nodes"}, SMALL, 1)
    assert contents_of(early.pumped()) == contents_of(late.pumped()) == expected


def test_all_hear_what_comes_and_nobody_after_leaving() -> None:
    fanout, stays, leaves = ViewerFanout(), Screen(), Screen()
    for screen in (stays, leaves):
        fanout.join(screen.sink)
    send_all(fanout)
    fanout.leave(leaves.sink)
    fanout.leave(leaves.sink)  # twice is once
    fanout.send(Put(Kind.NODE, node(2)))
    assert set(stays.pumped().nodes) == {node(0).name, node(2).name}
    assert set(leaves.pumped().nodes) == {node(0).name}


def test_a_list_of_one_nodes_pods_replaces_those_alone() -> None:
    fanout, late = ViewerFanout(), Screen()
    send_all(fanout)
    fanout.send(Swap(Kind.POD, [], node(0).name))
    fanout.join(late.sink)
    assert {row.node for row in late.pumped().pods.values()} == {node(1).name}


def test_a_successor_outlives_the_word_that_its_predecessor_is_gone() -> None:
    fanout, late = ViewerFanout(), Screen()
    old, new = node(0), replace(node(0), uid="another")
    fanout.send(Put(Kind.NODE, new))
    fanout.send(Drop(Kind.NODE, old))
    fanout.join(late.sink)
    assert set(late.pumped().nodes) == {new.name}


def test_a_newcomer_gets_as_many_calls_as_a_batch_holds_each_as_last_reported() -> None:
    fanout, late = ViewerFanout(), Screen()
    for number in range(TRACED + 1):
        call = ApiCall(number, NOW, "kubernetes", "list", "/api/v1/nodes", "nodes", status=200)
        fanout.send(Trace(call))
        fanout.send(Trace(replace(call, size=number)))
    fanout.join(late.sink)
    calls = late.pumped().requests.values()
    assert [(call.number, call.size) for call in calls] == [(n, n) for n in range(1, TRACED + 1)]


def test_another_cluster_begins_with_nothing() -> None:
    fanout, late = ViewerFanout(), Screen()
    send_all(fanout)
    fanout.send(Reset())
    fanout.join(late.sink)
    store = late.pumped()
    assert not {*store.nodes, *store.pods, *store.facts}


def test_a_newcomer_knows_the_columns_of_a_table_without_rows() -> None:
    key = ObjectTableKey("widgets.example.com")
    columns = TableColumns((TableColumn(Clean("Phase")),))
    fanout, screen = ViewerFanout(), Screen()
    fanout.send(Swap(key, (), columns=columns))
    fanout.join(screen.sink)
    assert screen.pumped().objects(key.resource).columns == columns.columns
    fanout.send(Forget(key))
    fanout.join((later := Screen()).sink)
    assert later.pumped().objects(key.resource).columns == ()
