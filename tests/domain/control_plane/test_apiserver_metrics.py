"""What is read of the API server's own counting, from what a real one answers."""

import pytest

from eksview.domain.control_plane.apiserver_metrics import of_request, timings
from eksview.domain.live.api_call import ApiCall
from eksview.domain.rows.server import Timing

TEXT = """\
# HELP etcd_request_duration_seconds [BETA] Etcd request latency in seconds
apiserver_request_duration_seconds_sum{component="apiserver",group="",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1"} 3.0
apiserver_request_duration_seconds_count{component="apiserver",group="",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1"} 4
apiserver_request_duration_seconds_sum{component="apiserver",group="",resource="pods",scope="namespace",subresource="",verb="LIST",version="v1"} 1.0
apiserver_request_duration_seconds_count{component="apiserver",group="",resource="pods",scope="namespace",subresource="",verb="LIST",version="v1"} 1
apiserver_request_duration_seconds_sum{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="LIST",version="v1"} 3.0
apiserver_request_duration_seconds_count{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="LIST",version="v1"} 3
apiserver_request_duration_seconds_sum{group="",resource="nodes",subresource="status",verb="LIST"} 9.0
apiserver_request_duration_seconds_bucket{group="",resource="nodes",verb="LIST",le="1"} 4
etcd_request_duration_seconds_sum{group="",operation="list",resource="nodes"} 0.0005
etcd_request_duration_seconds_count{group="",operation="list",resource="nodes"} 1
etcd_request_duration_seconds_count{group="coordination.k8s.io",operation="get",resource="leases"} 2
rubbish
"""  # noqa: E501 - as it comes


@pytest.mark.parametrize(
    ("verb", "target", "server", "etcd"),
    [
        ("list", "/api/v1/nodes?limit=500", Timing(4, 3.0), Timing(1, 0.0005)),
        ("list", "/api/v1/pods", Timing(4, 4.0), Timing()),
        ("get", "/apis/coordination.k8s.io/v1/namespaces/a/leases/b", Timing(), Timing(2, 0.0)),
        ("watch", "/api/v1/nodes?watch=true", Timing(), Timing()),
        ("get", "/readyz?verbose", Timing(), Timing()),
    ],
)
def test_calls_of_a_kind_are_found_over_all_scopes(verb, target, server, etcd):
    found = timings(TEXT, 5.0)
    assert of_request(found, ApiCall(1, 0.0, "kubernetes", verb, target, "x")) == (server, etcd)


@pytest.mark.parametrize(
    ("timing", "mean"), [(Timing(), None), (Timing(4, 3.0), 0.75), (Timing(2, 0.0), 0.0)]
)
def test_a_mean_needs_calls(timing, mean):
    assert timing.mean == mean
