"""The data side of the dashboard: one cluster followed on the data loop, another on request."""

import asyncio
import os
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from itertools import count
from time import time
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.aws.target import place_of
from eksview.domain.base.clock import Clock
from eksview.domain.base.problem import UserError
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.live.messages import Fanout, LinkState, Reset, Sink
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import ServerTimings
from eksview.engine.aws import AwsSide
from eksview.engine.connect import clues_of, clusters, flags_of, open_cluster
from eksview.engine.thread import DataLoop

if TYPE_CHECKING:  # its imports cost half a second, spent in the data thread after the first frame
    from eksview.kube.cluster_watcher import ClusterWatcher

T = TypeVar("T")
AGAIN = 3.0  # seconds between two looks at a kubeconfig that leads nowhere
PROBE_LIMIT = 10.0  # seconds in which another cluster must answer before it is followed


class KubeBackend:
    """A `Backend`. Everything but the hand-over to the loop happens on the data thread."""

    def __init__(
        self,
        settings: Settings,
        sink: Sink,
        clock: Clock = time,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._asked = settings
        self._environ = environ
        self._loop = DataLoop()
        self._cluster = FollowedCluster(settings, sink, clock, environ)

    def start(self) -> None:
        """Begin following; returns at once."""
        self._loop.start()
        self._loop.submit(self._cluster.begin())

    def stop(self) -> None:
        """Let go of every connection."""
        self._loop.stop(self._cluster.end())

    def contexts(self) -> tuple[ContextInfo, ...]:
        """The contexts of the kubeconfig as it is now; `UserError` if it can't be read."""
        from eksview.kube.client.load_config import listed  # noqa: PLC0415 - see above

        context = self._cluster.settings.context or self._asked.context
        return listed(replace(self._asked, context=context), self._environ)

    async def switch(self, context: str) -> None:
        """Probe the other context and, if it answers, follow it instead."""
        # --cluster is of the context it was given for.
        settings = replace(self._asked, context=context, cluster=None)
        await self._there(self._cluster.switch(settings))

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        """The EKS clusters of the account and region."""
        return await self._there(self._cluster.clusters())

    async def switch_cluster(self, name: str, region: str) -> None:
        """Probe another EKS cluster and, if it answers, follow it instead."""
        settings = replace(
            self._asked,
            kubeconfig=None,
            context=None,
            cluster=name,
            region=region,
            profile=self._cluster.profile or self._asked.profile,
        )
        await self._there(self._cluster.switch(settings))

    async def fetch(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any]:
        """The whole object as the API server has it now."""
        space = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
        return await self._there(
            self._cluster.ask(f"/api/v1{space}/{kind.value}/{quote(name, safe='')}")
        )

    async def configz(self, node: str) -> dict[str, Any]:
        """The configuration that a node's kubelet runs with."""
        return await self._there(
            self._cluster.ask(f"/api/v1/nodes/{quote(node, safe='')}/proxy/configz")
        )

    async def timings(self) -> ServerTimings:
        """How long the API server says that its calls and those of its etcd take."""
        return await self._there(self._cluster.timings())

    async def instance(self, instance: str) -> InstanceDetail:
        """What AWS is asked about an EC2 instance only when it is opened."""
        return await self._there(self._cluster.instance(instance))

    def refresh(self) -> None:
        """List everything again."""
        self._loop.submit(self._cluster.refresh())

    def follow_pods(self, node: str) -> None:
        """A node is looked at."""
        self._loop.submit(self._cluster.follow_pods(node))

    def leave_pods(self, node: str) -> None:
        """It is no longer."""
        self._loop.submit(self._cluster.leave_pods(node))

    def inspect(self) -> None:
        """Ask who we are and what we may."""
        self._loop.submit(self._cluster.inspect())

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(self._loop.submit(work))


class FollowedCluster:
    """The cluster that is followed, and its AWS account; every method runs on the data loop."""

    def __init__(
        self, settings: Settings, sink: Sink, clock: Clock, environ: Mapping[str, str]
    ) -> None:
        self.settings = settings
        self._messages = Fanout(sink)
        self._clock = clock
        self._environ = environ
        self._numbers = count(1)  # of the calls on record, whichever half makes them
        self._follower: ClusterWatcher | None = None
        self._aws: AwsSide | None = None

    @property
    def profile(self) -> str:
        """The AWS profile that the followed cluster leads to; empty for none."""
        return self._aws.place.profile if self._aws else ""

    async def begin(self) -> None:
        """Follow the cluster of the settings as soon as they lead to one."""
        while self._follower is None:
            try:
                await self._follow(self.settings)
            except UserError as problem:
                self._tell(problem)
                await asyncio.sleep(AGAIN)

    async def _follow(self, settings: Settings) -> None:
        from eksview.kube.cluster_watcher import ClusterWatcher  # noqa: PLC0415

        connection = await open_cluster(settings, self._environ)
        place = place_of(clues_of(connection.access), flags_of(settings), self._environ)
        messages, numbers = self._messages, self._numbers
        aws = AwsSide(place, messages, self._environ, clock=self._clock, numbers=numbers)
        follower = ClusterWatcher(connection, messages, watch=settings.watch, numbers=numbers)
        self.settings, self._follower, self._aws = settings, follower, aws
        aws.start()
        follower.start()

    def _tell(self, problem: UserError) -> None:
        now = self._clock()
        for name in ("health", "nodes", "pods", "leases", "events"):
            link = Link(name, Phase.RETRYING, now, str(problem), retry_at=now + AGAIN)
            self._messages.send(LinkState(link))

    async def switch(self, settings: Settings) -> None:
        """Probe another cluster and, if it answers, follow it instead."""
        async with await open_cluster(settings, self._environ) as probe:
            try:
                async with asyncio.timeout(PROBE_LIMIT):
                    await probe.get_json("/version")
            except TimeoutError:
                raise UserError(
                    f"{probe.target.server} didn't answer within {PROBE_LIMIT:.0f} s."
                ) from None
        await self.end()
        self._messages.send(Reset())
        await self._follow(settings)

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        """Return the EKS clusters of the account and region."""
        return await clusters(self.settings, self._environ, self._aws.place if self._aws else None)

    async def end(self) -> None:
        """Let go of every connection."""
        follower, self._follower = self._follower, None
        aws, self._aws = self._aws, None
        # Both at once, and neither's trouble keeps the other from letting go.
        ends = [half.stop() for half in (follower, aws) if half is not None]
        await asyncio.gather(*ends, return_exceptions=True)

    async def ask(self, path: str) -> dict[str, Any]:
        """Return what the API server answers to a GET."""
        if self._follower is None:
            raise UserError("Not connected to a cluster yet.")
        connection = self._follower.connection.on_behalf_of("detail")
        found: dict[str, Any] = await connection.get_json(path)
        return found

    async def timings(self) -> ServerTimings:
        """Return the durations that the API server reports."""
        if self._follower is None:
            raise UserError("Not connected to a cluster yet.")
        from eksview.kube.poll.apiserver_metrics import server_timings  # noqa: PLC0415

        return await server_timings(self._follower.connection.on_behalf_of("call"))

    async def instance(self, instance: str) -> InstanceDetail:
        """Return what AWS tells about one EC2 instance."""
        if self._aws is None:
            raise UserError("Not connected to a cluster yet.")
        return await self._aws.instance(instance)

    async def refresh(self) -> None:
        """List everything again."""
        if self._aws is not None:
            self._aws.refresh()
        if self._follower is not None:
            with suppress(UserError):
                await self._follower.refresh()

    async def follow_pods(self, node: str) -> None:
        """Watch the pods of a node while someone looks at it."""
        if self._follower is not None:
            self._follower.follow_pods(node)

    async def leave_pods(self, node: str) -> None:
        """End the watch of a node's pods."""
        if self._follower is not None:
            await self._follower.leave_pods(node)

    async def inspect(self) -> None:
        """Ask who we are and what we may do."""
        if self._follower is not None:
            with suppress(UserError):
                await self._follower.inspector.look()
