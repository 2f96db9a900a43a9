"""Any resource is followed as the server's own tables, while something shows it."""

import pytest

from eksview.domain.base.errors import UserError
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey
from eksview.domain.live.messages import Fanout
from eksview.domain.live.watch_scope import only_text
from eksview.domain.rows.kube import PodRow
from eksview.domain.rows.link import Phase
from eksview.kube import cluster_watcher as module
from eksview.kube.cluster_watcher import ClusterWatcher
from eksview.kube.discovery import Discovery
from eksview.kube.objects import read_object
from tests.kube.test_cluster_watcher import never, refuse
from tests.kube.world import World
from tests.patience import until

PODS = ObjectTableKey("pods")


async def resource(watcher: ClusterWatcher, word: str) -> ApiResource:
    found = (await watcher.discovery.resources()).find(word)
    assert found is not None
    return found


def phase(world: World, table: ObjectTableKey) -> Phase | None:
    link = world.sink.links.get(table.link)
    return None if link is None else link.phase


def watches(world: World, name: str) -> int:
    meters = world.server.api.meters
    return sum(count for (_, resource), count in meters.watches.items() if resource == name)


async def test_a_table_is_followed_while_it_is_shown_and_then_closed(world: World) -> None:
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink))
    pods = await resource(watcher, "po")
    watcher.follow(pods)
    watcher.follow(pods)
    await until(lambda: phase(world, PODS) is Phase.LIVE)
    rows = world.sink.tables[PODS]
    assert set(rows) == {pod.uid for pod in world.cluster.pods.values()}
    row = next(iter(rows.values()))
    assert isinstance(row, ObjectRow)
    assert [column.title for column in row.columns.columns[:4]] == [
        "NAME", "READY", "STATUS", "RESTARTS",
    ]  # fmt: skip
    assert row.cells[0] == row.name
    world.churn()
    live = {pod.uid for pod in world.cluster.pods.values()}
    await until(lambda: set(world.sink.tables[PODS]) == live)
    await watcher.leave(pods)
    assert watches(world, "pods") == 1  # the other viewer's
    await watcher.leave(pods)
    await until(lambda: watches(world, "pods") == 0)
    assert PODS not in world.sink.tables
    assert PODS.link not in world.sink.links
    await watcher.leave(pods)  # once too often
    watcher.follow(pods)
    await until(lambda: phase(world, PODS) is Phase.LIVE)
    await watcher.stop()


async def test_what_is_refused_for_the_cluster_is_shown_of_the_allowed_namespaces(
    world: World,
) -> None:
    refuse(world, namespaces=True)
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=never)
    pods = await resource(watcher, "pods")
    watcher.follow(pods)
    everything = {pod.uid for pod in world.cluster.pods.values()}
    await until(lambda: set(world.sink.tables[PODS]) == everything)
    assert only_text(world.sink.links[PODS.link]).startswith("pods of namespaces ")
    await watcher.leave(pods)
    await until(lambda: watches(world, "pods") == 0)
    assert PODS not in world.sink.tables
    await watcher.stop()


async def test_where_no_namespace_may_be_read_the_rule_is_named(world: World) -> None:
    refuse(world)
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=never)
    watcher.follow(await resource(watcher, "pods"))
    await until(lambda: phase(world, PODS) is Phase.REFUSED)
    missing = world.sink.links[PODS.link].missing
    assert missing is not None
    assert (missing.verb, missing.resource, missing.namespace) == ("list", "pods", "")
    await watcher.stop()


async def test_of_too_many_objects_none_are_followed_and_why_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_OBJECTS", 3)
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink))
    watcher.follow(await resource(watcher, "pods"))
    await until(lambda: phase(world, PODS) is Phase.OFF)
    assert "choose a namespace" in world.sink.links[PODS.link].reason
    assert not world.sink.tables[PODS]
    assert watches(world, "pods") == 0
    await watcher.stop()


async def test_a_namespace_has_a_table_of_its_own(world: World) -> None:
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink))
    pods = await resource(watcher, "pods")
    watcher.follow(pods, "kube-system")
    key = ObjectTableKey("pods", "kube-system")
    await until(lambda: phase(world, key) is Phase.LIVE)
    rows = [row for row in world.truth().values() if isinstance(row, PodRow)]
    own = {row.uid for row in rows if row.namespace == "kube-system"}
    assert set(world.sink.tables[key]) == own != set()
    before = world.sink.swaps
    await watcher.refresh()
    await until(lambda: world.sink.swaps > before)
    assert PODS not in world.sink.tables
    await watcher.stop()


@pytest.mark.parametrize(
    ("ref", "sentence"),
    [
        (
            ObjectRef("example.com/v1", "Widget", "widgets", "w", "shop"),
            "The server has no resource widgets.example.com: its CustomResourceDefinition",
        ),
        (
            ObjectRef("apps/v1", "Deployment", "deployments", "w", "shop"),
            'deployments.apps "w" not found.',
        ),
    ],
)
async def test_a_missing_resource_is_told_from_a_missing_object(
    world: World, ref: ObjectRef, sentence: str
) -> None:
    connection = world.connect()
    with pytest.raises(UserError) as missing:
        await read_object(connection, Discovery(connection), ref)
    assert missing.value.sentence.startswith(sentence)
