"""`eksview logs`: prints logs as `kubectl logs` does; several are merged in the order of time.

A pipe or a file gets every byte as it came. On a terminal, colors and other sequences are left out
and secrets are masked, as on a screen.
"""

import asyncio
import heapq
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from operator import itemgetter

from eksview.cli.announced import run_announced
from eksview.cli.get.query import limits_of
from eksview.cli.interrupted import ending_on_signals
from eksview.cli.logs.lines import TOGETHER, TimedLine, chunks_of, lines_of
from eksview.cli.logs.pods import LogOf, logs_of
from eksview.cli.logs.query import LogsQuery
from eksview.cli.logs.sources import print_control_plane, print_journal
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.logs.decode import decoded
from eksview.engine.connect import open_cluster
from eksview.kube.client.connection import Connection

BATCH = 1000  # lines that are written at once
Write = Callable[[bytes], None]


def run(settings: Settings, query: LogsQuery, environ: Mapping[str, str] = os.environ) -> int:
    """Print the logs and return 0. Raises `UserError` if one can't be read."""
    with ending_on_signals():
        run_announced(_run(settings, query, environ, _writer()))
    return 0


def _writer() -> Write:
    """Return what writes lines to standard output."""
    out = sys.stdout
    if out.isatty() or not hasattr(out, "buffer"):

        def write_text(data: bytes) -> None:
            lines = data.split(b"\n")
            out.write("\n".join(decoded(line).text for line in lines))
            out.flush()

        return write_text

    def write(data: bytes) -> None:
        out.buffer.write(data)
        out.buffer.flush()

    return write


async def _run(
    settings: Settings, query: LogsQuery, environ: Mapping[str, str], write: Write
) -> None:
    async with await open_cluster(settings, environ, limits_of(query.timeout)) as connection:
        if query.control_plane:
            await print_control_plane(connection, settings, environ, query, write)
            return
        if query.of_node:
            await print_journal(connection, query, write)
            return
        namespace = settings.namespace or connection.target.namespace or "default"
        logs = await logs_of(connection, query, namespace)
        if query.follow and len(logs) > query.most:
            raise UserError(
                f"you are attempting to follow {len(logs)} log streams, but maximum allowed "
                f"concurrency is {query.most}, use --max-log-requests to increase the limit"
            )
        if len(logs) == 1:
            await _print_one(connection, logs[0], query, write)
        elif query.follow:
            await _follow_all(connection, logs, query, write)
        else:
            await _print_merged(connection, logs, query, write)


async def _print_one(connection: Connection, log: LogOf, query: LogsQuery, write: Write) -> None:
    """Print one log as its bytes come."""
    begins = True
    async for chunk in chunks_of(connection, log, query, query.options()):
        if query.prefix:
            lines = chunk.split(b"\n")
            ends = lines.pop() if chunk.endswith(b"\n") else None
            parts = [(log.prefix if at or begins else b"") + line for at, line in enumerate(lines)]
            begins = ends is not None
            chunk = b"\n".join(parts) + (b"\n" if begins else b"")  # noqa: PLW2901 - as prefixed
        write(chunk)


async def _print_merged(
    connection: Connection, logs: Sequence[LogOf], query: LogsQuery, write: Write
) -> None:
    """Read all logs, and print their lines in the order of time."""
    gate = asyncio.Semaphore(max(1, query.most))

    async def read(log: LogOf) -> list[TimedLine]:
        async with gate:
            return [line async for batch in lines_of(connection, log, query) for line in batch]

    all_lines = await asyncio.gather(*map(read, logs))
    merged = heapq.merge(*all_lines, key=itemgetter(0))
    while batch := list(islice(merged, BATCH)):
        write(b"".join(line.printed for line in batch))


async def _follow_all(
    connection: Connection, logs: Sequence[LogOf], query: LogsQuery, write: Write
) -> None:
    """Print lines as they come, those of a moment in the order of time."""
    waiting: list[TimedLine] = []

    async def read(log: LogOf) -> None:
        async for batch in lines_of(connection, log, query):
            waiting.extend(batch)

    def flush() -> None:
        if waiting:
            waiting.sort(key=itemgetter(0))
            write(b"".join(line.printed for line in waiting))
            waiting.clear()

    reading = asyncio.gather(*map(read, logs))
    try:
        while not reading.done():
            await asyncio.wait([reading], timeout=TOGETHER)
            flush()
        await reading
    finally:
        reading.cancel()
