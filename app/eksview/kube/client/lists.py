"""Lists of the API server, read in pages."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import random
from typing import Any, Protocol, TypeAlias, TypeVar

from msgspec import Raw

from eksview.domain.base.clock import Sleep
from eksview.domain.base.text import clean
from eksview.domain.kube.api_types import Listed
from eksview.domain.kube.go_json import UNREAD, parse
from eksview.domain.kube.object_kind import KindCheck, require_kind
from eksview.domain.live.retry import Failure, backoff
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import RowT
from eksview.kube.client.errors import RequestError

T = TypeVar("T")
Page: TypeAlias = tuple[Sequence[T], str]
"""The objects of a page, and the token of the next; empty for the last."""
Reader: TypeAlias = Callable[[bytes], Page[T]]
PAGE = 500  # objects per request
SHORT = 2  # pages of less than half of it, after which the list is read more slowly


class Paging:
    """The progress of one list. A server that fills no page is asked for the next ones slowly."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._token = ""
        self._short = 0  # pages

    def wait(self, objects: int, token: str, chance: Callable[[], float]) -> float:
        """Return the seconds before the page of `token`, after a page that brought `objects`.

        Raises `RequestError` for the token of that page again: the list would have no end.
        """
        if token == self._token:
            message = f"The API server repeats a page of {self._name} instead of the next."
            raise RequestError(message, Failure())
        self._token = token
        self._short += objects < PAGE // 2
        return backoff(1, chance) if self._short > SHORT else 0.0


class ListClient(Protocol):
    """The part of a `Connection` that lists need."""

    async def get_bytes(self, path: str, query: dict[str, str] | None = None) -> bytes: ...


@contextmanager
def readable(wanted: str) -> Iterator[None]:
    """Raise what can't be decoded as a `RequestError`; `wanted` is what it should be."""
    try:
        yield
    except UNREAD as error:
        detail = clean(str(error)).rstrip(".")
        message = (
            f"The answer isn't {wanted} ({detail}): check the server's address and the proxies "
            "in between."
        )
        raise RequestError(message, Failure()) from None


def raw_list(name: str, kind: str, body: bytes) -> Listed[Raw]:
    """Return a list of a kind whose objects aren't decoded; raises `RequestError` for another."""
    with readable(f"a list of {name}"):
        require_kind(body, kind)
        return parse(body, Listed[Raw])


def checked(object_kind: str, name: str, decode: Callable[[bytes], Page[T]]) -> Reader[T]:
    """Return a reader of pages that raises `RequestError` for what isn't a list of that kind."""
    expected = KindCheck(object_kind)

    def read(body: bytes) -> Page[T]:
        with readable(f"a list of {name}"):
            expected.page(body)
            return decode(body)

    return read


async def pages(
    connection: ListClient,
    path: str,
    read: Reader[T],
    query: Mapping[str, str] = {},
    sleep: Sleep = asyncio.sleep,
) -> AsyncIterator[Sequence[T]]:
    """Yield the objects of each page; raises `RequestError`, also for a list without an end."""
    paging = Paging(path.rpartition("/")[2])
    following = {**query, "limit": str(PAGE)}
    while True:
        items, token = read(await connection.get_bytes(path, following))
        yield items
        if not token:
            return
        await sleep(paging.wait(len(items), token, random))
        following["continue"] = token


def decoded(kind: str, name: str, decode: Callable[[bytes], Listed[T]]) -> Reader[T]:
    """Return a reader of pages of objects of a kind, which are decoded as a whole."""

    def split(body: bytes) -> Page[T]:
        page = decode(body)
        return page.items or (), page.metadata.continue_

    return checked(kind, name, split)


def read_object_as(body: bytes, shape: type[T], *kinds: str) -> T:
    """Return an object that is of one of these kinds; raises `RequestError` for anything else."""
    with readable(f"a {kinds[0]}"):
        require_kind(body, *kinds)
        return parse(body, shape)


async def read_list(
    connection: ListClient,
    kind: str,
    path: str,
    decode: Callable[[bytes], Listed[T]],
    query: Mapping[str, str] = {},
) -> list[T]:
    """Return the objects of all pages of a list; raises `RequestError`."""
    objects: list[T] = []
    read = decoded(kind, path.rpartition("/")[2], decode)
    async for page in pages(connection, path, read, query):
        objects += page
    return objects


async def list_rows(
    connection: ListClient,
    resource: Resource[Any, RowT],
    sleep: Sleep = asyncio.sleep,
) -> list[RowT]:
    """Read a list to its end; raises `RequestError` also for one that can't be understood."""

    def decode(body: bytes) -> Page[Any]:
        page = resource.decode_list(body)
        return page.items or (), page.metadata.continue_

    rows: list[RowT] = []
    before = 0
    read = checked(resource.object_kind, resource.name, decode)
    async for items in pages(connection, resource.path(), read, sleep=sleep):
        rows += resource.rows(items, before)
        before += len(items)
    return rows
