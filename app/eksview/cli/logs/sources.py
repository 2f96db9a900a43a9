"""`eksview logs node/NODE` and `--control-plane TYPE`: logs that kubectl has no word for."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from eksview.cli.logs.lines import TOGETHER
from eksview.cli.logs.query import LogsQuery
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.logs.control_plane import ControlPlaneRequest
from eksview.domain.logs.inbox import LogInbox, SourcePhase
from eksview.domain.logs.journal import JournalRequest
from eksview.domain.logs.line import LogLine, stamp_of, text_of
from eksview.engine.control_plane_logs import read_control_plane
from eksview.kube.client.connection import Connection
from eksview.kube.logs.journal import JournalReader

Write = Callable[[bytes], None]


async def print_journal(connection: Connection, query: LogsQuery, write: Write) -> None:
    """Print the journal of a service on a node. Raises `UserError` where there is none."""
    inbox = LogInbox()
    request = JournalRequest(
        query.name,
        query.container or "kubelet",
        follow=query.follow,
        since=query.since,
        tail=query.tail if query.tail >= 0 else None,
        boot=-1 if query.previous else None,
        pattern=query.pattern,
    )
    await _drain(JournalReader(connection, request, inbox).run(), inbox, query, write)


async def print_control_plane(
    connection: Connection,
    settings: Settings,
    environ: Mapping[str, str],
    query: LogsQuery,
    write: Write,
) -> None:
    """Print a type of the control plane's logs. Raises `UserError` for what AWS refuses."""
    inbox = LogInbox()
    request = ControlPlaneRequest(
        query.control_plane, query.pattern, follow=query.follow, since=query.since
    )
    reading = read_control_plane(settings, environ, connection.access, request, inbox)
    await _drain(reading, inbox, query, write)


async def _drain(
    reading: Coroutine[Any, Any, None], inbox: LogInbox, query: LogsQuery, write: Write
) -> None:
    """Print what arrives until the reading ends; sentences about it go to stderr."""
    task = asyncio.create_task(reading)
    reported = trouble = EMPTY
    try:
        while not (ended := task.done()) or inbox.waiting:
            await asyncio.wait([task], timeout=0 if ended else TOGETHER)
            taken = inbox.take()
            _print(taken.lines, query, write)
            troubled = (SourcePhase.FAILED, SourcePhase.RETRYING, SourcePhase.WAITING)
            for source in taken.sources:
                trouble = source.reason if source.phase in troubled else EMPTY
            if query.follow and not task.done() and (now := taken.state or trouble) != reported:
                reported = now
                _tell(now)
        await task
    finally:
        task.cancel()
    if reason := inbox.take().state or trouble:
        raise UserError(reason)


def _tell(sentence: Clean) -> None:
    if sentence:
        sys.stderr.write(f"{sentence}\n")


def _print(lines: list[LogLine], query: LogsQuery, write: Write) -> None:
    out: list[bytes] = []
    for line in sorted(lines, key=stamp_of):  # stable: lines of one time keep their order
        if line[0] < 0:
            _tell(clean(text_of(line).decode()))
        else:
            out.append((line[1] if query.timestamps else text_of(line)) + b"\n")
    if out:
        write(b"".join(out))
