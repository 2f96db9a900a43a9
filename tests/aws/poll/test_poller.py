"""One link: its rounds, its budget, and what it makes of refusals."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.context import AwsContext
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.aws.client.throttled_client import PolledCall, ThrottledClient
from eksview.aws.poll.poller import AwsPoller
from eksview.aws.services.inventory import NotYet
from eksview.domain.aws.poll_plan import PollPlan
from eksview.domain.aws.rate_limit import FIRST, RARELY
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.live.api_call import command
from eksview.domain.live.command_context import CommandContext
from eksview.domain.live.retry import CEILING
from eksview.domain.rows.aws import Call
from eksview.domain.rows.link import Phase
from tests.aws.fakes import FakeSession, Heard, Reply, Time, missing, refusal

PLAN = PollPlan("ec2", "ec2:DescribeInstances", 30.0, 20)
ASKED = "ec2:DescribeInstances"


class Bench:
    """A link with one question, on fake time."""

    def __init__(self, plan: PollPlan = PLAN) -> None:
        self.time = Time()
        self.heard = Heard()
        self.session = FakeSession()
        self.gate = CredentialsGate()
        self.gate.open()
        self.plan = plan
        self.means = AwsContext(
            self.session,
            AwsTarget(cluster="demo", region="us-west-2"),
            self.heard,
            self.gate,
            self.time.sleep,
            self.time.clock,
            lambda: 0.0,
            AwsCallLog(self.heard.requests.append, count(1), self.time.clock, "us-west-2"),
            {},
        )

    @asynccontextmanager
    async def running(self, parts: Sequence[PolledCall] | None = None) -> AsyncIterator[AwsPoller]:
        link = AwsPoller(self.plan, parts or [PolledCall(ask, essential=True)], self.means)
        task = asyncio.create_task(link.run())
        await self.time.settle()
        try:
            yield link
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def answer(self, *replies: Reply) -> None:
        """Replies one after another; the last one again and again."""
        waiting = list(replies)

        def next_reply(_: dict[str, Any]) -> Reply:
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

        self.session.answers[ASKED] = next_reply

    @property
    def phase(self) -> Phase:
        return self.heard.links[self.plan.name].phase

    @property
    def reason(self) -> str:
        return self.heard.links[self.plan.name].reason

    @property
    def call(self) -> Call:
        call = self.heard.facts[f"calls/{self.plan.name}"]
        assert isinstance(call, Call)
        return call

    def count(self) -> int:
        return len(self.session.made(ASKED))


async def ask(meter: ThrottledClient) -> None:
    await meter.call("ec2", "DescribeInstances")


async def other(meter: ThrottledClient) -> None:
    await meter.call("ec2", "DescribeSubnets")


async def test_it_asks_at_once_and_then_on_its_period() -> None:
    bench = Bench()
    async with bench.running():
        assert bench.count() == 1
        assert bench.phase is Phase.LIVE
        await bench.time.advance(29.0)
        assert bench.count() == 1
        await bench.time.advance(1.0)
        assert bench.count() == 2


async def test_between_the_first_answer_and_the_last_it_is_being_read() -> None:
    bench = Bench()
    bench.answer({"Reservations": []})
    between: list[Phase] = []

    async def twice(meter: ThrottledClient) -> None:
        for _ in range(2):
            between.append(bench.phase)
            await meter.call("ec2", "DescribeInstances")

    async with bench.running([PolledCall(twice, essential=True)]):
        assert between == [Phase.CONNECTING, Phase.LISTING]
        assert bench.phase is Phase.LIVE


async def test_period_budget_use_and_age_are_told() -> None:
    bench = Bench()
    async with bench.running():
        await bench.time.advance(30.0)
        assert bench.call == Call(ASKED, 30.0, 20, 2, at=1030.0, outcome=Read(None, 1030.0))
        assert bench.heard.links["ec2"].heard == 1030.0


async def test_no_more_calls_than_the_budget_are_made_in_a_minute() -> None:
    bench = Bench(PollPlan("ec2", ASKED, 1.0, 3))
    async with bench.running():
        await bench.time.advance(59.0)
        assert bench.count() == 3
        await bench.time.advance(2.0)
        assert bench.count() == 5  # two of the three of the first minute have left it


async def test_a_round_that_takes_long_stretches_the_period_and_says_so() -> None:
    async def slow(meter: ThrottledClient) -> None:
        await ask(meter)
        await bench.time.sleep(12.0)

    bench = Bench()
    async with bench.running([PolledCall(slow, essential=True)]):
        await bench.time.advance(119.0)
        assert bench.call.period == 120.0
        assert bench.count() == 1
        await bench.time.advance(1.0)
        assert bench.count() == 2


async def test_throttling_is_shown_at_once_and_the_same_call_made_again() -> None:
    bench = Bench()
    bench.answer(refusal("RequestLimitExceeded"), refusal("RequestLimitExceeded"), {})
    async with bench.running():
        assert bench.phase is Phase.RETRYING
        assert bench.call.throttled == 1000.0
        assert bench.heard.links["ec2"].retry_at == 1001.0
        await bench.time.advance(1.0)
        assert bench.heard.links["ec2"].retry_at == 1003.0
        await bench.time.advance(2.0)
        assert bench.phase is Phase.LIVE
        assert bench.call.throttled == 1001.0


@pytest.mark.parametrize("text", ["0", "-1", "inf", "nan", "1e308", "soon", "3600"])
async def test_no_text_of_aws_hurries_or_stops_a_link(text: str) -> None:
    bench = Bench()
    throttled = refusal("RequestLimitExceeded")
    throttled.response["ResponseMetadata"] = {"HTTPHeaders": {"retry-after": text}}
    bench.answer(throttled)
    async with bench.running():
        await bench.time.advance(600.0)
        assert 5 <= bench.count() <= 100
    assert all(FIRST <= wait <= CEILING for wait in bench.time.slept)


async def test_a_nudge_does_not_shorten_the_patience_that_aws_asked_for() -> None:
    bench = Bench()
    bench.answer(refusal("RequestLimitExceeded"))
    parts = [PolledCall(ask, essential=True, early=True)]
    async with bench.running(parts) as link:
        await bench.time.advance(16.0)  # five tries, then the round is given up
        made = bench.count()
        link.nudge()
        await bench.time.settle()
        assert bench.count() == made


async def test_a_denied_link_names_the_missing_action_and_asks_again_rarely() -> None:
    bench = Bench()
    bench.answer(refusal("UnauthorizedOperation"), {})
    async with bench.running():
        assert bench.phase is Phase.REFUSED
        assert missing(bench.call) == ASKED
        assert bench.call.at is None
        await bench.time.advance(RARELY - 1.0)
        assert bench.count() == 1
        await bench.time.advance(31.0)
        assert bench.phase is Phase.LIVE
        assert isinstance(bench.call.outcome, Read)


async def test_a_part_that_is_denied_keeps_no_other_from_being_asked() -> None:
    bench = Bench()
    bench.session.answers["ec2:DescribeSubnets"] = refusal("UnauthorizedOperation")
    async with bench.running([PolledCall(other), PolledCall(ask, essential=True)]):
        assert bench.phase is Phase.LIVE
        assert missing(bench.call) == "ec2:DescribeSubnets"
        assert "ec2:DescribeSubnets" in bench.reason
        await bench.time.advance(60.0)
        assert bench.count() == 3
        assert len(bench.session.made("ec2:DescribeSubnets")) == 1


async def test_a_part_that_fails_keeps_no_other_from_being_asked_and_recovers() -> None:
    bench = Bench()
    bench.session.answers["ec2:DescribeSubnets"] = refusal("InternalError")
    async with bench.running([PolledCall(other), PolledCall(ask, essential=True)]):
        assert bench.phase is Phase.LIVE
        assert isinstance(bench.call.outcome, ReadFailed)
        assert "ec2:DescribeSubnets" in bench.reason
        bench.session.answers["ec2:DescribeSubnets"] = {}
        await bench.time.advance(RARELY)
        assert bench.reason == ""


async def test_the_rest_goes_on_when_the_essential_part_is_denied() -> None:
    bench = Bench()
    bench.answer(refusal("UnauthorizedOperation"))
    async with bench.running([PolledCall(ask, essential=True), PolledCall(other)]):
        assert bench.phase is Phase.REFUSED
        assert len(bench.session.made("ec2:DescribeSubnets")) == 1


async def test_without_credentials_it_waits_at_the_gate_and_resumes_by_itself() -> None:
    bench = Bench()
    bench.answer({}, refusal("ExpiredToken"), {})
    shut: list[float] = []
    bench.gate.on_shut(lambda: shut.append(bench.time.now))
    async with bench.running():
        await bench.time.advance(30.0)
        assert bench.phase is Phase.RETRYING
        assert shut == [1030.0]
        await bench.time.advance(500.0)
        assert bench.count() == 2  # not a call while the gate is shut
        bench.gate.open()
        await bench.time.settle()
        assert bench.phase is Phase.LIVE
        assert bench.count() == 3


async def test_who_waits_at_the_gate_says_what_to_do() -> None:
    from eksview.domain.aws.errors import AwsRefusal

    bench = Bench()
    bench.gate.shut(AwsRefusal("expired", "Run `aws sso login --profile dev`."))
    async with bench.running():
        assert bench.phase is Phase.CONNECTING
        bench.gate.shut(AwsRefusal("expired", "Run `aws sso login --profile dev`."))
        assert bench.phase is Phase.RETRYING
        assert bench.reason == "Run `aws sso login --profile dev`."
        assert bench.count() == 0


async def test_every_failure_that_is_not_a_denial_backs_off_and_recovers() -> None:
    bench = Bench()
    bench.answer({}, OSError("reset"), OSError("reset"), {})
    async with bench.running():
        await bench.time.advance(30.0)
        assert bench.phase is Phase.RETRYING
        assert bench.heard.links["ec2"].heard == 1000.0  # stale, and it says since when
        await bench.time.advance(1.0)
        assert bench.count() == 3
        await bench.time.advance(2.0)
        assert bench.phase is Phase.LIVE


async def test_an_answer_that_nobody_expected_is_a_sentence_and_not_the_end() -> None:
    async def stumble(meter: ThrottledClient) -> None:
        await ask(meter)
        if bench.count() == 1:
            raise KeyError("Reservations")

    bench = Bench()
    async with bench.running([PolledCall(stumble, essential=True)]):
        assert bench.phase is Phase.RETRYING
        assert "couldn't be parsed" in bench.reason
        await bench.time.advance(1.0)
        assert bench.phase is Phase.LIVE


async def test_a_nudge_asks_the_early_parts_at_once_and_keeps_the_period() -> None:
    bench = Bench()
    parts = [PolledCall(other), PolledCall(ask, regular=False, early=True)]
    async with bench.running(parts) as link:
        assert bench.count() == 0
        await bench.time.advance(10.0)
        link.nudge()
        await bench.time.settle()
        assert bench.count() == 1
        assert len(bench.session.made("ec2:DescribeSubnets")) == 1
        await bench.time.advance(20.0)
        assert len(bench.session.made("ec2:DescribeSubnets")) == 2


async def test_a_part_may_ask_to_be_asked_again_soon() -> None:
    async def changing(meter: ThrottledClient) -> float:
        await ask(meter)
        return 5.0

    bench = Bench()
    async with bench.running([PolledCall(changing, essential=True, early=True)]):
        await bench.time.advance(10.0)
        assert bench.count() == 3


async def test_with_nothing_to_ask_about_it_stays_as_it_is() -> None:
    async def nothing(_: ThrottledClient) -> None:
        raise NotYet(1.0)

    bench = Bench()
    async with bench.running([PolledCall(nothing, essential=True)]):
        await bench.time.advance(5.0)
        assert bench.phase is Phase.CONNECTING
        assert bench.heard.links["ec2"].heard is None


async def test_a_part_may_be_asked_only_every_few_rounds() -> None:
    bench = Bench()
    async with bench.running([PolledCall(ask, essential=True), PolledCall(other, every=3)]):
        await bench.time.advance(30.0 * 5)
        assert bench.count() == 6
        assert len(bench.session.made("ec2:DescribeSubnets")) == 2


def page(number: int, **more: str) -> Reply:
    return {"Reservations": [], "page": number, **more}


async def test_all_pages_are_read_and_a_token_that_repeats_ends_it() -> None:
    async def paged(meter: ThrottledClient) -> None:
        async for answer in meter.pages("ec2", "DescribeInstances", MaxResults=100):
            pages.append(answer["page"])

    pages: list[int] = []
    bench = Bench()
    bench.answer(page(1, NextToken="a"), page(2, NextToken="b"), page(3))
    async with bench.running([PolledCall(paged, essential=True)]):
        assert pages == [1, 2, 3]
    assert [call.get("NextToken") for call in bench.session.made(ASKED)] == [None, "a", "b"]
    pages.clear()
    bench.answer(page(1, NextToken="a"))
    async with bench.running([PolledCall(paged, essential=True)]):
        assert pages == [1, 1]


async def test_refreshing_asks_everything_again_even_what_was_denied() -> None:
    bench = Bench()
    bench.answer(refusal("UnauthorizedOperation"), {})
    async with bench.running() as link:
        link.again()
        await bench.time.settle()
        assert bench.phase is Phase.LIVE


async def test_every_call_is_on_record_with_who_asked_and_what_came_of_it() -> None:
    async def named(meter: ThrottledClient) -> None:
        await meter.call("ec2", "DescribeInstances", InstanceIds=["i-1"])

    bench = Bench()
    bench.answer(refusal("RequestLimitExceeded"), {})
    async with bench.running([PolledCall(named, essential=True)]):
        await bench.time.advance(1.0)
    throttled, answered = bench.heard.requests
    assert (throttled.number, throttled.reason) == (1, "RequestLimitExceeded")
    assert (answered.number, answered.status, answered.reason) == (2, 200, "")
    assert (answered.service, answered.source) == ("aws", "ec2")
    assert command(answered, CommandContext(region="us-west-2")) == (
        "aws ec2 describe-instances --instance-ids i-1 --region us-west-2"
    )
