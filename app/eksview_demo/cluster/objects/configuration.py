"""Secrets, ConfigMaps and ServiceAccounts. No value here opens anything."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from eksview_demo.cluster.objects.plain_objects import Plain
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage.resources import CONFIG_MAPS, SECRETS, SERVICE_ACCOUNTS

_ROOT_CA = "kube-root-ca.crt"
_HELM = {"owner": "helm", "status": "deployed"}


def objects(namespaces: Iterable[str], workloads: Iterable[Workload]) -> Iterator[Plain]:
    """Yield what each namespace has, and what the workloads refer to."""
    accounts = {(namespace, "default") for namespace in namespaces}
    for namespace in namespaces:
        yield Plain(CONFIG_MAPS, namespace, _ROOT_CA, {"data": {"ca.crt": "(the demo's own)\n"}})
    for workload in workloads:
        accounts.add((workload.namespace, workload.service_account))
        if workload.config:
            data = {"LOG_FORMAT": "json", "REGION": "us-west-2"}
            yield Plain(CONFIG_MAPS, workload.namespace, workload.config, {"data": data})
        if workload.credentials:
            yield _secret(
                workload.namespace, workload.credentials, "Opaque", "username", "password"
            )
    for namespace, name in sorted(accounts):
        yield Plain(SERVICE_ACCOUNTS, namespace, name, {})
    yield _secret("shop", "shop-example-com", "kubernetes.io/tls", "tls.crt", "tls.key")
    yield _secret("shop", "registry", "kubernetes.io/dockerconfigjson", ".dockerconfigjson")
    yield from _releases("karpenter", "karpenter", 4)
    yield from _releases("monitoring", "kube-prometheus-stack", 11)


def _secret(
    namespace: str, name: str, kind: str, *keys: str, labels: dict[str, str] | None = None
) -> Plain:
    value = base64.b64encode(b"not-a-secret-of-anything").decode()
    body: dict[str, Any] = {"data": dict.fromkeys(keys, value), "type": kind}
    return Plain(SECRETS, namespace, name, body, labels or {}, fields=(kind,))


def _releases(namespace: str, name: str, revision: int) -> Iterator[Plain]:
    """Yield the Secrets in which Helm keeps the last two revisions of a release."""
    for number in (revision - 1, revision):
        labels = _HELM | {"name": name, "version": str(number)}
        if number < revision:
            labels["status"] = "superseded"
        kind, release = "helm.sh/release.v1", f"sh.helm.release.v1.{name}.v{number}"
        yield _secret(namespace, release, kind, "release", labels=labels)
