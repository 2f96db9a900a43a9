"""kubectl against the demo: its own client is the strictest test of the protocol."""

import json
from pathlib import Path

import pytest

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import Stage
from tests.demo.kubectl import NEEDS_KUBECTL, Kubectl

pytestmark = NEEDS_KUBECTL


@pytest.fixture
def kubectl(kubeconfig: Path) -> Kubectl:
    return Kubectl(kubeconfig)


async def test_get_nodes_wide(kubectl: Kubectl, cluster: DemoCluster) -> None:
    cluster.cordon(next(node for node in cluster.nodes.values() if node.fit))
    header, *rows = (await kubectl("get", "nodes", "-o", "wide")).splitlines()
    assert header.split() == [
        *("NAME", "STATUS", "ROLES", "AGE", "VERSION", "INTERNAL-IP", "EXTERNAL-IP"),
        *("OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"),
    ]
    assert {row.split()[0] for row in rows} == set(cluster.nodes)
    assert sum("Ready,SchedulingDisabled" in row for row in rows) == 1


async def test_get_pods_of_all_namespaces(kubectl: Kubectl, cluster: DemoCluster) -> None:
    rows = (await kubectl("get", "pods", "-A", "-o", "wide", "--chunk-size=7")).splitlines()[1:]
    assert {"/".join(row.split()[:2]) for row in rows} == set(cluster.pods)


async def test_get_by_selectors(kubectl: Kubectl, cluster: DemoCluster) -> None:
    node = next(iter(cluster.nodes.values()))
    field = f"--field-selector=spec.nodeName={node.name}"
    names = await kubectl("get", "pods", "-A", field, "-l", "app in (web,kube-proxy)", "-o", "name")
    expected = [pod for pod in cluster.pods_on(node) if pod.workload.name in ("web", "kube-proxy")]
    assert sorted(names.split()) == sorted(f"pod/{pod.name}" for pod in expected)


async def test_describe_node(kubectl: Kubectl, cluster: DemoCluster) -> None:
    node = next(node for node in cluster.nodes.values() if node.group.kind == "nodegroup")
    cluster.set_pressure(node, True)
    text = await kubectl("describe", "node", node.name)
    assert f"Name:               {node.name}" in text
    assert "node.kubernetes.io/memory-pressure:NoSchedule" in text
    assert "KubeletHasInsufficientMemory" in text
    assert "NodeHasInsufficientMemory" in text  # from its events
    running = [pod for pod in cluster.pods_on(node) if pod.phase not in ("Succeeded", "Failed")]
    assert f"({len(running)} in total)" in text
    assert all(pod.name in text for pod in running)


async def test_top_nodes(kubectl: Kubectl, cluster: DemoCluster) -> None:
    silent, *others = cluster.nodes.values()
    silent.silent = True
    header, *rows = (await kubectl("top", "nodes")).splitlines()
    assert header.split()[0] == "NAME"
    read = {row.split()[0]: row.split()[1:] for row in rows if "<unknown>" not in row}
    assert set(read) == {node.name for node in others}
    for cpu, cpu_share, _, memory_share in read.values():
        assert int(cpu.removesuffix("m")) > 0
        assert 0 < int(cpu_share.rstrip("%")) <= 100
        assert 0 < int(memory_share.rstrip("%")) <= 100


async def test_get_events_leases_and_namespaces(kubectl: Kubectl, cluster: DemoCluster) -> None:
    events = await kubectl("get", "events", "-A")
    assert "FailedScheduling" in events
    leases = await kubectl("get", "leases", "-A")
    assert len(leases.splitlines()) == 1 + len(cluster.nodes) + len(cluster.leaders)
    assert "kube-controller-manager" in leases
    assert "shop" in (await kubectl("get", "namespaces")).split()


async def test_yaml_of_a_node_is_whole(kubectl: Kubectl, cluster: DemoCluster) -> None:
    name = next(iter(cluster.nodes))
    node = json.loads(await kubectl("get", "node", name, "-o", "json", "--show-managed-fields"))
    assert node["status"]["nodeInfo"]["kubeletVersion"] == cluster.nodes[name].version
    assert node["metadata"]["managedFields"]
    text = await kubectl("get", "node", name, "-o", "yaml")
    assert text.startswith("apiVersion: v1\nkind: Node\n")


async def test_watching_shows_a_change(kubectl: Kubectl, cluster: DemoCluster) -> None:
    pods = [pod for pod in cluster.pods.values() if pod.workload.name == "web"]
    process = await kubectl.start("get", "pods", "-A", "-l", "app=web", "-w")
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(1 + len(pods))]
    assert all(b"Error" not in line for line in lines)
    cluster.set_stage(pods[0], Stage.ERROR)
    line = (await process.stdout.readline()).decode().split()
    assert [line[1], line[3]] == [pods[0].name, "Error"]
    process.terminate()
    await process.wait()


async def test_the_viewers_context_is_refused_what_it_may_not_see(kubectl: Kubectl) -> None:
    context = "--context=eksview-demo-viewer"
    assert await kubectl(context, "get", "nodes", "-o", "name")
    process = await kubectl.start(context, "get", "pods", "-A")
    _, err = await process.communicate()
    assert process.returncode == 1
    assert b"Error from server (Forbidden): pods is forbidden" in err


@pytest.mark.parametrize(
    ("context", "answer"), [("eksview-demo", "yes"), ("eksview-demo-viewer", "no")]
)
async def test_auth_tells_who_one_is_and_what_one_may(
    kubectl: Kubectl, context: str, answer: str
) -> None:
    who = await kubectl(f"--context={context}", "auth", "whoami")
    assert "assumed-role/eksview-demo-" in who
    may = await kubectl.start(f"--context={context}", "auth", "can-i", "list", "pods")
    out, _ = await may.communicate()
    assert out.decode().strip() == answer
