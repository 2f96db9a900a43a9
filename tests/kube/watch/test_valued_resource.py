"""Rows with values of whole objects, as the configuration file asks for them."""

import json
from time import time
from typing import Any

import pytest

from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.live.messages import Fanout
from eksview.domain.live.watch_scope import WatchScope
from eksview.domain.resources.server_objects import ServerObjects
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.kube.cluster_watcher import ClusterWatcher, sources
from eksview.kube.watch.valued_resource import ValuedResource, with_values
from eksview.kube.watch.watched_resource import WatchedResource
from tests.kube.test_cluster_watcher import never
from tests.kube.watch.scripted import Run, ScriptedConnection
from tests.kube.watch.test_server_tables import (
    KEY,
    WIDGETS,
    bookmark,
    event,
    page,
    row,
    rows,
    table,
)
from tests.kube.world import World
from tests.patience import until

SECRETS = ApiResource("", "v1", "secrets", "Secret", "secret", verbs=("get", "list", "watch"))


def whole(name: str, phase: Any, **fields: Any) -> dict[str, Any]:
    made = row(name, 1, "1m", **fields)
    return made | {"object": made["object"] | {"kind": "Widget", "status": {"phase": phase}}}


def valued(*names: str, of: ApiResource = WIDGETS) -> WatchedResource:
    return WatchedResource(
        with_values(ServerObjects(of, time), of.name, {of.name: names}), KEY.link
    )


def query(*names: str, of: ApiResource = WIDGETS) -> str:
    return valued(*names, of=of).query["includeObject"]


def test_whole_objects_are_requested_only_for_columns_that_need_them() -> None:
    assert query("name", "label:app") == "Metadata"
    assert query("annotation:a", "jsonpath:{.metadata.generation}") == "Metadata"
    assert query("annotation:a", "jsonpath:{.status.phase}") == "Object"
    assert query("jsonpath:{.data}", of=SECRETS) == "Metadata"


def test_jobs_are_read_whole_because_their_table_has_no_active_pods() -> None:
    jobs = ApiResource("batch", "v1", "jobs", "Job", "job")
    own = with_values(ServerObjects(jobs, time), jobs.qualified, {})
    assert own.query["includeObject"] == "Object"


async def test_rows_keep_the_values_of_pages_and_of_events() -> None:
    columns = ("jsonpath:{.status.phase}", "annotation:a")
    run = Run(
        ScriptedConnection(
            [
                event("MODIFIED", table(whole("a", "Lost"), columns=None, version="7")),
                event("ADDED", table(whole("c", 5, version="8"), columns=None, version="8")),
                bookmark("12"),
            ],
            pages=(
                page(whole("a", "Bound", annotations={"a": "1"}), more="next"),
                page(whole("b", "Free", annotations={"a": "2"}), version="5"),
            ),
        ),
        valued(*columns),
    )
    resumed = await run.until_watch(2)
    assert {name: each.values for name, each in rows(run).items()} == {
        "a": ("Lost", ""),
        "b": ("Free", "2"),
        "c": ("5", ""),
    }
    assert run.connection.pages[0]["includeObject"] == "Object"
    assert run.connection.watches[0]["includeObject"] == "Object"
    assert resumed["resourceVersion"] == "12"


async def test_objects_that_arent_decoded_in_full_and_plain_ones_have_values_too() -> None:
    odd = whole("a", "Bound", labels={"x": 1})
    run = Run(ScriptedConnection(pages=(page(odd),)), valued("jsonpath:.status.phase"))
    await run.until_watch(1)
    assert rows(run)["a"].undecoded
    assert rows(run)["a"].values == ("Bound",)
    item = whole("b", "Plain")["object"]
    body = json.dumps({"kind": "WidgetList", "metadata": {}, "items": [item]}).encode()
    run = Run(ScriptedConnection([event("ADDED", item)], pages=(body,)), valued("P:.status.phase"))
    await run.until_watch(2)
    assert rows(run)["b"].values == ("Plain",)


def test_nothing_is_decoded_twice_without_such_columns() -> None:
    usual = {"pods": ("name", "label:app"), "events": ("jsonpath:.reason",)}
    followed = [source.resource for source in sources(WatchScope.ALL, usual)]
    assert not any(isinstance(each, ValuedResource) for each in followed)


@pytest.mark.parametrize("watch", [WatchScope.ALL, WatchScope.NODES])
async def test_nodes_and_pods_have_the_values_of_their_objects(
    world: World, watch: WatchScope
) -> None:
    columns = {
        "nodes": ("name", "annotation:node.alpha.kubernetes.io/ttl", "jsonpath:.spec.providerID"),
        "pods": ("NODE:.spec.nodeName", "jsonpath:{.status.qosClass}"),
    }
    watcher = ClusterWatcher(
        world.connect(), Fanout(world.sink), watch=watch, columns=columns, sleep=never
    )
    watcher.start()
    node = next(pod.node for pod in world.cluster.pods.values() if pod.node)
    watcher.follow_pods(node)
    tables = world.sink.tables
    await until(lambda: tables[Kind.NODE] and tables[Kind.POD])
    for each in tables[Kind.NODE].values():
        assert each.values == ("0", each.provider_id)
    for each in tables[Kind.POD].values():
        assert each.values[0] == (each.node or "")
        assert each.values[1] in ("Guaranteed", "Burstable", "BestEffort")
    await watcher.stop()


async def test_any_resource_that_is_followed_has_its_values(world: World) -> None:
    columns = {"deployments": ("name", "SELECTED:.spec.selector.matchLabels.app")}
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink), columns=columns)
    found = (await watcher.discovery.resources()).find("deploy")
    assert found is not None
    watcher.follow(found)
    key = ServerObjects(found, time).kind
    await until(lambda: key.link in world.sink.links)
    await until(lambda: world.sink.links[key.link].phase is Phase.LIVE)
    values = {each.name: each.values for each in world.sink.tables[key].values()}
    assert values
    assert all(value == (name,) for name, value in values.items())
    await watcher.stop()
