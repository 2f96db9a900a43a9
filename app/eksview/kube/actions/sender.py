"""Sends one change and says what came of it. A lost write is never repeated."""

from typing import Any

from msgspec import DecodeError, Struct

from eksview.domain.access.error_messages import not_kubernetes
from eksview.domain.actions.change import Change, Outcome
from eksview.domain.base.text import clean
from eksview.domain.kube.go_json import parse
from eksview.domain.live.retry import retry_after_seconds
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.response import Response

NOT_FOUND = 404


class _AnyObject(Struct):
    kind: Any = None
    status: Any = None


class _Cause(Struct):
    reason: str | None = None
    message: str | None = None


class _Details(Struct, rename="camel"):
    retry_after_seconds: int | None = None
    causes: list[_Cause] | None = None


class _Refusal(Struct):
    """The parts of a Status that say why a change was refused."""

    message: str | None = None
    details: _Details | None = None


async def send(connection: Connection, change: Change) -> Outcome:
    """Send a change; raises `UserError` only where nothing was sent."""
    try:
        answer = await connection.change(change)
    except RequestError as lost:
        return Outcome(None, lost.sentence)
    if (answer.status < 300 or answer.status == NOT_FOUND) and not _is_of_kubernetes(answer):
        foreign = not_kubernetes(
            answer.status, answer.content_type, server=connection.access.server
        )
        return Outcome(None, clean(foreign))
    if answer.status < 300:
        return Outcome(answer.status)
    return _refused(connection, answer)


def _is_of_kubernetes(answer: Response) -> bool:
    """Return whether an answer is an API server's; that of a proxy says nothing of the change."""
    try:
        whole = parse(answer.body, _AnyObject)
    except DecodeError:
        return False
    return isinstance(whole.kind, str) and (answer.status >= 300 or whole.status != "Failure")


def _refused(connection: Connection, answer: Response) -> Outcome:
    """Return the server's reason: of a budget the one that names it."""
    wait = retry_after_seconds(answer.retry_after)
    try:
        status = parse(answer.body, _Refusal)
    except DecodeError:
        status = _Refusal()
    details = status.details or _Details()
    wait = wait or retry_after_seconds(details.retry_after_seconds)
    cause = next((each.reason for each in details.causes or () if each.reason), "")
    if answer.status not in (409, 422, 429):
        return Outcome(answer.status, connection.error_of(answer).sentence, wait, cause)
    causes = [clean(cause.message) for cause in details.causes or () if cause.message]
    reason = " ".join((clean(status.message or ""), *(f"{cause}." for cause in causes))).strip()
    sentence = clean(reason) or connection.error_of(answer).sentence
    return Outcome(answer.status, sentence, wait, cause)
