"""The lines of one container for `eksview logs`: as bytes, or each with its time to be merged."""

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from typing import NamedTuple

from eksview.cli.logs.pods import LogOf
from eksview.cli.logs.query import LogsQuery
from eksview.domain.base.text import clean
from eksview.domain.logs.line import STAMP
from eksview.domain.logs.splitter import StampedLines
from eksview.kube.client.connection import ANYTHING, Connection
from eksview.kube.client.errors import RequestError

MONTH = 30 * 86_400.0  # seconds of silence: a followed log may have no line for days
LONGEST = 1 << 40  # bytes of a line: none is cut for a pipe
TOGETHER = 0.1  # seconds in which followed lines are gathered, to be put in their order


class TimedLine(NamedTuple):
    """A line as it is printed, and the time by which it is ordered."""

    at: bytes
    printed: bytes


async def chunks_of(
    connection: Connection, log: LogOf, query: LogsQuery, options: dict[str, str]
) -> AsyncGenerator[bytes, None]:
    """Yield a log's bytes. With --ignore-errors a failure ends it with a sentence on stderr."""
    options = {"container": log.container, **options}
    try:
        async with connection.stream(log.path, options, MONTH, ANYTHING) as chunks:
            async for chunk in chunks:
                yield chunk
    except RequestError as error:
        if not query.ignore_errors:
            raise
        sentence = clean(f"eksview: {log.pod}/{log.container}: {error.sentence}")
        sys.stderr.write(f"{sentence}\n")


async def lines_of(
    connection: Connection, log: LogOf, query: LogsQuery
) -> AsyncIterator[list[TimedLine]]:
    """Yield a log's lines up to its --limit-bytes, which the kubelet counts without our times."""
    lines, left = StampedLines(LONGEST), query.limit or LONGEST
    async with aclosing(chunks_of(connection, log, query, query.timed_options())) as chunks:
        async for chunk in chunks:
            batch, left = _limited(lines.feed(chunk), log, query, left)
            yield batch
            if left <= 0:
                return
    batch, _ = _limited(lines.end(), log, query, left)
    yield batch


def _limited(
    lines: Iterable[bytes], log: LogOf, query: LogsQuery, left: int
) -> tuple[list[TimedLine], int]:
    """Return the lines for which there are bytes left, and how many are left after them."""
    prefix = log.prefix if query.prefix else b""
    out: list[TimedLine] = []
    for line in lines:
        if left <= 0:
            break
        text = (line if query.timestamps else line[STAMP + 1 :])[:left]
        left -= len(text) + 1
        out.append(TimedLine(line[:STAMP], prefix + text + b"\n"))
    return out, left
