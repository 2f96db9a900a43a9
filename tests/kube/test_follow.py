"""Any resource is followed as the server's own tables, while something shows it."""

from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey
from eksview.domain.live.messages import Fanout
from eksview.domain.rows.link import Phase
from eksview.kube.cluster_watcher import ClusterWatcher
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
