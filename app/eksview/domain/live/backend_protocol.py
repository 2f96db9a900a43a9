"""What the screens may ask of whoever holds the connections."""

from typing import Any, Protocol

from msgspec import Struct

from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.server import ServerTimings


class ContextInfo(Struct, frozen=True):
    """A context of the kubeconfig."""

    name: str
    cluster: str
    user: str
    namespace: str
    server: str
    current: bool = False


class Backend(Protocol):
    """The data side, as the screens see it. Every method raises only `Problem`."""

    def start(self) -> None:
        """Begin following the cluster; returns at once."""

    def stop(self) -> None:
        """Let go of every connection; returns when they are closed (within a second)."""

    def contexts(self) -> tuple[ContextInfo, ...]:
        """The contexts one can switch to."""

    async def switch(self, context: str) -> None:
        """Probe the other context and, if it answers, follow it instead."""

    async def fetch(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any]:
        """The whole object as the API server has it now."""

    def follow_pods(self, node: str) -> None:
        """A node is looked at: have its pods, where pods aren't followed anyway; at once."""

    def leave_pods(self, node: str) -> None:
        """It is looked at no longer: once for each `follow_pods`; returns at once."""

    def refresh(self) -> None:
        """List everything again, as soon as it can be."""

    def inspect(self) -> None:
        """Ask who we are and what we may, unless that was just asked; returns at once."""

    async def configz(self, node: str) -> dict[str, Any]:
        """The configuration that a node's kubelet runs with, through the API server."""

    async def timings(self) -> ServerTimings:
        """How long the API server says that its calls and those of its etcd take."""

    async def instance(self, instance: str) -> InstanceDetail:
        """What AWS is asked about an EC2 instance only when it is opened, by its id."""

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        """The EKS clusters of the account and region, as EKS lists them now."""

    async def switch_cluster(self, name: str, region: str) -> None:
        """Probe another EKS cluster and, if it answers, follow it instead."""
