"""Usage over time, read from Prometheus through the API server's proxy or from a URL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from urllib.parse import quote, urlencode

import aiohttp
from msgspec import Struct, field
from yarl import URL

from eksview.domain.base.errors import UserError
from eksview.domain.history.prometheus import (
    CPU,
    LABELS,
    MEMORY,
    MOST_BYTES,
    WINDOWS,
    Endpoint,
    Series,
    UsageHistory,
    Window,
    decoded,
    node_queries,
    pod_queries,
    range_query,
    service_endpoint,
)
from eksview.domain.kube.api_types import Listed, Meta
from eksview.domain.kube.go_json import parse
from eksview.domain.kube.object_ref import ObjectRef
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import from_exception
from eksview.kube.client.lists import read_list

LIMIT = 20.0  # seconds until the end of an answer
QUERY = "/api/v1/query_range"
SERVICES = "/api/v1/services"
WEB, PORT = ("web", "http-web", "http"), 9090
"""Names and number of the port of Prometheus."""
ERRORS = (400, 422, 503)
"""Statuses with which Prometheus sends its error in JSON (HTTP API, "Format overview")."""
TOO_LARGE = (
    f"Prometheus' answer is longer than {MOST_BYTES // 1024 // 1024} MiB: the query matches too "
    "much, or this is no Prometheus."
)
Sign = Callable[[str, str], Awaitable[Mapping[str, str]]]
"""Returns the headers that sign a GET of a URL in a region."""


class _ServicePort(Struct):
    name: str | None = None
    port: int = 0


class _ServiceSpec(Struct):
    ports: list[_ServicePort] | None = None


class _Service(Struct):
    metadata: Meta = field(default_factory=Meta)
    spec: _ServiceSpec = field(default_factory=_ServiceSpec)


async def find_service(connection: Connection) -> Endpoint | None:
    """Return the cluster's own Prometheus by its service's labels; None for none."""
    for label in LABELS:
        query = {"labelSelector": label}
        for service in await read_list(connection, "Service", SERVICES, _services, query):
            if endpoint := _of_service(service):
                return endpoint
    return None


def _services(body: bytes) -> Listed[_Service]:
    return parse(body, Listed[_Service])


def _of_service(service: _Service) -> Endpoint | None:
    metadata, ports = service.metadata, service.spec.ports or ()
    web = [each for each in ports if each.name in WEB or each.port == PORT]
    if not web:
        return None
    return service_endpoint(metadata.namespace, metadata.name, web[0].name or str(web[0].port))


class HistoryReader:
    """Reads the usage of an object from an endpoint; `limit` is in seconds for each query."""

    def __init__(
        self, connection: Connection, endpoint: Endpoint, sign: Sign, limit: float = LIMIT
    ) -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._sign = sign
        self._limit = limit

    async def read(self, ref: ObjectRef, address: str, now: float) -> UsageHistory:
        """Return a node's or a pod's usage in all windows. Raises `UserError`."""
        cpu: list[Series] = []
        memory: list[Series] = []
        for window in WINDOWS:
            queries = (
                node_queries(ref.name, address, window)
                if ref.kind == "Node"
                else pod_queries(ref.namespace, ref.name, window)
            )
            cpu.append(await self._series(queries[CPU], window, now))
            memory.append(await self._series(queries[MEMORY], window, now))
        return UsageHistory(self._endpoint.name, tuple(cpu), tuple(memory))

    async def _series(self, expression: str, window: Window, now: float) -> Series:
        query = range_query(expression, window, now)
        try:
            async with asyncio.timeout(self._limit):
                body = await (self._proxied(query) if self._endpoint.path else self._direct(query))
        except TimeoutError:
            raise UserError(
                f"Prometheus ({self._endpoint.name}) didn't answer the query of the "
                f"{window.label} within {self._limit:g} s: it is busy, or something in between "
                "hangs."
            ) from None
        return decoded(body, window, float(query["end"]))

    async def _proxied(self, query: Mapping[str, str]) -> bytes:
        path = self._endpoint.path + QUERY
        async with self._connection.stream(path, query, accept="*/*") as chunks:
            return await _bounded(chunks)

    async def _direct(self, query: Mapping[str, str]) -> bytes:
        endpoint = self._endpoint
        url = f"{endpoint.url}{QUERY}?{urlencode(query, quote_via=quote)}"
        headers = await self._sign(url, endpoint.region) if endpoint.region else {}
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(
                    URL(url, encoded=True), headers=headers, allow_redirects=False
                ) as answer,
            ):
                if answer.status >= 300 and answer.status not in ERRORS:
                    reason = f"{endpoint.name} answered {answer.status}: check its URL and access."
                    raise UserError(reason)
                return await _bounded(answer.content.iter_any())
        except aiohttp.ClientError as error:
            raise from_exception(error, server=endpoint.name) from None


async def _bounded(chunks: AsyncIterator[bytes]) -> bytes:
    """Return a body, read no further than the limit."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise UserError(TOO_LARGE)
    return bytes(body)
