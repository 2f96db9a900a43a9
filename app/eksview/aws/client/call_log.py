"""Recorded calls to AWS: masked and numbered, with their link and result."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeVar

from msgspec.structs import replace

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import clean
from eksview.domain.live.api_call import ApiCall, masked_parameters

T = TypeVar("T")


class AwsCallLog:
    """The recorder of calls; `numbers` is shared with other recorders and so unique."""

    def __init__(
        self, send: Callable[[ApiCall], None], numbers: Iterator[int], clock: Clock, region: str
    ) -> None:
        self._send = send
        self._numbers = numbers
        self._clock = clock
        self._region = region

    async def recorded(
        self,
        source: str,
        action: str,
        arguments: Mapping[str, object],
        ask: Callable[[], Awaitable[T]],
    ) -> T:
        """Make a call and record it when it has ended."""
        service, _, operation = action.partition(":")
        request = ApiCall(
            number=next(self._numbers),
            at=self._clock(),
            service="aws",
            verb=operation,
            target=clean(f"{service} {self._region}"),
            source=source,
            parameters=masked_parameters(arguments),
        )
        try:
            answer = await ask()
        except Exception as error:
            self._ended(request, getattr(error, "response", None), type(error).__name__)
            raise
        self._ended(request, answer)
        return answer

    def _ended(self, request: ApiCall, answer: Any, failure: str = "") -> None:
        body = answer if isinstance(answer, dict) else {}
        metadata = body.get("ResponseMetadata") or {}
        headers = metadata.get("HTTPHeaders") or {}
        code = str((body.get("Error") or {}).get("Code") or failure) if failure else ""
        ended = replace(
            request,
            status=metadata.get("HTTPStatusCode") or (None if failure else 200),
            took=self._clock() - request.at,
            size=int(headers.get("content-length") or 0),
            items=items_of(body),
            reason=clean(code),
        )
        self._send(ended)


def items_of(answer: Mapping[str, Any]) -> int | None:
    """Return how many items an answer lists; None without a list. EC2 groups its instances."""
    lists = [value for value in answer.values() if isinstance(value, list)]
    if not lists:
        return None
    reservations = answer.get("Reservations")
    if isinstance(reservations, list):
        return sum(len(item.get("Instances") or ()) for item in reservations)
    return sum(map(len, lists))
