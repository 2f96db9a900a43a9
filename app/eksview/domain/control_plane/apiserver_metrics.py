"""The durations of the API server's calls and of those to its etcd, by its metrics.

Source: Kubernetes metrics reference, apiserver_request_duration_seconds,
etcd_request_duration_seconds, authentication_duration_seconds and authorization_duration_seconds.
All count since the server started, and one server of several answers.
"""

from eksview.domain.control_plane.eks_metrics import Sample, samples
from eksview.domain.live.api_call import ApiCall, resource_of
from eksview.domain.rows.measured_request import ServerMeans
from eksview.domain.rows.server import ServerTimings, Timing

_REQUESTS = "apiserver_request_duration_seconds_"
_ETCD = "etcd_request_duration_seconds_"
_AUTHENTICATION = "authentication_duration_seconds_"
_AUTHORIZATION = "authorization_duration_seconds_"
_VERBS = {"get": "GET", "list": "LIST", "create": "POST"}


def timings(text: str, at: float) -> ServerTimings:
    """Return the timings in an exposition; other metrics are ignored."""
    server = ServerTimings(at, {}, {})
    families = _REQUESTS, _ETCD, _AUTHENTICATION, _AUTHORIZATION
    names = [f"{family}{part}" for family in families for part in ("sum", "count")]
    for sample in samples(text, *names):
        if not sample.labels.get("subresource"):
            timing = _timing_of(sample, server)
            if sample.name.endswith("_count"):
                timing.calls += int(sample.value)
            else:
                timing.seconds += sample.value
    return server


def _timing_of(sample: Sample, server: ServerTimings) -> Timing:
    """Return the timing that a sample counts for; one that is dropped for a request that failed."""
    labels = sample.labels
    if sample.name.startswith(_AUTHENTICATION):
        return server.authentication if labels.get("result") == "success" else Timing()
    if sample.name.startswith(_AUTHORIZATION):
        return server.authorization if labels.get("result") == "allowed" else Timing()
    etcd = sample.name.startswith(_ETCD)
    table, verb = (server.etcd, "operation") if etcd else (server.requests, "verb")
    group, resource = labels.get("group", ""), labels.get("resource", "")
    if "type" in labels:  # of etcd before Kubernetes 1.34: "leases.coordination.k8s.io"
        resource, _, group = labels["type"].partition(".")
    return table.setdefault((labels.get(verb, ""), group, resource), Timing())


def means_of_node_lists(server: ServerTimings) -> ServerMeans:
    """Return what the API server reports of lists of nodes, as far as it was counted."""
    return ServerMeans(
        authentication=server.authentication,
        authorization=server.authorization,
        storage=server.etcd.get(("list", "", "nodes"), Timing()),
    )


def of_request(server: ServerTimings, request: ApiCall) -> tuple[Timing, Timing]:
    """Return the timing of such calls by the API server and by etcd; empty without any."""
    resource = resource_of(request.target.partition("?")[0])
    if resource is None:
        return Timing(), Timing()
    verb = _VERBS.get(request.verb, "")
    etcd = server.etcd.get((request.verb, resource.group, resource.kind), Timing())
    return server.requests.get((verb, resource.group, resource.kind), Timing()), etcd
