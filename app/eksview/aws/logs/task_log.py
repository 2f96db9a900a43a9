"""The logs of an ECS task's containers in CloudWatch Logs."""

from eksview.aws.client.context import AwsContext
from eksview.aws.logs.polled_log import SHOWN_FIRST, PolledLog, WantedLog
from eksview.aws.services.reader import ONCE, reads
from eksview.domain.aws.poll_plan import TASK_LOGS
from eksview.domain.base.text import Clean, clean_name
from eksview.domain.logs.inbox import LogInbox
from eksview.domain.logs.task import TaskLogRequest, container_of


class TaskLog(PolledLog):
    """The reader of the streams of a request into an inbox."""

    def __init__(self, context: AwsContext, request: TaskLogRequest, inbox: LogInbox) -> None:
        wanted = WantedLog(request.group, request.since, follow=request.follow)
        super().__init__(context, TASK_LOGS, wanted, inbox)
        self._request = request

    @reads(ONCE, "logs:DescribeLogStreams")
    async def list_streams(self) -> tuple[str, ...]:
        """Return the streams that exist: a container has none before it has started.

        The time of a stream's last event is updated within an hour (CloudWatch Logs API Reference,
        "LogStream"), so reading from there finds the newest.
        """
        found: dict[str, float] = {}
        for name in self._request.streams:
            answer = await self.client.call(
                "logs", "DescribeLogStreams", logGroupName=self.group, logStreamNamePrefix=name
            )
            for stream in answer.get("logStreams") or ():
                if stream.get("logStreamName") == name:
                    found[name] = float(stream.get("lastEventTimestamp") or 0.0) / 1000.0
        newest = max(found.values(), default=0.0)
        if newest and self._request.since is None:
            self.began = min(self.began, newest - SHOWN_FIRST)
        return tuple(found)

    def short_name(self, stream: str) -> Clean:
        return clean_name(container_of(stream))

    def no_streams(self) -> str:
        names = ", ".join(self._request.streams)
        return (
            f"Log group {self.group} has no stream {names}: the container hasn't started, or its "
            "log was deleted."
        )

    def no_group(self) -> str:
        return (
            f"No log group {self.group}: it was deleted or never made; awslogs makes it only with "
            "awslogs-create-group."
        )
