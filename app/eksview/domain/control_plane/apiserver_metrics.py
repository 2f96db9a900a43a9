"""The durations of the API server's calls and of those to its etcd, by its metrics.

Source: Kubernetes metrics reference, apiserver_request_duration_seconds and
etcd_request_duration_seconds. Both count since the server started, and one server of several
answers.
"""

from eksview.domain.control_plane.eks_metrics import samples
from eksview.domain.live.api_call import ApiCall, resource_of
from eksview.domain.rows.server import ServerTimings, Timing

_REQUESTS = "apiserver_request_duration_seconds_"
_ETCD = "etcd_request_duration_seconds_"
_VERBS = {"get": "GET", "list": "LIST", "create": "POST"}


def timings(text: str, at: float) -> ServerTimings:
    """Return the timings in an exposition; other metrics are ignored."""
    server = ServerTimings(at, {}, {})
    names = [f"{family}{part}" for family in (_REQUESTS, _ETCD) for part in ("sum", "count")]
    for sample in samples(text, *names):
        labels = sample.labels
        if labels.get("subresource"):
            continue
        etcd = sample.name.startswith(_ETCD)
        table, verb = (server.etcd, "operation") if etcd else (server.requests, "verb")
        key = labels.get(verb, ""), labels.get("group", ""), labels.get("resource", "")
        timing = table.setdefault(key, Timing())
        if sample.name.endswith("_count"):
            timing.calls += int(sample.value)
        else:
            timing.seconds += sample.value
    return server


def of_request(server: ServerTimings, request: ApiCall) -> tuple[Timing, Timing]:
    """Return the timing of such calls by the API server and by etcd; empty without any."""
    resource = resource_of(request.target.partition("?")[0])
    if resource is None:
        return Timing(), Timing()
    verb = _VERBS.get(request.verb, "")
    etcd = server.etcd.get((request.verb, resource.group, resource.kind), Timing())
    return server.requests.get((verb, resource.group, resource.kind), Timing()), etcd
