"""A demo API server over real HTTPS, a connection to it, and a sink that remembers."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eksview.config.settings import Settings
from eksview.domain.base.reading import Read
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import FactSet
from eksview.domain.live.messages import Drop, LinkState, Message, Put, Reset, Swap, Trace
from eksview.domain.resources.nodes import RESOURCE as NODE
from eksview.domain.resources.pods import RESOURCE as POD
from eksview.domain.rows.kube import Kind, Row, in_scope
from eksview.domain.rows.link import Link, Phase
from eksview.kube.client.connection import Connection
from eksview.kube.client.kubeconfig import locate
from eksview.kube.watch.reflector import Reflector
from eksview.kube.watch.watched_resource import WatchedResource
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.storage.resources import NODES as NODE_RESOURCE
from eksview_demo.storage.resources import PODS as POD_RESOURCE
from tests.demo.faults import FaultyServer
from tests.patience import until

PODS = WatchedResource(POD, "pods")
NODES = WatchedResource(NODE, "nodes")


RESOURCES = {Kind.POD: POD_RESOURCE, Kind.NODE: NODE_RESOURCE}


class MemorySink:
    """Tables as the store would have them, and every phase a link went through."""

    def __init__(self) -> None:
        self.tables: dict[Kind, dict[str, Row]] = {kind: {} for kind in Kind}
        self.links: dict[str, Link] = {}
        self.facts: dict[str, Any] = {}
        self.requests: dict[int, ApiCall] = {}
        self.phases: list[Phase] = []
        self.reasons: list[str] = []
        self.swaps = 0
        self.resets = 0

    def send(self, message: Message, /) -> None:
        match message:
            case Put(kind, row):
                self.tables[kind][row.key] = row
            case Drop(kind, row):
                known = self.tables[kind].get(row.key)
                if known is not None and known.uid == row.uid:
                    del self.tables[kind][row.key]
            case Swap(kind, rows, scope):
                self._swap(kind, rows, scope)
            case LinkState(link):
                self._link(link)
            case FactSet(key, reading):
                self.facts[key.name] = reading.value if isinstance(reading, Read) else reading
            case Trace(request):
                self.requests[request.number] = request
            case Reset():
                self.resets += 1
                for table in self.tables.values():
                    table.clear()

    def _swap(self, kind: Kind, rows: Sequence[Row], scope: str) -> None:
        self.swaps += 1
        table = self.tables[kind].items()
        kept = {key: row for key, row in table if not in_scope(row, scope)}
        self.tables[kind] = kept | {row.key: row for row in rows}

    def _link(self, link: Link) -> None:
        before = self.links.get(link.name)
        self.links[link.name] = link
        if before is None or before.phase is not link.phase:
            self.phases.append(link.phase)
        if link.reason:
            self.reasons.append(link.reason)


class World:
    """One server and one reflector; nobody waits longer than a test can bear."""

    def __init__(self, folder: Path) -> None:
        self.cluster = DemoCluster(seed=3)
        build(self.cluster, nodes=5, pods=40)
        self.server = FaultyServer(self.cluster)
        self.sink = MemorySink()
        self.waits: list[float] = []
        self._config = folder / "kubeconfig"
        self._tasks: list[asyncio.Task[None]] = []
        self._open: list[Connection] = []

    async def start(self) -> None:
        await self.server.start()
        self.server.write_kubeconfig(self._config)

    async def stop(self) -> None:
        self.server.faults.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in self._open:
            await connection.close()
        await self.server.stop()

    def connect(self, context: str | None = None) -> Connection:
        settings = Settings(kubeconfig=str(self._config), context=context)
        connection = Connection(locate(settings))
        self._open.append(connection)
        return connection

    def follow(self, source: WatchedResource = PODS, context: str | None = None) -> None:
        reflector = Reflector(
            source, self.connect(context), self.sink, sleep=self._sleep, chance=lambda: 0.0
        )
        self._tasks.append(asyncio.get_running_loop().create_task(reflector.run()))

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0.001)

    def truth(self, source: WatchedResource = PODS) -> dict[str, Row]:
        """What the server has stored."""
        table = self.cluster.storage.table(RESOURCES[source.resource.kind])
        body = b'{"items":[' + b",".join(each.item() for each in table.objects.values()) + b"]}"
        rows: list[Row] = source.resource.page(body)[0]
        return {row.key: row for row in rows}

    async def level(self, source: WatchedResource = PODS) -> None:
        """Wait until the sink's table is the server's."""
        await until(lambda: self.sink.tables[source.resource.kind] == self.truth(source))

    def churn(self) -> None:
        """Some pods go, some change, some come."""
        pods = list(self.cluster.pods.values())
        for pod in pods[:3]:
            self.cluster.remove_pod(pod)
        for pod in pods[3:6]:
            self.cluster.terminate(pod)
        for pod in pods[6:8]:
            self.cluster.add_pod(self.cluster.new_pod(pod.workload))
