"""Watches: from a version, with the initial list, with selectors, bookmarks and an end."""

import aiohttp
import msgspec
import pytest

from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import Stage
from tests.demo.conftest import Client, read_events

PODS = "/api/v1/pods"
INITIAL = {
    "watch": "true",
    "sendInitialEvents": "true",
    "resourceVersionMatch": "NotOlderThan",
    "allowWatchBookmarks": "true",
}


async def version_of(client: Client, path: str = PODS) -> str:
    answer = await client.get(path, {"limit": "1"})
    return str(answer["metadata"]["resourceVersion"])


async def test_changes_after_the_lists_version_arrive_whole(
    client: Client, cluster: DemoCluster
) -> None:
    query = {"watch": "1", "resourceVersion": await version_of(client)}
    first, second = list(cluster.pods.values())[:2]
    async with client.request(PODS, query) as response:
        cluster.set_stage(first, Stage.ERROR)
        cluster.remove_pod(second)
        cluster.add_pod(cluster.new_pod(first.workload))
        events = await read_events(response, 3)
    assert [event["type"] for event in events] == ["MODIFIED", "DELETED", "ADDED"]
    assert all(event["object"]["kind"] == "Pod" for event in events)
    assert all(event["object"]["apiVersion"] == "v1" for event in events)
    assert events[1]["object"]["metadata"]["uid"] == second.uid
    versions = [int(event["object"]["metadata"]["resourceVersion"]) for event in events]
    assert versions == sorted(set(versions))
    assert versions[0] > int(query["resourceVersion"])


async def test_a_streaming_list_ends_with_its_bookmark_and_goes_on(
    client: Client, cluster: DemoCluster
) -> None:
    async with client.request(PODS, INITIAL) as response:
        events = await read_events(response, 61)
        cluster.set_stage(next(iter(cluster.pods.values())), Stage.ERROR)
        (change,) = await read_events(response, 1)
    assert {event["type"] for event in events[:60]} == {"ADDED"}
    mark = events[60]
    assert mark["type"] == "BOOKMARK"
    assert mark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert mark["object"]["spec"] == {"containers": None}
    assert change["type"] == "MODIFIED"
    newest = int(mark["object"]["metadata"]["resourceVersion"])
    assert int(change["object"]["metadata"]["resourceVersion"]) == newest + 1


@pytest.mark.parametrize("version", ["", "0"])
async def test_without_a_version_a_watch_begins_with_what_there_is(
    client: Client, version: str
) -> None:
    query = {"watch": "1", "resourceVersion": version}
    async with client.request("/api/v1/nodes", query) as response:
        events = await read_events(response, 6)
    assert {event["type"] for event in events} == {"ADDED"}


async def test_what_stops_to_match_is_deleted_and_what_starts_is_added(
    client: Client, cluster: DemoCluster
) -> None:
    pod = next(pod for pod in cluster.pods.values() if pod.stage is Stage.RUNNING)
    query = {"watch": "1", "resourceVersion": await version_of(client)}
    query["fieldSelector"] = "status.phase=Running"
    async with client.request(PODS, query) as response:
        cluster.set_stage(pod, Stage.CREATING)
        cluster.set_stage(pod, Stage.IMAGE_PULL)  # not seen: it matches neither before nor after
        cluster.set_stage(pod, Stage.RUNNING)
        cluster.set_stage(pod, Stage.ERROR)
        events = await read_events(response, 3)
    assert [event["type"] for event in events] == ["DELETED", "ADDED", "MODIFIED"]
    assert events[0]["object"]["status"]["phase"] == "Running"  # as it last matched


async def test_a_namespaced_watch_sees_its_namespace_only(
    client: Client, cluster: DemoCluster
) -> None:
    version = await version_of(client)
    path = "/api/v1/namespaces/shop/pods"
    async with client.request(path, {"watch": "1", "resourceVersion": version}) as response:
        for pod in list(cluster.pods.values()):
            if pod.workload.name in ("kube-proxy", "cart"):
                cluster.store_pod(pod)
        (event,) = await read_events(response, 1)
    assert event["object"]["metadata"]["namespace"] == "shop"


