"""The AWS source: when it starts, which nodes it sees, and that it closes everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from eksview.domain.aws.poll_plan import ECS_PLANS, PLANS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import ReadFailed
from eksview.domain.live.messages import Drop, Fanout, Put, Swap
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.engine import aws_source
from eksview.engine.aws_source import AwsSource
from tests.aws.fakes import Heard
from tests.aws.world import World, instance_id
from tests.domain.aws.test_instance_tracker import node
from tests.patience import until

EKS = AwsTarget(cluster="demo", region="us-west-2")


class Side:
    """An AWS source with answers of plain data."""

    def __init__(self, place: AwsTarget = EKS) -> None:
        self.world = World()
        self.heard = Heard()
        self.opened: list[AwsTarget] = []
        self.closed = 0
        self.world.session.close = self._close  # type: ignore[attr-defined]
        self.messages = Fanout(self.heard)
        self.side = AwsSource(place, self.messages, {}, open_session=self._open)

    def _open(self, place: AwsTarget, environ: Any) -> Any:
        self.opened.append(place)
        return self.world.session

    async def _close(self) -> None:
        self.closed += 1

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Side"]:
        self.side.start()
        try:
            yield self
        finally:
            await self.side.stop()


async def test_rows_arrive_once_the_nodes_have() -> None:
    async with Side().running() as side:
        side.messages.send(Swap(Kind.NODE, [node("a", instance_id(0))]))
        await until(lambda: side.heard.keys(Kind.INSTANCE))
        assert side.heard.keys(Kind.NODE) == {"a"}
        assert side.opened == [EKS]
    assert side.closed == 1


async def test_aws_gives_the_nodes_a_head_start_but_does_not_need_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aws_source, "HEAD_START", 0.02)
    async with Side().running() as side:
        await until(lambda: side.heard.keys(Kind.INSTANCE))
        assert not side.heard.keys(Kind.NODE)


async def test_a_cluster_that_is_not_on_aws_is_never_asked_about_there() -> None:
    async with Side(AwsTarget()).running() as side:
        side.messages.send(Swap(Kind.NODE, [node("kind", provider="kind://docker/kind/worker")]))
        await until(lambda: len(side.heard.links) == len(PLANS))
        side.messages.send(Put(Kind.NODE, node("more", provider="kind://docker/kind/worker2")))
        for _ in range(400):  # whatever could come of it has come
            await asyncio.sleep(0)
        assert {link.phase for link in side.heard.links.values()} == {Phase.OFF}
        identity = side.heard.facts["aws-identity"]
        assert isinstance(identity, ReadFailed)
        assert identity.reason
        assert not side.opened


async def test_a_node_on_ec2_leads_to_aws_where_the_kubeconfig_does_not() -> None:
    async with Side(AwsTarget()).running() as side:
        side.messages.send(Swap(Kind.NODE, [node("kind", provider="kind://docker/kind/worker")]))
        await until(lambda: len(side.heard.links) == len(PLANS))
        side.messages.send(Put(Kind.NODE, node("a", instance_id(0))))
        await until(lambda: side.opened)
        assert side.opened[0].region == "us-west-2"


async def test_a_node_that_comes_later_makes_ec2_be_asked_at_once() -> None:
    side = Side()
    late = instance_id(77)
    async with side.running():
        side.messages.send(Swap(Kind.NODE, [node("a", instance_id(0))]))
        await until(lambda: side.heard.keys(Kind.INSTANCE))
        side.world.launch(late)
        side.messages.send(Put(Kind.NODE, node("late", late)))
        await until(lambda: late in side.heard.keys(Kind.INSTANCE))
        row = side.heard.tables[Kind.NODE]["late"]
        side.world.instances[late]["State"] = {"Name": "terminated"}
        side.messages.send(Drop(Kind.NODE, row))
        await until(lambda: side.heard.tables[Kind.INSTANCE][late].state == "terminated")  # type: ignore[union-attr]


async def test_an_aws_side_that_cannot_begin_says_so_and_leaves_the_nodes_alone() -> None:
    def fail(place: AwsTarget, environ: Any) -> Any:
        raise UserError("The profile dev isn't in ~/.aws/config.")

    heard = Heard()
    messages = Fanout(heard)
    side = AwsSource(EKS, messages, {}, open_session=fail)
    side.start()
    messages.send(Swap(Kind.NODE, [node("a", instance_id(0))]))
    await until(lambda: "aws-identity" in heard.facts)
    identity = heard.facts["aws-identity"]
    assert isinstance(identity, ReadFailed)
    assert identity.reason == "The profile dev isn't in ~/.aws/config."
    assert {link.reason for link in heard.links.values()} == {identity.reason}
    messages.send(Put(Kind.NODE, node("b", instance_id(1))))
    assert heard.keys(Kind.NODE) == {"a", "b"}
    await side.stop()


async def test_an_instance_can_be_opened_only_when_aws_is_there() -> None:
    side = Side()
    with pytest.raises(UserError, match="isn't connected"):
        await side.side.instance(instance_id(0))
    async with side.running():
        side.messages.send(Swap(Kind.NODE, []))
        await until(lambda: side.heard.keys(Kind.INSTANCE))
        assert (await side.side.instance(instance_id(0))).reason == ()


async def test_aws_answering_only_after_half_a_minute_holds_up_no_node() -> None:
    side = Side()
    hanging = asyncio.Event()

    async def client(service: str) -> Any:
        await hanging.wait()

    side.world.session.client = client  # type: ignore[method-assign]
    async with side.running():
        side.messages.send(Swap(Kind.NODE, [node("a", instance_id(0))]))
        await until(lambda: side.opened)
        for number in range(50):
            side.messages.send(Put(Kind.NODE, node(f"n{number}", instance_id(number))))
        assert len(side.heard.keys(Kind.NODE)) == 51
    assert side.closed == 1


async def test_ecs_that_is_followed_is_said_to_be_off_where_there_is_no_aws() -> None:
    async with Side(AwsTarget()).running() as side:
        side.messages.send(Swap(Kind.NODE, [node("kind", provider="kind://docker/kind/worker")]))
        await until(lambda: len(side.heard.links) == len(PLANS))
        side.side.follow_ecs([""])
        assert {side.heard.links[name].phase for name in ECS_PLANS} == {Phase.OFF}
        assert {side.heard.links[name].reason for name in ECS_PLANS} == {aws_source.NOT_ON_AWS}


async def test_ecs_is_read_from_what_was_followed_before_aws_was_connected() -> None:
    side = Side()
    side.side.follow_ecs([""])
    async with side.running():
        side.messages.send(Swap(Kind.NODE, [node("a", instance_id(0))]))
        await until(lambda: "ecs" in side.heard.links)
        await until(lambda: side.heard.links["ecs"].phase is Phase.LIVE)
        side.side.follow_ecs([])
        assert side.heard.links["ecs"].phase is Phase.OFF
