"""One link: asks its parts on a period, tells how it is, and goes on whatever AWS says."""

import asyncio
from collections.abc import Sequence
from logging import getLogger

from msgspec.structs import replace

from eksview.aws.client.context import AwsContext
from eksview.aws.client.throttled_client import CallRefused, PolledCall, ThrottledClient
from eksview.aws.services.inventory import NotYet
from eksview.domain.aws.errors import AwsRefusal
from eksview.domain.aws.poll_plan import PollPlan
from eksview.domain.aws.rate_limit import RARELY, Backoff, after_refusal, period_of
from eksview.domain.base import reading
from eksview.domain.base.reading import Read, ReadFailed, Reading
from eksview.domain.live.facts import FactSet, call_key
from eksview.domain.live.messages import LinkState
from eksview.domain.rows.aws import Call
from eksview.domain.rows.link import Link, Phase

EVERYBODYS = ("throttled", "expired", "no-credentials", "unreachable")
"""Kinds of refusal that another question would meet too."""
LOG = getLogger(__name__)


class AwsPoller:
    """Runs until cancelled. `gated`: waits while there are no credentials."""

    def __init__(
        self, plan: PollPlan, parts: Sequence[PolledCall], means: AwsContext, *, gated: bool = True
    ) -> None:
        self._plan = plan
        self._parts = parts
        self._means = means
        self._gated = gated
        self._wake = asyncio.Event()
        self._patient = False  # AWS asked to wait: a nudge doesn't shorten that
        self._round = 0
        self._failures = 0
        self._due = 0.0  # the next round on the period
        self._troubles: dict[int, tuple[float, AwsRefusal]] = {}  # part -> until when it rests
        now = means.clock()
        self._link = Link(plan.name, Phase.CONNECTING, now)
        self._call = Call(plan.action, plan.period, plan.budget, 0)
        self._meter = ThrottledClient(means, plan.name, plan.budget, self._throttled, self._heard)
        self._tell()

    def nudge(self) -> None:
        """Ask early, at once; while AWS wants patience, when that is over."""
        if not self._patient and any(part.early for part in self._parts):
            self._wake.set()

    def again(self) -> None:
        """Start over with a whole round: credentials are back, or somebody asked for it."""
        self._due = 0.0
        self._troubles.clear()
        if not self._patient:
            self._wake.set()

    async def run(self) -> None:
        """Ask, wait, ask."""
        while True:
            if self._gated:
                await self._means.gate.passed(self._shut)
            wait = await self._turn()
            await self._nap(wait)

    async def _turn(self) -> float:
        """A round; returns the seconds until the next."""
        now = self._means.clock()
        regular = now >= self._due
        calls, waited = self._meter.calls, self._meter.waited
        self._wake.clear()
        try:
            soon = await self._ask(regular=regular)
        except NotYet as pause:
            return pause.wait
        except CallRefused as refused:
            return self._failed(refused)
        self._patient = False
        self._failures = 0
        if regular:
            took = self._means.clock() - now - (self._meter.waited - waited)
            period = period_of(self._plan.period, took)
            self._call = replace(self._call, period=period)
            self._due = now + period
        if regular or self._meter.calls != calls:
            self._answered()
        rest = max(0.0, self._due - self._means.clock())
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
        """Ask one part; a trouble that is only its own keeps no other from being asked."""
        try:
            again = await part.ask(self._meter)
        except CallRefused as refused:
            refusal = refused.refusal
            if refusal.kind in EVERYBODYS or (part.essential and refusal.kind != "denied"):
                raise
        except NotYet:
            raise
        except Exception as error:
            LOG.exception("%s", self._plan.action)
            refusal = self._misunderstood(error)
            if part.essential:
                raise CallRefused(refusal) from None
        else:
            self._troubles.pop(number, None)
            return again
        self._troubles[number] = (self._means.clock() + RARELY, refusal)
        return None

    def _misunderstood(self, error: Exception) -> AwsRefusal:
        """An answer of a shape nobody expected: said, logged, and asked again."""
        return AwsRefusal(
            kind="broken",
            sentence=f"An answer about {self._plan.name} couldn't be understood"
            f" ({type(error).__name__}); it is asked again.",
        )

    def _wanted(self, number: int, part: PolledCall, *, regular: bool) -> bool:
        if number in self._troubles:
            until, _ = self._troubles[number]
            return self._means.clock() >= until and (part.regular if regular else part.early)
        if regular:
            return part.regular and self._round % part.every == 0
        return part.early

    def _answered(self) -> None:
        now = self._means.clock()
        refusals = [refusal for _, refusal in self._troubles.values()]
        essential = next((n for n in self._troubles if self._parts[n].essential), None)
        self._call = replace(
            self._call,
            at=now if essential is None else self._call.at,
            outcome=_outcome(refusals, now),
        )
        if essential is None:
            why = _sentences(refusals)
            self._enter(Phase.LIVE, why=why, heard=now)
            return
        until, refusal = self._troubles[essential]
        self._enter(Phase.REFUSED, why=refusal.sentence, retry_at=until)

    def _failed(self, refused: CallRefused) -> float:
        refusal = refused.refusal
        step: Backoff = after_refusal(
            refusal.kind,
            self._failures,
            self._plan.period,
            self._means.chance,
            refusal.retry_after,
        )
        self._failures = step.failures
        self._due = 0.0  # what this round has not heard is in the next one
        self._patient = refusal.kind == "throttled"
        now = self._means.clock()
        if self._patient:
            self._call = replace(self._call, throttled=now)
        self._call = replace(self._call, outcome=ReadFailed(refusal.sentence, now))
        if refusal.kind in ("expired", "no-credentials"):
            self._means.gate.shut(refusal)
        self._enter(step.phase, why=refusal.sentence, retry_at=now + step.wait)
        return step.wait

    def _heard(self) -> None:
        if self._link.phase is Phase.CONNECTING:
            self._enter(Phase.LISTING)

    def _throttled(self, refused: CallRefused, wait: float) -> None:
        now = self._means.clock()
        self._call = replace(self._call, throttled=now)
        self._enter(Phase.RETRYING, why=refused.refusal.sentence, retry_at=now + wait)

    def _shut(self, why: str) -> None:
        self._due = 0.0
        self._enter(Phase.RETRYING, why=why)

    def _enter(
        self,
        phase: Phase,
        *,
        why: str = "",
        retry_at: float | None = None,
        heard: float | None = None,
    ) -> None:
        now = self._means.clock()
        self._link = replace(
            self._link,
            phase=phase,
            since=self._link.since if phase is self._link.phase else now,
            why=why,
            retry_at=retry_at,
            heard=self._link.heard if heard is None else heard,
        )
        self._tell()

    def _tell(self) -> None:
        now = self._means.clock()
        used = self._meter.budget.used(now)
        self._call = replace(self._call, used=used)
        self._means.sink.send(LinkState(self._link))
        self._means.sink.send(FactSet(call_key(self._plan.name), Read(self._call, now)))

    async def _nap(self, seconds: float) -> None:
        """Sleep, but wake when nudged."""
        if seconds <= 0.0:
            return
        sleep = asyncio.ensure_future(self._means.sleep(seconds))
        nudged = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait((sleep, nudged), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (sleep, nudged):
                each.cancel()
            await asyncio.gather(sleep, nudged, return_exceptions=True)


def _outcome(refusals: Sequence[AwsRefusal], now: float) -> Reading[None]:
    """Return how a round ended: refused if any part of it was denied."""
    if not refusals:
        return Read(None, now)
    denied = [refusal.action for refusal in refusals if refusal.kind == "denied"]
    if denied:
        actions = ", ".join(dict.fromkeys(filter(None, denied)))
        return reading.Refused(_sentences(refusals), actions or None, now)
    return ReadFailed(_sentences(refusals), now)


def _sentences(refusals: Sequence[AwsRefusal]) -> str:
    return " ".join(dict.fromkeys(refusal.sentence for refusal in refusals))
