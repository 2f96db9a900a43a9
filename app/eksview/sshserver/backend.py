"""The backend of a shared screen: reads everything, and changes nothing for other viewers."""

from collections import Counter
from typing import Any

from eksview.domain.base.errors import UserError
from eksview.domain.history.prometheus import UsageHistory
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.backend_protocol import Backend, ContextInfo
from eksview.domain.live.messages import Sink
from eksview.domain.logs.inbox import LogInbox
from eksview.domain.logs.request import AnyLogRequest
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.server import ServerTimings
from eksview.sshserver.fanout import ViewerFanout
from eksview.sshserver.read_only_actions import ReadOnlyActions

SHARED = "This view is shared, so only the person who serves it can switch the cluster."


class SharedBackend(ReadOnlyActions):
    """A `Backend` for one of many screens on top of a backend that already runs."""

    def __init__(self, backend: Backend, fanout: ViewerFanout, sink: Sink) -> None:
        self._backend = backend
        self._fanout = fanout
        self._sink = sink
        self._open_nodes: Counter[str] = Counter()
        self._logs: list[LogInbox] = []
        self._shown: Counter[tuple[ApiResource, str]] = Counter()
        self._usage: Counter[str] = Counter()
        self._ecs: Counter[str] = Counter()

    def start(self) -> None:
        self._fanout.join(self._sink)

    def stop(self) -> None:
        """Leave the fan-out; the watches go on for the other viewers."""
        self._fanout.leave(self._sink)
        for node in list(self._open_nodes.elements()):
            self.leave_pods(node)
        for inbox in self._logs:
            inbox.close()
        for resource, namespace in list(self._shown.elements()):
            self.leave(resource, namespace)
        for namespace in list(self._usage.elements()):
            self.show_usage(None, namespace)
        for cluster in list(self._ecs.elements()):
            self.leave_ecs(cluster)

    async def contexts(self) -> tuple[ContextInfo, ...]:
        return tuple(context for context in await self._backend.contexts() if context.current)

    async def switch(self, context: str) -> None:  # noqa: ARG002
        raise UserError(SHARED)

    async def switch_cluster(self, name: str, region: str) -> None:  # noqa: ARG002
        raise UserError(SHARED)

    def follow_pods(self, node: str) -> None:
        self._open_nodes[node] += 1
        self._backend.follow_pods(node)

    def leave_pods(self, node: str) -> None:
        if self._open_nodes[node] > 0:  # `stop` may have left it already
            self._open_nodes[node] -= 1
            self._backend.leave_pods(node)

    def follow_ecs(self, cluster: str = "") -> None:
        self._ecs[cluster] += 1
        self._backend.follow_ecs(cluster)

    def leave_ecs(self, cluster: str = "") -> None:
        if self._ecs[cluster] > 0:  # `stop` may have left it already
            self._ecs[cluster] -= 1
            self._backend.leave_ecs(cluster)

    def read_logs(self, request: AnyLogRequest) -> LogInbox:
        """Read logs for this viewer alone."""
        self._logs = [inbox for inbox in self._logs if not inbox.closed]
        inbox = self._backend.read_logs(request)
        self._logs.append(inbox)
        return inbox

    def follow(self, resource: ApiResource, namespace: str = "") -> None:
        self._shown[resource, namespace] += 1
        self._backend.follow(resource, namespace)

    def leave(self, resource: ApiResource, namespace: str = "") -> None:
        if self._shown[resource, namespace] > 0:  # `stop` may have left it already
            self._shown[resource, namespace] -= 1
            self._backend.leave(resource, namespace)

    async def resources(self, *, again: bool = False) -> ApiResources:
        return await self._backend.resources(again=again)

    async def fetch_object(self, ref: ObjectRef) -> dict[str, Any]:
        return await self._backend.fetch_object(ref)

    def show_usage(self, namespace: str | None, before: str | None = None) -> None:
        left = before if before is None or self._usage[before] > 0 else None  # `stop` left it
        self._usage.update({name: 1 for name in (namespace,) if name is not None})
        self._usage.subtract({name: 1 for name in (left,) if name is not None})
        self._backend.show_usage(namespace, left)

    def refresh(self) -> None:
        """Do nothing: listing everything would load the API server for one viewer."""

    def inspect(self) -> None:
        self._backend.inspect()

    async def fetch(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any]:
        return await self._backend.fetch(kind, name, namespace)

    async def configz(self, node: str) -> dict[str, Any]:
        return await self._backend.configz(node)

    async def history(self, ref: ObjectRef, address: str) -> UsageHistory:
        return await self._backend.history(ref, address)

    async def timings(self) -> ServerTimings:
        return await self._backend.timings()

    async def instance(self, instance: str) -> InstanceDetail:
        return await self._backend.instance(instance)

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        return await self._backend.clusters()
