"""How much is followed: all pods, or those of the nodes that are open."""

import asyncio
from collections import Counter

import pytest

from eksview.domain.live.messages import Fanout
from eksview.domain.live.watch_scope import WatchScope, link_of_pods, only_text
from eksview.domain.resources.pods import RESOURCE as POD
from eksview.domain.resources.registry import WATCHED
from eksview.domain.rows.kube import Kind, PodRow
from eksview.domain.rows.link import Link, Phase
from eksview.kube import cluster_watcher as module
from eksview.kube.cluster_watcher import ClusterWatcher
from eksview.kube.watch.narrowing import REASK
from eksview.kube.watch.reflector import _remaining
from tests.demo import faults
from tests.kube.world import World
from tests.patience import until


async def never(_: float) -> None:
    await asyncio.Event().wait()


class Following:
    """A follower of the world's cluster, and what its sink has of pods."""

    def __init__(self, world: World, watch: WatchScope, namespace: str = "") -> None:
        self.world = world
        self.follower = ClusterWatcher(
            world.connect(), Fanout(world.sink), watch=watch, namespace=namespace, sleep=never
        )
        self.follower.start()

    @property
    def link(self) -> Link | None:
        return self.world.sink.links.get("pods")

    def link_of(self, node: str) -> Phase | None:
        link = self.world.sink.links.get(link_of_pods(node))
        return None if link is None else link.phase

    def pods(self) -> set[str]:
        return set(self.world.sink.tables[Kind.POD])

    def truth(self, node: str) -> set[str]:
        rows = self.world.truth().values()
        return {row.key for row in rows if isinstance(row, PodRow) and row.node == node}

    async def apart(self) -> None:
        await until(lambda: self.link is not None and self.link.phase is Phase.OFF)


def busiest(world: World) -> tuple[str, str]:
    """Two nodes with pods."""
    nodes = {row.node for row in world.truth().values() if isinstance(row, PodRow) and row.node}
    first, second, *_ = sorted(nodes)
    return first, second


async def test_nodes_alone_are_followed_and_pods_never_listed(world: World) -> None:
    following = Following(world, WatchScope.NODES)
    await following.apart()
    await until(lambda: len(world.sink.tables[Kind.NODE]) == 5)
    await until(lambda: world.sink.links["events"].phase is Phase.LIVE)
    asked = {(ask.verb, ask.resource) for ask in world.server.faults.asked}
    assert not [verb for verb, resource in asked if resource == "pods"]
    assert "--watch nodes" in following.link.reason
    events = [each.target for each in world.sink.requests.values() if "/events" in each.target]
    assert events
    assert all("involvedObject.kind" in each for each in events)
    await following.follower.stop()


async def test_an_opened_nodes_pods_come_change_and_go_with_it(world: World) -> None:
    following = Following(world, WatchScope.NODES)
    await following.apart()
    node, other = busiest(world)
    following.follower.follow_pods(node)
    await until(lambda: following.link_of(node) is Phase.LIVE)
    assert following.pods() == following.truth(node) != set()
    world.churn()
    await until(lambda: following.pods() == following.truth(node))
    following.follower.follow_pods(other)
    await until(lambda: following.link_of(other) is Phase.LIVE)
    assert following.pods() == following.truth(node) | following.truth(other)
    await following.follower.leave_pods(node)
    assert following.link_of(node) is Phase.OFF
    assert following.pods() == following.truth(other)
    await following.follower.stop()


async def test_who_looks_first_may_leave_first(world: World) -> None:
    following = Following(world, WatchScope.NODES)
    await following.apart()
    node, _ = busiest(world)
    for _ in range(2):
        following.follower.follow_pods(node)
    await following.follower.leave_pods(node)
    await until(lambda: following.link_of(node) is Phase.LIVE)
    await until(lambda: following.pods() == following.truth(node))
    await following.follower.leave_pods(node)
    assert following.link_of(node) is Phase.OFF
    await following.follower.leave_pods(node)  # a word too many does no harm
    following.follower.follow_pods(node)
    await until(lambda: following.link_of(node) is Phase.LIVE)
    await following.follower.stop()


def watches(world: World) -> Counter[str]:
    """The watches that the server was asked for, by resource."""
    asked = [ask for ask in world.server.faults.asked if ask.verb in ("watch", "watchlist")]
    return Counter(ask.resource for ask in asked)


