"""The control plane's logs from CloudWatch Logs: late events, throttling, denials, empty groups.

Truth: CloudWatch Logs API Reference ("FilterLogEvents": pages, event ids), EKS User Guide ("Send
control plane logs to CloudWatch Logs": delivery within minutes, the streams' names).
"""

import asyncio
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.context import AwsContext
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.aws.logs.control_plane_log import ControlPlaneLog
from eksview.aws.logs.polled_log import OVERLAP
from eksview.domain.aws.poll_plan import CONTROL_PLANE_LOGS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.logs.control_plane import (
    LOG_TYPES,
    ControlPlaneRequest,
    chosen_streams,
)
from eksview.domain.logs.inbox import LINES, LogInbox
from eksview.domain.logs.line import stamped, text_of
from tests.aws.fakes import FakeSession, Reply, Time, refusal
from tests.patience import until

GROUP = "/aws/eks/prod/cluster"
API, AUDIT = f"kube-apiserver-{'a' * 32}", f"kube-apiserver-audit-{'b' * 32}"
START = 1_800_000_000.0
PATTERN = "InvalidParameterException"


class CloudWatch:
    """A log group that answers as the API Reference says, and what arrives of it."""

    def __init__(self) -> None:
        self.time = Time(START)
        self.events: list[dict[str, Any]] = []
        self.page = 10_000
        self.streams = [API, AUDIT]
        self.faults: list[Exception] = []
        self.group: dict[str, Any] = {"logGroupName": GROUP, "storedBytes": 2_500_000_000}
        self.delivered = True
        self.session = FakeSession({
            "eks:DescribeCluster": lambda _: {"cluster": {"logging": {"clusterLogging": [
                {"types": ["api"], "enabled": self.delivered}
            ]}}},
            "logs:DescribeLogGroups": lambda _: {"logGroups": [self.group]},
            "logs:DescribeLogStreams": self._streams,
            "logs:FilterLogEvents": self._filter,
        })  # fmt: skip
        self.inbox = LogInbox()
        self.texts: list[str] = []
        self.notices: list[str] = []
        self.state = ""
        self.states: list[str] = []

    def say(self, text: str, *, at: float, stream: str = API, event: str = "") -> None:
        self.events.append({
            "logStreamName": stream, "timestamp": round(at * 1000), "message": text,
            "eventId": event or f"{len(self.events):056d}",
        })  # fmt: skip

    def _streams(self, arguments: dict[str, Any]) -> Reply:
        prefix = arguments["logStreamNamePrefix"]
        return {"logStreams": [
            {"logStreamName": name, "lastIngestionTime": round(self.time.now * 1000)}
            for name in self.streams if name.startswith(prefix)
        ]}  # fmt: skip

    def _filter(self, arguments: dict[str, Any]) -> Reply:
        if self.faults:
            return self.faults.pop(0)
        wanted = sorted(
            (
                event
                for event in self.events
                if event["timestamp"] >= arguments["startTime"]
                and event["logStreamName"] in arguments["logStreamNames"]
            ),
            key=lambda event: event["timestamp"],
        )
        start = int(arguments.get("nextToken") or 0)
        end = start + self.page
        token = {"nextToken": str(end)} if end < len(wanted) else {}
        return {"events": wanted[start:end], **token}

    @asynccontextmanager
    async def reading(
        self, log_type: str = "api", **request: Any
    ) -> AsyncIterator["asyncio.Task[None]"]:
        recorder = AwsCallLog(lambda _: None, count(1), lambda: self.time.now, "us-west-2")
        context = AwsContext(
            self.session,
            AwsTarget(region="us-west-2", cluster="prod"),
            self,
            CredentialsGate(),
            self.time.sleep,
            lambda: self.time.now,
            lambda: 0.0,
            recorder,
            {},
        )
        wanted = ControlPlaneRequest(log_type, since=300, **request)
        task = asyncio.create_task(ControlPlaneLog(context, wanted, self.inbox).run())
        yield task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def send(self, message: object) -> None:
        """Take no message."""

    def look(self) -> list[str]:
        taken = self.inbox.take()
        self.texts += [text_of(line).decode() for line in taken.lines if line[0] >= 0]
        self.notices += [text_of(line).decode() for line in taken.lines if line[0] < 0]
        self.state = str(taken.state)
        return self.texts

    async def shows(self, *texts: str) -> None:
        await until(lambda: self.look() == list(texts))

    async def says(self, part: str) -> None:
        await until(lambda: self.look() is not None and part in self.state)

    async def poll(self) -> None:
        """Let the next poll happen."""
        await self.time.advance(CONTROL_PLANE_LOGS.period)


