"""A demo API server of many custom resources: `python -m tests.bench.objects_api COUNT`.

It has as many pods, for comparison, and nothing happens in it.
"""

import asyncio
import sys
import time
from collections.abc import Iterator

from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.plain_objects import Plain
from eksview_demo.storage.resources import APPLICATIONS
from tests.bench.served_cluster import serve

PODS_PER_NODE = 50


def applications(count: int) -> Iterator[Plain]:
    """Yield applications of Argo CD, most of them healthy."""
    for number in range(count):
        healthy = number % 10 > 0
        sync, health = ("Synced", "Healthy") if healthy else ("OutOfSync", "Degraded")
        status = {"sync": {"status": sync}, "health": {"status": health}}
        name = f"web-{number % 100}-{number:05}"
        yield Plain(APPLICATIONS, f"team-{number % 40}", name, {"spec": {}, "status": status})


def main(count: int) -> None:
    """Serve until stdin ends."""
    cluster, created = DemoCluster(seed=1), time.time() - 3600
    build(cluster, nodes=count // PODS_PER_NODE, pods=count)
    uid = cluster.names.stable
    for plain in applications(count):
        draft = plain.draft(uid(plain.resource.kind, plain.namespace, plain.name), created)
        cluster.storage.put(plain.resource, draft)
    asyncio.run(serve(cluster))


if __name__ == "__main__":
    main(int(sys.argv[1]))
