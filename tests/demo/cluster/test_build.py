"""What a freshly built cluster holds."""

import gc
from collections import Counter

import pytest

from eksview.domain.kube.node_labels import group_of, zone_of
from eksview.domain.resources.nodes import RESOURCE as NODE
from eksview.domain.resources.pods import RESOURCE as POD
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import Stage
from eksview_demo.storage.resources import LEASES, NODES, PODS


def built(nodes: int, pods: int, seed: int = 0) -> DemoCluster:
    cluster = DemoCluster(seed, clock=lambda: 1_800_000_000.0)
    build(cluster, nodes, pods)
    return cluster


def rows(cluster: DemoCluster) -> tuple[list, list]:
    nodes = cluster.storage.table(NODES).objects.values()
    pods = cluster.storage.table(PODS).objects.values()
    return (
        [NODE.row(NODE.decode(stored.item())) for stored in nodes],
        [POD.row(POD.decode(stored.item())) for stored in pods],
    )


@pytest.mark.parametrize(
    ("nodes", "pods"), [(0, 0), (1, 5), (3, 10), (10, 80), (12, 400), (60, 2500)]
)
def test_exactly_as_many_as_asked_for(nodes: int, pods: int) -> None:
    cluster = built(nodes, pods)
    assert len(cluster.storage.table(NODES)) == len(cluster.nodes) == nodes
    assert len(cluster.storage.table(PODS)) == len(cluster.pods) == pods
    assert len(cluster.storage.table(LEASES)) == nodes + len(cluster.leaders)


def test_the_same_seed_builds_the_same_cluster() -> None:
    def bytes_of(seed: int) -> list[bytes]:
        cluster = built(10, 80, seed)
        return [
            each.tail
            for table in cluster.storage.tables.values()
            for each in table.objects.values()
        ]

    assert bytes_of(3) == bytes_of(3)
    assert bytes_of(3) != bytes_of(4)


def test_the_default_cluster_has_each_kind_of_group_and_zone() -> None:
    nodes, _ = rows(built(10, 80))
    kinds = Counter(group_of(node.labels, node.provider_id).kind for node in nodes)
    assert {str(kind) for kind in kinds} == {"nodegroup", "nodepool", "fargate"}
    assert {zone_of(node.labels) for node in nodes} == {f"us-west-2{zone}" for zone in "abc"}
    assert len({node.kubelet for node in nodes}) == 2


def test_the_default_cluster_has_something_to_find() -> None:
    _, pods = rows(built(10, 80))
    statuses = {pod.status for pod in pods}
    wanted = {
        "Running",
        "CrashLoopBackOff",
        "ImagePullBackOff",
        "Pending",
        "OOMKilled",
        "Completed",
    }
    assert wanted <= statuses


def test_every_running_pod_is_on_a_node_with_room_for_it() -> None:
    cluster = built(12, 150)
    for node in cluster.nodes.values():
        held = [pod for pod in cluster.pods_on(node) if pod.counts]
        assert len(held) == node.pods <= node.group.machine.pods
        assert sum(pod.workload.cpu for pod in held) == node.cpu
        assert sum(pod.workload.memory for pod in held) == node.memory
    unbound = [pod for pod in cluster.pods.values() if not pod.node]
    assert all(pod.stage is Stage.UNSCHEDULABLE for pod in unbound)


def test_identities_are_unique() -> None:
    nodes, pods = rows(built(60, 2500))
    assert len({pod.uid for pod in pods}) == 2500
    assert len({node.internal_ip for node in nodes}) == 60
    assert len({node.provider_id for node in nodes}) == 60


def test_building_leaves_the_collector_running() -> None:
    built(3, 10)
    assert gc.isenabled()
