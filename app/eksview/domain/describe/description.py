"""The description of an object: in kubectl's words for its kind, else field by field."""

from collections.abc import Callable, Mapping

from eksview.domain.describe import core_kinds, workloads
from eksview.domain.describe.alignment import aligned
from eksview.domain.describe.common import Json, Lines, Related, event_table, word
from eksview.domain.describe.generic import describe_generic

_KINDS: Mapping[tuple[str, str], Callable[[Json, Related], Lines]] = {
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("batch", "Job"): workloads.job,
    ("batch", "CronJob"): workloads.cron_job,
    ("", "Service"): core_kinds.service,
    ("", "PersistentVolumeClaim"): core_kinds.claim,
    ("", "Namespace"): core_kinds.namespace,
    ("networking.k8s.io", "Ingress"): core_kinds.ingress,
    ("", "ConfigMap"): core_kinds.config_map,
    ("", "Secret"): core_kinds.secret,
}
_WITHOUT_EVENTS = frozenset({("", "Namespace"), ("", "Secret")})
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
