"""Table answers: the server prints, as kubectl expects of it."""

import pytest

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import Stage
from eksview_demo.cluster.workloads import CRASHING
from tests.demo.conftest import Client, read_events

TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}


def names(table: dict, priority: int) -> list[str]:
    return [c["name"] for c in table["columnDefinitions"] if c["priority"] == priority]


@pytest.mark.parametrize(
    ("path", "default", "wide"),
    [
        (
            "/api/v1/nodes",
            ["Name", "Status", "Roles", "Age", "Version"],
            ["Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime"],
        ),
        (
            "/api/v1/pods",
            ["Name", "Ready", "Status", "Restarts", "Age"],
            ["IP", "Node", "Nominated Node", "Readiness Gates"],
        ),
        ("/apis/coordination.k8s.io/v1/leases", ["Name", "Holder", "Age"], []),
        ("/api/v1/namespaces", ["Name", "Status", "Age"], []),
    ],
)
async def test_the_columns_are_kubectls(
    client: Client, path: str, default: list[str], wide: list[str]
) -> None:
    table = await client.get(path, headers=TABLE)
    assert (table["kind"], table["apiVersion"]) == ("Table", "meta.k8s.io/v1")
    assert [names(table, 0), names(table, 1)] == [default, wide]
    assert table["rows"]
    assert all(
        len(row["cells"]) == len(table["columnDefinitions"]) and row["cells"][0]
        for row in table["rows"]
    )


async def test_rows_page_like_lists(client: Client) -> None:
    table = await client.get("/api/v1/pods", {"limit": "25"}, headers=TABLE)
    assert len(table["rows"]) == 25
    assert table["metadata"]["remainingItemCount"] == 35
    rest = {"limit": "500", "continue": table["metadata"]["continue"]}
    assert len((await client.get("/api/v1/pods", rest, headers=TABLE))["rows"]) == 35


async def test_a_broken_pod_reads_as_kubectl_prints_it(client: Client) -> None:
    query = {"labelSelector": f"app={CRASHING.name}"}
    table = await client.get("/api/v1/pods", query, headers=TABLE)
    statuses = {row["cells"][2]: row["cells"][1:4:2] for row in table["rows"]}
    assert statuses == {
        "CrashLoopBackOff": ["0/1", "14 (2m10s ago)"],
        "OOMKilled": ["0/1", "5 (87s ago)"],
    }


@pytest.mark.parametrize(
    ("include", "kind", "parts"),
    [
        ("Metadata", "PartialObjectMetadata", {"kind", "apiVersion", "metadata"}),
        ("Object", "Node", {"kind", "apiVersion", "metadata", "spec", "status"}),
    ],
)
async def test_rows_carry_as_much_of_the_object_as_was_asked(
    client: Client, include: str, kind: str, parts: set[str]
) -> None:
    query = {"includeObject": include}
    table = await client.get("/api/v1/nodes", query, headers=TABLE)
    for row in table["rows"]:
        assert row["object"]["kind"] == kind
        assert set(row["object"]) == parts
        assert row["object"]["metadata"]["name"] == row["cells"][0]


async def test_a_single_object_is_a_table_of_one_row(client: Client, cluster: DemoCluster) -> None:
    name = next(iter(cluster.nodes))
    table = await client.get(f"/api/v1/nodes/{name}", headers=TABLE)
    assert [row["cells"][0] for row in table["rows"]] == [name]


async def test_a_table_watch_names_its_columns_once(client: Client, cluster: DemoCluster) -> None:
    listed = await client.get("/api/v1/pods", headers=TABLE)
    version = listed["metadata"]["resourceVersion"]
    query = {"watch": "1", "resourceVersion": version}
    pod = next(pod for pod in cluster.pods.values() if pod.stage is Stage.RUNNING)
    async with client.request("/api/v1/pods", query, headers=TABLE) as response:
        cluster.set_stage(pod, Stage.ERROR)
        cluster.remove_pod(pod)
        changed, gone = await read_events(response, 2)
    assert changed["object"]["columnDefinitions"] == listed["columnDefinitions"]
    assert changed["object"]["rows"][0]["cells"][2] == "Error"
    assert gone["type"] == "DELETED"
    assert gone["object"]["columnDefinitions"] is None
