"""Requests to one API server: authenticated, timed, and with errors for a person."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from copy import copy
from http import HTTPStatus
from math import inf
from time import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
import msgspec
from kubernetes.aio.client.rest import RESTClientObject
from multidict import CIMultiDict

from eksview import __version__
from eksview.domain.actions.change import Change
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError, explained
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean
from eksview.domain.kube.go_json import UNREAD
from eksview.domain.live.retry import Failure, retry_after_seconds
from eksview.domain.live.server_clock import ServerClock
from eksview.kube.client.call_log import KubeCallLog, Record
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.credentials import Credentials
from eksview.kube.client.errors import (
    RequestError,
    RequestTimeoutError,
    from_answer,
    from_exception,
)
from eksview.kube.client.exec_plugin import Credential, run
from eksview.kube.client.plugin_runs import Runner
from eksview.kube.client.response import (
    MOST_BYTES,
    MOST_OF_LIST,
    CountedBody,
    Response,
    TooLongError,
    read_response,
)
from eksview.kube.client.transport import transport
from eksview.process.waits import WAITS

CONNECT = 10.0  # seconds
SILENCE = 150.0  # an idle API server sends a bookmark about every minute: longer is a dead link
NETWORK = (aiohttp.ClientError, asyncio.TimeoutError, OSError, ssl.SSLError, TooLongError)
RETIRED = 2  # clients with former certificates that are kept for the streams still on them
JSON = "application/json"
ANYTHING = "*/*"
CHANGE_LIMIT = 30.0  # seconds until the effect of a change counts as unknown
RETRIES = 10  # of a request that a busy server puts off, as in client-go


class Limits(msgspec.Struct, frozen=True):
    """The seconds that a request may take: without a byte, and in all; None for any time.

    A request is repeated `retries` times if a busy server names the seconds until the next one.
    """

    silence: float | None = SILENCE
    whole: float | None = None
    retries: int = 0


class MediaTypes(msgspec.Struct, frozen=True):
    """The types of the answer that is wanted, and of the body that is sent."""

    accept: str = JSON
    content: str = ""


Explain = Callable[[Credential, ClusterAccess, float], Awaitable[str]]
"""Returns why a credential is refused, at a time, in a sentence; empty where it doesn't know."""


class Clients:
    """The HTTP client of a connection, replaced when its certificate changes."""

    def __init__(self, access: ClusterAccess) -> None:
        self._access = access
        self._client: RESTClientObject | None = None
        self._certificate: bytes | None = None
        self._old: list[RESTClientObject] = []

    def client_for(self, credential: Credential) -> RESTClientObject:
        """Return the client that shows a credential's certificate."""
        if self._client is None or self._certificate != credential.certificate:
            if self._client is not None:
                self._old.append(self._client)  # streams on it may live on until they end
            self._client = transport(self._access, credential)
            self._certificate = credential.certificate
        return self._client

    async def retire(self) -> None:
        """Close former clients, but for the last few."""
        while len(self._old) > RETIRED:
            await self._old.pop(0).close()

    async def close(self) -> None:
        clients = [*self._old, *([self._client] if self._client else [])]
        self._old, self._client = [], None
        for client in clients:
            await client.close()


