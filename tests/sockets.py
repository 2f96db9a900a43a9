"""Servers of plain sockets on this machine."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve connections on a free port of 127.0.0.1, which is yielded."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def answering(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Send the same bytes to each client and end its connection; HTTP waits for a request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer.startswith(b"HTTP"):
            await reader.read(65536)
        writer.write(answer)
        with suppress(ConnectionError):
            await writer.drain()
            writer.close()

    async with serving(serve, tls) as port:
        yield port


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Accept a connection and answer nothing until its client ends it."""
    await reader.read()
