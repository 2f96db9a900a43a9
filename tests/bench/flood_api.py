"""A demo API server whose logs flood: `python -m tests.bench.flood_api LINES_A_SECOND`."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator

from eksview_demo.api.kubelet import pod_logs
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.bench.served_cluster import serve

EVERY = 0.02  # seconds between two batches
TEXT = b'level=info msg="request" method=GET path=/products/4711 status=200 duration=12.4ms line='


async def flood(rate: float) -> AsyncIterator[list[bytes]]:
    """Yield lines with their time and number, at a rate that a slow reader doesn't lower."""
    began, number = time.time(), 0
    while True:
        now = time.time()
        due = int((now - began) * rate)
        head = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e9):09d}Z "
        stamp = head.encode() + TEXT
        yield [b"%s%d\n" % (stamp, line) for line in range(number, due)]
        number = due
        await asyncio.sleep(EVERY)


async def main(rate: float) -> None:
    """Serve until stdin ends."""
    cluster = DemoCluster(seed=1)
    build(cluster, nodes=4, pods=20)
    pod_logs.log_of = lambda *_: flood(rate)
    await serve(cluster)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