class Connection:
    """A connection that its first request opens; usable as `async with`."""

    def __init__(
        self,
        access: ClusterAccess,
        clock: Clock = time,
        runner: Runner = run,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        explain: Explain | None = None,
    ) -> None:
        self.access = access
        self.limits = limits
        self.target = access.target
        self.recorder = KubeCallLog()
        self.server_clock = ServerClock(clock)
        self._credentials = Credentials(access, self.server_clock, runner)
        self._clients = Clients(access)
        self._explain = explain
        self._refusals: dict[int, str] = {}  # reasons by HTTP status, shared with other sources
        self._proxy = clean(mask(access.proxy))

    def on_behalf_of(self, source: str) -> Self:
        """Return the same connection; the trace names its calls by a link or screen."""
        named = copy(self)
        named.recorder = self.recorder.on_behalf_of(source)
        return named

    @property
    def expires(self) -> float | None:
        """Return when the credentials end, where they say so."""
        return self._credentials.expires

    @property
    def credential_took(self) -> float | None:
        """Return the seconds that the plugin last ran for."""
        return self._credentials.took

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what a server may have been sent and must not be repeated."""
        return self._credentials.secrets

    async def credential(self) -> Credential:
        """Return the current credential, or raise `UserError`."""
        return await self._credentials.current()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._clients.close()

    async def get_bytes(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        accept: str = JSON,
        limit: float | None = None,
    ) -> bytes:
        """Return the JSON body; raises `RequestError` for anything but a 2xx with JSON."""
        answer = await self.ask(path, query, accept=accept, limit=limit, most=MOST_OF_LIST)
        self._check(answer)
        return answer.body

    async def get_json(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        accept: str = JSON,
        limit: float | None = None,
    ) -> dict[str, Any]:
        """Return an object; raises `RequestError` also for other JSON."""
        answer = await self.ask(path, query, accept=accept, limit=limit)
        self._check(answer)
        return self._decoded(answer.body)

    async def post_json(
        self, path: str, body: Mapping[str, Any], *, limit: float | None = None
    ) -> dict[str, Any]:
        """Post an object (a review: nothing is changed by it) and decode the answer."""
        answer = await self.ask(path, method="POST", body=dict(body), limit=limit)
        self._check(answer)
        return self._decoded(answer.body)

    async def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        body: dict[str, Any] | None = None,
        accept: str = JSON,
        limit: float | None = None,
        most: int = MOST_BYTES,
    ) -> Response:
        """Return any answer; raises `RequestError` without one.

        `limit` is in seconds, `most` in bytes: what is longer is an error.
        """
        timeout = _timing(limit or self.limits.whole, self.limits.silence)
        try:
            media = MediaTypes(accept)
            response, record = await self._request(method, path, query, body, media, timeout)
            rest = f"the rest of an answer of {clean(self.access.server)}"
            async with response:
                with WAITS.on(rest, timeout.total, routine=True):
                    return await read_response(response, record, most)
        except NETWORK as error:
            raise self.error_from(error) from None

    async def change(self, change: Change, limit: float = CHANGE_LIMIT) -> Response:
        """Send a change and return any answer; raises `RequestError` without one.

        It is sent again only within the limit and if a busy server said when: nothing was done.
        """
        media = MediaTypes(content=change.content_type)
        timeout = _timing(limit, self.limits.silence)
        send = self._request if change.patient else self._requested
        try:
            response, record = await send(
                change.method, change.path, {}, change.body, media, timeout
            )
            async with response:
                return await read_response(response, record)
        except NETWORK as error:
            raise self.error_from(error) from None

    @asynccontextmanager
    async def stream(
        self,
        path: str,
        query: Mapping[str, str],
        silence: float = SILENCE,
        accept: str = JSON,
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yield the chunks of a body; raises `RequestError` for anything but a 2xx with JSON.

        With another `accept`, such as that of logs, a 2xx of any type will do.
        """
        timeout = _timing(self.limits.whole, silence)
        try:
            media = MediaTypes(accept=accept)
            response, record = await self._request("GET", path, query, None, media, timeout)
            counted = CountedBody(response.content)
            try:
                typed = "json" not in accept or "json" in response.content_type
                if response.status >= 300 or not typed:
                    self._check(await read_response(response, record))
                yield counted.chunks()
            finally:
                if counted.begun:
                    record.ended(counted.size, counted.lines)
                response.close()
        except NETWORK as error:
            raise self.error_from(error) from None

    async def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: dict[str, Any] | None,
        media: MediaTypes,
        timing: aiohttp.ClientTimeout,
    ) -> tuple[aiohttp.ClientResponse, Record]:
        """Return the answer and its record, of the last request if a busy server asks to wait.

        Source: client-go, `rest.withRetry`.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + (timing.total or inf)
        for _ in range(self.limits.retries):
            response, record = await self._requested(method, path, query, body, media, timing)
            wait = _asked_wait(response)
            if wait is None or clock() + wait >= until:
                return response, record
            response.close()
            busy = f"the API server {clean(self.access.server)}, which is busy ({response.status})"
            with WAITS.on(busy, wait):
                await asyncio.sleep(wait)
        return await self._requested(method, path, query, body, media, timing)

    async def _requested(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: dict[str, Any] | None,
        media: MediaTypes,
        timing: aiohttp.ClientTimeout,
    ) -> tuple[aiohttp.ClientResponse, Record]:
        """Return the answer and its record, begun only now: a plugin's time isn't the server's."""
        url = self.access.server + path + (f"?{urlencode(query)}" if query else "")
        credential = await self._credentials.current()
        record = self.recorder.begin(method, path, query or {}, body, media.content)
        response = await self._send(method, url, body, media, timing, credential, record)
        if response.status == HTTPStatus.UNAUTHORIZED and await self._renewed(credential):
            response.close()
            credential = await self._credentials.current()
            record = self.recorder.begin(method, path, query or {}, body, media.content)
            response = await self._send(method, url, body, media, timing, credential, record)
        if response.status == HTTPStatus.UNAUTHORIZED and self._explain is not None:
            reason = await self._explain(credential, self.access, self.server_clock())
            self._refusals[HTTPStatus.UNAUTHORIZED] = reason
        return response, record

    async def _renewed(self, refused: Credential) -> bool:
        try:
            return await self._credentials.renew(refused)
        except UserError:
            return False  # the 401 is reported, and the next request reports this

    async def _send(
        self,
        method: str,
        url: str,
        body: dict[str, Any] | None,
        media: MediaTypes,
        timing: aiohttp.ClientTimeout,
        credential: Credential,
        record: Record,
    ) -> aiohttp.ClientResponse:
        try:
            with explained("Preparing a request"):
                client = self._clients.client_for(credential)
                headers = self.headers(credential, media)
        except UserError as problem:
            record.failed(problem.sentence)  # nothing was sent, and nothing is waited for
            raise
        await self._clients.retire()
        sent = self.server_clock.local()
        try:
            with (
                explained(f"A request to {self.access.server}", passing=NETWORK),
                self._waited(timing),
            ):
                answer = await client.request(
                    method, url, headers=headers, body=body, _request_timeout=timing
                )
        except (UserError, *NETWORK) as error:
            known = error if isinstance(error, UserError) else None
            reason = known or self.error_from(error, answered=False)
            record.failed(reason.sentence)
            raise reason from None
        response: aiohttp.ClientResponse = answer.response
        self.server_clock.observe(response.headers.get("Date"), sent)
        record.answered(response.status)
        return response

    def _waited(self, timing: aiohttp.ClientTimeout) -> AbstractContextManager[None]:
        """Count as waiting for the server, or for its proxy, which may say nothing either."""
        if self._proxy:
            return WAITS.on(f"the proxy {self._proxy}")
        limit = timing.total or timing.sock_read
        return WAITS.on(f"the API server {clean(self.access.server)}", limit, routine=True)

    def headers(self, credential: Credential, media: MediaTypes) -> CIMultiDict[str]:
        """Return the headers of a request, with its credential."""
        headers = CIMultiDict({"Accept": media.accept, "User-Agent": f"eksview/{__version__}"})
        if media.content:
            headers["Content-Type"] = media.content
        if credential.token:
            headers["Authorization"] = f"Bearer {credential.token}"
        elif self.access.username:
            pair = f"{self.access.username}:{self.access.password}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        headers.extend(self.access.impersonate)
        if not all(map(_can_be_sent, headers.values())):
            raise UserError(
                f"The token or impersonation of user {clean(self.access.user)} has a line break or "
                "another control character in it: correct it, or log in again."
            )
        return headers

    def _check(self, answer: Response) -> None:
        if answer.status >= 300 or "json" not in answer.content_type:
            raise self.error_of(answer)

    def error_of(self, answer: Response) -> RequestError:
        """Return the error of an answer that isn't the expected one."""
        error = from_answer(
            answer.status,
            answer.body,
            answer.content_type,
            answer.retry_after,
            server=self.access.server,
            user=self.access.user,
            secrets=self.secrets,
        )
        reason = self._refusals.get(error.failure.status or 0)
        return RequestError(reason, error.failure) if reason else error

    def error_from(self, error: BaseException, *, answered: bool = True) -> RequestError:
        """Return the error of a connection that failed, after an answer began or before."""
        whole, socket = self.limits.whole, isinstance(error, aiohttp.ServerTimeoutError)
        if isinstance(error, TimeoutError) and whole is not None and not socket:
            return RequestTimeoutError(
                f"{self.access.server} didn't answer within {whole:g} s.", Failure()
            )
        return from_exception(
            error,
            server=self.access.server,
            own_ca=bool(self.access.ca),
            proxy=self._proxy,
            answered=answered,
        )

    def _decoded(self, body: bytes) -> dict[str, Any]:
        unread = f"The answer of {self.access.server} can't be read: it isn't"
        try:
            answer = msgspec.json.decode(body)
        except UNREAD:
            raise RequestError(f"{unread} whole.", Failure()) from None
        if not isinstance(answer, dict):
            raise RequestError(f"{unread} an object.", Failure())
        return answer


def _timing(limit: float | None, silence: float | None) -> aiohttp.ClientTimeout:
    """Return the limits of a request; the first includes a proxy's answer to CONNECT, and TLS."""
    return aiohttp.ClientTimeout(
        total=limit, connect=CONNECT, sock_connect=CONNECT, sock_read=silence
    )


def _asked_wait(response: aiohttp.ClientResponse) -> float | None:
    """Return the seconds that a busy server asks to wait; None for any other answer."""
    busy = response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= 500
    header = response.headers.get("Retry-After") if busy else None
    return 0.0 if header == "0" else retry_after_seconds(header)


def _can_be_sent(value: str) -> bool:
    """Return whether Go's httpguts.ValidHeaderFieldValue allows a value."""
    return not any(
        (character < " " and character != "\t") or character == "\x7f" for character in value
    )
