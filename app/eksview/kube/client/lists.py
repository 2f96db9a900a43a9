"""Lists of the API server, read in pages."""

from typing import Any, Protocol

import msgspec

from eksview.domain.live.retry import Failure
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import RowT
from eksview.kube.client.errors import RequestError

PAGE = 500  # objects per request


class ListClient(Protocol):
    """The part of a `Connection` that lists need."""

    async def get_bytes(self, path: str, query: dict[str, str] | None = None) -> bytes: ...


async def list_rows(connection: ListClient, resource: Resource[Any, RowT]) -> list[RowT]:
    """Read a list to its end; raises `RequestError` also for one that can't be understood."""
    rows: list[RowT] = []
    query = {"limit": str(PAGE)}
    while True:
        body = await connection.get_bytes(resource.path(), query)
        try:
            page, query["continue"] = resource.page(body)
        except msgspec.DecodeError as error:
            message = f"A list of {resource.kind} can't be understood: {error}."
            raise RequestError(message, Failure()) from None
        rows += page
        if not query["continue"]:
            return rows
