"""The queries of usage over time and their answers. Pure.

Source: Prometheus documentation, "HTTP API" (range queries); the metrics are those of cadvisor and
node-exporter, named and labelled as kube-prometheus does. Where there is no node-exporter, the
kubelet's own cadvisor has the whole node under the id `/`.
"""

import re
from collections.abc import Iterator
from math import isfinite
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from eksview.domain.base.errors import UserError
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.go_json import UNREAD

MOST_BYTES = 2 * 1024 * 1024
"""Bytes of an answer that are read: 200 points take about 6 KB."""
MOST_POINTS = 200
MOST_WARNINGS = 3
CPU, MEMORY = "cpu", "memory"
LABELS = ("app.kubernetes.io/name=prometheus", "app=kube-prometheus-stack-prometheus")
"""Labels of the services of Prometheus, of the operator's and of the community's chart."""
_SERVICE = re.compile(r"([a-z0-9-]+)/(?:(https?):)?([a-z0-9-]+):(\w[\w-]*)")
_AMP = re.compile(r"aps-workspaces\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")


class Window(Struct, frozen=True):
    """A time back from now, and the seconds between two points of it."""

    label: str
    seconds: int
    step: int


WINDOWS = (
    Window("last hour", 3600, 30),
    Window("last day", 86_400, 600),
    Window("last week", 604_800, 3600),
)


class Series(Struct, frozen=True):
    """Points by time, in cores or bytes; a time without a figure has no point.

    `warnings` are those of Prometheus, such as that the answer is partial.
    """

    window: Window
    end: float
    points: tuple[tuple[float, float], ...] = ()
    warnings: tuple[Clean, ...] = ()


class UsageHistory(Struct, frozen=True):
    """The CPU and memory of an object in each window, and where they were read."""

    source: str
    cpu: tuple[Series, ...]
    memory: tuple[Series, ...]

    @property
    def empty(self) -> bool:
        """Return whether there is no figure in any window."""
        return not any(series.points for series in (*self.cpu, *self.memory))

    @property
    def warnings(self) -> tuple[Clean, ...]:
        """Return the warnings of all answers, each once."""
        answers = (*self.cpu, *self.memory)
        return tuple(dict.fromkeys(text for series in answers for text in series.warnings))


class Endpoint(Struct, frozen=True):
    """A Prometheus: the path through the API server, or a URL, with a region for SigV4."""

    path: str = ""
    url: str = ""
    region: str = ""

    @property
    def name(self) -> str:
        """Return its name without credentials."""
        return clean(mask(self.url or self.path.partition("/api/v1/")[2]))


def endpoint_of(text: str) -> Endpoint | None:
    """Return the endpoint of an option: a URL, or NAMESPACE/[SCHEME:]SERVICE:PORT; else None."""
    if match := _SERVICE.fullmatch(text):
        namespace, scheme, service, port = match.groups()
        return service_endpoint(namespace, service, port, scheme or "")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    amp = _AMP.fullmatch(parts.hostname)
    return Endpoint(url=text.rstrip("/"), region=amp[1] if amp else "")


def service_endpoint(namespace: str, service: str, port: str, scheme: str = "") -> Endpoint:
    """Return a service behind the API server's proxy."""
    named = f"{scheme}:{service}:{port}" if scheme else f"{service}:{port}"
    return Endpoint(path=f"/api/v1/namespaces/{namespace}/services/{named}/proxy")


def range_query(expression: str, window: Window, end: float) -> dict[str, str]:
    """Return the parameters of a range query; times are whole steps, so that caches help."""
    last = int(end // window.step * window.step)
    first = last - window.seconds
    return {"query": expression, "start": str(first), "end": str(last), "step": str(window.step)}


def node_queries(name: str, address: str, window: Window) -> dict[str, str]:
    """Return the expressions of a node's cores and bytes, by node-exporter, else by cadvisor."""
    names = "|".join(re.escape(each).replace("\\", "\\\\") for each in (name, address) if each)
    where, over = f'instance=~"({names})(:[0-9]+)?"', _over(window)
    busy = 'mode!~"idle|iowait|steal"'
    return {
        CPU: f"sum(rate(node_cpu_seconds_total{{{busy},{where}}}[{over}])) or "
        f'sum(rate(container_cpu_usage_seconds_total{{id="/",{where}}}[{over}]))',
        MEMORY: f"sum(node_memory_MemTotal_bytes{{{where}}} - "
        f"node_memory_MemAvailable_bytes{{{where}}}) or "
        f'sum(container_memory_working_set_bytes{{id="/",{where}}})',
    }


def pod_queries(namespace: str, name: str, window: Window) -> dict[str, str]:
    """Return the expressions of a pod's cores and bytes: its containers, else its whole cgroup."""
    where, over = f'namespace="{namespace}",pod="{name}"', _over(window)
    boxes, whole = f'{where},container!="",container!="POD"', f'{where},container=""'
    return {
        CPU: f"sum(rate(container_cpu_usage_seconds_total{{{boxes}}}[{over}])) or "
        f"sum(rate(container_cpu_usage_seconds_total{{{whole}}}[{over}]))",
        MEMORY: f"sum(container_memory_working_set_bytes{{{boxes}}}) or "
        f"sum(container_memory_working_set_bytes{{{whole}}})",
    }


def _over(window: Window) -> str:
    """Return the range of a rate: no shorter than a step, so that no time is left out."""
    return f"{max(300, window.step) // 60}m"


class _Result(Struct):
    values: list[tuple[float, str]] = []


class _Data(Struct):
    result: list[_Result] = []


class _QueryAnswer(Struct):
    status: str = ""
    error: str = ""
    warnings: list[str] | None = None
    data: _Data | None = None


_ANSWER = msgspec.json.Decoder(_QueryAnswer)


def decoded(body: bytes, window: Window, end: float) -> Series:
    """Return the points of an answer in their order. Raises `UserError` with a sentence."""
    try:
        answer = _ANSWER.decode(body)
    except UNREAD:
        kind = "a web page" if body.lstrip()[:1] == b"<" else "something else than its JSON"
        raise UserError(f"Prometheus answered with {kind}: check the option prometheus.") from None
    if answer.status != "success" or answer.data is None:
        reason = clean(mask(answer.error))[:200] or "no reason given"
        raise UserError(f"Prometheus refused the query: {reason}.")
    points = dict(_figures(answer.data)) if answer.data.result else {}
    if len(points) > MOST_POINTS:
        raise UserError(f"Prometheus answered with {len(points):,} points; {MOST_POINTS} fit.")
    warnings = tuple(clean(mask(text)[:200]) for text in (answer.warnings or ())[:MOST_WARNINGS])
    return Series(window, end, tuple(sorted(points.items())), warnings)


def _figures(data: _Data) -> Iterator[tuple[float, float]]:
    for at, text in data.result[0].values:
        try:
            value = float(text)
        except ValueError:
            continue
        if isfinite(value) and value >= 0.0:
            yield at, value
