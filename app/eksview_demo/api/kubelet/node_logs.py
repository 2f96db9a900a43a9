"""The journals of nodes, as a kubelet's log query answers them through the API server's proxy.

Source: the kubelet's `pkg/kubelet/kubelet.go` and `kubelet_server_journal*.go`. With the query
switched off, which is the default, it ignores the parameters and lists /var/log in HTML.
"""

import random
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from aiohttp import web

from eksview_demo.api import access
from eksview_demo.api.access import User
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.storage.status import StatusError, not_found
from eksview_demo.times import parse_time

_PATH = re.compile(r"/api/v1/nodes/([^/]+)/proxy/logs/?")
_EVERY = 4.0  # seconds between two entries, moved by chance
_KEPT = 4000  # entries of a journal
_MOST_TAIL = 100_000
_PLAIN = "text/plain;charset=UTF-8"
_LISTING = """<pre>
<a href="amazon/">amazon/</a>
<a href="audit/">audit/</a>
<a href="aws-routed-eni/">aws-routed-eni/</a>
<a href="cloud-init-output.log">cloud-init-output.log</a>
<a href="cloud-init.log">cloud-init.log</a>
<a href="containers/">containers/</a>
<a href="journal/">journal/</a>
<a href="pods/">pods/</a>
</pre>
"""


def node_of(path: str) -> str:
    """Return the node whose logs a path names; else empty."""
    match = _PATH.fullmatch(path)
    return match[1] if match else ""


def answers_queries(node: NodeState) -> bool:
    """Return whether the node's kubelet has the query: those of Karpenter's pool do."""
    return node.group.kind == "nodepool"


def answer(cluster: DemoCluster, user: User, name: str, query: Mapping[str, str]) -> web.Response:
    """Return a kubelet's answer. Raises StatusError."""
    access.check(user, Attributes("get", "nodes/proxy", name=name))
    node = cluster.nodes.get(name)
    if node is None:
        raise not_found("nodes", name)
    if node.silent:
        message = f"error trying to reach service: dial tcp {node.ip}:10250: i/o timeout"
        raise StatusError(503, message)
    if node.group.kind == "fargate":
        return _text("logs endpoint is disabled.\n", 405)
    if not answers_queries(node) or not query:
        return web.Response(text=_LISTING, content_type="text/html", charset="utf-8")
    return _journal(cluster, node, query)


def _journal(cluster: DemoCluster, node: NodeState, query: Mapping[str, str]) -> web.Response:
    service, since, tail = query.get("query", ""), query.get("sinceTime", ""), None
    if not service.strip():
        return _text('query: Invalid value: []string{""}: query cannot be empty\n', 400)
    try:
        at = parse_time(since) if since else None
    except ValueError:
        return _text(f'sinceTime: Invalid value: "{since}": invalid time format\n', 400)
    if query.get("tailLines"):
        tail = int(query["tailLines"])
        if not 0 <= tail <= _MOST_TAIL:
            reason = "must be between 0 and 100000, inclusive"
            return _text(f"tailLines: Invalid value: {tail}: {reason}\n", 406)
    voice = _VOICES.get(service)
    if voice is None:
        return _text(f"\nlog not found for {service}\n")
    boot = int(query.get("boot", "0"))
    now = cluster.clock()
    lines = list(_lines(cluster, node, service, now - 86_400 if boot < 0 else now))
    if at is not None:
        lines = [(when, line) for when, line in lines if when >= at]
    if pattern := query.get("pattern", ""):
        lines = [(when, line) for when, line in lines if re.search(pattern, line)]
    shown = lines if tail is None else lines[len(lines) - min(tail, len(lines)) :]
    return _text("".join(line for _, line in shown) or "-- No entries --\n")


def _text(text: str, status: int = 200) -> web.Response:
    return web.Response(body=text.encode(), status=status, headers={"Content-Type": _PLAIN})


def _lines(
    cluster: DemoCluster, node: NodeState, service: str, now: float
) -> Iterator[tuple[float, str]]:
    """Yield the entries until now; the same entry is the same whenever it is asked for."""
    seed = zlib.crc32(f"{node.uid}/{service}".encode())
    pods = sorted(pod.key for pod in cluster.pods_on(node)) or ["kube-system/aws-node"]
    last = int(now / _EVERY)
    first = max(last - _KEPT, int(node.created / _EVERY))
    host = node.name.partition(".")[0]
    for number in range(first, last + 1):
        dice = random.Random(seed << 32 | number)  # noqa: S311 - a demo's dice
        at = (number + 0.9 * dice.random()) * _EVERY
        if at > now:
            return
        when = datetime.fromtimestamp(at, UTC)
        text = _VOICES[service](dice, dice.choice(pods), when)
        pid = 1400 + seed % 900
        yield when.timestamp(), f"{when:%b %d %H:%M:%S.%f} {host} {service}[{pid}]: {text}\n"


def _kubelet(dice: random.Random, pod: str, when: datetime) -> str:
    namespace, _, name = pod.partition("/")
    texts = (
        ("I", "kubelet.go:2412", f'"SyncLoop (PLEG): event for pod" pod="{pod}"'),
        ("I", "kubelet.go:2399", f'"SyncLoop UPDATE" source="api" pods=["{pod}"]'),
        ("I", "kubelet_getters.go:218", f'"Pod status updated" pod="{pod}" status="Running"'),
        ("I", "reconciler_common.go:224", f'"operationExecutor.VerifyControllerAttachedVolume '
         f'started for volume \\"kube-api-access-x7k2p\\" pod=\\"{name}\\"" pod="{pod}"'),
        ("I", "prober.go:107", f'"Probe succeeded" probeType="Readiness" pod="{pod}"'),
        ("W", "prober.go:104", f'"Probe errored" probeType="Liveness" pod="{pod}" '
         'err="context deadline exceeded"'),
        ("E", "pod_workers.go:1301", f'"Error syncing pod, skipping" err="failed to \\"Start'
         f'Container\\" with CrashLoopBackOff" pod="{namespace}/{name}"'),
    )  # fmt: skip
    level, place, text = dice.choices(texts, (8, 6, 5, 4, 8, 2, 1))[0]
    return f"{level}{when:%m%d %H:%M:%S.%f}    1522 {place}] {text}"


def _containerd(dice: random.Random, pod: str, when: datetime) -> str:
    texts = (
        f'level=info msg="StartContainer for \\"{dice.randbytes(8).hex()}\\" returns successfully"',
        f'level=info msg="PullImage \\"public.ecr.aws/{pod}:latest\\""',
        'level=info msg="stop pulling image: active requests=0, bytes read=29138"',
        f'level=warning msg="cleaning up after shim disconnected" id={dice.randbytes(8).hex()}',
    )
    text = dice.choices(texts, (6, 3, 3, 1))[0]
    return f'time="{when:%Y-%m-%dT%H:%M:%S.%f}000Z" {text}'


_VOICES = {"kubelet": _kubelet, "containerd": _containerd}