async def test_a_forgotten_version_is_410_in_the_stream(
    client: Client, cluster: DemoCluster
) -> None:
    version = await version_of(client)
    cluster.set_stage(next(iter(cluster.pods.values())), Stage.ERROR)
    cluster.storage.compact()
    async with client.request(PODS, {"watch": "1", "resourceVersion": version}) as response:
        assert response.status == 200
        (event,) = await read_events(response, 1)
        assert await response.content.read() == b""
    status = event["object"]
    assert (event["type"], status["code"], status["reason"]) == ("ERROR", 410, "Expired")
    assert status["message"] == f"too old resource version: {version} ({cluster.storage.version})"


async def test_compaction_leaves_a_watch_that_keeps_up_alone(
    client: Client, cluster: DemoCluster
) -> None:
    pod = next(iter(cluster.pods.values()))
    query = {"watch": "1", "resourceVersion": await version_of(client)}
    async with client.request(PODS, query) as response:
        cluster.set_stage(pod, Stage.ERROR)
        await read_events(response, 1)
        cluster.storage.compact()
        cluster.set_stage(pod, Stage.RUNNING)
        (event,) = await read_events(response, 1)
    assert event["type"] == "MODIFIED"


async def test_bookmarks_go_to_who_asked_for_them(
    client: Client, server: DemoServer, cluster: DemoCluster
) -> None:
    version = await version_of(client)
    query = {"watch": "1", "resourceVersion": version}
    with_marks = query | {"allowWatchBookmarks": "true"}
    async with client.request(PODS, with_marks) as marked, client.request(PODS, query) as plain:
        cluster.renew(next(iter(cluster.nodes.values())))  # another resource moves the version on
        server.api.pulse.now()
        (mark,) = await read_events(marked, 1)
        cluster.set_stage(next(iter(cluster.pods.values())), Stage.ERROR)
        (change,) = await read_events(plain, 1)
    assert mark["type"] == "BOOKMARK"
    assert int(mark["object"]["metadata"]["resourceVersion"]) > int(version)
    assert "annotations" not in mark["object"]["metadata"]
    assert change["type"] == "MODIFIED"


async def test_a_watch_ends_cleanly_when_its_time_is_up(client: Client) -> None:
    query = {"watch": "1", "resourceVersion": await version_of(client), "timeoutSeconds": "1"}
    async with client.request(PODS, query) as response:
        assert await response.content.read() == b""


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"sendInitialEvents": "true", "allowWatchBookmarks": "true"}, "sendInitialEvents"),
        ({"resourceVersionMatch": "NotOlderThan"}, "resourceVersionMatch"),
    ],
)
async def test_combinations_a_real_server_refuses(
    client: Client, query: dict[str, str], field: str
) -> None:
    answer = await client.get(PODS, {"watch": "1"} | query)
    assert (answer["code"], answer["reason"]) == (422, "Invalid")
    assert answer["details"]["causes"][0]["field"] == field


async def test_watches_are_never_gzipped(client: Client) -> None:
    zipped = {"Accept-Encoding": "gzip"}
    async with client.request(PODS, INITIAL, headers=zipped) as response:
        assert "Content-Encoding" not in response.headers
        assert response.headers["Transfer-Encoding"] == "chunked"


async def test_a_restarted_server_keeps_its_port_and_its_versions(
    client: Client, server: DemoServer, cluster: DemoCluster
) -> None:
    version, port = await version_of(client), server.port
    async with client.request(PODS, {"watch": "1", "resourceVersion": version}) as response:
        await server.stop()
        with pytest.raises((aiohttp.ClientError, msgspec.DecodeError)):
            await read_events(response, 1)
    cluster.set_stage(next(iter(cluster.pods.values())), Stage.ERROR)
    await server.start(port)
    assert server.port == port
    async with client.request(PODS, {"watch": "1", "resourceVersion": version}) as response:
        (event,) = await read_events(response, 1)
    assert event["type"] == "MODIFIED"
