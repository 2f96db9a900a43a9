"""The fan-out: who receives which message, and in which order."""

from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.messages import Drop, Fanout, LinkState, Message, Put, Reset, Swap, Trace
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from tests.ui.harness import NOW, node, pod

NODE = Put(Kind.NODE, node(0))
POD = Put(Kind.POD, pod(0, node(0).name))
LIVE = LinkState(Link("nodes", Phase.LIVE, NOW))
CALL = Trace(ApiCall(1, NOW, "kubernetes", "list", "/api/v1/nodes", "nodes"))


class Inbox:
    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message, /) -> None:
        self.messages.append(message)


def test_a_subscriber_of_a_kind_receives_that_kinds_rows_and_nothing_else() -> None:
    whole, nodes = Inbox(), Inbox()
    fanout = Fanout(whole)
    fanout.subscribe(nodes.send, Kind.NODE)
    gone, listed = Drop(Kind.NODE, node(0)), Swap(Kind.NODE, [node(1)])
    sent: list[Message] = [NODE, POD, gone, LIVE, listed, Swap(Kind.POD, []), CALL, Reset()]
    for message in sent:
        fanout.send(message)
    assert whole.messages == sent
    assert nodes.messages == [NODE, gone, listed]


def test_a_subscriber_of_a_type_receives_that_type_and_may_send_in_turn() -> None:
    whole = Inbox()
    fanout = Fanout(whole)
    fanout.subscribe(lambda _: fanout.send(CALL), LinkState)
    for message in (NODE, LIVE):
        fanout.send(message)
    assert whole.messages == [NODE, LIVE, CALL]  # the sinks hear a cause before its consequence


def test_after_unsubscribing_nothing_more_comes_and_the_others_go_on() -> None:
    stays, leaves = Inbox(), Inbox()
    fanout = Fanout()
    for inbox in (stays, leaves):
        fanout.subscribe(inbox.send)
        fanout.subscribe(inbox.send, LinkState)
    for _ in range(2):  # twice is once
        fanout.unsubscribe(leaves.send)
    fanout.send(LIVE)
    assert (stays.messages, leaves.messages) == ([LIVE, LIVE], [])
