"""The namespaces in which a source is followed that is refused for the whole cluster."""

import asyncio
from collections.abc import Awaitable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.kube.server_table import OF_NAMESPACE
from eksview.domain.live.watch_scope import named_in_short
from eksview.kube.access.namespaces import readable_namespaces
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.watch.watched_resource import WatchedResource
from eksview.process.first_of import first_of

REASK = 600.0  # seconds; a resource costs about fifty requests each time


class Narrowed(Struct, frozen=True):
    """A source that is refused, and the namespaces in which it is followed."""

    source: WatchedResource
    namespaces: tuple[str, ...]


def parts(source: WatchedResource, namespaces: Sequence[str]) -> list[WatchedResource]:
    """Return a source by namespace; as it is, with its refusal, where none may be read."""
    source = replace(source, narrow=False)
    only = named_in_short(namespaces)
    names = [source.name, *(f"{source.name}{OF_NAMESPACE}{name}" for name in namespaces[1:])]
    return [
        replace(source, name=name, namespace=namespace, only=only)
        for name, namespace in zip(names, namespaces or ("",), strict=True)
    ]


class Rights:
    """The rights to follow sources, asked for once until they are to be asked for again."""

    def __init__(self, connection: Connection, named: str) -> None:
        self._connection = connection
        self._named = named
        self._namespaces: dict[str, tuple[str, ...]] = {}  # by the name of a resource
        self._asked = asyncio.Event()

    async def namespaces(self, source: WatchedResource) -> tuple[str, ...]:
        """Return the namespaces in which a source may be followed."""
        name = f"{source.resource.name}.{source.resource.group}"
        if name not in self._namespaces:
            self._namespaces[name] = await readable_namespaces(
                self._connection, self._named, source.permission("list")
            )
        return self._namespaces[name]

    async def whole(self, source: WatchedResource) -> bool:
        """Return whether a source is no longer refused; raises `UserError` without an answer."""
        fields = {"fieldSelector": source.fields} if source.fields else {}
        try:
            await self._connection.get_bytes(source.path, {"limit": "1", **fields})
        except RequestError as error:
            if error.failure.status == 403:
                return False
            raise
        return True

    def ask(self) -> None:
        """End the wait for the next time to ask."""
        self._asked.set()

    async def wait(self, sleep: Awaitable[None]) -> None:
        """Wait for the next time to ask, and forget the answers."""
        await first_of(sleep, self._asked.wait())
        self._asked.clear()
        self._namespaces.clear()
