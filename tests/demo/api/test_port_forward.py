"""Port-forwards of the demo with kubectl: what a pod's port answers, and the refusals."""

import asyncio
import re
import urllib.error
import urllib.request
import zlib

import pytest

from eksview_demo.api.kubelet.spdy import _DICTIONARY
from eksview_demo.cluster.cluster import DemoCluster
from tests.demo.api.test_kubectl import kubectl as kubectl  # noqa: PLC0414 - a fixture
from tests.demo.api.test_pod_logs import pod_named
from tests.demo.kubectl import NEEDS_KUBECTL, Kubectl

pytestmark = NEEDS_KUBECTL


def fetched(port: str, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        text: str = answer.read().decode()
    return text


async def listening(process: asyncio.subprocess.Process) -> str:
    """Return the local port that kubectl chose."""
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    port = re.match(r"Forwarding from 127\.0\.0\.1:(\d+) -> 8080\n", line)
    assert port is not None, line
    return port[1]


async def test_a_port_of_a_pod_answers_every_connection(
    kubectl: Kubectl, cluster: DemoCluster
) -> None:
    pod = pod_named(cluster, "web")
    process = await kubectl.start("port-forward", "-n", "shop", pod.name, ":8080")
    port = await listening(process)
    for path in ("/healthz", "/cart?id=7", "/"):
        text = await asyncio.to_thread(fetched, port, path)
        assert text == f"shop/{pod.name} port 8080: GET {path} HTTP/1.1\n"
    process.terminate()
    await process.wait()


async def test_a_port_on_which_nothing_listens_refuses_in_containerds_words(
    kubectl: Kubectl, cluster: DemoCluster
) -> None:
    pod = pod_named(cluster, "web")
    process = await kubectl.start("port-forward", "-n", "shop", pod.name, ":8080", ":9999")
    await listening(process)
    assert process.stdout is not None
    assert process.stderr is not None
    while not (line := (await process.stdout.readline()).decode()).endswith("-> 9999\n"):
        assert line
    port = line.split(" ")[2].rpartition(":")[2]
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        await asyncio.to_thread(fetched, port, "/")
    said = (await process.stderr.readline()).decode()
    assert "an error occurred forwarding" in said
    assert "dial tcp4 127.0.0.1:9999: connect: connection refused" in said
    process.kill()
    await process.wait()


async def test_a_pod_that_is_deleted_ends_the_port_forward(
    kubectl: Kubectl, cluster: DemoCluster
) -> None:
    """containerd `sandbox_portforward.go`; kubectl 1.32 ends with the first such connection."""
    pod = pod_named(cluster, "web")
    process = await kubectl.start("port-forward", "-n", "shop", pod.name, ":8080")
    port = await listening(process)
    cluster.remove_pod(pod)
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        await asyncio.to_thread(fetched, port, "/")
    _, said = await process.communicate()
    assert "failed to find sandbox" in said.decode()
    assert said.decode().endswith("error: lost connection to pod\n")
    assert process.returncode == 1


async def test_a_pod_that_does_not_exist_is_refused(kubectl: Kubectl) -> None:
    process = await kubectl.start("port-forward", "-n", "shop", "nothing", ":8080")
    _, said = await process.communicate()
    assert process.returncode == 1
    assert 'pods "nothing" not found' in said.decode()


def test_the_dictionary_is_that_of_the_standard() -> None:
    """By its length and Adler-32 in moby/spdystream 0.5.0, which the protocol prescribes."""
    assert (len(_DICTIONARY), zlib.adler32(_DICTIONARY)) == (1423, 0xE3C6A7C2)
