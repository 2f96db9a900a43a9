"""The control plane's logs, read from CloudWatch Logs while a view shows them.

FilterLogEvents is polled and costs nothing. StartLiveTail would be quicker by seconds, but it is
billed by the minute (CloudWatch pricing, "Live Tail"), shows nothing from before it was started,
and EKS delivers with a delay of minutes anyway.
"""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from eksview.aws.client.context import AwsContext
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services.parse_eks import cluster as described
from eksview.aws.services.reader import ONCE, reads
from eksview.domain.aws.log_delivery import off_notices
from eksview.domain.aws.poll_plan import CONTROL_PLANE_LOGS
from eksview.domain.aws.rate_limit import RARELY
from eksview.domain.base.text import EMPTY, Clean, clean, clean_name
from eksview.domain.live.command_context import context_of
from eksview.domain.logs.control_plane import (
    LOG_TYPES,
    OVERLAP,
    SHOWN_FIRST,
    ControlPlaneRequest,
    chosen_streams,
    group_of,
    kept_words,
)
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.line import LogLine, stamped

SWITCH_EVERY = 60.0  # seconds between two looks whether EKS delivers the type
STREAMS_EVERY = 60.0  # seconds; a control plane that is scaled or replaced has new streams
ROOM = 0.1  # seconds between two looks for room, or at a screen that is hidden
SHORT = 8  # of the 32 digits that tell the streams of a type apart
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


