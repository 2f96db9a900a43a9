"""The usage of each container of an opened pod, beside its requests and limits."""

from collections.abc import Callable

from eksview.domain.base.age import human_duration, parse_time
from eksview.domain.base.json_values import Json
from eksview.domain.base.quantity import cpu_milli, percent, show_cpu, show_size, size_bytes
from eksview.domain.kube.go_json import fitting
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.polled import USAGE
from eksview.domain.resources.pod_usage import (
    RESOURCE,
    PodMetrics,
    amounts,
    milli_cores,
    pod_usage_row,
)
from eksview.domain.rows.kube import PodRow
from eksview.domain.rows.link import Phase
from eksview.domain.rows.usage_age import KEPT, RESOLUTION
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.view import View
from eksview.ui.text.object_fields import text


class ContainerFigures:
    """The figures of one pod, read while its containers or its usage over time are on screen."""

    def __init__(self, view: View, row: PodRow) -> None:
        self._view = view
        self.ref = ObjectRef(
            RESOURCE.api, RESOURCE.object_kind, RESOURCE.name, row.name, row.namespace
        )
        self._fetch: Fetch[PodMetrics] = Fetch(self._read, view.clock, period=RESOLUTION)
        self.ask = self._fetch.ask

    def due(self, row: PodRow) -> bool:
        """Return whether to read it now: not of what has ended, nor without a metrics API."""
        link = self._view.store.links.get(USAGE)
        absent = link is not None and link.phase is Phase.OFF
        return row.counted and bool(row.node) and not absent and self._fetch.due(self.ref)

    async def _read(self) -> PodMetrics:
        metrics = fitting(await self._view.backend.fetch_object(self.ref), PodMetrics)
        if row := pod_usage_row(metrics):
            self._view.store.usage_rings.add_pod(row)
        return metrics

    def text_of(self, container: Json, now: float) -> str:
        """Return the usage of a container in words; empty where it was never read."""
        metrics = self._fetch.result
        at = parse_time(metrics.timestamp) if metrics is not None else None
        if metrics is None or at is None or now - at >= KEPT:
            return f"unknown: {self._fetch.problem}" if self._fetch.problem else ""
        name = text(container, "name")
        read = next((each for each in metrics.containers or () if each.name == name), None)
        used = amounts(read.usage) if read is not None else None
        if used is None:
            return "unknown: metrics.k8s.io has no figure of it"
        return f"{usage_text(container, milli_cores(used[0]), used[1])}, {_old(now - at)}"


def _old(seconds: float) -> str:
    return f"{human_duration(seconds)} old"


def usage_text(container: Json, cpu: int, memory: int) -> str:
    """Return `cpu 57m (23% of request), memory 170Mi (66% of request, 33% of limit)`."""
    parts = (
        f"cpu {show_cpu(cpu)}{_shares(container, 'cpu', cpu, cpu_milli)}",
        f"memory {show_size(memory)}{_shares(container, 'memory', memory, size_bytes)}",
    )
    return ", ".join(parts)


def _shares(container: Json, name: str, used: int, read: Callable[[str], int]) -> str:
    shares = []
    for side, word in (("requests", "request"), ("limits", "limit")):
        amount = text(container, "resources", side, name)
        share = percent(used, read(amount))
        if share is not None:
            shares.append(f"{share}% of {word}")
    return f" ({', '.join(shares)})" if shares else ""
