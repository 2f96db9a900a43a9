"""Watches: from a version or with the initial list, with bookmarks, until time is up."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Protocol

import msgspec
from msgspec import Struct

from eksview_demo.api.lists import Query, selector
from eksview_demo.storage import status
from eksview_demo.storage.resources import Resource
from eksview_demo.storage.selectors import Matcher
from eksview_demo.storage.storage import Change, Snapshot, Storage, Stored, TooOld

_CHUNK = 100  # initial events written at a time

INITIAL_EVENTS_END = {"k8s.io/initial-events-end": "true"}


class WatchLines(Protocol):
    """A format of the events of a watch."""

    def event(self, kind: str, stored: Stored, version: int) -> bytes: ...

    def bookmark(self, version: int, annotations: dict[str, str] | None) -> bytes: ...


class JsonLines:
    """Whole objects, with kind and apiVersion."""

    def __init__(self, resource: Resource) -> None:
        head = f'"object":{{"kind":"{resource.kind}","apiVersion":"{resource.api_version}"'
        self._hollow = resource.hollow.encode()
        self._heads = {
            kind: f'{{"type":"{kind}",{head},"metadata":{{"resourceVersion":"'.encode()
            for kind in ("ADDED", "MODIFIED", "DELETED", "BOOKMARK")
        }

    def event(self, kind: str, stored: Stored, version: int) -> bytes:
        return b'%b%d",%b}\n' % (self._heads[kind], version, stored.tail)

    def bookmark(self, version: int, annotations: dict[str, str] | None) -> bytes:
        marks = b',"annotations":' + msgspec.json.encode(annotations) if annotations else b""
        head = self._heads["BOOKMARK"]
        return b'%b%d"%b}%b}}\n' % (head, version, marks, self._hollow)


class Options(Struct, frozen=True):
    """The parameters of a watch; without `seconds` it ends when the client leaves."""

    query: Query
    bookmarks: bool = False
    send_initial: bool = False
    seconds: float | None = None


class Pulse:
    """The timer of bookmarks, which `now` triggers early."""

    def __init__(self, every: float = 60.0) -> None:
        self.every = every
        self.forced = 0
        self.listeners: set[Callable[[], None]] = set()

    def now(self) -> None:
        """Send a bookmark to every watch that requested bookmarks."""
        self.forced += 1
        for wake in self.listeners:
            wake()


def check(options: Options) -> None:
    """Refuse the combinations a real server refuses."""
    match = options.query.version_match
    if options.send_initial and not (match == "NotOlderThan" and options.bookmarks):
        rule = "requires setting resourceVersionMatch to NotOlderThan"
        if match == "NotOlderThan":
            rule = "requires setting allowWatchBookmarks"
        _forbid("sendInitialEvents", f"sendInitialEvents {rule}")
    if match and not options.send_initial:
        rule = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        _forbid("resourceVersionMatch", rule)


def _forbid(field: str, rule: str) -> None:
    cause = {"reason": "FieldValueForbidden", "message": f"Forbidden: {rule}", "field": field}
    raise status.StatusError(
        422,
        f'ListOptions.meta.k8s.io "" is invalid: {field}: Forbidden: {rule}',
        details={"group": "meta.k8s.io", "kind": "ListOptions", "causes": [cause]},
    )


class Watch:
    """A watch of one resource, as batches of lines."""

    def __init__(
        self,
        storage: Storage,
        resource: Resource,
        options: Options,
        lines: WatchLines,
        pulse: Pulse,
    ) -> None:
        self._storage = storage
        self._table = storage.table(resource)
        self._options = options
        self._lines = lines
        self._pulse = pulse
        query = options.query
        self._matches: Matcher | None = selector(resource, query, query.namespace)
        self._woken = asyncio.Event()

    async def batches(self) -> AsyncIterator[list[bytes]]:
        """Yield whole lines as soon as there are any, until the watch ends."""
        self._table.listeners.add(self._woken.set)
        self._pulse.listeners.add(self._woken.set)
        try:
            start = self._start_version()
            if start is None:
                snapshot = self._table.snapshot(self._storage.version)
                position = self._table.position_after(snapshot.version)
                for batch in self._initial(snapshot):
                    yield batch
            else:
                position = self._table.position_after(start)
            async for batch in self._follow(position):
                yield batch
        except TooOld as old:
            version = int(self._options.query.version or "0")
            yield [status.error_line(status.too_old(version, old.oldest))]
        finally:
            self._table.listeners.discard(self._woken.set)
            self._pulse.listeners.discard(self._woken.set)

    def _start_version(self) -> int | None:
        """Return the version to resume from; None to begin with the current objects."""
        version = self._options.query.version
        if self._options.send_initial or version in ("", "0"):
            return None
        return int(version)

    def _initial(self, snapshot: Snapshot) -> Iterator[list[bytes]]:
        """Yield the current objects, and for a streaming list the bookmark that closes it."""
        for low in range(0, len(snapshot.items), _CHUNK):
            chunk = snapshot.items[low : low + _CHUNK]
            if batch := [
                self._lines.event("ADDED", stored, stored.version)
                for stored in chunk
                if self._matches is None or self._matches(stored)
            ]:
                yield batch
        if self._options.send_initial:
            yield [self._lines.bookmark(snapshot.version, INITIAL_EVENTS_END)]

    async def _follow(self, position: int) -> AsyncIterator[list[bytes]]:
        loop = asyncio.get_running_loop()
        seconds, every = self._options.seconds, self._pulse.every
        end = math.inf if seconds is None else loop.time() + seconds
        due = loop.time() + every if self._options.bookmarks else math.inf
        forced = self._pulse.forced
        while loop.time() < end:
            self._woken.clear()
            changes = self._table.changes_from(position)
            position += len(changes)
            if batch := [line for change in changes if (line := self._line(change))]:
                yield batch
            elif changes:
                continue
            elif due < math.inf and (loop.time() >= due or forced != self._pulse.forced):
                due, forced = loop.time() + every, self._pulse.forced
                yield [self._lines.bookmark(self._storage.version, None)]
            else:
                await self._wait(min(due, end))

    async def _wait(self, until: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until if until < math.inf else None):
                await self._woken.wait()

    def _line(self, change: Change) -> bytes | None:
        """Return the event of a change; an object that no longer matches is DELETED."""
        before, after = change.before, change.after
        if self._matches is not None:
            before = before if before is not None and self._matches(before) else None
            after = after if after is not None and self._matches(after) else None
        if after is not None:
            kind = "ADDED" if before is None else "MODIFIED"
            return self._lines.event(kind, after, change.version)
        if before is not None:
            return self._lines.event("DELETED", before, change.version)
        return None
