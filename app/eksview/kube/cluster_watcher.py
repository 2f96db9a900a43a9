"""The reflectors, polls and probes of one cluster."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from logging import getLogger
from math import inf
from time import time
from typing import Any, TypeAlias

from msgspec.structs import replace

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read
from eksview.domain.guides.object_values import TABLES_OF_OBJECTS
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.server_table import OF_NAMESPACE, ObjectTableKey
from eksview.domain.live.clock_skew import ClockSkew
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Fanout, Forget, LinkState, Swap, Trace
from eksview.domain.live.polled import POD_USAGE
from eksview.domain.live.watch_scope import (
    MOST_OBJECTS,
    WatchScope,
    link_of_pods,
    most_objects_reason,
    most_pods,
    unwatched_reason,
)
from eksview.domain.resources.pods import RESOURCE as PODS
from eksview.domain.resources.registry import WATCHED
from eksview.domain.resources.server_objects import ServerObjects
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.kube.access.inspector import Inspector
from eksview.kube.client.call_log import KubeCallLog
from eksview.kube.client.connection import Connection
from eksview.kube.discovery import Discovery
from eksview.kube.poll.lease_probe import LeaseProbe
from eksview.kube.poll.pod_usage import PodUsage
from eksview.kube.poll.polled_resources import polled_resources
from eksview.kube.poll.poller import Poller
from eksview.kube.poll.probes import Probes
from eksview.kube.watch.narrowing import REASK, Narrowed, Rights, parts
from eksview.kube.watch.recovery import Recovery
from eksview.kube.watch.reflector import Reflector
from eksview.kube.watch.valued_resource import with_values
from eksview.kube.watch.watched_resource import Denied, TooMany, WatchedResource

ABOUT_NODES = "involvedObject.kind=Node"
RIGHTS = "rights"

Columns: TypeAlias = Mapping[str, Sequence[str]]
NO_COLUMNS: Columns = {}

LOG = getLogger(__name__)


def sources(watch: WatchScope, columns: Columns = NO_COLUMNS) -> tuple[WatchedResource, ...]:
    """Return what is followed from the start; events about pods only together with pods."""
    everything = [
        WatchedResource(
            with_values(resource, resource.kind, columns)
            if resource.kind in TABLES_OF_OBJECTS
            else resource,
            link,
            namespace,
            most=most_pods(watch) if resource.kind is Kind.POD else inf,
            narrow=resource.namespaced and not namespace,
        )
        for resource in WATCHED
        for link, namespace in resource.links
    ]
    if watch is not WatchScope.NODES:
        return tuple(everything)
    return tuple(
        replace(source, fields=ABOUT_NODES, narrow=False)
        if source.resource.kind is Kind.EVENT
        else source
        for source in everything
        if source.resource.kind is not Kind.POD
    )


class ClusterWatcher:
    """A reflector for each source, with the probes and polls beside them.

    Where not all pods are followed, those of a node are while it is open.
    """

    def __init__(  # noqa: PLR0913 - what a test replaces comes from outside
        self,
        connection: Connection,
        messages: Fanout,
        *,
        watch: WatchScope = WatchScope.FITTING,
        namespace: str = "",
        columns: Columns = NO_COLUMNS,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self.connection = connection
        connection.recorder = KubeCallLog(
            lambda call: messages.send(Trace(call)), numbers, clock=clock
        )
        self._sink = messages
        connection.server_clock.changed = self._clock_changed
        self._leases = LeaseProbe(messages, clock)
        self._recovery = Recovery()
        self._sleep = sleep
        self._clock = clock
        self.inspector = Inspector(connection, self._sink, sleep=sleep, clock=clock)
        self._watch = watch
        self._columns = columns
        self._rights = Rights(connection.on_behalf_of("rights"), namespace)
        self.discovery = Discovery(connection.on_behalf_of("discovery"))
        self._narrowed: dict[str, Narrowed] = {}
        self._by_node = watch is WatchScope.NODES
        self._open_nodes: Counter[str] = Counter()
        self._shown: Counter[ObjectTableKey] = Counter()
        self._reflectors: dict[str, Reflector] = {}
        self._polls: dict[str, Poller] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._usage = PodUsage(
            connection, self._sink, readable=self._pod_namespaces, sleep=sleep, clock=clock
        )

    def start(self) -> None:
        self._sink.subscribe(self._leases.receive, LinkState)
        self._sink.send(FactSet(Facts.target, Read(self.connection.target, self._clock())))
        if self.connection.server_clock.ahead:  # a switch has already asked the server
            self._clock_changed(self.connection.server_clock.ahead)
        connection = self.connection.on_behalf_of("health")
        probes = Probes(
            connection,
            self._sink,
            sleep=self._sleep,
            clock=self._clock,
            recovery=self._recovery,
        )
        self._launch("health", probes.run())
        self._launch("endpoint", self.inspector.run())
        for source in sources(self._watch, self._columns):
            self._follow(source)
        if self._by_node:
            self._follow_by_node(None)
        for resource in polled_resources(self.connection, self._sink, self._clock):
            poll = Poller(resource, self._sink, sleep=self._sleep, clock=self._clock)
            self._polls[resource.name] = poll
            self._launch(resource.name, poll.run())

    def _clock_changed(self, ahead: float) -> None:
        self._sink.send(FactSet(Facts.clock_skew, Read(ClockSkew(ahead), self._clock())))

    async def refresh(self) -> None:
        """List everything again; the tables stay until the new lists are complete."""
        self._rights.ask()
        self.discovery.forget()
        await self._cancel([*self._reflectors, *self._polls])
        for name, reflector in self._reflectors.items():
            if name not in self._tasks:  # another call may have started it meanwhile
                self._launch(name, self._run(name, reflector))
        for name, poll in self._polls.items():
            if name not in self._tasks:
                self._launch(name, poll.run())
        self._usage.refresh()

    def follow_usage(self, namespace: str) -> None:
        """Poll the usage of the pods of a namespace, empty for all, while a screen shows it."""
        self._usage.follow(namespace)
        running = self._tasks.get(POD_USAGE)
        if running is None or running.done():
            self._launch(POD_USAGE, self._usage.run())

    def leave_usage(self, namespace: str) -> None:
        """End one `follow_usage`."""
        self._usage.leave(namespace)

    def _pod_namespaces(self) -> tuple[str, ...]:
        """Return the namespaces of the pods that may be read; none where all may."""
        narrowed = self._narrowed.get(Kind.POD.link)
        return narrowed.namespaces if narrowed else ()

    def follow_pods(self, node: str) -> None:
        """Follow the pods of a node that was opened, unless all are followed."""
        self._open_nodes[node] += 1
        if self._by_node and self._open_nodes[node] == 1:
            self._follow_pods_of(node)

    async def leave_pods(self, node: str) -> None:
        """End one `follow_pods`; with the last for a node its pods are forgotten."""
        self._open_nodes[node] -= 1
        if self._open_nodes[node] > 0:
            return
        del self._open_nodes[node]
        name = link_of_pods(node)
        if name not in self._reflectors:
            return
        await self._end(name)
        if node not in self._open_nodes:  # it wasn't opened again meanwhile
            self._sink.send(Swap(Kind.POD, (), node))
            self._sink.send(LinkState(Link(name, Phase.OFF, self._clock())))

    def follow(self, resource: ApiResource, namespace: str = "") -> None:
        """Follow the objects of a resource, in a namespace or in all, as the server prints them."""
        objects = ServerObjects(resource, self.connection.server_clock, namespace)
        key = objects.kind
        self._shown[key] += 1
        if self._shown[key] == 1:
            narrow = resource.namespaced and not namespace
            valued = with_values(objects, resource.qualified, self._columns)
            self._follow(
                WatchedResource(valued, key.link, namespace, most=MOST_OBJECTS, narrow=narrow)
            )

    async def leave(self, resource: ApiResource, namespace: str = "") -> None:
        """End one `follow`; with the last the watch is closed and the table forgotten."""
        key = ObjectTableKey(resource.qualified, namespace)
        self._shown[key] -= 1
        if self._shown[key] > 0:
            return
        del self._shown[key]
        await self._end(key.link)
        if key not in self._shown:  # it wasn't opened again meanwhile
            self._sink.send(Forget(key))

    async def stop(self) -> None:
        self._sink.unsubscribe(self._leases.receive)
        self._reflectors.clear()  # so that a refresh under way starts nothing
        self._narrowed.clear()
        self._polls.clear()
        await self._cancel(list(self._tasks))
        await self.connection.close()

    def _follow(self, source: WatchedResource) -> None:
        connection = self.connection.on_behalf_of(source.name.partition("/")[0])
        reflector = self._reflectors[source.name] = Reflector(
            source,
            connection,
            self._sink,
            sleep=self._sleep,
            clock=self._clock,
            recovery=self._recovery,
        )
        self._launch(source.name, self._run(source.name, reflector))

    def _follow_pods_of(self, node: str) -> None:
        fields = f"spec.nodeName={node}"
        name = link_of_pods(node)
        pods = with_values(PODS, Kind.POD, self._columns)
        self._follow(WatchedResource(pods, name, node=node, fields=fields, narrow=True))

    async def _run(self, name: str, reflector: Reflector) -> None:
        try:
            await reflector.run()
        except TooMany as many:
            del self._reflectors[name]
            self._give_up(reflector.source, many.announced)
        except Denied as denied:
            await self._narrow(denied.source)

    def _give_up(self, source: WatchedResource, announced: int | None) -> None:
        """Say of more objects than are followed that they aren't."""
        kind = source.resource.kind
        if isinstance(kind, Kind):
            self._follow_by_node(announced)
            return
        reason = most_objects_reason(kind.resource, announced)
        self._sink.send(Swap(kind, ()))
        self._sink.send(LinkState(Link(source.name, Phase.OFF, self._clock(), reason)))

    async def _narrow(self, refused: WatchedResource, before: Narrowed | None = None) -> None:
        """Follow what is refused for the whole cluster in the namespaces where it isn't."""
        names = await self._rights.namespaces(refused)
        if before is not None:
            names = tuple(dict.fromkeys((*before.namespaces, *names)))
            closed = self._narrowed.get(refused.name) is not before
            if closed or names == before.namespaces:
                return
            await self._end(refused.name)
        self._narrowed[refused.name] = Narrowed(refused, names)
        for part in parts(refused, names):
            self._follow(part)
        if RIGHTS not in self._tasks:
            self._launch(RIGHTS, self._follow_rights())

    async def _follow_rights(self) -> None:
        """Follow more when the user may read more; what is refused again says so by its link."""
        while True:
            await self._rights.wait(self._sleep(REASK))
            for narrowed in list(self._narrowed.values()):
                with suppress(UserError):  # there is no answer now
                    await self._widen(narrowed)

    async def _widen(self, narrowed: Narrowed) -> None:
        source = narrowed.source
        if not await self._rights.whole(source):
            await self._narrow(source, narrowed)
        elif self._narrowed.get(source.name) is narrowed:  # its node wasn't closed meanwhile
            await self._end(source.name)
            self._follow(source)

    async def _end(self, name: str) -> None:
        """End a source, or its parts by namespace; its rows stay."""
        self._narrowed.pop(name, None)
        inner = f"{name}{OF_NAMESPACE}"
        names = [each for each in self._reflectors if each == name or each.startswith(inner)]
        for each in names:
            del self._reflectors[each]
        await self._cancel(names)
        for each in names:
            if each != name:
                self._sink.send(LinkState(Link(each, Phase.OFF, self._clock())))

    def _follow_by_node(self, announced: int | None) -> None:
        """Stop following all pods, and follow those of the open nodes."""
        self._by_node = True
        reason = unwatched_reason(self._watch, announced)
        self._sink.send(Swap(Kind.POD, ()))
        self._sink.send(LinkState(Link(Kind.POD, Phase.OFF, self._clock(), reason)))
        for node in self._open_nodes:
            self._follow_pods_of(node)

    def _launch(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"eksview {name}")
        task.add_done_callback(_report)
        self._tasks[name] = task

    async def _cancel(self, names: list[str]) -> None:
        """Cancel tasks and wait until they end; a task that replaced one of them stays."""
        tasks = {name: self._tasks[name] for name in names if name in self._tasks}
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        for name, task in tasks.items():
            if self._tasks.get(name) is task:
                del self._tasks[name]


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        LOG.error("%s ended", task.get_name(), exc_info=task.exception())
