"""What a shared screen may ask: everything that reads, and nothing that others would feel."""

from collections import Counter
from typing import Any

from eksview.domain.base.problem import UserError
from eksview.domain.live.backend_protocol import Backend, ContextInfo
from eksview.domain.live.messages import Sink
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.server import ServerTimings
from eksview.sshserver.fanout import ViewerFanout

SHARED = "This view is shared: which cluster it follows is chosen by whoever serves it."


class SharedBackend:
    """A `Backend` for one screen among many over one that runs already."""

    def __init__(self, backend: Backend, hub: ViewerFanout, sink: Sink) -> None:
        self._backend = backend
        self._hub = hub
        self._sink = sink
        self._looks_at: Counter[str] = Counter()

    def start(self) -> None:
        """Hear what is known, and what comes."""
        self._hub.join(self._sink)

    def stop(self) -> None:
        """Hear nothing any more; the watches go on for the others."""
        self._hub.leave(self._sink)
        for node in list(self._looks_at.elements()):
            self.leave_pods(node)

    def contexts(self) -> tuple[ContextInfo, ...]:
        """The one that is followed."""
        return tuple(each for each in self._backend.contexts() if each.current)

    async def switch(self, context: str) -> None:  # noqa: ARG002 - there is no other
        """Never."""
        raise UserError(SHARED)

    async def switch_cluster(self, name: str, region: str) -> None:  # noqa: ARG002
        """Never."""
        raise UserError(SHARED)

    def follow_pods(self, node: str) -> None:
        """This screen looks at a node; who else does is counted by whom we ask."""
        self._looks_at[node] += 1
        self._backend.follow_pods(node)

    def leave_pods(self, node: str) -> None:
        """It does no longer."""
        if self._looks_at[node] > 0:  # what was let go with the session isn't let go twice
            self._looks_at[node] -= 1
            self._backend.leave_pods(node)

    def refresh(self) -> None:
        """Nothing: a list of everything is felt by the API server and by everybody."""

    def inspect(self) -> None:
        """Ask who we are and what we may, unless that was just asked."""
        self._backend.inspect()

    async def fetch(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any]:
        """The whole object."""
        return await self._backend.fetch(kind, name, namespace)

    async def configz(self, node: str) -> dict[str, Any]:
        """A kubelet's configuration."""
        return await self._backend.configz(node)

    async def timings(self) -> ServerTimings:
        """How long the API server says that its calls take."""
        return await self._backend.timings()

    async def instance(self, instance: str) -> InstanceDetail:
        """What an opened instance is asked."""
        return await self._backend.instance(instance)

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        """The EKS clusters there are."""
        return await self._backend.clusters()
