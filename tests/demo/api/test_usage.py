"""What the demo says that its nodes and pods use."""

from collections import Counter
from typing import Any

from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import Stage
from tests.demo.conftest import Client

NODES = "/apis/metrics.k8s.io/v1beta1/nodes"
PODS = "/apis/metrics.k8s.io/v1beta1/pods"
SHOP = "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods"


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
    assert await client.status(PODS, role="viewer") == 403


async def test_running_containers_are_read_and_no_others(
    client: Client, cluster: DemoCluster
) -> None:
    silent = next(iter(cluster.nodes.values()))
    silent.silent = True
    listed = await client.get(PODS)
    assert listed["kind"] == "PodMetricsList"
    read = {_key(each): each for each in listed["items"]}
    assert list(read) == sorted(read)
    for key, pod in cluster.pods.items():
        running = pod.stage is Stage.RUNNING and pod.node != silent.name
        assert (key in read) is running or pod.stage is not Stage.RUNNING
        if running:
            names = [container["name"] for container in read[key]["containers"]]
            assert names == [box.name for box in pod.workload.boxes]
    gone = next(pod for pod in cluster.pods.values() if pod.node == silent.name)
    one = f"{PODS.removesuffix('/pods')}/namespaces/{gone.workload.namespace}/pods/{gone.name}"
    assert (await client.get(one))["message"] == f'podmetrics.metrics.k8s.io "{gone.key}" not found'


def _key(item: dict[str, Any]) -> str:
    return f"{item['metadata']['namespace']}/{item['metadata']['name']}"


async def test_pods_never_use_more_than_their_node(client: Client, cluster: DemoCluster) -> None:
    cpu, memory = Counter[str](), Counter[str]()
    for each in (await client.get(PODS))["items"]:
        pod = cluster.pods[_key(each)]
        for container in each["containers"]:
            cpu[pod.node] += cpu_milli(container["usage"]["cpu"])
            memory[pod.node] += size_bytes(container["usage"]["memory"])
    for each in (await client.get(NODES))["items"]:
        name, used = each["metadata"]["name"], each["usage"]
        rounded_up = 100  # a milli-core for each container
        assert 0 < cpu[name] <= cpu_milli(used["cpu"]) + rounded_up
        assert 0 < memory[name] <= size_bytes(used["memory"])


async def test_usage_is_chosen_by_namespace_and_label(client: Client, cluster: DemoCluster) -> None:
    chosen = (await client.get(SHOP, {"labelSelector": "app=api"}))["items"]
    assert {each["metadata"]["labels"]["app"] for each in chosen} == {"api"}
    assert {each["metadata"]["namespace"] for each in chosen} == {"shop"}
    name = chosen[0]["metadata"]["name"]
    assert (await client.get(f"{SHOP}/{name}"))["containers"]
    by_name = await client.get(PODS, {"fieldSelector": f"metadata.name={name}"})
    assert [each["metadata"]["name"] for each in by_name["items"]] == [name]
    assert await client.status(PODS, {"labelSelector": "a in"}) == 400
    zone = next(iter(cluster.nodes.values())).zone
    nodes = await client.get(NODES, {"labelSelector": f"topology.kubernetes.io/zone={zone}"})
    assert 0 < len(nodes["items"]) < len(cluster.nodes)
