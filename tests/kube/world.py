"""A demo API server over real HTTPS, a connection to it, and a sink that remembers."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eksview.config.settings import Settings
from eksview.domain.base.reading import Read
from eksview.domain.kube.server_table import TableColumns
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import FactSet
from eksview.domain.live.messages import (
    AnyRow,
    Drop,
    Forget,
    LinkState,
    Message,
    Put,
    Reset,
    Swap,
    TableKey,
    Trace,
)
from eksview.domain.resources.nodes import RESOURCE as NODE
from eksview.domain.resources.pods import RESOURCE as POD
from eksview.domain.rows.kube import Kind, in_scope
from eksview.domain.rows.link import Link, Phase
from eksview.kube.client.connection import Connection
from eksview.kube.client.kubeconfig.merged import locate
from eksview.kube.watch.reflector import Reflector
from eksview.kube.watch.watched_resource import WatchedResource
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.storage.resources import NODES as NODE_RESOURCE
from eksview_demo.storage.resources import PODS as POD_RESOURCE
from eksview_demo.storage.resources import Resource
from tests.demo.faults import FaultyServer
from tests.patience import until

PODS = WatchedResource(POD, "pods")
NODES = WatchedResource(NODE, "nodes")


RESOURCES: dict[TableKey, Resource] = {Kind.POD: POD_RESOURCE, Kind.NODE: NODE_RESOURCE}


class MemorySink:
    """Tables as the store would have them, and every phase a link went through."""

    def __init__(self) -> None:
        self.tables: defaultdict[TableKey, dict[str, AnyRow]] = defaultdict(dict)
        self.columns: dict[TableKey, TableColumns | None] = {}
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
            case Drop():
                self._drop(message)
            case Swap(kind, rows, scope, columns):
                self._swap(kind, rows, scope)
                self.columns[kind] = columns
            case Forget():
                self._forget(message)
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

    def _drop(self, drop: Drop) -> None:
        known = self.tables[drop.kind].get(drop.row.key)
        if known is not None and known.uid == drop.row.uid:
            del self.tables[drop.kind][drop.row.key]

    def _forget(self, forgotten: Forget) -> None:
        self.tables.pop(forgotten.kind, None)
        self.links.pop(forgotten.kind.link, None)

    def _swap(self, kind: TableKey, rows: Sequence[AnyRow], scope: str) -> None:
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
        self.config = folder / "kubeconfig"
        self._tasks: list[asyncio.Task[None]] = []
        self._open: list[Connection] = []

    async def start(self) -> None:
        await self.server.start()
        self.server.write_kubeconfig(self.config)

    async def stop(self) -> None:
        self.server.faults.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in self._open:
            await connection.close()
        await self.server.stop()

    def connect(self, context: str | None = None) -> Connection:
        settings = Settings(kubeconfig=str(self.config), context=context)
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

    def truth(self, source: WatchedResource = PODS) -> dict[str, AnyRow]:
        """What the server has stored."""
        table = self.cluster.storage.table(RESOURCES[source.resource.kind])
        body = b'{"items":[' + b",".join(each.item() for each in table.objects.values()) + b"]}"
        items = source.resource.decode_list(body).items or ()
        return {row.key: row for row in map(source.resource.to_row, items)}

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
