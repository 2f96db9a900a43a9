"""The APIServices: which group versions the API server answers itself, and which others do."""

from collections.abc import Iterator
from typing import Any

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.plain_objects import Plain
from eksview_demo.storage.resources import ALL, API_SERVICES
from eksview_demo.storage.template import rfc3339

OLD = 90 * 86_400.0  # seconds since the cluster was made
_REVIEWS = ("authentication.k8s.io/v1", "authorization.k8s.io/v1")
_SERVED = {
    "metrics.k8s.io/v1beta1": "metrics-server",
    "metrics.eks.amazonaws.com/v1": "eks-extension-metrics-api",
}


def objects(created: float) -> Iterator[Plain]:
    """Yield one for each group version."""
    stored = dict.fromkeys(each.api_version for each in ALL)
    for group_version in (*stored, *_REVIEWS, *_SERVED):
        yield of(group_version, created)


def of(group_version: str, at: float, down: bool = False) -> Plain:
    """Return the APIService of a group version; `down`: its service doesn't answer, since `at`."""
    group, _, version = group_version.rpartition("/")
    service = _SERVED.get(group_version)
    spec: dict[str, Any] = {"groupPriorityMinimum": 100, "version": version, "versionPriority": 100}
    spec |= {"group": group} if group else {}
    reason, message = "Local", "Local APIServices are always available"
    if service is not None:
        spec["service"] = {"namespace": "kube-system", "name": service, "port": 443}
        reason, message = "Passed", "all checks passed"
    if down:
        reason = "FailedDiscoveryCheck"
        message = "failing or missing response from the service: context deadline exceeded"
    condition = {
        "type": "Available",
        "status": "False" if down else "True",
        "lastTransitionTime": rfc3339(at),
        "reason": reason,
        "message": message,
    }
    body = {"spec": spec, "status": {"conditions": [condition]}}
    return Plain(API_SERVICES, "", f"{version}.{group}", body)


def switch(cluster: DemoCluster, group_version: str, down: bool) -> None:
    """Store that the service of a group version doesn't answer any more, or that it does again."""
    now = cluster.clock()
    plain = of(group_version, now, down)
    uid = cluster.names.stable(plain.resource.kind, "", plain.name)
    cluster.storage.put(API_SERVICES, plain.draft(uid, now - OLD))
