"""Prometheus behind the API server's proxy of services: range queries of nodes' and pods' usage.

Source: Prometheus documentation, "HTTP API". Of PromQL it has what names one node (`instance=~`) or
one pod (`namespace=`, `pod=`), and whether CPU or memory is wanted; the figures are those of the
metrics API at each time.
"""

import re
from collections.abc import Iterator, Mapping

from aiohttp import web

from eksview_demo.api import access, answers
from eksview_demo.api.access import User
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.load import Load, node_load_at, pod_load
from eksview_demo.cluster.objects.authorizer import Attributes

NAMESPACE = "monitoring"
_PATH = re.compile(
    rf"/api/v1/namespaces/{NAMESPACE}/services/(?:http:)?"
    r"((?:kube-prometheus-stack-)?prometheus:(?:main|http-web|9090))/proxy/api/v1/query_range"
)
_MOST = 11_000
_NODE = re.compile(r'instance=~"\(([^|)]+)')
_POD = re.compile(r'namespace="([^"]+)",pod="([^"]+)"')
_MIB = 1024 * 1024


def asks(path: str) -> bool:
    """Return whether a path is a range query to this service."""
    return _PATH.fullmatch(path) is not None


def answer(cluster: DemoCluster, user: User, query: Mapping[str, str]) -> web.Response:
    """Return the answer of Prometheus. Raises StatusError."""
    access.check(user, Attributes("get", "services/proxy", "", NAMESPACE))
    expression = query.get("query", "")
    start, end = float(query.get("start", "0")), float(query.get("end", "0"))
    step = float(query.get("step", "0") or 0)
    if step <= 0 or end < start:
        return _refused('invalid parameter "step": zero or negative query resolution step widths')
    if (end - start) / step > _MOST:
        return _refused("exceeded maximum resolution of 11,000 points per timeseries")
    times = (start + number * step for number in range(int((end - start) / step) + 1))
    values = list(_values(cluster, expression, times))
    result = [{"metric": {}, "values": values}] if values else []
    return answers.json({"status": "success", "data": {"resultType": "matrix", "result": result}})


def _refused(reason: str) -> web.Response:
    return answers.json({"status": "error", "errorType": "bad_data", "error": reason}, 400)


def _values(
    cluster: DemoCluster, expression: str, times: Iterator[float]
) -> Iterator[tuple[float, str]]:
    cpu = "cpu" in expression
    for at, load in _loads(cluster, expression, times):
        yield at, f"{load.cpu / 1000 if cpu else load.memory * _MIB:.6g}"


def _loads(
    cluster: DemoCluster, expression: str, times: Iterator[float]
) -> Iterator[tuple[float, Load]]:
    """Yield the load of the node or pod that an expression names; none before it was there."""
    if match := _NODE.search(expression):
        node = cluster.nodes.get(match[1].replace("\\", ""))
        if node is not None:
            node_loads = ((at, node_load_at(node, at)) for at in times)
            yield from ((at, load) for at, load in node_loads if load is not None)
    elif match := _POD.search(expression):
        pod = cluster.pods.get(f"{match[1]}/{match[2]}")
        if pod is not None:
            begun = pod.started or pod.since
            loads = ((at, pod_load(pod, at)) for at in times if at >= begun)
            yield from ((at, load) for at, load in loads if load is not None)
