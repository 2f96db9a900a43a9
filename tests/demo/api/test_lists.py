"""Lists: the shape, pages, versions, selectors and compression of a real API server."""

import gzip

import msgspec
import pytest

from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods import pod_state
from eksview_demo.storage.resources import PODS
from tests.demo.conftest import Client

PATH = "/api/v1/pods"


async def pages(client: Client, query: dict[str, str]) -> list[dict]:
    """Every page of a list."""
    answers = [await client.get(PATH, query)]
    while token := answers[-1]["metadata"].get("continue"):
        answers.append(await client.get(PATH, query | {"continue": token}))
    return answers


async def test_items_carry_no_kind_but_the_list_does(client: Client) -> None:
    answer = await client.get(PATH)
    assert (answer["kind"], answer["apiVersion"]) == ("PodList", "v1")
    assert len(answer["items"]) == 60
    assert all("kind" not in item and "apiVersion" not in item for item in answer["items"])


async def test_pages_add_up_to_the_list_in_its_order(client: Client) -> None:
    whole = await client.get(PATH)
    paged = await pages(client, {"limit": "25"})
    assert [len(page["items"]) for page in paged] == [25, 25, 10]
    assert [page["metadata"].get("remainingItemCount") for page in paged] == [35, 10, None]
    assert [item for page in paged for item in page["items"]] == whole["items"]
    assert {page["metadata"]["resourceVersion"] for page in paged} == {
        whole["metadata"]["resourceVersion"]
    }


async def test_pages_show_one_version_while_pods_come_and_go(
    client: Client, cluster: DemoCluster
) -> None:
    first = await client.get(PATH, {"limit": "30"})
    names = {key.split("/")[1] for key in cluster.pods}
    for pod in list(cluster.pods.values())[:20]:
        cluster.remove_pod(pod)
    token = first["metadata"]["continue"]
    second = await client.get(PATH, {"limit": "30", "continue": token})
    seen = {item["metadata"]["name"] for page in (first, second) for item in page["items"]}
    assert seen == names


async def test_a_page_after_compaction_is_gone_with_a_token_to_go_on(
    client: Client, cluster: DemoCluster
) -> None:
    first = await client.get(PATH, {"limit": "30"})
    cluster.storage.compact()
    token = first["metadata"]["continue"]
    gone = await client.get(PATH, {"limit": "30", "continue": token})
    assert (gone["code"], gone["reason"]) == (410, "Expired")
    rest = await client.get(PATH, {"limit": "30", "continue": gone["metadata"]["continue"]})
    assert len(rest["items"]) == 30


async def test_version_zero_ignores_the_limit(client: Client) -> None:
    answer = await client.get(PATH, {"limit": "5", "resourceVersion": "0"})
    assert len(answer["items"]) == 60


async def test_a_version_from_the_future_times_out(client: Client) -> None:
    query = {"limit": "1", "resourceVersion": "99999999"}
    async with client.request(PATH, query) as response:
        body = await response.json()
        assert (response.status, response.headers["Retry-After"]) == (504, "1")
    assert body["details"]["causes"][0]["reason"] == "ResourceVersionTooLarge"
    assert body["message"].startswith("Timeout: Too large resource version: 99999999, current: ")


async def test_a_namespace_holds_its_own(client: Client) -> None:
    answer = await client.get("/api/v1/namespaces/kube-system/pods")
    every = await client.get(PATH)
    expected = [it for it in every["items"] if it["metadata"]["namespace"] == "kube-system"]
    assert answer["items"] == expected
    assert expected


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        ("app=web", lambda labels: labels.get("app") == "web"),
        ("app==web", lambda labels: labels.get("app") == "web"),
        ("app!=web", lambda labels: labels.get("app") != "web"),
        ("app in (web, api)", lambda labels: labels.get("app") in ("web", "api")),
        ("app notin (web,api)", lambda labels: labels.get("app") not in ("web", "api")),
        ("pod-template-hash", lambda labels: "pod-template-hash" in labels),
        ("!pod-template-hash", lambda labels: "pod-template-hash" not in labels),
        (
            "app in (web,api),pod-template-hash",
            lambda labels: labels.get("app") in ("web", "api") and "pod-template-hash" in labels,
        ),
    ],
)
async def test_label_selectors(client: Client, selector: str, holds) -> None:
    answer = await client.get(PATH, {"labelSelector": selector})
    every = await client.get(PATH)
    expected = [item for item in every["items"] if holds(item["metadata"]["labels"])]
    assert answer["items"] == expected
    assert 0 < len(expected) < 60


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        ("status.phase=Running", lambda pod: pod["status"]["phase"] == "Running"),
        ("status.phase!=Running", lambda pod: pod["status"]["phase"] != "Running"),
        ("metadata.namespace=shop", lambda pod: pod["metadata"]["namespace"] == "shop"),
        ("spec.nodeName=", lambda pod: not pod["spec"].get("nodeName")),
        ("spec.hostNetwork=true", lambda pod: pod["spec"].get("hostNetwork", False)),
    ],
)
async def test_field_selectors(client: Client, selector: str, holds) -> None:
    answer = await client.get(PATH, {"fieldSelector": selector})
    every = await client.get(PATH)
    assert answer["items"] == [item for item in every["items"] if holds(item)]
    assert 0 < len(answer["items"]) < 60


