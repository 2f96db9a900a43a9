"""A connection that answers from a script: a test decides each line and sees each query."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from eksview.domain.live.messages import LinkState, Message, Put, Swap
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link
from eksview.kube.client.connection import JSON
from eksview.kube.watch.reflector import Reflector
from eksview.kube.watch.watched_resource import WatchedResource
from tests.kube.world import PODS, MemorySink

Query = dict[str, str]
Lines = list[bytes | Exception | float]
Answer = Lines | bytes | Exception
"""The lines of a watch (or how it breaks, or seconds), the body of a page, or what goes wrong."""
TURNS = 500
"""Of the loop, after which a reflector that waits for nothing but its script has stopped."""
HANG = b""
"""A line that never comes."""


def pod(name: str, version: str = "1", **metadata: Any) -> dict[str, Any]:
    meta = {"name": name, "namespace": "shop", "uid": name, "resourceVersion": version}
    return {"metadata": meta | metadata}


def event(kind: str, item: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "object": item}).encode() + b"\n"


def bookmark(version: str, *, ends_list: bool = False) -> bytes:
    annotations = {"k8s.io/initial-events-end": "true"} if ends_list else {}
    return event("BOOKMARK", {"metadata": {"resourceVersion": version, "annotations": annotations}})


def page(
    *items: dict[str, Any], version: str = "1", more: str = "", left: int | None = None
) -> bytes:
    meta: dict[str, Any] = {"resourceVersion": version}
    if more:
        meta["continue"] = more
    if left is not None:
        meta["remainingItemCount"] = left
    return json.dumps({"metadata": meta, "items": list(items)}).encode()


class Runaway(BaseException):
    """A reflector that asks for ever; no Exception, which it would take for a failure to retry."""


def bounded(asked: list[Any]) -> None:
    """Raise `Runaway` once more was asked than any script has answers for."""
    if len(asked) > 100:
        raise Runaway


class ScriptedConnection:
    """Gives watches and pages their answers in order, then silence; keeps every query."""

    def __init__(self, *answers: Answer, pages: tuple[Answer, ...] = ()) -> None:
        self.access = SimpleNamespace(server="https://api.test")
        self.secrets: tuple[str, ...] = ()
        self.now = 1000.0
        self.watches: list[Query] = []
        self.pages: list[Query] = []
        self.paths: set[str] = set()
        self.silences: list[float] = []
        self._answers = list(answers)
        self._pages = list(pages)

    @asynccontextmanager
    async def stream(
        self, path: str, query: Mapping[str, str], silence: float, *, accept: str = JSON
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        bounded(self.watches)
        self.watches.append(dict(query))
        self.silences.append(silence)
        self.paths.add(path)
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        yield self._chunks(answer)

    async def _chunks(self, lines: Lines | bytes | None) -> AsyncIterator[bytes]:
        assert not isinstance(lines, bytes)
        for line in [HANG] if lines is None else lines:  # when the script is over, nothing happens
            if line == HANG:
                await asyncio.Event().wait()
            if isinstance(line, Exception):
                raise line
            if isinstance(line, float):
                self.now += line
            else:
                yield line

    async def get_bytes(self, path: str, query: Mapping[str, str], *, accept: str = JSON) -> bytes:
        bounded(self.pages)
        self.pages.append(dict(query))
        self.paths.add(path)
        answer = self._pages.pop(0) if self._pages else page()
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, bytes)
        if answer == HANG:
            await asyncio.Event().wait()
        return answer


class ScriptSink(MemorySink):
    """Also keeps each list that was handed over with its scope, each row, and each link."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: list[tuple[set[str], str]] = []
        self.puts: list[str] = []
        self.told: list[Link] = []

    def send(self, message: Message, /) -> None:
        match message:
            case Put(_, row):
                self.puts.append(row.key)
            case Swap(_, rows, scope):
                self.lists.append(({row.key for row in rows}, scope))
            case LinkState(link):
                self.told.append(link)
        super().send(message)


class Run:
    """One reflector over a script."""

    def __init__(
        self, connection: ScriptedConnection, source: WatchedResource = PODS, chance: float = 0.0
    ) -> None:
        self.connection = connection
        self.sink = ScriptSink()
        self.waits: list[float] = []
        self.reflector = Reflector(
            source,
            connection,
            self.sink,
            sleep=self._sleep,
            clock=lambda: self.now,
            elapsed=lambda: self.now,
            chance=lambda: chance,
        )

    @asynccontextmanager
    async def following(self) -> AsyncIterator[asyncio.Task[None]]:
        """Run the reflector while the block runs."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.reflector.run())
            yield task
            task.cancel()

    async def until_watch(self, number: int) -> Query:
        """Run until that watch was asked for, counted from one, and return its query."""
        async with self.following() as task:
            for _ in range(TURNS):
                if len(self.connection.watches) >= number or task.done():
                    break
                await asyncio.sleep(0)
        return self.connection.watches[number - 1]

    async def until_it_gives_up(self) -> None:
        """Run until it ends by itself, and raise what ended it."""
        task = asyncio.get_running_loop().create_task(self.reflector.run())
        for _ in range(TURNS):
            await asyncio.sleep(0)
        assert task.done() or not task.cancel(), "it goes on"
        await task

    @property
    def now(self) -> float:
        return self.connection.now

    @property
    def table(self) -> set[str]:
        return set(self.sink.tables[Kind.POD])

    async def _sleep(self, seconds: float) -> None:
        bounded(self.waits)
        self.waits.append(seconds)