def running() -> Counter[str]:
    """The tasks of followers, by name."""
    names = [task.get_name() for task in asyncio.all_tasks()]
    return Counter(name for name in names if name.startswith("eksview "))


async def watching(world: World) -> tuple[Following, Counter[str]]:
    """A follower whose streams are all live, and its watches."""
    following = Following(world, WatchScope.ALL)
    await until(lambda: live(world))
    return following, watches(world)


def live(world: World) -> bool:
    links = [world.sink.links.get(name) for source in WATCHED for name, _ in source.links]
    return all(link is not None and link.phase is Phase.LIVE for link in links)


async def test_two_refreshes_at_once_start_every_stream_once(world: World) -> None:
    following, first = await watching(world)
    tasks = running()
    await asyncio.gather(following.follower.refresh(), following.follower.refresh())
    assert running() == tasks
    await until(lambda: watches(world).total() >= 2 * first.total() and live(world))
    assert watches(world) == first + first
    await following.follower.stop()
    assert not running()


async def test_a_node_opened_during_a_refresh_is_followed_once(world: World) -> None:
    following = Following(world, WatchScope.NODES)
    await following.apart()
    node, _ = busiest(world)
    refresh = asyncio.create_task(following.follower.refresh())
    await asyncio.sleep(0)
    following.follower.follow_pods(node)
    await refresh
    assert running()[f"eksview {link_of_pods(node)}"] == 1
    await following.follower.stop()
    assert not running()


async def test_a_refresh_that_is_overtaken_by_the_end_starts_nothing(world: World) -> None:
    following, _ = await watching(world)
    await asyncio.gather(following.follower.refresh(), following.follower.stop())
    assert not running()


@pytest.mark.parametrize("paged", [False, True])
async def test_more_pods_than_fit_are_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, *, paged: bool
) -> None:
    monkeypatch.setattr(module, "most_pods", lambda _: 39)
    if paged:
        world.server.faults.add(faults.NO_WATCH_LIST, verb="watchlist", times=None)
    node, _ = busiest(world)
    following = Following(world, WatchScope.FITTING)
    following.follower.follow_pods(node)  # opened before it is known that there are too many
    await following.apart()
    assert "there are 40" in following.link.reason
    await until(lambda: following.link_of(node) is Phase.LIVE)
    assert following.pods() == following.truth(node)
    await following.follower.refresh()
    await until(lambda: following.link_of(node) is Phase.LIVE)
    assert following.link.phase is Phase.OFF
    await following.follower.stop()


async def test_as_many_as_fit_are_followed_and_nodes_are_not_asked_about_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "most_pods", lambda _: 40)
    node, _ = busiest(world)
    following = Following(world, WatchScope.FITTING)
    await until(lambda: following.link is not None and following.link.phase is Phase.LIVE)
    following.follower.follow_pods(node)
    await following.follower.leave_pods(node)
    assert len(following.pods()) == 40
    assert following.link_of(node) is None
    await following.follower.stop()


@pytest.mark.parametrize(
    ("metadata", "remaining"),
    [
        ("{}", 0),
        ('{"continue":"x","remainingItemCount":149500}', 149_500),
        ('{"continue":"x"}', None),  # of a selection a server counts nothing
    ],
)
def test_what_remains_of_a_list_is_known_or_not(metadata: str, remaining: int | None) -> None:
    body = f'{{"metadata":{metadata},"items":[]}}'.encode()
    assert _remaining(POD.decode_list(body)) == remaining


def refuse(world: World, *, namespaces: bool = False) -> None:
    """Refuse the lists and watches of the whole cluster, and the rights of other namespaces."""
    for path in ("/api/v1/pods", "/api/v1/events"):
        world.server.faults.add(faults.Answer(403), path=path, times=None)
    if not namespaces:
        world.server.faults.add(faults.Answer(403), path="selfsubjectrulesreviews", times=None)


async def test_what_is_refused_for_the_cluster_is_followed_in_the_users_namespace(
    world: World,
) -> None:
    refuse(world)
    follower = ClusterWatcher(
        world.connect(), Fanout(world.sink), namespace="kube-system", sleep=never
    )
    follower.start()

    def truth() -> set[str]:
        rows = [row for row in world.truth().values() if isinstance(row, PodRow)]
        return {row.key for row in rows if row.namespace == "kube-system"}

    await until(lambda: truth() == set(world.sink.tables[Kind.POD]))
    for name in ("pods", "events"):
        await until(lambda name=name: world.sink.links[name].phase is Phase.LIVE)
        assert only_text(world.sink.links[name]) == (
            f"{name} of namespace kube-system only: listing all is refused"
        )
    await follower.stop()