async def test_events_that_are_delivered_late_come_once_and_in_no_poll_twice() -> None:
    log = CloudWatch()
    log.say("first", at=START - 60)
    async with log.reading():
        await log.shows("first")
        log.say("second", at=START + 5)
        log.say("late", at=START - 100)  # older than what was read, by less than the overlap
        await log.poll()
        await log.shows("first", "late", "second")
        await log.poll()
        await log.poll()
        assert log.look() == ["first", "late", "second"]
    starts = [call["startTime"] / 1000 for call in log.session.made("logs:FilterLogEvents")]
    assert starts[0] == START - 300
    assert starts[-1] == START + 5 - OVERLAP


async def test_all_pages_are_read_by_their_tokens() -> None:
    log = CloudWatch()
    log.page = 3
    for number in range(10):
        log.say(str(number), at=START - 100 + number)
    async with log.reading():
        await log.shows(*map(str, range(10)))
    tokens = [call.get("nextToken") for call in log.session.made("logs:FilterLogEvents")[:4]]
    assert tokens == [None, "3", "6", "9"]


async def test_the_api_servers_log_has_no_line_of_the_audit_log() -> None:
    log = CloudWatch()
    log.say("trace", at=START - 2)
    log.say("audited", at=START - 1, stream=AUDIT)
    async with log.reading("api"):
        await log.shows("trace")
    audit = CloudWatch()
    audit.events = log.events
    async with audit.reading("audit"):
        await audit.shows("audited")


async def test_retention_and_size_of_the_group_are_said() -> None:
    log = CloudWatch()
    async with log.reading():
        await until(lambda: log.look() is not None and log.notices)
        assert "no retention" in log.notices[0]
        assert "2.5 GB" in log.notices[0]
    days = CloudWatch()
    days.group["retentionInDays"] = 90
    async with days.reading():
        await until(lambda: days.look() is not None and days.notices)
        assert "90 days" in days.notices[0]


async def test_a_denial_names_the_action_and_is_not_taken_for_an_empty_log() -> None:
    log = CloudWatch()
    log.say("secret", at=START)
    message = "User: ada is not authorized to perform: logs:FilterLogEvents"
    log.faults = [refusal("AccessDeniedException", message, "FilterLogEvents")]
    async with log.reading():
        await log.says("logs:FilterLogEvents")
        assert log.texts == []
        await log.time.advance(130.0)  # the right may be granted
        await log.shows("secret")
        assert log.state == ""


async def test_a_denied_description_of_the_group_hinders_nothing() -> None:
    log = CloudWatch()
    message = "User: ada is not authorized to perform: logs:DescribeLogGroups"
    denied = refusal("AccessDeniedException", message, "DescribeLogGroups")
    log.session.answers["logs:DescribeLogGroups"] = denied
    log.say("line", at=START)
    async with log.reading():
        await log.shows("line")
        assert "logs:DescribeLogGroups" in log.notices[0]


