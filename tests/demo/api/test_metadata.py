"""Answers without specs: of a Secret nothing but its metadata leaves the server."""

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.storage.resources import SECRETS
from tests.demo.conftest import Client, read_events

ONE = {"Accept": "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"}
LIST = {"Accept": "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"}


async def test_an_object_has_nothing_but_metadata(client: Client) -> None:
    answer = await client.get("/api/v1/namespaces/shop/secrets/registry", headers=ONE)
    assert (answer["kind"], answer["apiVersion"]) == ("PartialObjectMetadata", "meta.k8s.io/v1")
    assert set(answer) == {"kind", "apiVersion", "metadata"}
    assert answer["metadata"]["name"] == "registry"


async def test_a_list_pages_and_has_nothing_but_metadata(client: Client) -> None:
    answer = await client.get("/api/v1/secrets", {"limit": "2"}, headers=LIST)
    assert answer["kind"] == "PartialObjectMetadataList"
    assert answer["metadata"]["continue"]
    assert [set(each) for each in answer["items"]] == [{"kind", "apiVersion", "metadata"}] * 2


async def test_a_watch_has_nothing_but_metadata(client: Client, cluster: DemoCluster) -> None:
    query = {"watch": "1", "resourceVersion": str(cluster.storage.version)}
    async with client.request("/api/v1/secrets", query, headers=ONE) as response:
        cluster.storage.delete(SECRETS, "shop/registry")
        (gone,) = await read_events(response, 1)
    assert gone["type"] == "DELETED"
    assert set(gone["object"]) == {"kind", "apiVersion", "metadata"}


async def test_the_other_form_is_not_acceptable(client: Client) -> None:
    assert await client.status("/api/v1/secrets", headers=ONE) == 406
    assert await client.status("/api/v1/namespaces/shop/secrets/registry", headers=LIST) == 406
