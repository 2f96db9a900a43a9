"""Logs of the demo as kubectl reads them, with the API server's and the kubelet's refusals."""

import re
import shutil

import pytest

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from tests.demo.api.test_kubectl import Kubectl
from tests.demo.api.test_kubectl import kubectl as kubectl  # noqa: PLC0414 - a fixture
from tests.demo.conftest import Client, Time

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")

RFC3339_NANO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z ")


def pod_named(cluster: DemoCluster, name: str, stage: Stage = Stage.RUNNING) -> PodState:
    pods = cluster.pods.values()
    return next(pod for pod in pods if pod.workload.name == name and pod.stage is stage)


def path_of(pod: PodState) -> str:
    return f"/api/v1/namespaces/{pod.workload.namespace}/pods/{pod.name}/log"


async def refused(kubectl: Kubectl, *arguments: str) -> str:
    process = await kubectl.start("logs", *arguments)
    _, err = await process.communicate()
    assert process.returncode == 1
    return err.decode().strip()


async def test_kubectl_reads_the_tail_with_timestamps(
    kubectl: Kubectl, cluster: DemoCluster
) -> None:
    pod = pod_named(cluster, "web")
    arguments = ("logs", "-n", "shop", pod.name, "-c", "web", "--tail=20")
    plain = (await kubectl(*arguments)).splitlines()
    stamped = (await kubectl(*arguments, "--timestamps")).splitlines()
    assert len(plain) == 20
    assert all(RFC3339_NANO.match(line) for line in stamped)
    assert [RFC3339_NANO.sub("", line) for line in stamped] == plain
    times = [line.split(" ", 1)[0] for line in stamped]
    assert times == sorted(times)


async def test_kubectl_follows_until_the_container_ends(
    kubectl: Kubectl, cluster: DemoCluster, time: Time
) -> None:
    pod = pod_named(cluster, "web")
    process = await kubectl.start("logs", "-n", "shop", pod.name, "-c", "web", "-f", "--tail=1")
    assert process.stdout is not None
    first = await process.stdout.readline()
    time.now += 3
    second = await process.stdout.readline()
    assert b"HTTP/1.1" in first
    assert b"HTTP/1.1" in second
    cluster.remove_pod(pod)
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")


async def test_the_previous_run_of_a_crashing_container_ends_with_its_trace(
    kubectl: Kubectl, cluster: DemoCluster
) -> None:
    pod = next(pod for pod in cluster.pods.values() if pod.workload.name == "recommender")
    text = await kubectl("logs", "-n", "shop", pod.name, "--previous")
    assert text.splitlines()[-1].startswith("RuntimeError: ")


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        (Stage.CREATING, "is waiting to start: ContainerCreating"),
        (Stage.IMAGE_PULL, "is waiting to start: trying and failing to pull image"),
    ],
)
async def test_a_container_that_has_not_started(
    kubectl: Kubectl, cluster: DemoCluster, stage: Stage, why: str
) -> None:
    pod = pod_named(cluster, "cart")
    cluster.set_stage(pod, stage)
    assert await refused(kubectl, "-n", "shop", pod.name) == (
        f'Error from server (BadRequest): container "cart" in pod "{pod.name}" {why}'
    )


async def test_no_previous_run_no_such_container_no_such_pod(
    kubectl: Kubectl, cluster: DemoCluster
) -> None:
    pod = next(
        pod
        for pod in cluster.pods.values()
        if pod.workload.name == "web" and pod.stage is Stage.RUNNING and not pod.restarts
    )
    assert await refused(kubectl, "-n", "shop", pod.name, "-c", "web", "-p") == (
        "Error from server (BadRequest): previous terminated container "
        f'"web" in pod "{pod.name}" not found'
    )
    assert "container nope is not valid for pod" in await refused(
        kubectl, "-n", "shop", pod.name, "-c", "nope"
    )
    assert await refused(kubectl, "-n", "shop", "gone") == (
        'error: error from server (NotFound): pods "gone" not found in namespace "shop"'
    )


async def test_an_api_server_asks_which_container(client: Client, cluster: DemoCluster) -> None:
    pod = pod_named(cluster, "api")
    answer = await client.get(path_of(pod))
    assert answer["message"] == (
        f"a container name must be specified for pod {pod.name}, choose one of: [api envoy] "
        "or one of the init containers: [migrate]"
    )


async def test_since_counts_whole_seconds_and_limits_cut(
    client: Client, cluster: DemoCluster, time: Time
) -> None:
    pod = pod_named(cluster, "web")
    query = {"container": "web", "timestamps": "true"}
    async with client.request(path_of(pod), query) as response:
        everything = (await response.text()).splitlines()
    async with client.request(path_of(pod), query | {"sinceSeconds": "10"}) as response:
        recent = (await response.text()).splitlines()
    assert recent == everything[-len(recent) :]
    assert 30 <= len(recent) <= 50
    since = recent[5].split(" ", 1)[0]
    async with client.request(path_of(pod), query | {"sinceTime": since}) as response:
        again = (await response.text()).splitlines()
    assert again == [line for line in recent if line[:19] >= since[:19]]
    async with client.request(path_of(pod), query | {"limitBytes": "100"}) as response:
        assert len(await response.read()) == 100
    both = query | {"sinceTime": since, "sinceSeconds": "1"}
    assert await client.status(path_of(pod), both) == 422


async def test_a_silent_node_times_out(client: Client, cluster: DemoCluster) -> None:
    pod = pod_named(cluster, "cart")
    cluster.nodes[pod.node].silent = True
    answer = await client.get(path_of(pod))
    assert answer["code"] == 500
    assert answer["message"].endswith(":10250: i/o timeout")


async def test_a_viewer_may_not_read_logs(client: Client, cluster: DemoCluster) -> None:
    answer = await client.get(path_of(pod_named(cluster, "cart")), role="viewer")
    assert answer["code"] == 403
    assert 'cannot get resource "pods/log" in API group ""' in answer["message"]