class ControlPlaneLog:
    """The reader of one type's log into an inbox."""

    def __init__(self, context: AwsContext, request: ControlPlaneRequest, inbox: LogInbox) -> None:
        plan = CONTROL_PLANE_LOGS
        self._context = context
        self._request = request
        self._inbox = inbox
        self._period = plan.period
        self._client = ThrottledClient(context, plan.name, plan.budget, self._throttled)
        self._type = LOG_TYPES[request.type]
        self._group = group_of(context.place.cluster)
        self._began = context.clock() - (request.since or SHOWN_FIRST)
        self._seen = SeenEvents()
        self._sources: dict[str, LogSource] = {}
        self._streams: tuple[str, ...] = ()
        self._listed = -STREAMS_EVERY
        self._is_off: bool | None = None  # switched off, once the cluster was described
        self._looked = -SWITCH_EVERY

    async def run(self) -> None:
        """Read until cancelled, or once without following."""
        await self._describe()
        while True:
            await self._look_at_switch()
            wait = await self._round()
            if not self._request.follow or wait is None:
                self._end()
                return
            await self._context.sleep(wait)
            while self._inbox.held and not self._inbox.closed:
                await self._context.sleep(ROOM)

    @reads(ONCE, "logs:DescribeLogGroups")
    async def _describe(self) -> None:
        """Say how long the group keeps events; a denial of that hinders nothing else."""
        try:
            answer = await self._client.call(
                "logs", "DescribeLogGroups", logGroupNamePrefix=self._group
            )
        except CallRefused as refused:
            if not refused.refusal.of_every_call:  # the next call would say the same
                self._note(refused.refusal.sentence)
            return
        for group in answer.get("logGroups") or ():
            if group.get("logGroupName") == self._group:
                self._note(kept_words(group))

    @reads(ONCE, "eks:DescribeCluster")
    async def _look_at_switch(self) -> None:
        """Say when the type is switched off or on again; a denial of that hinders nothing."""
        now = self._context.clock()
        if now - self._looked < SWITCH_EVERY:
            return
        self._looked = now
        try:
            answer = await self._client.call(
                "eks", "DescribeCluster", name=self._context.place.cluster
            )
        except CallRefused:
            return
        was_off = self._is_off
        self._is_off = (self._type.name, False) in described(answer["cluster"]).logging
        if self._is_off != was_off:
            self._say_switched(self._began if was_off is None else now)

    def _say_switched(self, at: float) -> None:
        place, name = self._context.place, self._type.name
        commands = context_of(self._context.environ, region=place.region, profile=place.profile)
        if self._is_off:
            for notice in off_notices(name, place.cluster, commands):
                self._note(notice, at)
        elif at > self._began:
            self._note(clean(f"EKS delivers the {name} log again: it was switched on."), at)

    async def _round(self) -> float | None:
        """Read what is new; return the seconds until the next time, None where there is none."""
        try:
            await self._list_streams()
            if self._streams:
                await self._read()
        except CallRefused as refused:
            return self._refused(refused)
        self._seen.forget()
        self._inbox.as_of(self._context.clock())
        empty = f"No stream of the type {self._type.name} has had events lately."
        self._inbox.state(EMPTY if self._streams else clean(empty))
        return self._period

    @reads(ONCE, "logs:DescribeLogStreams")
    async def _list_streams(self) -> None:
        """Find the streams: those of the API server and of its audit log begin alike."""
        now = self._context.clock()
        if now - self._listed < STREAMS_EVERY and self._streams:
            return
        streams = [
            stream
            async for answer in self._client.pages(
                "logs",
                "DescribeLogStreams",
                logGroupName=self._group,
                logStreamNamePrefix=self._type.prefix,
            )
            for stream in answer.get("logStreams") or ()
        ]
        self._listed = now
        self._streams = chosen_streams(self._type, streams, self._since)
        for name in self._streams:
            self._source(name)

    @reads(ONCE, "logs:FilterLogEvents")
    async def _read(self) -> None:
        """Read the events since the last ones, page by page, those of all streams together."""
        more = {"filterPattern": self._request.pattern} if self._request.pattern else {}
        async for answer in self._client.pages(
            "logs",
            "FilterLogEvents",
            logGroupName=self._group,
            logStreamNames=sorted(self._streams),
            startTime=round(self._since * 1000),
            **more,
        ):
            await self._put(answer.get("events") or [])

    @property
    def _since(self) -> float:
        return max(self._began, self._seen.last - OVERLAP)

    async def _put(self, events: list[dict[str, Any]]) -> None:
        lines: list[LogLine] = []
        for event in self._seen.fresh(events):
            source = self._source(str(event.get("logStreamName") or ""))
            at = float(event.get("timestamp") or 0) / 1000.0
            text = str(event.get("message") or "").rstrip("\n")
            lines += [(source.number, stamped(at, line.encode())) for line in text.split("\n")]
        self._inbox.put(lines)
        while self._inbox.full and not self._inbox.closed:
            await self._context.sleep(ROOM)

    def _source(self, stream: str) -> LogSource:
        if stream not in self._sources:
            number = len(self._sources)
            component, _, unique = stream.rpartition("-")
            name = clean_name(f"{component}-{unique[:SHORT]}")
            source = LogSource(number, EMPTY, name, EMPTY, SourcePhase.LIVE)
            self._sources[stream] = source
            self._inbox.report(source)
        return self._sources[stream]

    def _refused(self, refused: CallRefused) -> float | None:
        refusal = refused.refusal
        self._inbox.state(refusal.sentence)
        if refused.code == "InvalidParameterException" and self._request.pattern:
            reason = f"CloudWatch Logs refuses the filter pattern: {refused.message}"
            self._inbox.state(clean(reason))
            return None
        if refusal.kind == "not-found":
            reason = f"No log group {self._group}: no type of log was ever switched on, or it was"
            self._inbox.state(clean(f"{reason} deleted."))
        return max(self._period, RARELY if refusal.kind == "denied" else 2 * self._period)

    def _throttled(self, refused: CallRefused, wait: float) -> None:
        self._inbox.state(clean(f"{refused.refusal.sentence} Next try in {wait:.0f} s."))

    def _end(self) -> None:
        for source in self._sources.values():
            self._inbox.report(replace(source, phase=SourcePhase.ENDED))

    def _note(self, text: Clean, at: float | None = None) -> None:
        """Put a notice between the lines at a time, by default before the first of them."""
        self._inbox.put([(NOTICE, stamped(self._began if at is None else at, text.encode()))])
