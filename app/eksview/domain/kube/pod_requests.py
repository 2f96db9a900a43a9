"""The requests and limits of a pod, as the scheduler and `kubectl describe node` count them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview.domain.kube.api_types import Container, PodSpec, Quantities, Resources
from eksview.domain.kube.pod_status import is_sidecar
from eksview.domain.rows.kube import Requests

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
