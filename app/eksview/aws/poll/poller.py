"""The poller of one link: makes its calls on a period and reports the link's state."""

import asyncio
from collections.abc import Sequence
from logging import getLogger
from typing import Unpack

from msgspec.structs import replace

from eksview.aws.client.context import AwsContext
from eksview.aws.client.throttled_client import CallRefused, PolledCall, ThrottledClient
from eksview.aws.services.inventory import Incomplete, NothingToAsk, NotYet
from eksview.domain.aws.errors import AwsRefusal, refused, unread
from eksview.domain.aws.poll_plan import PollPlan
from eksview.domain.aws.rate_limit import RARELY, after_refusal, period_of
from eksview.domain.base import reading
from eksview.domain.base.reading import Read, ReadFailed, Reading
from eksview.domain.base.text import Clean, clean
from eksview.domain.live.facts import Answered, FactSet, call_key, part_key
from eksview.domain.live.messages import LinkState
from eksview.domain.rows.aws import Call
from eksview.domain.rows.link import Link, LinkChange, Phase
from eksview.process.first_of import first_of

LOG = getLogger(__name__)


class AwsPoller:
    """The poller, which runs until cancelled; `gated` means that it waits for credentials."""

    def __init__(
        self,
        plan: PollPlan,
        parts: Sequence[PolledCall],
        context: AwsContext,
        *,
        gated: bool = True,
    ) -> None:
        self._plan = plan
        self._parts = parts
        self._context = context
        self._gated = gated
        self._wake = asyncio.Event()
        self._widened = False
        self._throttled = False  # a nudge doesn't shorten the wait
        self._round = 0
        self._failures = 0
        self._due = 0.0  # the next round on the period
        self._failed_parts: dict[
            int, tuple[float, AwsRefusal]
        ] = {}  # part -> until when it isn't called
        self._read_at: dict[str, float] = {}  # by the names of parts
        now = context.clock()
        self._link = Link(plan.name, Phase.CONNECTING, now)
        self._call = Call(clean(plan.action), plan.period, plan.budget, 0)
        self._client = ThrottledClient(
            context, plan.name, plan.budget, self._on_throttled, self._heard
        )
        self._send()

    def nudge(self) -> None:
        """Make the early calls at once, or after the wait while AWS throttles."""
        if not self._throttled and any(part.early for part in self._parts):
            self._wake.set()

    def again(self) -> None:
        """Start a whole round: credentials are back, or a person asked for it."""
        self._due = 0.0
        self._failed_parts.clear()
        if not self._throttled:
            self._wake.set()

    def widen(self) -> None:
        """Start a whole round of more than was asked for: what is read isn't all of it."""
        self._widened = True
        if self._link.phase is Phase.LIVE:  # another phase has a reason that holds on
            self._enter(Phase.CONNECTING, heard=None)
        self.again()

    async def run(self) -> None:
        """Make rounds until cancelled."""
        while True:
            if self._gated:
                await self._context.gate.passed(self._wait_for_credentials)
            wait = await self._turn()
            if wait > 0.0:
                await first_of(self._context.sleep(wait), self._wake.wait())

    async def _turn(self) -> float:
        """Make a round; return the seconds until the next."""
        now = self._context.clock()
        regular = now >= self._due
        calls, waited = self._client.calls, self._client.waited
        self._wake.clear()
        self._widened = False
        try:
            soon = await self._ask(regular=regular)
        except NotYet as pause:
            return pause.wait
        except CallRefused as refused:
            return self._failed(refused)
        self._throttled = False
        self._failures = 0
        if self._widened:  # asked for while this round was made, which is without it
            return 0.0
        if regular:
            took = self._context.clock() - now - (self._client.waited - waited)
            period = period_of(self._plan.period, took)
            self._call = replace(self._call, period=period)
            self._due = now + period
        if regular or self._client.calls != calls:
            self._answered()
        rest = max(0.0, self._due - self._context.clock())
        return rest if soon is None else min(rest, soon)

    async def _ask(self, *, regular: bool) -> float | None:
        soon: list[float] = []
        for number, part in enumerate(self._parts):
            if not self._wanted(number, part, regular=regular):
                continue
            again = await self._ask_part(number, part)
            if again is not None:
                soon.append(again)
        self._round += regular
        return min(soon, default=None)

    async def _ask_part(self, number: int, part: PolledCall) -> float | None:
        """Make one call; a failure of its own doesn't keep the others from being made."""
        try:
            again = await part.ask(self._client)
        except CallRefused as refused:
            refusal = refused.refusal
            if refusal.of_every_call or (part.essential and refusal.kind != "denied"):
                raise
        except NotYet:
            raise
        except NothingToAsk:
            self._failed_parts.pop(number, None)
            self._context.sink.send(FactSet(part_key(part.part), reading.NOT_ASKED))
            return None
        except Incomplete as gap:
            self._failed_parts.pop(number, None)
            self._send_part(part.part, AwsRefusal("other", clean(gap.sentence)))
            return gap.wait
        except Exception as error:
            LOG.exception("%s", self._plan.action)
            refusal = self._misunderstood(error, part)
            if part.essential:
                raise CallRefused(refusal) from None
        else:
            self._failed_parts.pop(number, None)
            self._send_part(part.part)
            return again
        self._failed_parts[number] = (self._context.clock() + RARELY, refusal)
        self._send_part(part.part)
        return None

    def _send_part(self, name: str, gap: AwsRefusal | None = None) -> None:
        """Report a part as read, unless one of its calls has failed or there is a gap."""
        now, read_at = self._context.clock(), self._read_at.get(name)
        failed = (
            refusal
            for number, (_, refusal) in sorted(self._failed_parts.items())
            if self._parts[number].part == name
        )
        refusal = next(failed, gap)
        if refusal is None:
            self._read_at[name] = now
            reading: Reading[Answered] = Read(Answered(), now)
        else:
            reading = unread(refusal, now, None if read_at is None else Answered(), read_at)
        self._context.sink.send(FactSet(part_key(name), reading))

    def _misunderstood(self, error: Exception, part: PolledCall) -> AwsRefusal:
        """Return the refusal for an answer of an unexpected shape."""
        actions = " or ".join(part.actions) or self._plan.action
        return refused(
            "broken",
            f"An answer of {actions} couldn't be parsed ({type(error).__name__}); trying again.",
        )

    def _wanted(self, number: int, part: PolledCall, *, regular: bool) -> bool:
        if number in self._failed_parts:
            until, _ = self._failed_parts[number]
            return self._context.clock() >= until and (part.regular if regular else part.early)
        if regular:
            return part.regular and self._round % part.every == 0
        return part.early

    def _answered(self) -> None:
        now = self._context.clock()
        refusals = [refusal for _, refusal in self._failed_parts.values()]
        essential = next((n for n in self._failed_parts if self._parts[n].essential), None)
        self._call = replace(
            self._call,
            at=now if essential is None else self._call.at,
            outcome=_outcome(refusals, now),
        )
        if essential is None:
            self._enter(Phase.LIVE, reason=_sentences(refusals), heard=now)
            return
        until, refusal = self._failed_parts[essential]
        self._enter(Phase.REFUSED, reason=refusal.sentence, retry_at=until)

    def _failed(self, refused: CallRefused) -> float:
        refusal = refused.refusal
        step = after_refusal(
            refusal.kind,
            self._failures,
            self._plan.period,
            self._context.chance,
            refusal.retry_after,
        )
        self._failures = step.failures
        self._due = 0.0  # the next round makes all calls again
        self._throttled = refusal.kind == "throttled"
        now = self._context.clock()
        if self._throttled:
            self._call = replace(self._call, throttled=now)
        self._call = replace(self._call, outcome=ReadFailed(refusal.sentence, now))
        if refusal.of_credentials:
            self._context.gate.shut(refusal)
        self._enter(step.phase, reason=refusal.sentence, retry_at=now + step.wait)
        return step.wait

    def _heard(self) -> None:
        if self._link.phase is Phase.CONNECTING:
            self._enter(Phase.LISTING)

    def _on_throttled(self, refused: CallRefused, wait: float) -> None:
        now = self._context.clock()
        self._call = replace(self._call, throttled=now)
        self._enter(Phase.RETRYING, reason=refused.refusal.sentence, retry_at=now + wait)

    def _wait_for_credentials(self, reason: Clean) -> None:
        self._due = 0.0
        self._enter(Phase.RETRYING, reason=reason)

    def _enter(self, phase: Phase, **fields: Unpack[LinkChange]) -> None:
        self._link = self._link.entered(phase, self._context.clock(), **fields)
        self._send()

    def _send(self) -> None:
        now = self._context.clock()
        used = self._client.budget.used(now)
        self._call = replace(self._call, used=used)
        self._context.sink.send(LinkState(self._link))
        self._context.sink.send(FactSet(call_key(self._plan.name), Read(self._call, now)))


def _outcome(refusals: Sequence[AwsRefusal], now: float) -> Reading[None]:
    """Return how a round ended: refused if any part of it was denied."""
    if not refusals:
        return Read(None, now)
    denied = [refusal.action for refusal in refusals if refusal.kind == "denied"]
    if denied:
        actions = ", ".join(dict.fromkeys(filter(None, denied)))
        return reading.Refused(_sentences(refusals), clean(actions) or None, now)
    return ReadFailed(_sentences(refusals), now)


def _sentences(refusals: Sequence[AwsRefusal]) -> Clean:
    return clean(" ".join(dict.fromkeys(refusal.sentence for refusal in refusals)))
