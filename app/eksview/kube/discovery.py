"""Reads which resources an API server has, and keeps the answer."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import chain

from eksview.domain.base.text import clean
from eksview.domain.kube.api_resource import ApiResource, ApiResources, UnreadGroup
from eksview.domain.kube.discovery import ACCEPT, DiscoveryAnswer, ResourceList, api_of
from eksview.domain.kube.go_json import fitting
from eksview.domain.live.retry import Failure
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError

ROOTS = ("/api", "/apis")
LIMIT = 30.0  # seconds of one request
AT_ONCE = 8  # requests to a server without aggregated discovery, which takes one for each group
MOST_GROUPS = 500


class Discovery:
    """The resources of the server of a connection, read once until `forget`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()
        self._read: ApiResources | None = None

    async def resources(self, *, again: bool = False) -> ApiResources:
        """Return all resources; raises `RequestError` where nothing could be read.

        `again` asks the server although it is known what there was. A group that can't be read
        costs no other: it is in `unread`.
        """
        before = self._read
        async with self._lock:
            if self._read is None or (again and self._read is before):
                self._read = await read_resources(self._connection)
            return self._read

    def forget(self) -> None:
        """Ask the server when the resources are next wanted."""
        self._read = None


async def read_resources(connection: Connection) -> ApiResources:
    """Ask a server for its resources: two requests, or one for each group of older servers."""
    parts = await asyncio.gather(*(_root(connection, root) for root in ROOTS))
    errors = [part for part in parts if isinstance(part, RequestError)]
    if len(errors) == len(parts):
        raise errors[0]
    return _joined(
        part if isinstance(part, ApiResources) else _unread(root, part)
        for root, part in zip(ROOTS, parts, strict=True)
    )


async def _root(connection: Connection, root: str) -> ApiResources | RequestError:
    try:
        body = await connection.get_json(root, accept=ACCEPT, limit=LIMIT)
    except RequestError as error:
        return error
    answer = fitting(body, DiscoveryAnswer)
    if answer.foreign:
        return _foreign(connection)
    if answer.aggregated:
        return answer.resources()
    return await _by_group(connection, list(answer.group_versions())[:MOST_GROUPS])


async def _by_group(
    connection: Connection, group_versions: Sequence[tuple[str, str]]
) -> ApiResources:
    slots = asyncio.Semaphore(AT_ONCE)

    async def read(group: str, version: str) -> list[ApiResource] | RequestError:
        path = f"/apis/{group}/{version}" if group else f"/api/{version}"
        async with slots:
            try:
                body = await connection.get_json(path, limit=LIMIT)
            except RequestError as error:
                return error
        answer = fitting(body, ResourceList)
        return _foreign(connection) if answer.foreign else answer.of(group, version)

    answers = await asyncio.gather(*(read(*each) for each in group_versions))
    return _joined(
        ApiResources(tuple(answer)) if isinstance(answer, list) else _unread(api_of(*each), answer)
        for each, answer in zip(group_versions, answers, strict=True)
    )


def _foreign(connection: Connection) -> RequestError:
    server = connection.access.server
    return RequestError(f"{server} answered with something else than its resources.", Failure())


def _unread(api: str, error: RequestError) -> ApiResources:
    return ApiResources(unread=(UnreadGroup(api, clean(error.sentence)),))


def _joined(parts: Iterable[ApiResources]) -> ApiResources:
    parts = tuple(parts)
    return ApiResources(
        tuple(chain.from_iterable(part.resources for part in parts)),
        tuple(chain.from_iterable(part.unread for part in parts)),
    )
