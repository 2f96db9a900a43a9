"""The distribution of a cluster, which tells who runs its control plane."""

from collections.abc import Iterable
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from eksview.domain.rows.kube import NodeRow
from eksview.domain.rows.server import ServerVersion

DistributionKind: TypeAlias = Literal["eks", "minikube", "kind", "kubeadm", "unknown"]


class Distribution(Struct, frozen=True):
    """A distribution; `managed` means that a provider hides the control plane's machines."""

    kind: DistributionKind
    managed: bool
    label: str


EKS = Distribution("eks", managed=True, label="Amazon EKS")
UNKNOWN = Distribution("unknown", managed=False, label="Kubernetes")
_MINIKUBE = Distribution("minikube", managed=False, label="minikube")
_KIND = Distribution("kind", managed=False, label="kind")
_KUBEADM = Distribution("kubeadm", managed=False, label="self-hosted")
_EKS_HOSTS = (".eks.amazonaws.com", ".eks.amazonaws.com.cn", ".eks.api.aws")
_BY_VERSION = (
    ("+k3s", Distribution("unknown", managed=False, label="k3s")),
    ("+rke2", Distribution("unknown", managed=False, label="RKE2")),
    ("-gke.", Distribution("unknown", managed=True, label="Google GKE")),
)
_AKS = Distribution("unknown", managed=True, label="Azure AKS")
_CONTROL_PLANE = frozenset(
    {"node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"}
)


EVIDENCE_FACTS = frozenset({"version", "target"})
"""The facts that determine it, beside the nodes."""


def distribution_of(
    version: ServerVersion | None, server_url: str, nodes: Iterable[NodeRow]
) -> Distribution:
    """Return the distribution that the endpoint's name, the version and the nodes prove.

    EKS is an endpoint under its domain, or an API server built by EKS without a control-plane node
    (EKS Distro and EKS Anywhere use the same builds on nodes of their own). Labels of EKS on nodes
    prove nothing about the control plane.
    """
    host = urlsplit(server_url).hostname or ""
    if host.endswith(_EKS_HOSTS):
        return EKS
    if host.endswith(".azmk8s.io"):
        return _AKS
    git = version.git if version else ""
    for mark, distribution in _BY_VERSION:
        if mark in git:
            return distribution
    return _by_nodes(nodes) or (EKS if "-eks-" in git else UNKNOWN)


def _by_nodes(nodes: Iterable[NodeRow]) -> Distribution | None:
    hosts = False
    for node in nodes:
        if "minikube.k8s.io/name" in node.labels:
            return _MINIKUBE
        if node.provider_id.startswith("kind://"):
            return _KIND
        hosts = hosts or not _CONTROL_PLANE.isdisjoint(node.labels)
    return _KUBEADM if hosts else None
