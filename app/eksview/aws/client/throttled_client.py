"""The calls of one link: within its budget, page by page, again when AWS asks for patience."""

from asyncio import timeout
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
)
from typing import Any, TypeAlias, TypeVar

from botocore import xform_name
from msgspec import Struct

from eksview.aws.client.context import AwsContext
from eksview.aws.client.errors import Answer, from_exception, named_ids
from eksview.domain.aws.errors import AwsRefusal, not_aws
from eksview.domain.aws.rate_limit import (
    PATIENCE,
    Budget,
    backoff,
)
from eksview.domain.base import reading
from eksview.domain.base.reading import ReadFailed, Reading

T = TypeVar("T")
LIMIT = 60.0  # seconds for one call, whatever the client's own timeouts make of it
BATCH = 100  # ids in one call
TOKENS = ("NextToken", "nextToken", "Marker")


class CallRefused(Exception):  # noqa: N818 - not an error of ours: AWS's word
    """AWS didn't answer as hoped. `code` and `message` are its own, empty when it said none."""

    def __init__(self, refusal: AwsRefusal, code: str = "", message: str = "") -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal
        self.code = code
        self.message = message


def unread(refused: CallRefused, at: float, last: T | None = None) -> Reading[T]:
    """Return a refusal as a reading: for the lack of an IAM action, or for another reason."""
    refusal = refused.refusal
    if refusal.kind == "denied":
        return reading.Refused(refusal.sentence, refusal.action or None, at, last)
    return ReadFailed(refusal.sentence, at, last)


class ThrottledClient:
    """The one way to AWS for a link; raises only `CallRefused`.

    `throttled` is told, with the seconds until the next try, each time AWS asks for patience;
    `heard` of each answer.
    """

    def __init__(
        self,
        means: AwsContext,
        asker: str,
        budget: int,
        throttled: Callable[[CallRefused, float], None],
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        self.budget = Budget(budget)
        self.calls = 0  # since the start
        self.waited = 0.0  # seconds since the start, for the budget and for AWS's patience
        self._means = means
        self._asker = asker
        self._throttled = throttled
        self._heard = heard

    async def call(self, service: str, operation: str, **arguments: Any) -> Answer:
        """One answer of, say, "ec2", "DescribeInstances"."""

        async def ask() -> Answer:
            client = await self._means.session.client(service)
            answer: Answer = await getattr(client, xform_name(operation))(**arguments)
            if _is_page(answer):
                raise CallRefused(AwsRefusal(kind="broken", sentence=not_aws(action)))
            return answer

        action = f"{service}:{operation}"
        return await self.spend(action, ask, arguments)

    async def pages(self, service: str, operation: str, **arguments: Any) -> AsyncIterator[Answer]:
        """All pages, by the token that each hands on."""
        while True:
            answer = await self.call(service, operation, **arguments)
            yield answer
            following = {name: answer[name] for name in TOKENS if answer.get(name)}
            # A token that comes again would be an endless loop.
            if not following or following.items() <= arguments.items():
                return
            arguments |= following

    async def of_ids(
        self, operation: str, ids: Iterable[str], **arguments: Any
    ) -> "InstancesAnswer":
        """EC2's answer about so many instances, `BATCH` at most; without those that are gone.

        One unknown id fails the whole call, but it is named: ask again without it.
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
        """Make a call when the budget allows; one that is throttled is made again, later."""
        for failures in range(PATIENCE + 1):
            await self._afford()
            try:
                async with timeout(LIMIT):
                    said = await self._means.recorder.recorded(self._asker, action, arguments, ask)
            except Exception as error:
                refused = self._refused(error, action)
                if refused.refusal.kind != "throttled" or failures == PATIENCE:
                    raise refused from None
            else:
                self._heard()
                return said
            wait = refused.refusal.retry_after or backoff(failures, self._means.chance)
            self._throttled(refused, wait)
            await self._pause(wait)
        raise RuntimeError("unreachable")  # pragma: no cover - the last try returns or raises

    async def _afford(self) -> None:
        while wait := self.budget.wait(self._means.clock()):
            await self._pause(wait)
        self.budget.spend(self._means.clock())
        self.calls += 1

    async def _pause(self, seconds: float) -> None:
        await self._means.sleep(seconds)
        self.waited += seconds

    def _refused(self, error: Exception, action: str) -> CallRefused:
        if isinstance(error, CallRefused):
            return error
        said = getattr(error, "response", None)
        answer: Answer = said if isinstance(said, dict) else {}
        status = (answer.get("ResponseMetadata") or {}).get("HTTPStatusCode") or 0
        if _is_page(answer) and status < 500:  # a proxy's 403 is no missing permission
            return CallRefused(AwsRefusal(kind="broken", sentence=not_aws(action)))
        about = answer.get("Error") or {}
        refusal = from_exception(error, action, self._means.place)
        return CallRefused(refusal, str(about.get("Code") or ""), str(about.get("Message") or ""))


def _is_page(answer: Answer) -> bool:
    """Whether a portal or proxy answered: a tidy web page is XML too, and says "no instances"."""
    headers = (answer.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
    return str(headers.get("content-type") or "").startswith("text/html")


class InstancesAnswer:
    """An answer about instances, and the ids among them that EC2 doesn't know."""

    def __init__(self, answer: Answer, gone: set[str]) -> None:
        self.answer = answer
        self.gone = gone


def batches(ids: Iterable[str], size: int = BATCH) -> Iterator[list[str]]:
    """Sorted, so that the same ids make the same calls."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


Ask: TypeAlias = Callable[[ThrottledClient], Awaitable[float | None]]
"""Asks AWS and writes what it hears; may say in how many seconds it wants to be asked early."""


class PolledCall(Struct, frozen=True):
    """A question of a link. What befalls an essential one befalls the link; others only say so."""

    ask: Ask
    essential: bool = False
    every: int = 1  # rounds
    regular: bool = True  # asked in the rounds on the period
    early: bool = False  # asked in those between, after a nudge
