"""What is read of the API server's own counting, from what a real one answers."""

import pytest

from eksview.domain.control_plane.apiserver_metrics import means_of_node_lists, of_request, timings
from eksview.domain.live.api_call import ApiCall
from eksview.domain.rows.measured_request import ServerMeans
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


CHECKED = """\
authentication_duration_seconds_bucket{result="success",le="0.001"} 900
authentication_duration_seconds_sum{result="success"} 0.5
authentication_duration_seconds_count{result="success"} 1000
authentication_duration_seconds_sum{result="failure"} 7.0
authentication_duration_seconds_count{result="failure"} 2
authorization_duration_seconds_sum{result="allowed"} 0.25
authorization_duration_seconds_count{result="allowed"} 500
authorization_duration_seconds_count{result="denied"} 9
"""


def test_means_of_lists_leave_out_the_requests_that_failed():
    assert means_of_node_lists(timings(TEXT + CHECKED, 5.0)) == ServerMeans(
        authentication=Timing(1000, 0.5),
        authorization=Timing(500, 0.25),
        storage=Timing(1, 0.0005),
    )
    assert means_of_node_lists(timings("", 5.0)) == ServerMeans()


@pytest.mark.parametrize(
    ("kind", "key"),
    [("nodes", ("list", "", "nodes")),
     ("leases.coordination.k8s.io", ("list", "coordination.k8s.io", "leases"))],
)  # fmt: skip
def test_servers_before_group_and_resource_name_the_type(kind, key):
    text = f'etcd_request_duration_seconds_count{{operation="list",type="{kind}"}} 3'
    assert timings(text, 5.0).etcd == {key: Timing(3, 0.0)}
