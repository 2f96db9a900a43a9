"""A session whose clients answer from a table of functions, and time that passes when slept."""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from botocore.validate import ParamValidator

from eksview.domain.base.reading import Read, Refused
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import FactSet
from eksview.domain.live.messages import Drop, LinkState, Message, Put, Reset, Swap, Trace
from eksview.domain.rows.aws import Call
from eksview.domain.rows.kube import Kind, Row, in_scope
from eksview.domain.rows.link import Link, Phase
from tests.aws.shapes import model
from tests.loop_clock import idle

Reply: TypeAlias = dict[str, Any] | Exception
Answering: TypeAlias = Callable[[dict[str, Any]], Reply]


def refusal(code: str, message: str = "", operation: str = "Op") -> ClientError:
    """An error as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class FakeSession:
    """`answers["ec2:DescribeInstances"]` is a reply, or a function of the call's arguments."""

    def __init__(self, answers: dict[str, Reply | Answering] | None = None) -> None:
        self.answers: dict[str, Reply | Answering] = {
            "sts:GetCallerIdentity": {"Account": "111122223333", "Arn": "arn:me", "UserId": "me"}
        } | (answers or {})
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.renewed = 0

    async def client(self, service: str) -> Any:
        return FakeClient(self, service)

    async def renew(self) -> None:
        self.renewed += 1

    def made(self, action: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == action]

    def counted(self) -> Counter[str]:
        return Counter(name for name, _ in self.calls)

    def reply(self, action: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((action, arguments))
        answer = self.answers.get(action, {})
        if callable(answer):
            answer = answer(arguments)
        if isinstance(answer, Exception):
            raise answer
        return answer or nothing(action)

    async def close(self) -> None:
        """Do nothing, as there is no connection."""


class FakeClient:
    """Any operation by its Python name."""

    def __init__(self, session: FakeSession, service: str) -> None:
        self._session = session
        self._service = service

    def __getattr__(self, method: str) -> Any:
        if method.startswith("__"):
            raise AttributeError(method)

        async def call(**arguments: Any) -> dict[str, Any]:
            await asyncio.sleep(0)
            operation = _operation(self._service, method)
            _check(operation, arguments)
            return self._session.reply(f"{self._service}:{operation.name}", arguments)

        return call


def nothing(action: str) -> dict[str, Any]:
    """The answer of an account that has none of it: AWS sends an empty list as one."""
    service, _, name = action.partition(":")
    shape = model(service).operation_model(name).output_shape
    empty: dict[str, Any] = {"list": [], "structure": {}}
    ids = {"VpcId": "vpc-1", "InstanceId": "i-0"}
    return {
        name: ids.get(name) or empty[member.type_name]
        for name, member in shape.members.items()
        if name in ids or member.type_name in empty
    }


@cache
def _operation(service: str, method: str) -> OperationModel:
    api = model(service)
    name = next(name for name in api.operation_names if xform_name(name) == method)
    return api.operation_model(name)


def _check(operation: OperationModel, arguments: dict[str, Any]) -> None:
    """A call that botocore wouldn't make is a fault of ours, whatever the fake would answer."""
    report = ParamValidator().validate(arguments, operation.input_shape)
    assert not report.has_errors(), report.generate_report()


class Time:
    """A clock that moves only when somebody sleeps, by one sleep at a time."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self.now + seconds, future)
        self._waiting.append(entry)
        try:
            await future
        finally:
            self._waiting.remove(entry)

    async def settle(self) -> None:
        """Let everything run that needs no time."""
        await idle()

    async def advance(self, seconds: float) -> None:
        """Let time pass; whoever sleeps is woken in order."""
        await self.settle()
        end = self.now + seconds
        while due := [entry for entry in self._waiting if entry[0] <= end]:
            until, future = min(due, key=lambda entry: entry[0])
            self.now = max(self.now, until)
            if not future.done():
                future.set_result(None)
            await self.settle()
        self.now = end
        await self.settle()


class Heard:
    """A sink that remembers."""

    def __init__(self) -> None:
        self.tables: dict[Kind, dict[str, Row]] = {}
        self.links: dict[str, Link] = {}
        self.phases: dict[str, list[Phase]] = {}
        self.facts: dict[str, Any] = {}
        self.swaps: Counter[Kind] = Counter()
        self.requests: list[ApiCall] = []

    def send(self, message: Message, /) -> None:
        match message:
            case Put(kind, row):
                self.tables.setdefault(kind, {})[row.key] = row
            case Drop(kind, row):
                self.tables.get(kind, {}).pop(row.key, None)
            case Swap(kind, rows, scope):
                self.swaps[kind] += 1
                table = self.tables.get(kind, {})
                kept = {key: row for key, row in table.items() if not in_scope(row, scope)}
                self.tables[kind] = kept | {row.key: row for row in rows}
            case LinkState(link):
                self._link(link)
            case FactSet(key, reading):
                self.facts[key.name] = reading.value if isinstance(reading, Read) else reading
            case Trace(request):
                self.requests.append(request)
            case Reset():
                self.__init__()  # type: ignore[misc]

    def _link(self, link: Link) -> None:
        self.links[link.name] = link
        phases = self.phases.setdefault(link.name, [])
        if not phases or phases[-1] is not link.phase:
            phases.append(link.phase)

    def keys(self, kind: Kind) -> set[str]:
        return set(self.tables.get(kind, {}))


def missing(call: Call) -> object:
    """Return what the last round of a link was refused for the lack of."""
    assert isinstance(call.outcome, Refused)
    return call.outcome.missing
