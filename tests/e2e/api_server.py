"""`python -m tests.e2e.api_server KUBECONFIG`: a demo API server that does as it is told.

It answers each line of stdin by one line of JSON on stdout. Between `stop` and `start` nothing
listens on its port and the cluster lives on, as etcd does while an API server is down.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eksview_demo.api.exchange import ApiRequest, Exchange
from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster

NODES, PODS, SEED = 6, 60, 7
HEARTBEAT = 5.0  # seconds
READS = {"get", "list", "page", "watch", "watchlist"}
REVIEWS = ("/selfsubjectaccessreviews", "/selfsubjectrulesreviews", "/selfsubjectreviews")


class Commands:
    """What can be asked, by the name of the method."""

    def __init__(self, server: DemoServer) -> None:
        self._server = server
        self._port = server.port
        self._changes: list[str] = []
        server.api.exchange = self._recorded

    def _recorded(self, request: ApiRequest) -> Exchange:
        if request.verb not in READS and not request.path.endswith(REVIEWS):
            self._changes.append(f"{request.verb} {request.path}")
        return Exchange()

    async def changes(self) -> list[str]:
        """The requests since the last question that are neither reads nor reviews of oneself."""
        changes, self._changes = self._changes, []
        return changes

    async def stop(self) -> None:
        """Every connection is cut, and nothing listens any more."""
        await self._server.stop()

    async def start(self) -> None:
        """Listen again where it was."""
        await self._server.start(self._port)

    async def replace_pods(self) -> dict[str, list[str]]:
        """Five running pods are gone and three new ones are there."""
        cluster = self._server.cluster
        victims = [pod for pod in cluster.pods.values() if pod.node][:5]
        nodes = [cluster.nodes[pod.node] for pod in victims]
        for pod in victims:
            cluster.remove_pod(pod)
        born = []
        for pod, node in list(zip(victims, nodes, strict=True))[:3]:
            successor = cluster.new_pod(pod.workload)
            cluster.bind(successor, node)
            cluster.add_pod(successor)
            born.append(successor.name)
        return {"gone": [pod.name for pod in victims], "born": born}

    async def cordon(self) -> str:
        """One node takes no more pods."""
        node = next(iter(self._server.cluster.nodes.values()))
        self._server.cluster.cordon(node)
        return node.name

    async def upgrade(self) -> None:
        """It is an API server 1.36 from now on."""
        self._server.health.git_version = "v1.36.3-eks-4d5e6f7"

    async def watching(self) -> dict[str, int]:
        """How many watches are open now, by resource."""
        meters = self._server.api.meters
        return {resource: count for (_, resource), count in meters.watches.items() if count}

    async def truth(self) -> dict[str, Any]:
        """What is in the cluster now."""
        cluster = self._server.cluster
        return {
            "nodes": sorted(cluster.nodes),
            "pods": sorted(p.name for p in cluster.pods.values()),
        }


async def serve(kubeconfig: Path, say: Callable[[Any], None]) -> None:
    """Serve until stdin is closed."""
    cluster = DemoCluster(seed=SEED)
    build(cluster, NODES, PODS)
    server = DemoServer(cluster)
    await server.start()
    server.write_kubeconfig(kubeconfig)
    beating = asyncio.create_task(_beat(cluster))
    commands = Commands(server)
    say(server.url)
    while line := await asyncio.to_thread(sys.stdin.readline):
        say(await getattr(commands, line.strip())())
    beating.cancel()
    await server.stop()


async def _beat(cluster: DemoCluster) -> None:
    """Heartbeats and nothing else: what tests compare stands still."""
    while True:
        for node in cluster.nodes.values():
            cluster.renew(node)
        for leader in cluster.leaders:
            cluster.renew_leader(leader)
        await asyncio.sleep(HEARTBEAT)


def _say(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), _say))
