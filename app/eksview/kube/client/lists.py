"""Lists of the API server, read in pages."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from random import random
from typing import Any, Protocol

from eksview.domain.base.text import clean
from eksview.domain.kube.go_json import UNREAD
from eksview.domain.kube.object_kind import KindCheck
from eksview.domain.live.retry import Failure, backoff
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import RowT
from eksview.kube.client.errors import RequestError

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


async def list_rows(
    connection: ListClient,
    resource: Resource[Any, RowT],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> list[RowT]:
    """Read a list to its end; raises `RequestError` also for one that can't be understood."""
    rows: list[RowT] = []
    query, paging = {"limit": str(PAGE)}, Paging(resource.kind)
    expected = KindCheck(resource.object_kind)
    for before in count(0, PAGE):
        body = await connection.get_bytes(resource.path(), query)
        with readable(f"a list of {resource.name}"):
            expected.page(body)
            page, query["continue"] = resource.page(body, before)
        rows += page
        if not query["continue"]:
            break
        await sleep(paging.wait(len(page), query["continue"], random))
    return rows
