"""What the API server says of its own calls: megabytes of it, so only when somebody looks."""

import asyncio
from time import time

from eksview.domain.base.clock import Clock
from eksview.domain.kube.apiserver_metrics import timings
from eksview.domain.rows.server import ServerTimings
from eksview.kube.client.connection import Connection
from eksview.kube.poll.polled_resources import exposition

LIMIT = 20.0  # seconds


async def server_timings(connection: Connection, clock: Clock = time) -> ServerTimings:
    """One reading of /metrics; `Failed` where it may not or can't be read."""
    text = await exposition(connection, "/metrics", limit=LIMIT)
    return await asyncio.to_thread(timings, text, clock())
