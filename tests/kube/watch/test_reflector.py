"""The reflector's table equals the server's, whatever the way there does to it."""

import pytest

from eksview.domain.live.retry import CEILING, FIRST
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.kube.watch import reflector
from tests.demo import faults
from tests.demo.faults import Abort, Answer, Cut, End, Expire, Fault, Garbage, Hang
from tests.kube.world import NODES, World
from tests.patience import until


def verbs(world: World) -> list[str]:
    return [ask.verb for ask in world.server.faults.asked if ask.resource == "pods"]


async def test_a_streaming_list_is_followed_by_its_own_watch(world: World) -> None:
    world.follow()
    await world.level()
    world.churn()
    await world.level()
    assert verbs(world).count("watchlist") == 1
    assert world.sink.swaps == 1
    assert world.sink.phases[:3] == [Phase.CONNECTING, Phase.LISTING, Phase.LIVE]


async def test_progress_tells_what_is_loaded_and_what_remains(world: World) -> None:
    world.follow()
    await until(lambda: world.sink.links["pods"].phase is Phase.LIVE)
    link = world.sink.links["pods"]
    assert (link.loaded, link.remaining) == (40, 0)


async def test_where_streaming_lists_are_refused_it_lists_in_pages(world: World) -> None:
    world.server.faults.add(faults.NO_WATCH_LIST, verb="watchlist", times=None)
    world.follow()
    await world.level()
    world.churn()
    await world.level()
    assert verbs(world).count("watchlist") == 1
    assert "watch" in verbs(world)


async def test_pages_that_outlive_their_version_are_read_once_in_full(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reflector, "PAGE", 10)
    world.server.faults.add(faults.NO_WATCH_LIST, verb="watchlist", times=None)
    world.server.faults.add(Expire(), verb="page", resource="pods")
    world.follow()
    await world.level()
    await until(lambda: verbs(world)[-2:] == ["list", "watch"])
    assert world.sink.swaps == 1


STREAM_FAULTS: list[tuple[str, Fault]] = [
    ("half a line", Cut(after=1)),
    ("a cut between lines", Abort(after=1)),
    ("a clean end", End(after=1)),
    ("a version that expired", Expire(after=1)),
    ("a line that is no event", Garbage(after=1)),
]


@pytest.mark.parametrize(("name", "fault"), STREAM_FAULTS, ids=[each[0] for each in STREAM_FAULTS])
async def test_a_watch_survives(world: World, name: str, fault: Fault) -> None:
    world.server.faults.add(fault, verb="watch", resource="pods")
    world.server.faults.add(End(after=40), verb="watchlist", resource="pods")
    world.follow()
    await world.level()
    for _ in range(3):
        world.churn()
        await world.level()


@pytest.mark.parametrize(
    ("name", "fault"),
    [("half a line", Cut(after=7)), ("a cut", Abort(after=7)), ("an end", End(after=7))],
)
async def test_a_streaming_list_that_breaks_off_is_never_taken_for_whole(
    world: World, name: str, fault: Fault
) -> None:
    world.server.faults.add(fault, verb="watchlist", resource="pods")
    world.follow()
    await world.level()
    assert world.sink.swaps == 1
    assert Phase.RETRYING in world.sink.phases


ANSWERS: list[tuple[str, Fault]] = [
    ("503", Answer(503)),
    ("500", Answer(500)),
    ("429", Answer(429)),
    ("an HTML page", faults.html()),
    ("an HTML page as 200", faults.html(200)),
    ("410 as a status", Expire()),
    ("a closed connection", Abort()),
]


@pytest.mark.parametrize(("name", "fault"), ANSWERS, ids=[each[0] for each in ANSWERS])
async def test_a_bad_answer_is_told_and_tried_again(world: World, name: str, fault: Fault) -> None:
    world.server.faults.add(fault, verb="watchlist", resource="pods", times=2)
    world.follow()
    await world.level()
    assert world.sink.links["pods"].phase is Phase.LIVE
    assert world.waits


async def test_retry_after_is_honoured(world: World) -> None:
    world.server.faults.add(Answer(429, retry_after=17), verb="watchlist", resource="pods")
    world.follow()
    await world.level()
    assert world.waits == [17.0]


@pytest.mark.parametrize("text", ["0", "-1", "inf", "nan", "1e308", "soon", "3600"])
async def test_no_text_of_a_server_hurries_or_stops_a_link(world: World, text: str) -> None:
    fault = Answer(429, retry_after=text)
    world.server.faults.add(fault, verb="watchlist", resource="pods", times=2)
    world.follow()
    await world.level()
    assert FIRST <= world.waits[0] <= world.waits[1] <= CEILING
    assert world.waits[1] >= 2 * FIRST


async def test_failures_in_a_row_are_tried_ever_more_rarely(world: World) -> None:
    world.server.faults.add(Answer(503), verb="watchlist", resource="pods", times=4)
    world.follow()
    await world.level()
    assert world.waits == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]


async def test_what_is_forbidden_names_the_verb_and_leaves_the_rest_alone(world: World) -> None:
    world.follow(context="eksview-demo-viewer")
    world.follow(NODES, context="eksview-demo-viewer")
    await until(lambda: world.sink.links["pods"].phase is Phase.REFUSED)
    link = world.sink.links["pods"]
    assert "pods is forbidden" in link.reason
    assert link.missing is not None
    assert link.missing.resource == "pods"
    await world.level(NODES)


async def test_rows_neither_blink_nor_stay_as_ghosts_through_a_new_list(world: World) -> None:
    world.follow()
    await world.level()
    before = set(world.sink.tables[Kind.POD])
    await world.server.stop()
    world.churn()
    world.cluster.storage.compact()
    world.server.faults.add(Hang(after=5), verb="watchlist", resource="pods")
    await world.server.start(world.server.port)
    await until(lambda: world.sink.links["pods"].loaded == 5)
    assert set(world.sink.tables[Kind.POD]) == before
    world.server.faults.release()
    await world.level()
    assert world.sink.swaps == 2


async def test_a_server_killed_and_restarted_is_ridden_through(world: World) -> None:
    world.follow()
    world.follow(NODES)
    await world.level()
    await world.server.stop()
    await until(lambda: world.sink.links["pods"].phase is Phase.RETRYING)
    assert "127.0.0.1" in world.sink.links["pods"].reason
    assert len(world.sink.tables[Kind.POD]) == 40
    world.churn()
    await world.server.start(world.server.port)
    await world.level()
    await world.level(NODES)


async def test_a_node_recreated_under_its_name_is_the_new_one(world: World) -> None:
    world.follow(NODES)
    await world.level(NODES)
    node = next(iter(world.cluster.nodes.values()))
    old = world.sink.tables[Kind.NODE][node.name].uid
    world.cluster.leave(node)
    node.uid = "00000000-0000-4000-a000-000000000001"
    world.cluster.join(node)
    await world.level(NODES)
    assert world.sink.tables[Kind.NODE][node.name].uid != old


async def test_undecodable_lines_are_counted(world: World) -> None:
    world.server.faults.add(Garbage(after=3), verb="watchlist", resource="pods")
    world.follow()
    await world.level()
    await until(lambda: world.sink.links["pods"].bad_lines == 1)
