"""A log of CloudWatch Logs, read while a view shows it.

FilterLogEvents is polled and costs nothing. StartLiveTail would be quicker by seconds, but it is
billed by the minute (CloudWatch pricing, "Live Tail") and shows nothing from before it was started.
"""

from abc import ABC, abstractmethod
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from eksview.aws.client.context import AwsContext
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services.reader import ONCE, reads
from eksview.domain.aws.poll_plan import PollPlan
from eksview.domain.aws.rate_limit import RARELY
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.line import LogLine, stamped

SHOWN_FIRST = 300  # seconds to begin with if no time is chosen: there are no last lines
OVERLAP = 180.0  # seconds before the last event that are read again: events are delivered late
STREAMS_EVERY = 60.0  # seconds; what is scaled or replaced has new streams
ROOM = 0.1  # seconds between two looks for room, or at a screen that is hidden
NOTICE = ~0  # a line that isn't of the log


class SeenEvents(Struct):
    """The events that were read, by id, as far back as they may come again."""

    last: float = 0.0  # the time of the newest, in seconds
    ids: dict[str, float] = {}

    def fresh(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the events that weren't read before."""
        new = [event for event in events if str(event.get("eventId")) not in self.ids]
        for event in new:
            at = float(event.get("timestamp") or 0) / 1000.0
            self.ids[str(event.get("eventId"))] = at
            self.last = max(self.last, at)
        return new

    def forget(self) -> None:
        """Forget what won't be asked for again."""
        oldest = self.last - 2 * OVERLAP
        self.ids = {event: at for event, at in self.ids.items() if at >= oldest}


class WantedLog(Struct, frozen=True):
    """What is read of a log group: since when, which events, and whether it is followed."""

    group: str
    since: int | None  # seconds before now; None: `SHOWN_FIRST`
    pattern: str = ""  # in CloudWatch's filter syntax
    follow: bool = True


class PolledLog(ABC):
    """The reader of some streams of a log group into an inbox."""

    def __init__(
        self, context: AwsContext, plan: PollPlan, wanted: WantedLog, inbox: LogInbox
    ) -> None:
        self.context = context
        self.client = ThrottledClient(context, plan.name, plan.budget, self._throttled)
        self.inbox = inbox
        self.began = context.clock() - (wanted.since or SHOWN_FIRST)
        self.group = wanted.group
        self._wanted = wanted
        self._period = plan.period
        self._seen = SeenEvents()
        self._sources: dict[str, LogSource] = {}
        self._streams: tuple[str, ...] = ()
        self._listed = -STREAMS_EVERY

    async def run(self) -> None:
        """Read until cancelled, or once without following."""
        await self.begin()
        while True:
            await self.before_round()
            wait = await self._round()
            if not self._wanted.follow or wait is None:
                self._end()
                return
            await self.context.sleep(wait)
            while self.inbox.held and not self.inbox.closed:
                await self.context.sleep(ROOM)

    async def begin(self) -> None:  # noqa: B027 - not every log has something to say first
        """Say what should be said of the log before its lines."""

    async def before_round(self) -> None:  # noqa: B027 - as above
        """Look at what may change while the log is read."""

    @abstractmethod
    async def list_streams(self) -> tuple[str, ...]:
        """Return the names of the streams to read."""

    @abstractmethod
    def short_name(self, stream: str) -> Clean:
        """Return the name that tells the streams of a log apart."""

    @abstractmethod
    def no_streams(self) -> str:
        """Return the sentence for a log without streams."""

    @abstractmethod
    def no_group(self) -> str:
        """Return the sentence for a log group that doesn't exist."""

    async def _round(self) -> float | None:
        """Read what is new; return the seconds until the next time, None where there is none."""
        try:
            await self._find_streams()
            if self._streams:
                await self._read()
        except CallRefused as refused:
            return self._refused(refused)
        self._seen.forget()
        self.inbox.as_of(self.context.clock())
        self.inbox.state(EMPTY if self._streams else clean(self.no_streams()))
        return self._period

    async def _find_streams(self) -> None:
        now = self.context.clock()
        if now - self._listed < STREAMS_EVERY and self._streams:
            return
        self._streams = await self.list_streams()
        self._listed = now
        for name in self._streams:
            self._source(name)

    @reads(ONCE, "logs:FilterLogEvents")
    async def _read(self) -> None:
        """Read the events since the last ones, page by page, those of all streams together."""
        more = {"filterPattern": self._wanted.pattern} if self._wanted.pattern else {}
        async for answer in self.client.pages(
            "logs",
            "FilterLogEvents",
            logGroupName=self.group,
            logStreamNames=sorted(self._streams),
            startTime=round(self.since * 1000),
            **more,
        ):
            await self._put(answer.get("events") or [])

    @property
    def since(self) -> float:
        """The time of the oldest event that is asked for."""
        return max(self.began, self._seen.last - OVERLAP)

    async def _put(self, events: list[dict[str, Any]]) -> None:
        lines: list[LogLine] = []
        for event in self._seen.fresh(events):
            source = self._source(str(event.get("logStreamName") or ""))
            at = float(event.get("timestamp") or 0) / 1000.0
            text = str(event.get("message") or "").rstrip("\n")
            lines += [(source.number, stamped(at, line.encode())) for line in text.split("\n")]
        self.inbox.put(lines)
        while self.inbox.full and not self.inbox.closed:
            await self.context.sleep(ROOM)

    def _source(self, stream: str) -> LogSource:
        if stream not in self._sources:
            number, name = len(self._sources), self.short_name(stream)
            source = LogSource(number, EMPTY, name, EMPTY, SourcePhase.LIVE)
            self._sources[stream] = source
            self.inbox.report(source)
        return self._sources[stream]

    def _refused(self, refused: CallRefused) -> float | None:
        refusal = refused.refusal
        self.inbox.state(refusal.sentence)
        if refused.code == "InvalidParameterException" and self._wanted.pattern:
            reason = f"CloudWatch Logs refuses the filter pattern: {refused.message}"
            self.inbox.state(clean(reason))
            return None
        if refusal.kind == "not-found":
            self.inbox.state(clean(self.no_group()))
        return max(self._period, RARELY if refusal.kind == "denied" else 2 * self._period)

    def _throttled(self, refused: CallRefused, wait: float) -> None:
        self.inbox.state(clean(f"{refused.refusal.sentence} Next try in {wait:.0f} s."))

    def _end(self) -> None:
        for source in self._sources.values():
            self.inbox.report(replace(source, phase=SourcePhase.ENDED))

    def note(self, text: Clean, at: float | None = None) -> None:
        """Put a notice between the lines at a time, by default before the first of them."""
        self.inbox.put([(NOTICE, stamped(self.began if at is None else at, text.encode()))])
