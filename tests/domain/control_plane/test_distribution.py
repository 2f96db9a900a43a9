"""Who runs the control plane: never EKS where it isn't."""

import msgspec
import pytest

from eksview.domain.control_plane.distribution import distribution_of
from eksview.domain.resources.nodes import Node, node_row
from eksview.domain.rows.kube import NodeRow
from eksview.domain.rows.server import ServerVersion

EKS_HOST = "https://0A1B2C.gr7.us-west-2.eks.amazonaws.com"
LOCAL = "https://127.0.0.1:6443"


def provided(provider_id: str) -> NodeRow:
    return node_row(msgspec.convert({"metadata": {}, "spec": {"providerID": provider_id}}, Node))


def labelled(*labels: str) -> NodeRow:
    raw = {"metadata": {"labels": dict.fromkeys(labels, "")}}
    return node_row(msgspec.convert(raw, Node))


WORKER = labelled("eks.amazonaws.com/nodegroup")
CONTROL_PLANE = labelled("node-role.kubernetes.io/control-plane")
OLD_MASTER = labelled("node-role.kubernetes.io/master")


@pytest.mark.parametrize(
    ("git", "server", "nodes", "kind", "managed", "label"),
    [
        ("", EKS_HOST, [], "eks", True, "Amazon EKS"),
        ("v1.33.4-eks-1a2b3c4", LOCAL, [WORKER], "eks", True, "Amazon EKS"),
        ("v1.33.4-eks-1a2b3c4", LOCAL, [], "eks", True, "Amazon EKS"),
        ("v1.29.1-eks-a5ec690", LOCAL, [WORKER, CONTROL_PLANE], "kubeadm", False, "self-hosted"),
        ("v1.33.4", LOCAL, [WORKER], "unknown", False, "Kubernetes"),
        ("v1.33.4", "https://eks.amazonaws.com.example.org", [], "unknown", False, "Kubernetes"),
        ("v1.33.4", LOCAL, [CONTROL_PLANE], "kubeadm", False, "self-hosted"),
        ("v1.19.0", LOCAL, [OLD_MASTER], "kubeadm", False, "self-hosted"),
        ("v1.33.1", LOCAL, [labelled("minikube.k8s.io/name")], "minikube", False, "minikube"),
        (
            "v1.33.1",
            LOCAL,
            [CONTROL_PLANE, provided("kind://docker/kind/x")],
            "kind",
            False,
            "kind",
        ),
        ("v1.33.1+k3s1", LOCAL, [CONTROL_PLANE], "unknown", False, "k3s"),
        ("v1.33.1-gke.100", LOCAL, [], "unknown", True, "Google GKE"),
        ("v1.33.1", "https://x.hcp.westeurope.azmk8s.io:443", [], "unknown", True, "Azure AKS"),
        ("", "", [], "unknown", False, "Kubernetes"),
        ("", "not a url", [], "unknown", False, "Kubernetes"),
    ],
)
def test_the_evidence_decides(
    git: str, server: str, nodes: list[NodeRow], kind: str, managed: bool, label: str
) -> None:
    found = distribution_of(ServerVersion(git) if git else None, server, nodes)
    assert (found.kind, found.managed, found.label) == (kind, managed, label)
