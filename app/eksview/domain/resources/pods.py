"""Pods: their row and how they are printed. `domain.kube.pod_status` makes the text of STATUS.

Strings that many rows have in common (namespace, node, labels, owner) are interned, so 150,000 pods
hold one of each.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from eksview.domain.base.age import parse_time
from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview.domain.base.text import EMPTY, Clean, clean_names, interned, shared, shared_name
from eksview.domain.kube.api_types import (
    Container,
    Owner,
    Pod,
    PodCond,
    PodSpec,
    PodStatus,
    Quantities,
    Resources,
    labels_text,
)
from eksview.domain.kube.pod_status import has_failed, is_sidecar, printed
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind, PodRow, Requests
from eksview.domain.tables.column import PodContext
from eksview.domain.tables.pod_columns import POD_COLUMNS

_Side = Literal["requests", "limits"]


@lru_cache(maxsize=16384)
def shared_requests(cpu: int, memory: int, cpu_limit: int, memory_limit: int) -> Requests:
    """Return the `Requests` of these amounts, shared by the pods of a template."""
    return Requests(cpu, memory, cpu_limit, memory_limit)


def requests_of(spec: PodSpec | None) -> Requests:
    """Return the requests and limits of a pod, as the scheduler and `kubectl describe node` count.

    Source: component-helpers `resource.PodRequests` and `PodLimits`. Containers add up; of the init
    containers the largest counts, beside the sidecars started before it. Amounts for the pod as a
    whole replace the sum; overhead comes on top, for limits only where there is one.
    """
    if spec is None or not spec.containers:
        return shared_requests(0, 0, 0, 0)
    if spec.init_containers or spec.overhead or spec.resources or len(spec.containers) > 1:
        return shared_requests(*_total(spec, "requests"), *_total(spec, "limits"))
    resources = spec.containers[0].resources
    if resources is None:
        return shared_requests(0, 0, 0, 0)
    return shared_requests(*_amounts(resources.requests), *_amounts(resources.limits))


def _total(spec: PodSpec, side: _Side) -> tuple[int, int]:
    cpu, memory = _together(spec.containers or (), side)
    if spec.init_containers:
        cpu, memory = _with_init(cpu, memory, spec.init_containers, side)
    whole = _side(spec.resources, side)
    if whole is not None:
        cpu = cpu_milli(whole.cpu) if whole.cpu else cpu
        memory = size_bytes(whole.memory) if whole.memory else memory
    if spec.overhead is None:
        return cpu, memory
    more_cpu, more_memory = _amounts(spec.overhead)
    always = side == "requests"
    return cpu + more_cpu * (always or cpu > 0), memory + more_memory * (always or memory > 0)


def _together(containers: Iterable[Container], side: _Side) -> tuple[int, int]:
    cpu = memory = 0
    for container in containers:
        more_cpu, more_memory = _amounts(_side(container.resources, side))
        cpu += more_cpu
        memory += more_memory
    return cpu, memory


def _with_init(cpu: int, memory: int, init: Iterable[Container], side: _Side) -> tuple[int, int]:
    beside_cpu = beside_memory = most_cpu = most_memory = 0
    for container in init:
        own_cpu, own_memory = _amounts(_side(container.resources, side))
        most_cpu = max(most_cpu, beside_cpu + own_cpu)
        most_memory = max(most_memory, beside_memory + own_memory)
        if is_sidecar(container):
            beside_cpu += own_cpu
            beside_memory += own_memory
    return max(cpu + beside_cpu, most_cpu), max(memory + beside_memory, most_memory)


def _side(resources: Resources | None, side: _Side) -> Quantities | None:
    if resources is None:
        return None
    return resources.requests if side == "requests" else resources.limits


def _amounts(quantities: Quantities | None) -> tuple[int, int]:
    if quantities is None:
        return 0, 0
    return cpu_milli(quantities.cpu or ""), size_bytes(quantities.memory or "")


_status = lru_cache(1024)(shared)
_NO_POD_SPEC, _NO_POD_STATUS = PodSpec(), PodStatus()


def pod_row(pod: Pod) -> PodRow:
    """Return a pod's row, with the text that kubectl prints of it."""
    meta, spec, status = pod.metadata, pod.spec or _NO_POD_SPEC, pod.status or _NO_POD_STATUS
    cells = printed(pod)
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
        owner=shared_name(_owner(meta.owner_references)),
        counted=status.phase not in ("Succeeded", "Failed"),
        nominated=interned(nominated),
        gates=_gates(spec, status.conditions) if spec.readiness_gates else EMPTY,
        older=tuple((minor, shared(text)) for minor, text in cells.older) if cells.older else (),
        failed=has_failed(pod),
    )


def _owner(owners: list[Owner] | None) -> str:
    for owner in owners or ():
        if owner.controller:
            return f"{owner.kind}/{owner.name}"
    return ""


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
