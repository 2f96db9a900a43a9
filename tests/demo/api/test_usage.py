"""What the demo says that its nodes use."""

from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview_demo.cluster.cluster import DemoCluster
from tests.demo.conftest import Client

NODES = "/apis/metrics.k8s.io/v1beta1/nodes"


async def test_every_node_whose_kubelet_answers_is_read(
    client: Client, cluster: DemoCluster
) -> None:
    silent, *others = cluster.nodes.values()
    silent.silent = True
    listed = await client.get(NODES)
    assert listed["kind"] == "NodeMetricsList"
    assert {each["metadata"]["name"] for each in listed["items"]} == {n.name for n in others}
    assert await client.status(f"{NODES}/{silent.name}") == 404
    one = await client.get(f"{NODES}/{others[0].name}")
    assert one["kind"] == "NodeMetrics"
    assert set(one["usage"]) == {"cpu", "memory"}


async def test_no_more_is_used_than_there_is_and_pressure_shows(
    client: Client, cluster: DemoCluster
) -> None:
    short = next(iter(cluster.nodes.values()))
    short.pressure = cluster.clock()
    for each in (await client.get(NODES))["items"]:
        node = cluster.nodes[each["metadata"]["name"]]
        machine = node.group.machine
        share = size_bytes(each["usage"]["memory"]) / (machine.memory_allocatable * 2**20)
        assert 0 < cpu_milli(each["usage"]["cpu"]) <= machine.cores * 1000
        assert 0 < share <= 1
        assert share > 0.9 or node is not short


async def test_who_may_not_read_it_is_told_so(client: Client) -> None:
    assert await client.status(NODES, role="viewer") == 403
