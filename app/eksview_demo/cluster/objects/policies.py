"""Objects that rule over namespaces and the cluster: quotas, limits, priorities, network policies,
ingresses and storage classes."""

from collections.abc import Iterable, Iterator
from typing import Any

from eksview_demo.cluster.objects import quotas
from eksview_demo.cluster.objects.plain_objects import Plain
from eksview_demo.storage.resources import (
    INGRESS_CLASSES,
    INGRESSES,
    LIMIT_RANGES,
    NETWORK_POLICIES,
    PRIORITY_CLASSES,
    QUOTAS,
    STORAGE_CLASSES,
)

_PREEMPT = "PreemptLowerPriority"
_DEFAULT = "storageclass.kubernetes.io/is-default-class"


def objects(namespaces: Iterable[str]) -> Iterator[Plain]:
    """Yield them all; teams' namespaces have a quota and a network policy each."""
    for namespace in namespaces:
        if namespace in ("shop", "payments", "batch") or namespace.startswith("team-"):
            yield from _ruled(namespace)
    yield from _network_policies()
    yield from _ingresses()
    yield from _classes()


def _ruled(namespace: str) -> Iterator[Plain]:
    used = quotas.used(namespace)
    body = {"spec": {"hard": quotas.HARD}, "status": {"hard": quotas.HARD, "used": used}}
    yield Plain(QUOTAS, namespace, quotas.NAME, body)
    limit = {
        "type": "Container",
        "default": {"memory": "512Mi"},
        "defaultRequest": {"cpu": "100m", "memory": "128Mi"},
    }
    yield Plain(LIMIT_RANGES, namespace, "defaults", {"spec": {"limits": [limit]}})
    deny: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress"]}
    yield Plain(NETWORK_POLICIES, namespace, "default-deny", {"spec": deny})


def _network_policies() -> Iterator[Plain]:
    for namespace, name, source in (
        ("shop", "api", "web"),
        ("shop", "cart", "api"),
        ("payments", "ledger-db", "ledger"),
    ):
        peer = {"podSelector": {"matchLabels": {"app": source}}}
        spec = {
            "podSelector": {"matchLabels": {"app": name}},
            "ingress": [{"from": [peer]}],
            "policyTypes": ["Ingress"],
        }
        yield Plain(NETWORK_POLICIES, namespace, f"{name}-from-{source}", {"spec": spec})


def _ingresses() -> Iterator[Plain]:
    for namespace, name, host, port, tls in (
        ("shop", "web", "shop.example.com", 8080, True),
        ("monitoring", "grafana", "grafana.example.com", 3000, False),
    ):
        backend = {"service": {"name": name, "port": {"number": port}}}
        paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
        spec: dict[str, Any] = {"ingressClassName": "alb"}
        if tls:
            spec["tls"] = [{"hosts": [host], "secretName": "shop-example-com"}]
        spec["rules"] = [{"host": host, "http": {"paths": paths}}]
        balancer = f"k8s-{namespace}-{name}-1f0c2d7a91-1203984571.us-west-2.elb.amazonaws.com"
        status = {"loadBalancer": {"ingress": [{"hostname": balancer}]}}
        scheme = {"alb.ingress.kubernetes.io/scheme": "internet-facing"}
        body = {"spec": spec, "status": status}
        yield Plain(INGRESSES, namespace, name, body, annotations=scheme)


def _classes() -> Iterator[Plain]:
    yield Plain(INGRESS_CLASSES, "", "alb", {"spec": {"controller": "ingress.k8s.aws/alb"}})
    for name, value, default, policy in (
        ("system-node-critical", 2_000_001_000, False, _PREEMPT),
        ("system-cluster-critical", 2_000_000_000, False, _PREEMPT),
        ("shop-default", 1000, True, _PREEMPT),
        ("batch", -10, False, "Never"),
    ):
        body: dict[str, Any] = {"value": value, "preemptionPolicy": policy}
        body |= {"globalDefault": True} if default else {}
        yield Plain(PRIORITY_CLASSES, "", name, body)
    for name, provisioner, default in (
        ("gp2", "kubernetes.io/aws-ebs", False),
        ("gp3", "ebs.csi.aws.com", True),
        ("efs", "efs.csi.aws.com", False),
    ):
        body = {
            "provisioner": provisioner,
            "parameters": {"type": name},
            "reclaimPolicy": "Delete",
            "allowVolumeExpansion": name == "gp3",
            "volumeBindingMode": "Immediate" if name == "efs" else "WaitForFirstConsumer",
        }
        if not body["allowVolumeExpansion"]:
            del body["allowVolumeExpansion"]
        marks = {_DEFAULT: "true"} if default else {}
        yield Plain(STORAGE_CLASSES, "", name, body, annotations=marks)