async def test_a_type_that_is_switched_off_or_on_again_is_said_while_it_is_followed() -> None:
    log = CloudWatch()
    log.group = {}
    log.say("one", at=START - 5)
    async with log.reading():
        await log.shows("one")
        assert log.notices == []
        log.delivered = False
        await until_noticed(log, "switched off")
        command = next(notice for notice in log.notices if "aws eks" in notice)
        assert shlex.split(command.partition(": ")[2]) == [
            "aws", "eks", "update-cluster-config", "--name", "prod", "--logging",
            '{"clusterLogging": [{"types": ["api"], "enabled": true}]}', "--region", "us-west-2",
        ]  # fmt: skip
        assert "USD per GB" in log.notices[-1]
        log.delivered = True
        await until_noticed(log, "was switched on")
    assert len(log.notices) == 4


async def until_noticed(log: CloudWatch, part: str) -> None:
    """Poll until a notice has a part of a sentence."""
    while not any(part in notice for notice in log.notices):
        await log.poll()
        log.look()


async def test_throttling_is_said_and_backs_off() -> None:
    log = CloudWatch()
    log.say("line", at=START)
    log.faults = [refusal("ThrottlingException", "Rate exceeded", "FilterLogEvents")] * 2
    async with log.reading():
        await log.says("throttling")
        await log.time.advance(10.0)
        await log.shows("line")
        assert log.state == ""


async def test_a_missing_group_is_said() -> None:
    log = CloudWatch()
    missing = refusal("ResourceNotFoundException", "The specified log group does not exist.")
    log.session.answers["logs:DescribeLogStreams"] = missing
    async with log.reading():
        await log.says(f"No log group {GROUP}")


async def test_a_type_without_streams_is_said() -> None:
    log = CloudWatch()
    async with log.reading("scheduler"):
        await log.says("No stream of the type scheduler")
    assert log.session.made("logs:FilterLogEvents") == []


async def test_a_bad_pattern_is_said_in_the_words_of_cloudwatch_and_not_sent_again() -> None:
    log = CloudWatch()
    log.faults = [refusal(PATTERN, "Invalid character(s) in term '\"'", "FilterLogEvents")]
    async with log.reading(pattern='"x') as task:
        await log.says("Invalid character(s) in term")
        await until(task.done)
    (call,) = log.session.made("logs:FilterLogEvents")
    assert call["filterPattern"] == '"x'


async def test_a_screen_that_is_paused_is_not_read_for() -> None:
    log = CloudWatch()
    async with log.reading():
        await until(lambda: log.session.made("logs:FilterLogEvents"))
        log.inbox.held = True
        await log.poll()
        before = len(log.session.made("logs:FilterLogEvents"))
        await log.poll()
        await log.poll()
        assert len(log.session.made("logs:FilterLogEvents")) == before


async def test_a_flood_waits_for_room_and_leaves_nothing_out() -> None:
    log = CloudWatch()
    for number in range(LINES):
        log.say(str(number), at=START - 100)
    async with log.reading():
        await until(lambda: log.inbox.full)
        left_out = 0
        for _ in range(20):
            left_out += log.inbox.take().left_out
            await log.time.advance(1.0)
        assert left_out == 0


@pytest.mark.parametrize(
    ("name", "stream"),
    [
        ("api", API),
        ("audit", AUDIT),
        ("authenticator", f"authenticator-{'0' * 32}"),
        ("controllerManager", f"kube-controller-manager-{'0' * 32}"),
        ("scheduler", f"kube-scheduler-{'0' * 32}"),
    ],
)
def test_a_stream_is_of_one_type(name: str, stream: str) -> None:
    """Names: EKS User Guide, "View control plane logs"."""
    assert [log.name for log in LOG_TYPES.values() if log.has(stream)] == [name]


def test_streams_of_replaced_servers_are_left_out() -> None:
    old = {"logStreamName": API, "lastIngestionTime": (START - 90_000) * 1000}
    new = {"logStreamName": f"{API}2", "lastIngestionTime": START * 1000}
    assert chosen_streams(LOG_TYPES["api"], [old, new], START - 300) == (f"{API}2",)


def test_a_line_of_an_event_keeps_the_events_time() -> None:
    assert stamped(1_800_000_000.123, b"x").startswith(b"2027-01-15T08:00:00.123")
