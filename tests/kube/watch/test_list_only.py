"""What may be listed but not watched: listed again at a period, and said so.

The rights are those of RBAC with the verb list alone; 404 and 405 are answers of API services
whose resources have no watch.
"""

from typing import Any

import pytest

from eksview.domain.live.retry import RARELY, Failure
from eksview.domain.live.trust import Trust, trust
from eksview.domain.resources.nodes import RESOURCE as NODE
from eksview.domain.resources.server_objects import ServerObjects
from eksview.domain.rows.link import Link, Phase
from eksview.kube.client.errors import RequestError
from eksview.kube.watch.watched_resource import Followed, WatchedResource
from tests.demo.faults import Answer
from tests.kube.watch.scripted import HANG, Run, ScriptedConnection, bookmark, event, page, pod
from tests.kube.watch.test_server_tables import WIDGETS
from tests.kube.watch.test_server_tables import page as table_page
from tests.kube.watch.test_server_tables import row as table_row
from tests.kube.world import NODES, PODS, World
from tests.patience import until

PERIOD = 30.0
COUNTED = page()


def failed(status: int) -> RequestError:
    return RequestError(f"It answered {status}.", Failure(status))


def pages_of(resource: Followed, *names: str) -> tuple[bytes, ...]:
    """Return a list for each name, of one object, and for typed resources the count before."""
    if isinstance(resource, ServerObjects):
        return tuple(table_page(table_row(name, 1, "1m")) for name in names)
    return (COUNTED, *(page(pod(name)) for name in names))


async def listed_twice(run: Run) -> Link:
    """Run until the third list is asked for; return the link as it is then."""
    asked = run.connection.pages
    async with run.following():
        await until(lambda: sum("limit" in each and each["limit"] != "1" for each in asked) == 3)
    return run.sink.told[-1]


@pytest.mark.parametrize("of", [PODS.resource, NODE, ServerObjects(WIDGETS, lambda: 0.0)])
@pytest.mark.parametrize("chance", [0.0, 1.0])
async def test_what_may_only_be_listed_is_listed_every_half_minute(
    of: Followed, chance: float
) -> None:
    answers = [failed(403)] * (2 if isinstance(of, ServerObjects) else 3)
    connection = ScriptedConnection(*answers, pages=(*pages_of(of, "a", "b"), HANG))
    run = Run(connection, WatchedResource(of, "widgets"), chance)
    link = await listed_twice(run)
    assert run.waits == [PERIOD * (1 + 0.1 * chance)] * 2
    assert [*run.sink.tables[of.kind]] == [table_row("b")["object"]["metadata"]["uid"]
                                          if isinstance(of, ServerObjects) else "b"]  # fmt: skip
    assert trust(link) is Trust.LISTED
    assert f"Listed every 30s because RBAC denies `watch {of.name}" in link.reason
    assert Phase.REFUSED not in run.sink.phases


@pytest.mark.parametrize("status", [404, 405])
async def test_an_api_service_without_a_watch_is_no_error(status: int) -> None:
    of = ServerObjects(WIDGETS, lambda: 0.0)
    connection = ScriptedConnection(*[failed(status)] * 2, pages=(*pages_of(of, "a", "b"), HANG))
    run = Run(connection, WatchedResource(of, "widgets"))
    link = await listed_twice(run)
    assert link.reason == "Listed every 30s because the API server has no watch of widgets."
    assert run.waits == [PERIOD] * 2
    assert Phase.RETRYING not in run.sink.phases


async def test_a_right_that_is_given_later_ends_the_lists() -> None:
    connection = ScriptedConnection(
        failed(403), failed(403), [bookmark("7"), HANG], pages=(COUNTED, page(pod("a")), page())
    )
    run = Run(connection)
    async with run.following():
        await until(lambda: trust(run.sink.told[-1]) is Trust.LIVE and len(run.waits) == 1)
    assert run.sink.told[-1].reason == ""


async def test_a_right_that_is_taken_while_watching_is_no_old_table_shown_as_live() -> None:
    stream: list[Any] = [event("ADDED", pod("a", "5")), bookmark("10", ends_list=True), 300.0]
    connection = ScriptedConnection(
        stream, failed(403), failed(403), pages=(COUNTED, failed(403), HANG)
    )
    run = Run(connection)
    async with run.following():
        await until(lambda: Phase.REFUSED in run.sink.phases)
    assert RARELY in run.waits
    assert not any(link.every for link in run.sink.told)


async def test_a_list_that_takes_long_is_asked_for_less_often() -> None:
    class Slow(ScriptedConnection):
        async def get_bytes(self, *args: Any, **named: Any) -> bytes:
            self.now += 12.0
            return await super().get_bytes(*args, **named)

    of = ServerObjects(WIDGETS, lambda: 0.0)
    connection = Slow(*[failed(403)] * 2, pages=(*pages_of(of, "a", "b"), HANG))
    run = Run(connection, WatchedResource(of, "widgets"))
    await listed_twice(run)
    assert run.waits == [120.0] * 2


async def test_a_server_that_allows_lists_only_shows_nodes_and_pods(world: World) -> None:
    for verb in ("watch", "watchlist"):
        world.server.faults.add(Answer(403), verb=verb, times=None)
    world.follow()
    world.follow(NODES)
    for name in ("pods", "nodes"):
        await until(lambda name=name: "RBAC denies" in world.sink.links[name].reason)
        assert trust(world.sink.links[name]) is Trust.LISTED
    await world.level()
    await world.level(NODES)
