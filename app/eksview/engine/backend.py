"""The dashboard's backend: watches one cluster on the data loop and switches on request."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from itertools import count
from time import time
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from eksview.config.settings import Settings, in_context
from eksview.domain.base.errors import UserError, explained
from eksview.domain.base.reading import Read
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Fanout, LinkState, Reset, Sink
from eksview.domain.live.waits import OpenWaits
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.ecs import cluster_name
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.engine.aws_source import AwsSource
from eksview.engine.cluster_requests import NOT_CONNECTED, ClusterRequests
from eksview.engine.connect import dated_clusters, ecs_target, open_cluster, target_of
from eksview.engine.context_list import ContextList
from eksview.engine.data_thread import DataLoop
from eksview.engine.explaining_backend import ExplainingBackend
from eksview.process.waits import WAITS

if TYPE_CHECKING:  # these imports take half a second, in the data thread after the first frame
    from eksview.domain.history.prometheus import UsageHistory
    from eksview.domain.logs.inbox import LogInbox
    from eksview.domain.logs.request import AnyLogRequest
    from eksview.kube.client.connection import Connection
    from eksview.kube.cluster_watcher import ClusterWatcher

T = TypeVar("T")
RETRY_TIME = 3.0  # seconds until a kubeconfig without a cluster is read again
NO_KUBERNETES = "eksview was opened with --ecs-cluster: there is no Kubernetes cluster."
PROBE_LIMIT = 10.0  # seconds in which another cluster must answer before a switch


class KubeBackend(ExplainingBackend):
    """A `Backend` that runs everything on the data thread."""

    def __init__(
        self, settings: Settings, sink: Sink, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._loop = DataLoop()
        self._contexts = ContextList(settings, environ)
        self._cluster = WatchedCluster(settings, sink, environ)

    def start(self) -> None:
        self._loop.start()
        self._loop.submit(self._cluster.begin())

    def stop(self) -> None:
        self._loop.stop(self._cluster.stop())

    async def contexts(self) -> tuple[ContextInfo, ...]:
        """Return the contexts of the kubeconfig; raises `UserError` if it can't be read.

        None is current while the cluster was opened by its name in EKS or ECS.
        """
        settings = self._cluster.settings
        named = settings.cluster or settings.ecs_cluster
        chosen = "" if named else settings.context or None
        return await self._contexts.read(chosen)

    async def switch(self, context: str) -> None:
        # --cluster and --ecs-cluster applied to the context of the command line only.
        settings = in_context(self._settings, context)
        settings = replace(settings, context=context, cluster=None, ecs_cluster="")
        await self._call(self._cluster.switch(settings))

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        return await self._call(self._cluster.clusters())

    async def switch_cluster(self, name: str, region: str) -> None:
        settings = replace(
            self._settings,
            kubeconfig=None,
            context=None,
            cluster=name,
            ecs_cluster="",
            region=region,
            profile=self._cluster.profile or self._settings.profile,
        )
        await self._call(self._cluster.switch(settings))

    async def fetch(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any]:
        return await self._call(self._cluster.requests.ask(_path(kind, name, namespace)))

    def read_logs(self, request: "AnyLogRequest") -> "LogInbox":
        from eksview.domain.logs.inbox import LogInbox  # noqa: PLC0415

        inbox = LogInbox()
        reading = self._loop.submit(self._cluster.read_logs(request, inbox))
        inbox.on_close(reading.cancel)
        return inbox

    async def configz(self, node: str) -> dict[str, Any]:
        path = f"{_path(Kind.NODE, node)}/proxy/configz"
        return await self._call(self._cluster.requests.ask(path))

    async def history(self, ref: ObjectRef, address: str) -> "UsageHistory":
        settings = self._cluster.settings
        return await self._call(
            self._cluster.requests.history(ref, address, settings, self._environ)
        )

    async def instance(self, instance: str) -> InstanceDetail:
        return await self._call(self._cluster.instance(instance))

    async def resources(self, *, again: bool = False) -> ApiResources:
        return await self._call(self._cluster.requests.resources(again=again))

    def follow(self, resource: ApiResource, namespace: str = "") -> None:
        self._loop.submit(self._cluster.follow(resource, namespace))

    def leave(self, resource: ApiResource, namespace: str = "") -> None:
        self._loop.submit(self._cluster.leave(resource, namespace))

    async def fetch_object(self, ref: ObjectRef) -> dict[str, Any]:
        return await self._call(self._cluster.requests.fetch_object(ref))

    def refresh(self) -> None:
        self._loop.submit(self._cluster.refresh())

    def follow_pods(self, node: str) -> None:
        self._loop.submit(self._cluster.follow_pods(node))

    def leave_pods(self, node: str) -> None:
        self._loop.submit(self._cluster.leave_pods(node))

    def follow_ecs(self, cluster: str = "") -> None:
        self._loop.submit(self._cluster.follow_ecs(cluster))

    def leave_ecs(self, cluster: str = "") -> None:
        self._loop.submit(self._cluster.leave_ecs(cluster))

    def show_usage(self, namespace: str | None, before: str | None = None) -> None:
        self._loop.submit(self._cluster.show_usage(namespace, before))

    def inspect(self) -> None:
        self._loop.submit(self._cluster.inspect())

    @property
    def _requests(self) -> ClusterRequests:
        return self._cluster.requests

    @property
    def _watched(self) -> Settings:
        return self._cluster.settings


class WatchedCluster:
    """The watched cluster and its AWS account; every method runs on the data loop."""

    def __init__(self, settings: Settings, sink: Sink, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self._messages = Fanout(sink)
        self._environ = environ
        self._numbers = count(1)  # of the calls of both clients in the trace
        self._watcher: ClusterWatcher | None = None
        self.requests = ClusterRequests(self._find)
        self._aws: AwsSource | None = None
        self._unwatch_waits: Callable[[], None] | None = None
        self._usage: Counter[str] = Counter()  # the namespaces on screens
        self._ecs: Counter[str] = Counter()  # the ECS clusters on screens

    @property
    def profile(self) -> str:
        """The AWS profile of the kubeconfig or the flags; empty for none."""
        return self._aws.target.profile if self._aws else ""

    def _find(self) -> "ClusterWatcher | None":
        if self.settings.ecs_cluster:
            raise UserError(NO_KUBERNETES)
        return self._watcher

    async def begin(self) -> None:
        """Watch the cluster of the settings; retry until they name one."""
        self._unwatch_waits = WAITS.watch(self._report_waits)
        if self.settings.ecs_cluster:
            await self._watch_ecs()
            return
        while self._watcher is None:
            try:
                with explained("Watching the cluster"):
                    self._watch(await open_cluster(self.settings, self._environ), self.settings)
            except UserError as error:
                self._report(Phase.RETRYING, error.sentence, time() + RETRY_TIME)
                await asyncio.sleep(RETRY_TIME)

    async def _watch_ecs(self) -> None:
        """Watch the ECS cluster of the settings, and nothing of Kubernetes."""
        target = await ecs_target(self.settings, self._environ)
        self._aws = AwsSource(
            target, self._messages, self._environ, numbers=self._numbers, only_ecs=True
        )
        self._report(Phase.OFF, clean(NO_KUBERNETES))
        self._tell_ecs()
        self._aws.start()

    def _watch(self, connection: "Connection", settings: Settings) -> None:
        """Watch the cluster of a connection, which its watcher closes."""
        from eksview.kube.cluster_watcher import ClusterWatcher  # noqa: PLC0415

        target = target_of(settings, self._environ, connection.access)
        messages, numbers = self._messages, self._numbers
        aws = AwsSource(target, messages, self._environ, numbers=numbers)
        watcher = ClusterWatcher(
            connection,
            messages,
            watch=settings.watch,
            namespace=settings.namespace or connection.target.namespace,
            columns=settings.columns,
            numbers=numbers,
        )
        self.settings, self._watcher, self._aws = settings, watcher, aws
        self._tell_ecs()
        aws.start()
        watcher.start()
        for namespace in self._usage.elements():
            watcher.follow_usage(namespace)

    def _report(self, phase: Phase, reason: Clean, retry_at: float | None = None) -> None:
        from eksview.domain.resources.registry import WATCHED  # noqa: PLC0415

        now = time()
        for name in ("health", *(resource.kind for resource in WATCHED)):
            link = Link(name, phase, now, reason, retry_at=retry_at)
            self._messages.send(LinkState(link))

    async def switch(self, settings: Settings) -> None:
        """Watch another cluster if it answers a first request."""
        began = time()
        async with AsyncExitStack() as stack:
            opening = open_cluster(settings, self._environ)
            connection = await stack.enter_async_context(await opening)
            try:
                async with asyncio.timeout(PROBE_LIMIT):
                    await connection.get_json("/version")
            except TimeoutError:
                raise UserError(
                    f"{connection.target.server} didn't answer within {PROBE_LIMIT:.0f} s"
                    f"{WAITS.held_up(began)}."
                ) from None
            await self.end()
            self._messages.send(Reset())
            self._watch(connection, settings)
            stack.pop_all()  # the watcher closes the connection

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        """Return the EKS clusters of the account and region."""
        target = self._aws.target if self._aws else None
        clusters, _ = await dated_clusters(self.settings, self._environ, target)
        return clusters

    def _report_waits(self, waiting: OpenWaits) -> None:
        self._messages.send(FactSet(Facts.waiting, Read(waiting, time())))

    async def stop(self) -> None:
        """Close every connection for good."""
        unwatch, self._unwatch_waits = self._unwatch_waits, None
        if unwatch is not None:
            unwatch()
        await self.end()

    async def end(self) -> None:
        """Close every connection."""
        sources = self._watcher, self._aws
        self._watcher = self._aws = None
        # An error of one source must not keep the other from closing.
        stops = [source.stop() for source in sources if source is not None]
        await asyncio.gather(*stops, return_exceptions=True)

    async def follow(self, resource: ApiResource, namespace: str) -> None:
        """Watch a resource while a screen shows it."""
        if self._watcher is not None:
            self._watcher.follow(resource, namespace)

    async def leave(self, resource: ApiResource, namespace: str) -> None:
        """End a watch of a resource."""
        if self._watcher is not None:
            await self._watcher.leave(resource, namespace)

    async def instance(self, instance: str) -> InstanceDetail:
        """Return the details of one EC2 instance."""
        if self._aws is None:
            raise UserError(NOT_CONNECTED)
        return await self._aws.instance(instance)

    async def read_logs(self, request: "AnyLogRequest", inbox: "LogInbox") -> None:
        """Read logs into an inbox until cancelled."""
        from eksview.domain.logs.control_plane import ControlPlaneRequest  # noqa: PLC0415
        from eksview.domain.logs.task import TaskLogRequest  # noqa: PLC0415

        if not isinstance(request, ControlPlaneRequest | TaskLogRequest):
            await self.requests.read_logs(request, inbox)
        elif self._aws is not None:
            await self._aws.read_logs(request, inbox)
        else:
            inbox.state(clean(NOT_CONNECTED))

    async def refresh(self) -> None:
        """List everything again and repeat every AWS call."""
        if self._aws is not None:
            self._aws.refresh()
        if self._watcher is not None:
            with suppress(UserError):
                await self._watcher.refresh()

    async def follow_pods(self, node: str) -> None:
        """Watch the pods of a node while a screen shows it."""
        if self._watcher is not None:
            self._watcher.follow_pods(node)

    async def leave_pods(self, node: str) -> None:
        """End the watch of a node's pods."""
        if self._watcher is not None:
            await self._watcher.leave_pods(node)

    async def follow_ecs(self, cluster: str) -> None:
        """Read an ECS cluster while a screen shows it, in the next account too."""
        self._ecs[cluster_name(cluster)] += 1
        self._tell_ecs()

    async def leave_ecs(self, cluster: str) -> None:
        """End one reading of an ECS cluster."""
        name = cluster_name(cluster)
        if self._ecs[name] > 0:
            self._ecs[name] -= 1
        self._ecs += Counter()  # without those that nobody shows
        self._tell_ecs()

    def _tell_ecs(self) -> None:
        if self._aws is not None:
            opened = {cluster_name(self.settings.ecs_cluster)} - {""}
            self._aws.follow_ecs(opened | self._ecs.keys())

    async def show_usage(self, namespace: str | None, before: str | None) -> None:
        """Poll the usage of pods while a screen shows it, in the next cluster too."""
        for name, step in ((namespace, 1), (before, -1)):
            if name is None:
                continue
            self._usage[name] += step
            if self._watcher is not None:
                change = self._watcher.follow_usage if step > 0 else self._watcher.leave_usage
                change(name)

    async def inspect(self) -> None:
        """Ask for the user's identity and rights."""
        if self._watcher is not None:
            with suppress(UserError):
                await self._watcher.inspector.review()


def _path(kind: Kind, name: str, namespace: str = "") -> str:
    """Return the path of an object of a resource that eksview reads."""
    from eksview.domain.resources.registry import RESOURCES  # noqa: PLC0415

    return RESOURCES[kind].path(namespace, name)
