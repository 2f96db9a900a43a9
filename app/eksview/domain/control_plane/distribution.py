"""Who runs this cluster's control plane, by evidence and not by hope."""

from collections.abc import Iterable
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from eksview.domain.rows.kube import NodeRow
from eksview.domain.rows.server import ServerVersion

FlavourKind: TypeAlias = Literal["eks", "minikube", "kind", "kubeadm", "unknown"]


class Distribution(Struct, frozen=True):
    """`managed`: the control plane's machines belong to a provider and can't be seen."""

    kind: FlavourKind
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


PROOFS = frozenset({"version", "target"})
"""The facts that it is told by, beside the nodes."""


def flavour(
    version: ServerVersion | None, server_url: str, nodes: Iterable[NodeRow]
) -> Distribution:
    """What the endpoint's name, the server's version and the nodes prove.

    EKS: an endpoint under its domain, or an API server built by EKS with no control-plane node in
    sight (EKS Distro and EKS Anywhere use the same builds, but run on nodes of their own). Labels
    of EKS on nodes prove nothing about the control plane.
    """
    host = urlsplit(server_url).hostname or ""
    if host.endswith(_EKS_HOSTS):
        return EKS
    if host.endswith(".azmk8s.io"):
        return _AKS
    git = version.git if version else ""
    for mark, found in _BY_VERSION:
        if mark in git:
            return found
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