async def test_pods_of_a_node(client: Client, cluster: DemoCluster) -> None:
    node = next(iter(cluster.nodes.values()))
    query = {"fieldSelector": f"spec.nodeName={node.name},status.phase!=Succeeded"}
    answer = await client.get(PATH, query)
    expected = {pod.uid for pod in cluster.pods_on(node) if pod.phase != "Succeeded"}
    assert {item["metadata"]["uid"] for item in answer["items"]} == expected


async def test_a_selected_list_pages_without_a_count(client: Client) -> None:
    query = {"labelSelector": "app in (web,api)", "limit": "3"}
    paged = await pages(client, query)
    whole = await client.get(PATH, {"labelSelector": "app in (web,api)"})
    assert [item for page in paged for item in page["items"]] == whole["items"]
    assert all("remainingItemCount" not in page["metadata"] for page in paged)


async def test_an_unknown_field_is_a_bad_request(client: Client) -> None:
    answer = await client.get(PATH, {"fieldSelector": "spec.foo=x"})
    assert answer == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "field label not supported: spec.foo",
        "reason": "BadRequest",
        "code": 400,
    }


async def test_large_bodies_are_gzipped_for_who_accepts_it(client: Client) -> None:
    plain = {"Accept-Encoding": "identity"}
    async with client.request(PATH, headers=plain) as response:
        assert "Content-Encoding" not in response.headers
        whole = await response.read()
    zipped = {"Accept-Encoding": "gzip"}
    async with client.request(PATH, headers=zipped) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert await response.read() == whole  # aiohttp unpacks it
    async with client.request("/api/v1/namespaces", headers=zipped) as response:
        assert "Content-Encoding" not in response.headers
    assert len(gzip.compress(whole, 1)) < len(whole) / 5


async def test_a_single_object_has_its_kind(client: Client, cluster: DemoCluster) -> None:
    pod = next(iter(cluster.pods.values()))
    answer = await client.get(f"/api/v1/namespaces/{pod.workload.namespace}/pods/{pod.name}")
    assert (answer["kind"], answer["metadata"]["uid"]) == ("Pod", pod.uid)


async def test_an_object_that_is_not_there(client: Client) -> None:
    answer = await client.get("/api/v1/nodes/nowhere")
    assert answer["message"] == 'nodes "nowhere" not found'
    assert answer["details"] == {"name": "nowhere", "kind": "nodes"}
    assert answer["code"] == 404


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nowhere", "/api/v1/namespaces/shop/nodes", "/apis/apps/v1beta1/deployments", "/what"],
)
async def test_an_unknown_path_is_not_found(client: Client, path: str) -> None:
    assert await client.status(path) == 404


@pytest.mark.parametrize("stage", list(pod_state.Stage))
def test_every_stage_of_a_pod_is_json_of_a_pods_size(
    cluster: DemoCluster, stage: pod_state.Stage
) -> None:
    pod = next(pod for pod in cluster.pods.values() if pod.workload.name == "api")
    pod.stage = stage
    cluster.store_pod(pod)
    stored = cluster.storage.table(PODS).objects[pod.key]
    body = msgspec.json.decode(stored.item())
    assert body["status"]["phase"] == pod.phase
    assert "@@" not in stored.tail.decode()
    assert 2500 < len(stored.tail) < 9000


async def test_discovery_names_what_is_served(client: Client, server: DemoServer) -> None:
    assert (await client.get("/api"))["versions"] == ["v1"]
    groups = [
        group["preferredVersion"]["groupVersion"] for group in (await client.get("/apis"))["groups"]
    ]
    assert {"coordination.k8s.io/v1", "metrics.k8s.io/v1beta1"} <= set(groups)
    listed = {resource["name"] for resource in (await client.get("/api/v1"))["resources"]}
    assert {"nodes", "pods", "events", "namespaces", "configmaps", "services"} <= listed
    for group in groups:
        assert (await client.get(f"/apis/{group}"))["groupVersion"] == group
