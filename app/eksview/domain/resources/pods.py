"""Pods: their row and how they are printed. `domain.kube.pod_status` makes the text of STATUS.

Strings that many rows have in common (namespace, node, labels, owner) are interned, so 150,000 pods
hold one of each.
"""

from functools import lru_cache

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import EMPTY, Clean, clean_names, interned, shared, shared_name
from eksview.domain.kube.api_types import (
    Pod,
    PodCond,
    PodSpec,
    PodStatus,
    labels_text,
)
from eksview.domain.kube.pod_requests import requests_of
from eksview.domain.kube.pod_status import has_failed, printed
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind, PodRow
from eksview.domain.tables.column import PodContext
from eksview.domain.tables.pod_columns import POD_COLUMNS

_status = lru_cache(1024)(shared)
_NO_POD_SPEC, _NO_POD_STATUS = PodSpec(), PodStatus()


def pod_row(pod: Pod) -> PodRow:
    """Return a pod's row, with the text that kubectl prints of it."""
    meta, spec, status = pod.metadata, pod.spec or _NO_POD_SPEC, pod.status or _NO_POD_STATUS
    cells, owner = printed(pod), meta.controller
    uid, namespace, name, node, ip, nominated = clean_names(
        meta.uid,
        meta.namespace,
        meta.name,
        spec.node_name,
        status.pod_ips[0].ip if status.pod_ips else "",
        status.nominated_node_name or "",
    )
    return PodRow(
        uid=uid,
        namespace=interned(namespace),
        name=name,
        node=interned(node),
        status=_status(cells.status),
        ready=cells.ready,
        containers=cells.containers,
        restarts=cells.restarts,
        restarted=cells.restarted,
        created=parse_time(meta.creation_timestamp) or 0.0,
        ip=ip,
        requests=requests_of(spec),
        labels=shared_name(labels_text(meta.labels)),
        owner=shared_name(f"{owner.kind}/{owner.name}") if owner else EMPTY,
        counted=status.phase not in ("Succeeded", "Failed"),
        nominated=interned(nominated),
        gates=_gates(spec, status.conditions) if spec.readiness_gates else EMPTY,
        older=tuple((minor, shared(text)) for minor, text in cells.older) if cells.older else (),
        failed=has_failed(pod),
        owner_api=shared(owner.api_version) if owner else EMPTY,
        owner_uid=shared_name(owner.uid) if owner else EMPTY,
        pending=status.phase == "Pending",
    )


def _gates(spec: PodSpec, conditions: list[PodCond] | None) -> Clean:
    """Return how many readiness gates have passed, of all: `1/2`."""
    gates = spec.readiness_gates or ()
    states = {cond.type: cond.status for cond in reversed(conditions or ())}
    passed = sum(states.get(gate.condition_type) == "True" for gate in gates)
    return shared(f"{passed}/{len(gates)}")


RESOURCE = Resource(
    kind=Kind.POD,
    object_kind="Pod",
    shape=Pod,
    row=pod_row,
    get=("pods", "pod", "po"),
    columns=POD_COLUMNS,
    context=PodContext,
)
