"""Nodes and instances read once and joined: complete, without AWS, and if AWS fails."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.base.text import clean
from eksview.domain.join.mapping_row import RowKind, word_at
from eksview.domain.live.facts import Facts, FactSet, call_key
from eksview.domain.live.messages import Fanout, LinkState, Sink, Swap
from eksview.domain.live.retry import Failure
from eksview.domain.rows.aws import AwsIdentity, Call, Issue, NodegroupRow, StatusRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.engine.one_shot import SILENT, read_joined, unread_reasons
from eksview.kube.client.errors import RequestError
from eksview.store.store import Store
from tests.domain.aws_objects import DNS, ID, NOW, instance
from tests.loop_clock import idle
from tests.patience import PATIENCE

LOST = "i-0fedcba9876543210"
NODEGROUP = NodegroupRow(
    "ng", "", "ACTIVE", "1.33", "", "", "", (), 1, 1, 1, (), "", "", (), (), None
)
DENIED = "You lack ec2:DescribeInstances: ask for it."


def body(*nodes: tuple[str, str], more: str = "") -> bytes:
    items = [
        {
            "metadata": {"name": name, "uid": name, "creationTimestamp": "2025-10-09T07:53:20Z"},
            "spec": {"providerID": provider},
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        }
        for name, provider in nodes
    ]
    return msgspec.json.encode({"metadata": {"continue": more}, "items": items})


class Server:
    """A server of the list of nodes, page by page."""

    def __init__(self, *pages: bytes) -> None:
        self.pages = list(pages)
        self.claims = ""  # why they are refused; empty: not installed
        self.queries: list[dict[str, str]] = []

    async def get_bytes(self, path: str, query: dict[str, str] | None = None) -> bytes:
        if path != "/api/v1/nodes":
            raise RequestError(self.claims, Failure(403 if self.claims else 404))
        self.queries.append(dict(query or {}))
        if not self.pages:
            raise UserError("Not permitted: list nodes.")
        return self.pages.pop(0)


class Aws:
    """A source of AWS data that runs a function when it is started."""

    def __init__(self, sink: Sink, begun: Callable[[Sink], None]) -> None:
        self.sink = sink
        self.begun = begun
        self.stopped = False

    def start(self) -> None:
        self.begun(self.sink)

    async def stop(self) -> None:
        self.stopped = True


def answering(sink: Sink) -> None:
    sink.send(
        Swap(Kind.INSTANCE, [instance(), instance(id=LOST, private_dns="b", launched=NOW - 9000)])
    )
    sink.send(Swap(Kind.STATUS, [StatusRow(ID, "ok", "ok")]))
    for name in ("ec2", "status", "autoscaling", "images", "eks", "access-entries", "network"):
        sink.send(LinkState(Link(name, Phase.LIVE, NOW, heard=NOW)))


def telling(phase: Phase, reason: str) -> Callable[[Sink], None]:
    def begun(sink: Sink) -> None:
        for name in ("ec2", "status", "autoscaling", "images"):
            sink.send(LinkState(Link(name, phase, NOW, reason)))

    return begun


EC2_NODE = (DNS, f"aws:///us-west-2a/{ID}")
FARGATE = ("f", "aws:///us-west-2a/1/fargate-ip-10-0-0-1")
KIND = ("kind-worker", "kind://docker/kind/kind-worker")


async def join(
    server: Server, begun: Callable[[Sink], None], *, now: float = NOW, limit: float = PATIENCE
) -> Store:
    made: list[Aws] = []

    def aws(sink: Fanout) -> Aws:
        made.append(Aws(sink, begun))
        return made[-1]

    try:
        return await read_joined(server, aws, clock=lambda: now, limit=limit)
    finally:
        assert all(each.stopped for each in made) or not server.pages


def kinds(store: Store) -> set[tuple[str, str, str]]:
    return {(row.kind.value, row.node, row.instance) for row in store.mapping.rows.values()}


async def test_both_sides_are_joined() -> None:
    store = await join(Server(body(EC2_NODE, FARGATE)), answering)
    assert kinds(store) == {("joined", DNS, ID), ("not-ec2", "f", ""), ("not-joined", "", LOST)}
    assert unread_reasons(store) == ()


async def test_an_instance_in_doubt_is_judged_once_the_join_checks_have_their_data() -> None:
    issue = Issue("NodeCreationFailure", "m", (LOST,))
    nodegroup = msgspec.structs.replace(NODEGROUP, name="ng-general", issues=(issue,))

    def late(sink: Sink) -> None:
        sink.send(Swap(Kind.INSTANCE, [instance(id=LOST, launched=NOW - 9000)]))
        for name in ("ec2", "status", "autoscaling", "images"):
            sink.send(LinkState(Link(name, Phase.LIVE, NOW, heard=NOW)))
        asyncio.get_running_loop().call_later(0.01, later, sink)

    def later(sink: Sink) -> None:
        sink.send(Swap(Kind.NODEGROUP, [nodegroup]))
        for name in ("eks", "access-entries", "network"):
            sink.send(LinkState(Link(name, Phase.LIVE, NOW, heard=NOW)))

    store = await join(Server(body(FARGATE)), late)
    assert word_at(store.mapping.rows[LOST], NOW) == "failed to join"


async def test_every_page_of_nodes_is_read() -> None:
    server = Server(body(EC2_NODE, more="token"), body(FARGATE))
    store = await join(server, answering)
    assert set(store.nodes) == {DNS, "f"}
    assert [query.get("continue") for query in server.queries] == [None, "token"]


async def test_a_list_of_nodes_that_cant_be_understood_is_an_error_for_the_user() -> None:
    with pytest.raises(UserError, match="The answer isn't a list of nodes"):
        await join(Server(b'{"items": 5}'), answering)


async def test_a_node_whose_instance_aws_doesnt_know_has_none() -> None:
    gone = ("gone", "aws:///us-west-2a/i-0aaaaaaaaaaaaaaaa")
    store = await join(Server(body(gone)), answering)
    assert ("orphan", "gone", "i-0aaaaaaaaaaaaaaaa") in kinds(store)


@pytest.mark.parametrize("phase", [Phase.OFF, Phase.REFUSED])
async def test_what_aws_refuses_is_unread_and_said_once(phase: Phase) -> None:
    store = await join(Server(body(EC2_NODE)), telling(phase, DENIED))
    assert kinds(store) == {("unknown", DNS, ID)}
    assert store.mapping.rows[ID].reason == DENIED
    assert unread_reasons(store) == (DENIED,)


async def test_what_goes_on_failing_isnt_waited_for_long() -> None:
    expired = "The SSO session has expired: run `aws sso login --profile X`."
    store = await join(
        Server(body(EC2_NODE)), telling(Phase.RETRYING, expired), now=NOW + 6, limit=3600.0
    )
    assert unread_reasons(store) == (expired,)


async def test_missing_credentials_arent_waited_for() -> None:
    reason = "No AWS credentials were found: name a profile with --profile."

    def begun(sink: Sink) -> None:
        telling(Phase.RETRYING, reason)(sink)
        sink.send(FactSet(Facts.aws_identity, ReadFailed(reason, NOW)))

    async with asyncio.timeout(PATIENCE):
        store = await join(Server(body(EC2_NODE)), begun, limit=3600.0)
    assert unread_reasons(store) == (reason,)


async def test_an_aws_that_never_answers_ends_with_the_nodes() -> None:
    store = await join(Server(body(EC2_NODE)), lambda _: None, limit=0.05)
    assert kinds(store) == {("unknown", DNS, ID)}
    assert unread_reasons(store) == (SILENT,)


async def test_an_aws_that_answers_in_part_is_no_matter_of_the_network() -> None:
    def begun(sink: Sink) -> None:
        identity = AwsIdentity(*map(clean, ("111122223333", "arn:me", "us-west-2", "prod")))
        sink.send(FactSet(Facts.aws_identity, Read(identity, NOW)))
        for name in ("status", "autoscaling", "images"):
            sink.send(LinkState(Link(name, Phase.LIVE, NOW, heard=NOW)))

    store = await join(Server(body(EC2_NODE)), begun, limit=0.05)
    (reason,) = unread_reasons(store)
    assert reason.startswith("AWS answered, but not to ec2:DescribeInstances within")
    assert "network" not in reason


async def test_one_denied_column_is_said_and_the_rows_stand() -> None:
    def partly(sink: Sink) -> None:
        answering(sink)
        sink.send(
            LinkState(Link("status", Phase.REFUSED, NOW, "You lack ec2:DescribeInstanceStatus."))
        )

    store = await join(Server(body(EC2_NODE)), partly)
    assert store.mapping.rows[ID].kind is RowKind.JOINED
    assert unread_reasons(store) == ("You lack ec2:DescribeInstanceStatus.",)


async def test_nodes_that_dont_run_on_ec2_need_no_aws() -> None:
    elsewhere = telling(
        Phase.OFF, "Not on AWS: neither the kubeconfig nor a node's provider ID refers to AWS."
    )
    store = await join(Server(body(KIND, FARGATE)), elsewhere)
    assert kinds(store) == {("not-ec2", "kind-worker", ""), ("not-ec2", "f", "")}
    assert unread_reasons(store) == ()


async def test_a_cluster_of_fargate_alone_says_that_ec2_couldnt_be_asked() -> None:
    store = await join(Server(body(FARGATE)), telling(Phase.REFUSED, DENIED))
    assert unread_reasons(store) == (DENIED,)


async def test_links_that_ask_about_instances_arent_late_where_ec2_is_refused() -> None:
    def refused(sink: Sink) -> None:
        sink.send(LinkState(Link("ec2", Phase.REFUSED, NOW, DENIED)))

    store = await join(Server(body(EC2_NODE)), refused)
    assert unread_reasons(store) == (DENIED,)


@pytest.mark.parametrize("phase", [Phase.LIVE, Phase.OFF])
async def test_no_rows_arent_no_instances_where_the_cluster_is_unknown(phase: Phase) -> None:
    """EC2 lists instances without a node by the cluster's tags, so by its name."""
    unnamed = "The kubeconfig names no EKS cluster."

    def begun(sink: Sink) -> None:
        heard = NOW if phase is Phase.LIVE else None
        for name in ("ec2", "status", "autoscaling", "images"):
            sink.send(
                LinkState(Link(name, phase, NOW, "" if heard else "Not on AWS.", heard=heard))
            )
        sink.send(LinkState(Link("eks", Phase.OFF, NOW, unnamed)))

    store = await join(Server(body()), begun)
    (reason,) = unread_reasons(store)
    listed = f"Instances without a node aren't listed. {unnamed}"
    assert reason == (listed if phase is Phase.LIVE else "Not on AWS.")


async def test_without_the_nodes_there_is_nothing_to_join() -> None:
    with pytest.raises(UserError, match="list nodes"):
        await join(Server(), answering)


async def test_throttled_links_are_waited_for() -> None:
    tasks: list[asyncio.Task[None]] = []

    def begun(sink: Sink) -> None:
        telling(Phase.RETRYING, "AWS is throttling ec2:DescribeInstances.")(sink)
        for name in ("ec2", "status", "autoscaling", "images"):
            call = Call(clean(name), 30.0, 180, 1, throttled=NOW)
            sink.send(FactSet(call_key(name), Read(call, NOW)))

        async def later() -> None:
            await idle()
            answering(sink)

        tasks.append(asyncio.create_task(later()))

    store = await join(Server(body(EC2_NODE)), begun, now=NOW + 6)
    assert store.mapping.rows[ID].kind is RowKind.JOINED
    assert unread_reasons(store) == ()


async def test_node_claims_that_may_not_be_listed_are_said_and_the_rows_stand() -> None:
    server = Server(body(EC2_NODE))
    server.claims = "Not permitted: list nodeclaims.karpenter.sh."
    store = await join(server, answering)
    assert ("joined", DNS, ID) in kinds(store)
    assert unread_reasons(store) == (server.claims,)
