"""The calls of one link: within its budget, page by page, repeated when AWS throttles."""

from asyncio import timeout
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

from botocore import xform_name
from msgspec import Struct

from eksview.aws.client.context import AwsContext
from eksview.aws.client.errors import Answer, from_exception, named_ids, of_aws
from eksview.domain.aws.errors import AwsRefusal
from eksview.domain.aws.rate_limit import PATIENCE, Budget, backoff
from eksview.process.waits import WAITS

T = TypeVar("T")
LIMIT = 60.0  # seconds for one call, beside the client's own timeouts
BATCH = 100  # ids in one call
TOKENS = ("NextToken", "nextToken", "Marker")


class CallRefused(Exception):  # noqa: N818 - AWS's refusal
    """A failed call; `code` and `message` are AWS's own, empty for none."""

    def __init__(self, refusal: AwsRefusal, code: str = "", message: str = "") -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal
        self.code = code
        self.message = message


class ThrottledClient:
    """The client of a link; raises only `CallRefused`.

    `throttled` is called with the seconds until the next try each time AWS throttles, `heard` with
    each answer.
    """

    def __init__(
        self,
        context: AwsContext,
        source: str,
        budget: int,
        throttled: Callable[[CallRefused, float], None],
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        self.budget = Budget(budget)
        self.calls = 0  # since the start
        self.waited = 0.0  # seconds since the start, for the budget and for throttling
        self._context = context
        self._source = source
        self._throttled = throttled
        self._heard = heard

    async def call(self, service: str, operation: str, **arguments: Any) -> Answer:
        """Return the answer of an operation such as "ec2", "DescribeInstances"."""

        async def ask() -> Answer:
            client = await self._context.session.client(service)
            answer: Answer = await getattr(client, xform_name(operation))(**arguments)
            return of_aws(answer, action)

        action = f"{service}:{operation}"
        return await self.spend(action, ask, arguments)

    async def pages(self, service: str, operation: str, **arguments: Any) -> AsyncIterator[Answer]:
        """Yield all pages, following their tokens."""
        while True:
            answer = await self.call(service, operation, **arguments)
            yield answer
            following = {name: answer[name] for name in TOKENS if answer.get(name)}
            # A repeated token would be an endless loop.
            if not following or following.items() <= arguments.items():
                return
            arguments |= following

    async def of_ids(
        self, operation: str, ids: Iterable[str], **arguments: Any
    ) -> "InstancesAnswer":
        """Return EC2's answer about `BATCH` instances at most, without those that are gone.

        One unknown id fails the whole call, but the error names it: the call is repeated without.
        """
        wanted, gone = list(ids), set[str]()
        while wanted:
            try:
                answer = await self.call("ec2", operation, InstanceIds=wanted, **arguments)
                return InstancesAnswer(answer, gone)
            except CallRefused as refused:
                unknown = named_ids(refused.message) & set(wanted)
                if not refused.code.startswith("InvalidInstanceID") or not unknown:
                    raise
                gone |= unknown
                wanted = [instance for instance in wanted if instance not in unknown]
        return InstancesAnswer({}, gone)

    async def spend(
        self, action: str, ask: Callable[[], Awaitable[T]], arguments: Mapping[str, object] = {}
    ) -> T:
        """Make a call when the budget allows; repeat it later if it is throttled."""
        for failures in range(PATIENCE + 1):
            await self._afford()
            try:
                with WAITS.on(f"AWS ({action})", routine=True):
                    async with timeout(LIMIT):
                        answer = await self._context.recorder.recorded(
                            self._source, action, arguments, ask
                        )
            except Exception as error:
                refused = self._refused(error, action)
                if refused.refusal.kind != "throttled" or failures == PATIENCE:
                    raise refused from None
            else:
                self._heard()
                return answer
            retry_after = refused.refusal.retry_after
            wait = backoff(failures, self._context.chance, retry_after)
            self._throttled(refused, wait)
            await self._pause(wait)
        raise RuntimeError("unreachable")  # pragma: no cover - the last try returns or raises

    async def _afford(self) -> None:
        while wait := self.budget.wait(self._context.clock()):
            await self._pause(wait)
        self.budget.spend(self._context.clock())
        self.calls += 1

    async def _pause(self, seconds: float) -> None:
        await self._context.sleep(seconds)
        self.waited += seconds

    def _refused(self, error: Exception, action: str) -> CallRefused:
        if isinstance(error, CallRefused):
            return error
        response = getattr(error, "response", None)
        answer: Answer = response if isinstance(response, dict) else {}
        about = answer.get("Error") or {}
        refusal = from_exception(error, action, self._context.place, self._context.environ)
        return CallRefused(refusal, str(about.get("Code") or ""), str(about.get("Message") or ""))


class InstancesAnswer(Struct, frozen=True):
    """An answer about instances, and the ids that EC2 doesn't have."""

    answer: Answer
    gone: set[str]


def batches(ids: Iterable[str], size: int = BATCH) -> Iterator[list[str]]:
    """Yield batches of ids, sorted so that the same ids make the same calls."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


Ask: TypeAlias = Callable[..., Awaitable[float | None]]
"""Reads by a `ThrottledClient` and sends rows; may return seconds until it wants an early call."""


class PolledCall(Struct, frozen=True):
    """A call of a link: when it is polled, and the IAM actions that it takes.

    The failure of an essential one is the link's; of another one the link only shows its sentence.
    """

    ask: Ask
    essential: bool = False
    every: int = 1  # rounds
    regular: bool = True  # asked in the rounds on the period
    early: bool = False  # asked in those between, after a nudge
    link: str = ""
    actions: tuple[str, ...] = ()
    name: str = ""

    @property
    def part(self) -> str:
        """The part of the account that it reads: a name of `domain.aws.parts`."""
        return self.name or next(iter(self.actions), "")
