"""The control plane's logs, which EKS delivers to CloudWatch Logs with a delay of minutes."""

from eksview.aws.client.context import AwsContext
from eksview.aws.client.throttled_client import CallRefused
from eksview.aws.logs.polled_log import PolledLog, WantedLog
from eksview.aws.services.parse_eks import cluster as described
from eksview.aws.services.reader import ONCE, reads
from eksview.domain.aws.log_delivery import off_notices
from eksview.domain.aws.poll_plan import CONTROL_PLANE_LOGS
from eksview.domain.base.text import Clean, clean, clean_name
from eksview.domain.live.command_context import context_of
from eksview.domain.logs.control_plane import (
    LOG_TYPES,
    ControlPlaneRequest,
    chosen_streams,
    group_of,
    kept_words,
)
from eksview.domain.logs.inbox import LogInbox

SWITCH_EVERY = 60.0  # seconds between two looks whether EKS delivers the type
SHORT = 8  # of the 32 digits that tell the streams of a type apart


class ControlPlaneLog(PolledLog):
    """The reader of one type's log into an inbox."""

    def __init__(self, context: AwsContext, request: ControlPlaneRequest, inbox: LogInbox) -> None:
        group = group_of(context.place.cluster)
        wanted = WantedLog(group, request.since, request.pattern, request.follow)
        super().__init__(context, CONTROL_PLANE_LOGS, wanted, inbox)
        self._type = LOG_TYPES[request.type]
        self._is_off: bool | None = None  # switched off, once the cluster was described
        self._looked = -SWITCH_EVERY

    @reads(ONCE, "logs:DescribeLogGroups")
    async def begin(self) -> None:
        """Say how long the group keeps events; a denial of that hinders nothing else."""
        try:
            answer = await self.client.call(
                "logs", "DescribeLogGroups", logGroupNamePrefix=self.group
            )
        except CallRefused as refused:
            if not refused.refusal.of_every_call:  # the next call would say the same
                self.note(refused.refusal.sentence)
            return
        for group in answer.get("logGroups") or ():
            if group.get("logGroupName") == self.group:
                self.note(kept_words(group))

    @reads(ONCE, "eks:DescribeCluster")
    async def before_round(self) -> None:
        """Say when the type is switched off or on again; a denial of that hinders nothing."""
        now = self.context.clock()
        if now - self._looked < SWITCH_EVERY:
            return
        self._looked = now
        try:
            answer = await self.client.call(
                "eks", "DescribeCluster", name=self.context.place.cluster
            )
        except CallRefused:
            return
        was_off = self._is_off
        self._is_off = (self._type.name, False) in described(answer["cluster"]).logging
        if self._is_off != was_off:
            self._say_switched(self.began if was_off is None else now)

    def _say_switched(self, at: float) -> None:
        place, name = self.context.place, self._type.name
        commands = context_of(self.context.environ, region=place.region, profile=place.profile)
        if self._is_off:
            for notice in off_notices(name, place.cluster, commands):
                self.note(notice, at)
        elif at > self.began:
            self.note(clean(f"EKS delivers the {name} log again: it was switched on."), at)

    @reads(ONCE, "logs:DescribeLogStreams")
    async def list_streams(self) -> tuple[str, ...]:
        """Return the streams: those of the API server and of its audit log begin alike."""
        streams = [
            stream
            async for answer in self.client.pages(
                "logs",
                "DescribeLogStreams",
                logGroupName=self.group,
                logStreamNamePrefix=self._type.prefix,
            )
            for stream in answer.get("logStreams") or ()
        ]
        return chosen_streams(self._type, streams, self.since)

    def short_name(self, stream: str) -> Clean:
        component, _, unique = stream.rpartition("-")
        return clean_name(f"{component}-{unique[:SHORT]}")

    def no_streams(self) -> str:
        return f"No stream of the type {self._type.name} has had events lately."

    def no_group(self) -> str:
        reason = f"No log group {self.group}: no type of log was ever switched on, or it was"
        return f"{reason} deleted."
