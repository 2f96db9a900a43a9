"""The guides beside the tables that the demo's server prints, which kubectl's printers name."""

from eksview.domain.guides.registry import GUIDES
from eksview_demo.storage.resources import ALL
from tests.demo.conftest import Client

TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
IN_DEMO = {f"{each.name}.{each.group}".rstrip("."): each for each in ALL}
ELSEWHERE = {"replicationcontrollers", "endpoints"}
"""Resources that the demo has no objects of."""


async def test_the_columns_of_the_guides_are_those_of_the_tables(client: Client) -> None:
    for guide in GUIDES:
        resource = IN_DEMO.get(guide.resource)
        if resource is None:
            assert guide.resource in ELSEWHERE | {"events.events.k8s.io"}
            continue
        root = f"/apis/{resource.api_version}" if resource.group else "/api/v1"
        table = await client.get(f"{root}/{resource.name}", headers=TABLE)
        columns = {column["name"].lower() for column in table["columnDefinitions"]}
        named = {*guide.columns, *(rule.column for rule in guide.rules)}
        named |= {wanted for rule in guide.rules if (wanted := getattr(rule, "wanted", ""))}
        assert named <= columns, guide.resource


def test_children_and_pods_of_the_guides_exist() -> None:
    for guide in GUIDES:
        assert set(guide.children) <= IN_DEMO.keys(), guide.resource
        if guide.opens == "pods":
            assert guide.pods == "namespace", guide.resource
            assert not IN_DEMO[guide.resource].namespaced


async def test_the_selectors_of_the_guides_are_those_of_the_objects(client: Client) -> None:
    for guide in GUIDES:
        if guide.pods == "selector":
            resource = IN_DEMO[guide.resource]
            root = f"/apis/{resource.api_version}" if resource.group else "/api/v1"
            objects = (await client.get(f"{root}/{resource.name}"))["items"]
            assert any(each["spec"].get("selector") for each in objects), guide.resource
