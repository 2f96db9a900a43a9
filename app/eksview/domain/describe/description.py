"""The description of an object: in kubectl's words for its kind, else field by field."""

from collections.abc import Callable, Mapping

from eksview.domain.base.json_values import Json, word
from eksview.domain.describe import (
    autoscaling,
    claims,
    core_kinds,
    policies,
    rights,
    signing_requests,
    small_kinds,
    storage,
    workloads,
)
from eksview.domain.describe.alignment import aligned
from eksview.domain.describe.common import Lines, Related, event_table
from eksview.domain.describe.generic import describe_generic

_RBAC = "rbac.authorization.k8s.io"
_KINDS: Mapping[tuple[str, str], Callable[[Json, Related], Lines]] = {
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("", "ReplicationController"): workloads.replication_controller,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("batch", "Job"): workloads.job,
    ("batch", "CronJob"): workloads.cron_job,
    ("", "Service"): core_kinds.service,
    ("", "PersistentVolumeClaim"): claims.claim,
    ("", "Namespace"): core_kinds.namespace,
    ("networking.k8s.io", "Ingress"): core_kinds.ingress,
    ("", "ConfigMap"): core_kinds.config_map,
    ("", "Secret"): core_kinds.secret,
    ("", "ServiceAccount"): rights.service_account,
    ("", "PersistentVolume"): storage.persistent_volume,
    ("", "ResourceQuota"): policies.resource_quota,
    ("", "LimitRange"): policies.limit_range,
    ("policy", "PodDisruptionBudget"): policies.disruption_budget,
    ("networking.k8s.io", "NetworkPolicy"): policies.network_policy,
    ("networking.k8s.io", "IngressClass"): small_kinds.ingress_class,
    ("networking.k8s.io", "IPAddress"): small_kinds.ip_address,
    ("networking.k8s.io", "ServiceCIDR"): small_kinds.service_cidr,
    ("", "Endpoints"): small_kinds.endpoints,
    ("discovery.k8s.io", "EndpointSlice"): small_kinds.endpoint_slice,
    ("scheduling.k8s.io", "PriorityClass"): small_kinds.priority_class,
    ("storage.k8s.io", "StorageClass"): storage.storage_class,
    ("storage.k8s.io", "CSINode"): storage.csi_node,
    ("storage.k8s.io", "VolumeAttributesClass"): storage.attributes_class,
    ("autoscaling", "HorizontalPodAutoscaler"): autoscaling.autoscaler,
    ("certificates.k8s.io", "CertificateSigningRequest"): signing_requests.signing_request,
    (_RBAC, "Role"): rights.role,
    (_RBAC, "ClusterRole"): rights.role,
    (_RBAC, "RoleBinding"): rights.role_binding,
    (_RBAC, "ClusterRoleBinding"): rights.role_binding,
}
_WITHOUT_EVENTS = frozenset(
    {
        ("", "Namespace"),
        ("", "Secret"),
        ("", "ResourceQuota"),
        ("", "LimitRange"),
        ("networking.k8s.io", "NetworkPolicy"),
        (_RBAC, "Role"),
        (_RBAC, "ClusterRole"),
        (_RBAC, "RoleBinding"),
        (_RBAC, "ClusterRoleBinding"),
    }
)
"""Kinds of which kubectl prints no events."""


def described(whole: Json, related: Related) -> list[str]:
    """Return the lines of `kubectl describe`, aligned; they aren't clean yet."""
    group, _, _ = word(whole, "apiVersion").rpartition("/")
    kind = group, word(whole, "kind")
    own = _KINDS.get(kind)
    parts = list(describe_generic(whole) if own is None else own(whole, related))
    events = () if kind in _WITHOUT_EVENTS else related.events
    if events is not None and not events and kind not in _WITHOUT_EVENTS:
        parts.append("Events:\t<none>")
    lines = aligned(line for part in parts for line in part.split("\n"))
    return [*lines, *aligned(event_table(events or (), related.now))]
