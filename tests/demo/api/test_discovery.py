"""Discovery in both forms, held against a recorded server and kubectl."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.demo.conftest import Client
from tests.demo.faults import FaultyServer
from tests.demo.kubectl import NEEDS_KUBECTL, Kubectl
from tests.golden.tables import FOLDER

RECORDED = msgspec.json.decode((FOLDER / "discovery-1.36.json").read_bytes())
ACCEPT = {
    "Accept": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
}  # as kubectl 1.32 asks
DESCRIBED = ("responseKind", "scope", "singularResource", "shortNames", "categories")


def described(document: Any) -> dict[tuple[str, str, str], Any]:
    """What an aggregated document says of each resource, verbs aside."""
    return {
        (group["metadata"].get("name", ""), version["version"], resource["resource"]): {
            key: resource.get(key) for key in DESCRIBED
        }
        for group in document["items"]
        for version in group["versions"]
        for resource in version["resources"]
    }


@pytest.mark.parametrize("part", ["api", "apis"])
async def test_resources_are_described_as_by_a_real_server(client: Client, part: str) -> None:
    recorded = described(RECORDED[part])
    served = await client.get(f"/{part}", headers=ACCEPT)
    assert (served["kind"], served["apiVersion"]) == (
        RECORDED[part]["kind"],
        RECORDED[part]["apiVersion"],
    )
    both = {key: value for key, value in described(served).items() if key in recorded}
    assert len(both) >= (4 if part == "api" else 8)
    assert both == {key: recorded[key] for key in both}


async def test_the_content_type_names_the_form(client: Client, server: FaultyServer) -> None:
    async with client.request("/apis", headers=ACCEPT) as response:
        assert response.headers["Content-Type"] == (
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        )
        tag = response.headers["ETag"]
    assert await client.status("/apis", headers=ACCEPT | {"If-None-Match": tag}) == 304
    server.api.discovery.down.add("metrics.k8s.io")
    assert await client.status("/apis", headers=ACCEPT | {"If-None-Match": tag}) == 200


@pytest.fixture
def kubectl(kubeconfig: Path) -> Kubectl:
    return Kubectl(kubeconfig)


@NEEDS_KUBECTL
async def test_kubectl_reads_the_same_from_a_server_without_aggregation(
    kubectl: Kubectl, server: FaultyServer
) -> None:
    aggregated = await kubectl("api-resources", "-o", "wide", "--cached=false")
    assert [ask.path for ask in server.faults.asked] == ["/version", "/api", "/apis"]
    server.api.discovery.aggregated = False
    assert await kubectl("api-resources", "-o", "wide", "--cached=false") == aggregated
    assert len(server.faults.asked) > 8
    assert "pods " in aggregated
    assert "selfsubjectaccessreviews" in aggregated


@NEEDS_KUBECTL
@pytest.mark.parametrize("aggregated", [True, False])
async def test_kubectl_leaves_out_a_group_whose_api_service_is_down(
    kubectl: Kubectl, server: FaultyServer, aggregated: bool
) -> None:
    server.api.discovery.aggregated = aggregated
    server.api.discovery.down.add("metrics.k8s.io")
    process = await kubectl.start("api-resources", "--cached=false")
    out, err = await process.communicate()
    assert b"leases" in out
    assert b"NodeMetrics" not in out
    assert aggregated or b"metrics.k8s.io/v1beta1" in err  # kubectl is silent of a Stale one
    _, text = await kubectl.failing("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes")
    assert "the server is currently unable to handle the request" in text


async def test_a_group_that_is_down_is_stale(client: Client, server: FaultyServer) -> None:
    server.api.discovery.down.add("metrics.k8s.io")
    items = (await client.get("/apis", headers=ACCEPT))["items"]
    freshness = {each["metadata"]["name"]: each["versions"][0]["freshness"] for each in items}
    assert freshness.pop("metrics.k8s.io") == "Stale"
    assert set(freshness.values()) == {"Current"}


async def test_an_api_service_that_is_down_says_so_itself(
    client: Client, server: FaultyServer
) -> None:
    accept = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
    path = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"
    for down, available in ((True, "False (FailedDiscoveryCheck)"), (False, "True")):
        server.api.switch_service("metrics.k8s.io/v1beta1", down)
        (row,) = (await client.get(path, headers=accept))["rows"]
        assert row["cells"][1:3] == ["kube-system/metrics-server", available]
        status = await client.status("/apis/metrics.k8s.io/v1beta1/nodes")
        assert status == (503 if down else 200)
