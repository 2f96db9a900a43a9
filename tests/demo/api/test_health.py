"""/readyz, /livez, /version and /metrics."""

import pytest

from eksview_demo.api.server import DemoServer
from tests.demo.conftest import Client


async def text(client: Client, path: str, **query: str) -> tuple[int, str, str]:
    async with client.request(path, query) as response:
        return response.status, response.content_type, await response.text()


@pytest.mark.parametrize("endpoint", ["readyz", "livez", "healthz"])
async def test_a_healthy_endpoint_says_ok_and_its_checks_when_asked(
    client: Client, endpoint: str
) -> None:
    assert await text(client, f"/{endpoint}") == (200, "text/plain", "ok")
    code, _, report = await text(client, f"/{endpoint}", verbose="")
    *checks, verdict = report.splitlines()
    assert (code, verdict) == (200, f"{endpoint} check passed")
    assert "[+]etcd ok" in checks
    assert len(checks) > 25


async def test_a_failing_check_fails_the_endpoint_and_is_named(
    client: Client, server: DemoServer
) -> None:
    server.health.failing.add("etcd")
    code, _, report = await text(client, "/readyz")
    assert code == 500
    assert "[-]etcd failed: reason withheld" in report
    assert "[+]ping ok" in report
    assert report.endswith("readyz check failed\n")


async def test_a_check_has_an_endpoint_of_its_own(client: Client, server: DemoServer) -> None:
    server.health.failing.add("etcd")
    assert (await text(client, "/livez/ping"))[::2] == (200, "ok")
    assert (await text(client, "/livez/etcd"))[0] == 500
    assert (await text(client, "/livez/none"))[0] == 404


async def test_health_needs_no_token(client: Client) -> None:
    url = f"{client.server.url}/livez"
    async with client._session.get(url) as response:
        assert response.status == 200


async def test_the_version_is_an_eks_version(client: Client) -> None:
    answer = await client.get("/version")
    assert (answer["major"], answer["minor"]) == ("1", "33")
    assert answer["gitVersion"].startswith("v1.33.4-eks-")


async def test_metrics_count_what_was_asked(client: Client) -> None:
    for _ in range(3):
        await client.get("/api/v1/pods", {"limit": "1"})
    async with client.request("/api/v1/nodes", {"watch": "1"}) as watch:
        await watch.content.readline()
        _, _, report = await text(client, "/metrics")
    scope = 'group="",resource="pods",scope="cluster",subresource="",verb="LIST",version="v1"'
    assert f'apiserver_request_total{{code="200",component="apiserver",dry_run="",{scope}}} 3' in (
        report.splitlines()
    )
    assert 'apiserver_storage_objects{resource="pods"} 60' in report
    watches = [line for line in report.splitlines() if line.startswith("apiserver_longrunning")]
    assert len(watches) == 1
    assert watches[0].endswith(" 1")


async def test_metrics_count_a_continued_list_as_a_list(client: Client) -> None:
    first = await client.get("/api/v1/pods", {"limit": "40"})
    await client.get("/api/v1/pods", {"continue": first["metadata"]["continue"]})
    _, _, report = await text(client, "/metrics")
    requests = [line for line in report.splitlines() if 'resource="pods"' in line]
    counted = [line for line in requests if line.startswith("apiserver_request_total{")]
    assert len(counted) == 1
    assert 'verb="LIST"' in counted[0]
    assert counted[0].endswith(" 2")
