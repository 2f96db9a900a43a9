"""The logs of a task's containers from CloudWatch Logs.

Truth: CloudWatch Logs API Reference ("LogStream": `lastEventTimestamp` is updated within an hour);
Amazon ECS Developer Guide, "Using the awslogs log driver" (the streams' names).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from eksview.aws.account_watcher import AccountWatcher
from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.context import AwsContext
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.aws.logs.task_log import TaskLog
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.poll_plan import TASK_LOGS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.logs.inbox import LogInbox
from eksview.domain.logs.line import text_of
from eksview.domain.logs.task import TaskLogRequest, container_of
from tests.aws.fakes import FakeSession, Heard, Reply, Time, refusal
from tests.patience import until

START = 1_800_000_000.0
ONE = "web/app/0123456789abcdef0123456789abcdef"
TWO = "web/proxy/0123456789abcdef0123456789abcdef"
DOCKER = "f" * 64  # the stream's name on EC2 without awslogs-stream-prefix


class TaskLogs:
    """A log group, and what arrives of it."""

    def __init__(self) -> None:
        self.time = Time(START)
        self.events: list[dict[str, Any]] = []
        self.session = FakeSession({
            "logs:DescribeLogStreams": self._streams, "logs:FilterLogEvents": self._filter,
        })  # fmt: skip
        self.inbox = LogInbox()
        self.texts: list[str] = []
        self.names: dict[int, str] = {}
        self.state = ""

    def say(self, text: str, *, at: float, stream: str = ONE) -> None:
        self.events.append({
            "logStreamName": stream, "timestamp": round(at * 1000), "message": text,
            "eventId": f"{len(self.events):056d}",
        })  # fmt: skip

    def _streams(self, asked: dict[str, Any]) -> Reply:
        newest: dict[str, int] = {}
        for event in self.events:
            newest[event["logStreamName"]] = event["timestamp"]
        wanted = asked["logStreamNamePrefix"]
        return {"logStreams": [
            {"logStreamName": name, "lastEventTimestamp": at}
            for name, at in newest.items() if name.startswith(wanted)
        ]}  # fmt: skip

    def _filter(self, asked: dict[str, Any]) -> Reply:
        return {"events": [
            event for event in self.events
            if event["timestamp"] >= asked["startTime"]
            and event["logStreamName"] in asked["logStreamNames"]
        ]}  # fmt: skip

    @asynccontextmanager
    async def reading(self, *streams: str, **more: Any) -> AsyncIterator["asyncio.Task[None]"]:
        place = AwsTarget(region="us-west-2")
        recorder = AwsCallLog(lambda _: None, count(1), self.time.clock, place.region)
        context = AwsContext(
            self.session, place, Heard(), CredentialsGate(), self.time.sleep, self.time.clock,
            lambda: 0.0, recorder, {},
        )  # fmt: skip
        request = TaskLogRequest("/ecs/web", streams or (ONE,), **more)
        task = asyncio.create_task(TaskLog(context, request, self.inbox).run())
        yield task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def look(self) -> list[str]:
        taken = self.inbox.take()
        self.names |= {source.number: source.name for source in taken.sources}
        self.texts += [f"{self.names[line[0]]}: {text_of(line).decode()}" for line in taken.lines]
        self.state = str(taken.state)
        return self.texts

    async def shows(self, *texts: str) -> None:
        await until(lambda: self.look() == list(texts))

    async def says(self, part: str) -> None:
        await until(lambda: self.look() is not None and part in self.state)


async def test_the_containers_of_a_task_are_read_together_and_followed() -> None:
    log = TaskLogs()
    log.say("up", at=START - 9)
    log.say("listening", at=START - 8, stream=TWO)
    async with log.reading(ONE, TWO):
        await log.shows("app: up", "proxy: listening")
        log.say("request", at=START + 1)
        await log.time.advance(TASK_LOGS.period)
        await log.shows("app: up", "proxy: listening", "app: request")


async def test_the_last_lines_of_a_task_that_stopped_long_ago_are_shown() -> None:
    log = TaskLogs()
    log.say("much earlier", at=START - 9_000)
    log.say("panic", at=START - 3_000)
    async with log.reading(follow=False) as task:
        await log.shows("app: panic")
        await until(task.done)


async def test_a_chosen_time_is_kept() -> None:
    log = TaskLogs()
    log.say("panic", at=START - 3_000)
    async with log.reading(since=60):
        await until(lambda: log.session.made("logs:FilterLogEvents"))
        assert log.look() == []


async def test_a_stream_that_only_begins_alike_is_not_read() -> None:
    log = TaskLogs()
    log.say("of another", at=START - 1, stream=f"{ONE}0")
    async with log.reading():
        await log.says(f"has no stream {ONE}")
        log.say("mine", at=START)
        await log.time.advance(TASK_LOGS.period)
        await log.shows("app: mine")
        assert log.state == ""


async def test_a_stream_named_by_docker_has_its_own_name() -> None:
    log = TaskLogs()
    log.say("up", at=START - 1, stream=DOCKER)
    async with log.reading(DOCKER):
        await log.shows(f"{DOCKER}: up")


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        ("ResourceNotFoundException", "The specified log group does not exist.", "No log group"),
        (
            "AccessDeniedException",
            "User: ada is not authorized to perform: logs:DescribeLogStreams",
            "logs:DescribeLogStreams",
        ),
        ("ThrottlingException", "Rate exceeded", "throttling"),
    ],
)
async def test_what_hinders_is_said_until_it_ends(code: str, message: str, words: str) -> None:
    log = TaskLogs()
    log.say("up", at=START - 1)
    answer = log.session.answers["logs:DescribeLogStreams"]
    log.session.answers["logs:DescribeLogStreams"] = refusal(code, message)
    async with log.reading():
        await log.says(words)
        assert log.texts == []
        log.session.answers["logs:DescribeLogStreams"] = answer
        await log.time.advance(130.0)
        await log.shows("app: up")
        assert log.state == ""


async def test_a_log_in_another_region_is_read_there() -> None:
    log, opened = TaskLogs(), list[AwsTarget]()
    log.say("far", at=START - 1)
    place = AwsTarget(region="us-west-2", profile="ops")

    def open_there(there: AwsTarget, _: object) -> Any:
        opened.append(there)
        return log.session

    time = log.time
    watcher = AccountWatcher(
        FakeSession(), place, Heard(), InstanceTracker(), sleep=time.sleep, clock=time.clock
    )
    request = TaskLogRequest("/ecs/web", (ONE,), region="eu-central-1", follow=False)
    await watcher.read_task_logs(request, log.inbox, open_there)
    assert log.look() == ["app: far"]
    assert opened == [replace(place, region="eu-central-1")]


@pytest.mark.parametrize(("stream", "name"), [(ONE, "app"), ("a/b/app/1", "app"), (DOCKER, DOCKER)])
def test_a_stream_names_its_container(stream: str, name: str) -> None:
    assert container_of(stream) == name
