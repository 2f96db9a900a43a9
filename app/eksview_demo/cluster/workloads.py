"""What runs in the demo cluster: the Deployments, DaemonSets, StatefulSets and Jobs of a shop."""

from typing import Any

from msgspec import Struct

REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
EKS_REGISTRY = "602401143452.dkr.ecr.us-west-2.amazonaws.com"


class Box(Struct, frozen=True):
    """A container: milli-cores and MiB asked for and allowed; 0: not said."""

    name: str
    image: str
    cpu: int
    memory: int
    cpu_limit: int = 0
    memory_limit: int = 0
    port: int = 0


class Volume(Struct, frozen=True):
    """A volume of a pod template: `kind` is emptyDir, configMap, secret, or data.

    `data` is the claim of a StatefulSet's template. `source` names the ConfigMap or Secret.
    """

    name: str
    path: str
    kind: str = "emptyDir"
    source: str = ""


class Workload(Struct, frozen=True, cache_hash=True):
    """A controller's pod template. `weight`: its share of the pods that are free to place."""

    namespace: str
    name: str
    kind: str
    boxes: tuple[Box, ...]
    hash: str = ""
    init: Box | None = None
    weight: int = 0
    host_network: bool = False
    service_account: str = "default"
    priority_class: str = ""
    fargate: bool = False
    volumes: tuple[Volume, ...] = ()
    config: str = ""  # the ConfigMap that its first container takes its environment from
    credentials: str = ""  # the Secret whose password that container has
    restarted_at: str = ""  # the annotation of `kubectl rollout restart`

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what stays the same when its template changes: kind, namespace and name."""
        return self.kind, self.namespace, self.name

    @property
    def owner_kind(self) -> str:
        return "ReplicaSet" if self.kind == "Deployment" else self.kind

    @property
    def owner_name(self) -> str:
        return f"{self.name}-{self.hash}" if self.kind == "Deployment" else self.name

    @property
    def cpu(self) -> int:
        return sum(box.cpu for box in self.boxes)

    @property
    def memory(self) -> int:
        return sum(box.memory for box in self.boxes)


def _eks(name: str, tag: str) -> str:
    return f"{EKS_REGISTRY}/{name}:{tag}"


def _shop(
    name: str,
    tag: str,
    amounts: tuple[int, ...],
    template_hash: str,
    weight: int = 0,
    *beside: Box,
    **more: Any,
) -> Workload:
    """Return a Deployment of the shop; `amounts` are the numbers of its own container.

    `more` are other fields of it.
    """
    own = Box(name, _shop_image(name, tag), *amounts)
    boxes = (own, *beside)
    return Workload("shop", name, "Deployment", boxes, template_hash, weight=weight, **more)


def _shop_image(name: str, tag: str) -> str:
    return f"{REGISTRY}/shop/{name}:{tag}"


_DATA = (Volume("data", "/data", "data"),)
_NODE_CRITICAL = "system-node-critical"
_CLUSTER_CRITICAL = "system-cluster-critical"

DAEMONS = (
    Workload(
        "kube-system",
        "aws-node",
        "DaemonSet",
        (
            Box("aws-node", _eks("amazon-k8s-cni", "v1.20.1-eksbuild.3"), 25, 0, port=61678),
            Box(
                "aws-eks-nodeagent",
                _eks("amazon/aws-network-policy-agent", "v1.2.3-eksbuild.1"),
                25,
                0,
            ),
        ),
        hash="6b5f7d8c9",
        host_network=True,
        service_account="aws-node",
        priority_class=_NODE_CRITICAL,
    ),
    Workload(
        "kube-system",
        "kube-proxy",
        "DaemonSet",
        (Box("kube-proxy", _eks("eks/kube-proxy", "v1.33.3-minimal-eksbuild.6"), 100, 0),),
        hash="5d4c8f7b6",
        host_network=True,
        service_account="kube-proxy",
        priority_class=_NODE_CRITICAL,
    ),
    Workload(
        "kube-system",
        "ebs-csi-node",
        "DaemonSet",
        (
            Box("ebs-plugin", _eks("eks/aws-ebs-csi-driver", "v1.48.0"), 10, 40, 0, 256),
            Box("node-driver-registrar", _eks("eks/csi-node-driver-registrar", "v2.14.0"), 10, 40),
            Box("liveness-probe", _eks("eks/livenessprobe", "v2.16.0"), 10, 40),
        ),
        hash="7c9d5b6f4",
        service_account="ebs-csi-node-sa",
        priority_class=_NODE_CRITICAL,
    ),
)

SYSTEM = (
    (
        2,
        Workload(
            "kube-system",
            "coredns",
            "Deployment",
            (Box("coredns", _eks("eks/coredns", "v1.12.2-eksbuild.4"), 100, 70, 0, 170, 53),),
            hash="7bf648ff5d",
            service_account="coredns",
            priority_class=_CLUSTER_CRITICAL,
        ),
    ),
    (
        2,
        Workload(
            "kube-system",
            "ebs-csi-controller",
            "Deployment",
            (
                Box("ebs-plugin", _eks("eks/aws-ebs-csi-driver", "v1.48.0"), 10, 40, 0, 256),
                Box("csi-provisioner", _eks("eks/csi-provisioner", "v5.3.0"), 10, 40, 0, 256),
                Box("csi-attacher", _eks("eks/csi-attacher", "v4.9.0"), 10, 40, 0, 256),
            ),
            hash="5c7b9d6f88",
            service_account="ebs-csi-controller-sa",
            priority_class=_CLUSTER_CRITICAL,
        ),
    ),
    (
        1,
        Workload(
            "kube-system",
            "metrics-server",
            "Deployment",
            (Box("metrics-server", _eks("eks/metrics-server", "v0.8.0"), 100, 200, 0, 400, 10250),),
            hash="6f7dd4c4c4",
            service_account="metrics-server",
            priority_class=_CLUSTER_CRITICAL,
        ),
    ),
    (
        2,
        Workload(
            "karpenter",
            "karpenter",
            "Deployment",
            (
                Box(
                    "controller",
                    "public.ecr.aws/karpenter/controller:1.6.3",
                    250,
                    512,
                    1000,
                    1024,
                    8080,
                ),
            ),
            hash="84f9b6d5c7",
            service_account="karpenter",
            priority_class=_CLUSTER_CRITICAL,
        ),
    ),
    (
        1,
        Workload(
            "monitoring",
            "prometheus",
            "StatefulSet",
            (
                Box("prometheus", "quay.io/prometheus/prometheus:v3.6.0", 200, 512, 0, 2048, 9090),
                Box(
                    "config-reloader", "quay.io/prometheus-operator/config-reloader:v0.85.0", 10, 32
                ),
            ),
            hash="845b7fd6c9",
            volumes=_DATA,
        ),
    ),
)

_ENVOY = Box("envoy", "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.4", 50, 64, 0, 256, 9901)

FREE = (
    _shop("web", "2025.11.3", (100, 128, 500, 256, 8080), "7d876db474", 12, _ENVOY),
    _shop(
        "api",
        "4.18.0",
        (150, 256, 1000, 512, 8080),
        "679965c58f",
        10,
        _ENVOY,
        init=Box("migrate", _shop_image("api-migrate", "4.18.0"), 50, 64),
        config="api-settings",
        credentials="api-database",
    ),
    _shop("cart", "1.9.2", (100, 192, 500, 384, 8081), "5f8c7d9b64", 6),
    _shop("checkout", "3.2.1", (150, 256, 750, 512, 8082), "6c5b8d7f9", 6),
    _shop(
        "search",
        "0.44.0",
        (200, 512, 1000, 1024, 9200),
        "85d6bb7f44",
        4,
        volumes=(Volume("index", "/var/lib/search"),),
    ),
    Workload(
        "shop",
        "session-cache",
        "StatefulSet",
        (Box("valkey", "public.ecr.aws/valkey/valkey:8.1", 100, 256, 0, 512, 6379),),
        hash="696cd8f9b5",
        weight=2,
        volumes=_DATA,
    ),
    Workload(
        "payments",
        "ledger",
        "Deployment",
        (Box("ledger", f"{REGISTRY}/payments/ledger:7.1.0", 200, 384, 1000, 768, 8443),),
        hash="58b7c9dd4f",
        weight=4,
        credentials="ledger-database",
    ),
    Workload(
        "payments",
        "ledger-db",
        "StatefulSet",
        (Box("postgres", "public.ecr.aws/docker/library/postgres:17.6", 250, 512, 0, 1024, 5432),),
        hash="7b5d9c8f66",
        init=Box("init-chmod-data", "public.ecr.aws/docker/library/busybox:1.37", 10, 16),
        weight=1,
        volumes=_DATA,
        credentials="ledger-database",
    ),
    Workload(
        "monitoring",
        "grafana",
        "Deployment",
        (Box("grafana", "public.ecr.aws/docker/library/grafana:12.1.1", 100, 128, 0, 256, 3000),),
        hash="7f69c5b8d4",
        weight=1,
        volumes=(
            Volume("storage", "/var/lib/grafana"),
            Volume("config", "/etc/grafana", "configMap", "grafana-ini"),
        ),
        config="grafana-ini",
    ),
)

BATCH = Workload(
    "batch",
    "nightly-report",
    "Job",
    (Box("report", f"{REGISTRY}/batch/report:12", 100, 256, 1000, 512),),
)
SERVERLESS = Workload(
    "serverless",
    "webhook",
    "Deployment",
    (Box("webhook", f"{REGISTRY}/serverless/webhook:2.3.0", 250, 512, 250, 512, 8080),),
    hash="6d8f9c7b5",
    fargate=True,
)
# One pod each that stays in trouble, so that there is always something to find.
CRASHING = _shop("recommender", "0.3.0-rc2", (100, 256, 500, 256, 8085), "6bd9c7f5b8")
MISTAGGED = _shop("newsletter", "1.0.O", (50, 64, 0, 128, 8086), "5978d6c4fb")
TOO_LARGE = Workload(
    "batch",
    "model-train",
    "Deployment",
    (Box("train", f"{REGISTRY}/batch/train:3", 30_000, 131_072),),
    hash="bd7c8f569",
)
# Its pods don't exist: with that of TOO_LARGE they would exceed their namespace's quota.
OVER_QUOTA = Workload(
    "batch",
    "embeddings",
    "Deployment",
    (Box("embed", f"{REGISTRY}/batch/embed:5", 4000, 98_304),),
    hash="6f5d8b7c94",
)

DEBUG = Workload(
    "default",
    "debug-shell",
    "Pod",
    (Box("shell", "public.ecr.aws/docker/library/busybox:1.37", 10, 16),),
    volumes=(Volume("scratch", "/scratch"),),
)
"""A bare pod: nothing makes another when it is gone."""

NAMESPACES = (
    "default",
    "kube-system",
    "kube-node-lease",
    "kube-public",
    "shop",
    "payments",
    "monitoring",
    "batch",
    "karpenter",
    "serverless",
    "argocd",
    "flux-system",
)
