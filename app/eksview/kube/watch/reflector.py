"""The reflector: lists a resource, then watches it, and recovers from every failure.

Source: Kubernetes "API Concepts" (efficient detection of changes, streaming lists, 410 Gone) and
client-go's reflector.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from logging import getLogger
from random import random
from time import monotonic, time
from typing import Any, TypeAlias

import msgspec

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.text import Clean
from eksview.domain.kube.api_resource import resource_gone
from eksview.domain.kube.api_types import Listed, WatchEvent
from eksview.domain.live.messages import AnyRow, Drop, Put, Sink, Swap
from eksview.domain.live.retry import (
    HEALTHY,
    Decision,
    Failure,
    Failures,
    Next,
    after_end,
    after_failure,
    expired,
)
from eksview.domain.rows.link import Phase
from eksview.kube.client.connection import SILENCE, Connection
from eksview.kube.client.errors import RequestError, as_request_error, from_event, from_exception
from eksview.kube.client.lists import PAGE, Paging, readable
from eksview.kube.watch.line_splitter import LineSplitter
from eksview.kube.watch.link_reporter import LinkReporter
from eksview.kube.watch.list_period import ListPeriod
from eksview.kube.watch.recovery import SPREAD, Recovery
from eksview.kube.watch.stream_limit import StreamLimit
from eksview.kube.watch.watched_resource import (
    Denied,
    TooMany,
    WatchedResource,
)

SHORTEST, LONGEST = 300, 600  # seconds of a watch, as client-go requests
ENDS_AT_ONCE = Clean("The API server ends the stream as soon as it has begun; asking again.")
LOG = getLogger(__name__)

Query: TypeAlias = Mapping[str, str]


class Reflector:
    """A loop that keeps a table equal to the server's."""

    def __init__(  # noqa: PLR0913 - what a test replaces comes from outside
        self,
        source: WatchedResource,
        connection: Connection,
        sink: Sink,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        elapsed: Clock = monotonic,
        chance: Callable[[], float] = random,
        recovery: Recovery | None = None,
    ) -> None:
        self._source = self.source = source
        self._kind = source.resource.kind
        self._expected = source.resource.expected()
        self._decode = source.resource.decode_watch
        self._row = source.resource.to_row
        self._connection = connection
        self._sink = sink
        self._sleep = sleep
        self._elapsed = elapsed
        self._chance = chance
        self._recovery = recovery or Recovery()
        self._link = LinkReporter(source.name, sink, clock, source.only)
        self._listing = Next.LIST if source.resource.streamed else Next.PAGES
        self._step = self._listing
        self._period = ListPeriod(source, elapsed, chance)
        self._version = ""
        self._staged: dict[str, AnyRow] | None = None
        self._complete = False  # a whole list has been sent
        self._begun = False  # the server answered this stream
        self._mute = True  # nothing of the stream has come
        self._live_at: float | None = None  # since when this stream is a watch
        self._unreadable: set[int] = set()  # hashes of broken lines after which it was listed again

    async def run(self) -> None:
        """Follow until cancelled; raises `TooMany` for a first list longer than `most`.

        It raises `Denied` for the refusal of a source to narrow.
        """
        self._step = self._listing
        try:
            await self._run()
        finally:
            self._link.stop()

    async def _run(self) -> None:
        failures = Failures()
        while True:
            self._begun, self._mute, self._live_at = False, True, None
            self._period.fresh = False
            recoveries = self._recovery.count
            try:
                await self._follow()
                decision = self._ended(failures)
            except TooMany:
                raise
            except Exception as error:  # a link that ended unreported would look live
                server = self._connection.access.server
                failed = as_request_error(error, self._source.name, server=server, log=LOG)
                decision = self._after(failed, failures)
            failures = decision.failures
            self._step = self._listing if decision.next is Next.LIST else decision.next
            if decision.wait > 0:
                await self._rest(decision.wait, recoveries)

    async def _rest(self, wait: float, recoveries: int) -> None:
        """Wait; after a recovery only for a moment, spread by chance."""
        if await self._recovery.rest(self._sleep, wait, recoveries):
            await self._sleep(min(wait, SPREAD * self._chance()))

    @property
    def _lived(self) -> float:
        """Return the seconds for which the stream was live; a list doesn't count."""
        return 0.0 if self._live_at is None else self._elapsed() - self._live_at

    def _ended(self, failures: Failures) -> Decision:
        decision = after_end(self._lived, failures, self._chance)
        if decision.wait > 0:
            self._link.retrying(ENDS_AT_ONCE, decision.wait)
        return decision

    def _after(self, failed: RequestError, failures: Failures) -> Decision:
        current, healthy = self._step, self._lived >= HEALTHY
        sentence = failed.sentence
        if failed.failure.status == HTTPStatus.NOT_FOUND:
            sentence = resource_gone(self._source.resource.name, self._source.resource.group)
        decision = after_failure(
            failed.failure,
            current,
            Failures() if healthy else failures,
            self._chance,
            begun=self._begun and not healthy,
            mute=self._mute,
            relist=self._period.wait() if self._period.fresh else None,
        )
        self._report(decision, failed.failure, sentence)
        LOG.info("%s: %s", self._source.name, failed)
        return decision

    def _report(self, decision: Decision, failure: Failure, sentence: Clean) -> None:
        if decision.unwatched:
            if decision.wait > 0:
                denied = failure.status == HTTPStatus.FORBIDDEN
                self._link.unwatched(self._period.reason(denied=denied), self._period.every)
            return
        if decision.next is Next.PAGES and self._listing is Next.LIST:
            self._listing = Next.PAGES
            self._link.paged()
        if decision.refused and self._source.narrow and not self._complete:
            raise Denied(self._source)
        if decision.refused:
            self._link.refused(sentence, self._source.permission("list"), decision.wait)
        elif decision.wait > 0:
            self._link.retrying(sentence, decision.wait)

    async def _follow(self) -> None:
        while not self._source.resource.watched:
            await self._read_pages()
            self._link.unwatched(self._period.reason(), self._period.every)
            await self._sleep(self._period.wait())
        if self._step is Next.PAGES:
            await self._read_pages()
        if self._step is Next.LIST:
            self._begin_list()
            await self._count()
        elif self._link.link.phase is not Phase.LIVE:
            self._link.phase(Phase.CONNECTING)
        await self._watch(self._query())

    def _query(self) -> Query:
        query = {"watch": "true", "allowWatchBookmarks": "true", **self._source.query}
        span = LONGEST - SHORTEST
        query["timeoutSeconds"] = str(SHORTEST + int(span * self._chance()))
        if self._step is Next.LIST:
            return query | {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan"}
        return query | {"resourceVersion": self._version}

    # the stream

    async def _watch(self, query: Query) -> None:
        lines = LineSplitter()
        path, accept = self._source.path, self._source.resource.accept
        self._live_at = None
        try:
            async with (
                StreamLimit(self._recovery, self._chance) as limit,
                self._connection.stream(path, query, SILENCE, accept=accept) as chunks,
            ):
                await self._read(chunks, lines, limit)
        except TimeoutError:
            raise self._given_up() from None
        if lines.cut or self._staged is not None:
            raise from_exception(ConnectionResetError(), server=self._connection.access.server)

    async def _read(
        self, chunks: AsyncIterator[bytes], lines: LineSplitter, limit: StreamLimit
    ) -> None:
        self._begun = True
        if self._staged is None:
            self._live_at = self._elapsed()
            self._link.phase(Phase.LIVE)
        else:
            limit.begin_list()
        async for chunk in chunks:
            self._mute = False
            for line in lines.feed(chunk):
                self._line(line)
            listed = None if self._staged is None else len(self._staged)
            limit.heard(listed, cut=lines.cut)
            self._link.heard()
            await asyncio.sleep(0)  # a flood must not keep the other links waiting

    def _given_up(self) -> RequestError:
        """Return the error of a stream that isn't worth waiting for."""
        if self._staged is None:
            return from_exception(ConnectionResetError(), server=self._connection.access.server)
        return RequestError(
            f"The API server doesn't end its streaming list of {self._source.name}; "
            "listing in pages.",
            Failure(endless=True),
        )

    def _line(self, line: bytes) -> None:
        try:
            self._expected.event(line)
            event = self._decode(line)
        except msgspec.DecodeError as error:
            self._undecodable(line, error)
            return
        if event.type == "ERROR":
            connection = self._connection
            raise from_event(
                event.object, server=connection.access.server, secrets=connection.secrets
            )
        self._take(event)

    def _undecodable(self, line: bytes, error: msgspec.DecodeError) -> None:
        """Count a line; one that isn't JSON was damaged on its way, so list again, once."""
        # The text is the cluster's and may be anything, so only its size is logged.
        LOG.warning("%s: a line of %d bytes: %s", self._source.name, len(line), error)
        self._link.bad_line()
        if isinstance(error, msgspec.ValidationError) or hash(line) in self._unreadable:
            return
        self._unreadable.add(hash(line))
        raise RequestError(
            "The API server sent a line that isn't JSON; reading it again.", Failure()
        )

    def _take(self, event: WatchEvent[Any]) -> None:
        meta = event.object.metadata
        if event.type == "BOOKMARK":
            marks = meta.annotations
            if self._staged is not None and marks and marks.initial_events_end == "true":
                self._end_list(meta.resource_version)
            elif self._staged is None:
                self._version = meta.resource_version or self._version
            return
        row = self._row(event.object, len(self._staged or ()))
        if self._staged is not None:
            self._stage(row, gone=event.type == "DELETED")
            return
        self._version = meta.resource_version or self._version
        if event.type == "DELETED":
            self._sink.send(Drop(self._kind, row))
        else:
            self._sink.send(Put(self._kind, row))
        self._link.event()

    # the list

    def _begin_list(self) -> None:
        self._staged = {}
        if self._step is Next.LIST or not self._link.link.every:
            self._link.listing()

    def _stage(self, row: AnyRow, *, gone: bool = False) -> None:
        assert self._staged is not None  # noqa: S101 - only called while listing
        if gone:
            self._staged.pop(row.key, None)
            if not self._complete:
                self._sink.send(Drop(self._kind, row))
            return
        self._staged[row.key] = row
        if not self._complete:
            self._show_early(row)
        self._link.loaded(len(self._staged))

    def _show_early(self, row: AnyRow) -> None:
        """Send a row of the first list at once, because nothing is shown yet."""
        if len(self._staged or ()) > self._source.most:
            raise TooMany(None)
        self._sink.send(Put(self._kind, row))

    def _end_list(self, version: str) -> None:
        rows = list((self._staged or {}).values())
        self._staged, self._version = None, version
        self._complete, self._step = True, Next.WATCH
        self._live_at = self._elapsed()
        heading = self._source.resource.heading
        self._sink.send(Swap(self._kind, rows, self._source.scope, heading))
        self._link.listed(len(rows))

    async def _count(self) -> None:
        """Request the number of objects, which a streaming list doesn't have, nor any selection."""
        if self._complete or self._source.selected:
            return
        try:
            page = await self._page({"limit": "1"})
        except RequestError as failed:
            if failed.failure.status != 403:
                raise
            return  # the watch may be allowed nevertheless
        remaining = _remaining(page)
        if remaining is not None:
            total = remaining + len(page.items or ())
            self._check(total)
            self._link.expect(total)

    def _check(self, total: int) -> None:
        if total > self._source.most and not self._complete:
            raise TooMany(total)

    async def _read_pages(self) -> None:
        with self._period.reading():
            try:
                await self._read_list({"limit": str(PAGE), **self._source.query})
            except RequestError as failed:
                if not expired(failed.failure):
                    raise
                # The version of the pages expired: list once without pages.
                await self._read_list(self._source.query)

    async def _read_list(self, query: dict[str, str]) -> None:
        self._begin_list()
        paging = Paging(self._source.name)
        while True:
            page = await self._page(query)
            meta, remaining = page.metadata, _remaining(page)
            before = len(self._staged or ())
            for item in page.items or ():
                self._stage(self._row(item, len(self._staged or ())))
            if remaining is not None:
                self._check(len(self._staged or ()) + remaining)
            self._link.expect_more(remaining)
            if not meta.continue_:
                self._end_list(meta.resource_version)
                return
            wait = paging.wait(len(self._staged or ()) - before, meta.continue_, self._chance)
            if wait > 0:
                await self._sleep(wait)
            query = {**query, "continue": meta.continue_}

    async def _page(self, query: Query) -> Listed[Any]:
        accept = self._source.resource.accept
        body = await self._connection.get_bytes(self._source.path, query, accept=accept)
        with readable(f"a list of {self._source.name}"):
            self._expected.page(body)
            return self._source.resource.decode_list(body)


def _remaining(page: Listed[Any]) -> int | None:
    """Return the objects after this page; None where the server doesn't count them."""
    meta = page.metadata
    return meta.remaining_item_count if meta.continue_ else 0
