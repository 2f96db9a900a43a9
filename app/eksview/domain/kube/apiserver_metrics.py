"""What only the API server knows of its work: how long its calls take, and those of its etcd.

Source: Kubernetes metrics reference, apiserver_request_duration_seconds and
etcd_request_duration_seconds. Both count since the server started, and one server of several
answers.
"""

from eksview.domain.kube.eks_metrics import samples
from eksview.domain.live.api_call import ApiCall, resource_of
from eksview.domain.rows.server import ServerTimings, Timing

_REQUESTS = "apiserver_request_duration_seconds_"
_ETCD = "etcd_request_duration_seconds_"
_VERBS = {"get": "GET", "list": "LIST", "create": "POST"}


def timings(text: str, at: float) -> ServerTimings:
    """Of the exposition; what isn't about these two is passed over."""
    found = ServerTimings(at, {}, {})
    names = [f"{family}{part}" for family in (_REQUESTS, _ETCD) for part in ("sum", "count")]
    for each in samples(text, *names):
        labels = each.labels
        if labels.get("subresource"):
            continue
        etcd = each.name.startswith(_ETCD)
        table, verb = (found.etcd, "operation") if etcd else (found.requests, "verb")
        key = labels.get(verb, ""), labels.get("group", ""), labels.get("resource", "")
        timing = table.setdefault(key, Timing())
        if each.name.endswith("_count"):
            timing.calls += int(each.value)
        else:
            timing.seconds += each.value
    return found


def of_request(found: ServerTimings, request: ApiCall) -> tuple[Timing, Timing]:
    """The API server's and its etcd's timing of such calls; without calls where none is counted."""
    what = resource_of(request.target.partition("?")[0])
    if what is None:
        return Timing(), Timing()
    verb = _VERBS.get(request.verb, "")
    etcd = found.etcd.get((request.verb, what.group, what.kind), Timing())
    return found.requests.get((verb, what.group, what.kind), Timing()), etcd