async def test_without_a_namespace_all_that_may_be_read_are_followed(world: World) -> None:
    refuse(world, namespaces=True)
    follower = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=never)
    follower.start()
    await world.level()
    world.churn()
    await world.level()
    assert "," in world.sink.links["pods"].only
    await follower.refresh()
    await world.level()
    await follower.stop()


async def test_where_no_namespace_may_be_read_the_refusal_stays(world: World) -> None:
    refuse(world)
    follower = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=never)
    follower.start()
    await until(lambda: world.sink.links["pods"].phase is Phase.REFUSED)
    missing = world.sink.links["pods"].missing
    assert missing is not None
    assert (missing.resource, missing.namespace) == ("pods", "")
    await follower.stop()


async def test_an_opened_nodes_pods_are_those_of_the_namespaces_that_may_be_read(
    world: World,
) -> None:
    refuse(world, namespaces=True)
    following = Following(world, WatchScope.NODES)
    await following.apart()
    node, other = busiest(world)
    for name in (node, other):
        following.follower.follow_pods(name)
    await until(lambda: following.pods() == following.truth(node) | following.truth(other))
    await until(lambda: following.link_of(node) is Phase.LIVE)
    assert "," in world.sink.links[link_of_pods(node)].only
    world.churn()
    await until(lambda: following.pods() == following.truth(node) | following.truth(other))
    await following.follower.leave_pods(node)
    await until(lambda: following.pods() == following.truth(other))
    links = {name: link.phase for name, link in world.sink.links.items()}
    of_node = [phase for name, phase in links.items() if name.startswith(link_of_pods(node))]
    assert len(of_node) > 1
    assert set(of_node) == {Phase.OFF}
    await following.follower.stop()


async def test_an_opened_nodes_pods_are_those_of_the_users_namespace(world: World) -> None:
    refuse(world)
    following = Following(world, WatchScope.NODES, "kube-system")
    await following.apart()
    node, _ = busiest(world)
    following.follower.follow_pods(node)
    await until(lambda: following.link_of(node) is Phase.LIVE)
    rows = {key: row for key, row in world.truth().items() if isinstance(row, PodRow)}
    assert following.pods() == {
        key for key in following.truth(node) if rows[key].namespace == "kube-system"
    }
    assert world.sink.links[link_of_pods(node)].only == "kube-system"
    await following.follower.stop()


class Days:
    """A sleep that ends for those who ask for their rights again, when a test says so."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        if seconds != REASK:
            await never(seconds)
        await self.over.wait()
        self.over.clear()


async def narrowed(world: World, days: Days) -> ClusterWatcher:
    """Return a watcher that may list only its namespace, and does."""
    refuse(world)
    follower = ClusterWatcher(
        world.connect(), Fanout(world.sink), namespace="kube-system", sleep=days
    )
    follower.start()
    for name in ("pods", "events"):
        await until(lambda name=name: world.sink.links.get(name) is not None)
        await until(lambda name=name: world.sink.links[name].phase is Phase.LIVE)
    return follower


@pytest.mark.parametrize("rights", ["all", "namespaces"])
@pytest.mark.parametrize("asked", ["later", "refresh"])
async def test_rights_that_come_later_are_used(world: World, rights: str, asked: str) -> None:
    days = Days()
    follower = await narrowed(world, days)
    assert world.sink.links["pods"].only == "kube-system"
    world.server.faults.clear()
    if rights == "namespaces":
        refuse(world, namespaces=True)
    if asked == "refresh":
        await follower.refresh()
    else:
        days.over.set()
    await until(lambda: world.sink.links["pods"].only != "kube-system")
    await world.level()
    await until(lambda: world.sink.links["pods"].phase is Phase.LIVE)
    assert bool(world.sink.links["pods"].only) == (rights == "namespaces")
    await follower.stop()
    assert not running()


async def test_rights_that_are_the_same_restart_nothing(world: World) -> None:
    days = Days()
    follower = await narrowed(world, days)
    before, reviewed = watches(world), reviews(world)
    days.over.set()
    await until(lambda: reviews(world) == 2 * reviewed)  # of pods and events, as before
    assert watches(world) == before
    await follower.stop()


def reviews(world: World) -> int:
    return sum("selfsubjectrulesreviews" in each.target for each in world.sink.requests.values())
