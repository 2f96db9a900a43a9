"""Usage of pods, as metrics.k8s.io has it. It is read only while a screen shows pods.

Source: the API type PodMetrics (metrics.k8s.io/v1beta1). metrics-server knows no pages.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from typing import Any

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.quantity import quantity
from eksview.domain.base.text import clean_names
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.kube.api_types import Meta
from eksview.domain.kube.go_json import Quantity
from eksview.domain.live import polled
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind, PodUsageRow
from eksview.domain.rows.usage_age import RESOLUTION

NANO = 10**9
_KIBI = 1024
_time = lru_cache(8192)(parse_time)  # the pods of a node share one


class ContainerUsage(Struct, gc=False):
    """The usage of a container, in quantities."""

    name: str = ""
    usage: dict[str, Quantity] | None = None


class PodMetrics(Struct, gc=False):
    metadata: Meta = field(default_factory=Meta)
    timestamp: str | None = None
    containers: list[ContainerUsage] | None = None


def figures(usage: Mapping[str, Quantity] | None) -> tuple[int | None, int | None]:
    """Return CPU in nano-cores and memory in bytes; None for what is missing or no quantity."""
    used = usage or {}
    return _nano_cores(used.get("cpu", "")), _bytes(used.get("memory", ""))


def amounts(usage: Mapping[str, Quantity] | None) -> tuple[int, int] | None:
    """Return CPU in nano-cores and memory in bytes; None without both."""
    cpu, memory = figures(usage)
    return None if cpu is None or memory is None else (cpu, memory)


def milli_cores(nano_cores: int) -> int:
    """Return CPU rounded up, as `kubectl top` does."""
    return -(-nano_cores * 1000 // NANO)


def pod_usage_row(item: PodMetrics) -> PodUsageRow | None:
    """Return a pod's reading; None without a time or a figure, which would look like no usage.

    The containers are added up before CPU is rounded up to milli-cores, as `kubectl top` does.
    """
    at = _time(item.timestamp)
    parts = [amounts(container.usage) for container in item.containers or ()]
    known = [part for part in parts if part is not None]
    if at is None or not known or len(known) < len(parts):
        return None
    (key,) = clean_names(f"{item.metadata.namespace}/{item.metadata.name}")
    cpu = milli_cores(sum(part[0] for part in known))
    return PodUsageRow(key, at, cpu, sum(part[1] for part in known))


def _nano_cores(text: str) -> int | None:
    # As metrics-server writes it, which is read faster so.
    if text.endswith("n") and (nano_cores := whole_number_of(text[:-1])) is not None:
        return nano_cores
    cores = quantity(text)
    return None if cores is None else ceil(cores * NANO)


def _bytes(text: str) -> int | None:
    if text.endswith("Ki") and (kibibytes := whole_number_of(text[:-2])) is not None:
        return kibibytes * _KIBI
    size = quantity(text)
    return None if size is None else ceil(size)


RESOURCE: Resource[PodMetrics, Any] = Resource(
    kind=Kind.POD_USAGE,
    object_kind="PodMetrics",
    shape=PodMetrics,
    row=pod_usage_row,
    api="metrics.k8s.io/v1beta1",
    plural="pods",
    link=polled.POD_USAGE,
    period=RESOLUTION,
    optional=True,
)
