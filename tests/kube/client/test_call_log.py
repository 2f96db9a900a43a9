"""Every call to the API server leaves a record, and none of them a secret."""

import asyncio
import json
from contextlib import suppress
from itertools import count

from eksview.domain.base.errors import UserError
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.messages import Fanout
from eksview.domain.rows.access import AccessRequest
from eksview.kube.access.self_review import identity, rights
from eksview.kube.client.call_log import KubeCallLog
from eksview.kube.client.connection import Connection
from eksview.kube.cluster_watcher import ClusterWatcher
from tests.demo.faults import Answer
from tests.kube.world import World
from tests.patience import until


def recorded(connection: Connection) -> dict[int, ApiCall]:
    found: dict[int, ApiCall] = {}

    def tell(request: ApiCall) -> None:
        found[request.number] = request

    connection.recorder = KubeCallLog(tell, clock=lambda: 7.0)
    return found


async def test_a_list_is_recorded_with_what_it_brought(world: World) -> None:
    connection = world.connect()
    found = recorded(connection)
    body = await connection.get_bytes("/api/v1/nodes", {"limit": "500"})
    (request,) = found.values()
    assert (request.verb, request.target) == ("list", "/api/v1/nodes?limit=500")
    assert (request.status, request.size, request.at) == (200, len(body), 7.0)
    assert request.items == len(json.loads(body)["items"])
    assert request.took is not None
    assert request.wait is not None
    assert 0 < request.wait <= request.took


async def test_what_is_no_list_has_no_items(world: World) -> None:
    connection = world.connect()
    found = recorded(connection)
    await connection.get_bytes("/version")
    assert [request.items for request in found.values()] == [None]


async def test_a_watch_is_recorded_when_it_is_answered_and_when_it_ends(world: World) -> None:
    connection = world.connect()
    found = recorded(connection)
    query = {"watch": "true", "sendInitialEvents": "true", "allowWatchBookmarks": "true",
             "resourceVersionMatch": "NotOlderThan"}  # fmt: skip
    async with connection.stream("/api/v1/nodes", query) as chunks:
        (request,) = found.values()
        assert (request.verb, request.status, request.size) == ("watch", 200, 0)
        size = len(await anext(chunks))
    assert found[request.number].size >= size
    assert (found[request.number].items or 0) >= len(world.server.cluster.nodes)


async def test_a_refusal_and_a_failure_are_recorded_too(world: World) -> None:
    nobody, down = world.connect("eksview-demo-nobody"), world.connect("eksview-demo-down")
    for connection, status in ((nobody, 403), (down, None)):
        found = recorded(connection)
        with suppress(UserError):
            await connection.get_json("/api/v1/nodes")
        (request,) = found.values()
        assert request.status == status
        assert request.failed
    assert "Connection refused" in request.reason


async def test_a_second_try_after_a_401_is_a_call_of_its_own(world: World) -> None:
    connection = world.connect()
    found = recorded(connection)
    world.server.faults.add(Answer(401), times=1)
    with suppress(UserError):
        await connection.get_json("/version")
    assert next(iter(found.values())).status == 401


async def test_a_review_is_recorded_with_what_it_asks(world: World) -> None:
    connection = world.connect()
    found = recorded(connection)
    await rights(connection, (AccessRequest("get", "pods/log", "", "shop"),))
    (request,) = found.values()
    assert request.parameters == (
        ("verb", ("get",)),
        ("resource", ("pods",)),
        ("subresource", ("log",)),
        ("namespace", ("shop",)),
    )


async def test_who_asked_is_recorded(world: World) -> None:
    connection = world.connect()
    found = recorded(connection)

    async def ask(name: str) -> None:
        await connection.on_behalf_of(name).get_json("/version")

    await asyncio.gather(ask("one"), ask("two"))
    assert sorted(request.source for request in found.values()) == ["one", "two"]


async def never(_: float) -> None:
    await asyncio.Event().wait()


async def test_each_link_asks_in_its_own_name_and_numbers_are_the_givers(world: World) -> None:
    numbers = count(100)
    follower = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=never, numbers=numbers)
    follower.start()
    links = {"health", "endpoint", "nodes", "pods", "leases", "system-leases", "events"}
    links |= {"nodeclaims", "aws-auth", "eks-metrics", "usage"}
    requests = world.sink.requests
    try:
        await until(lambda: links <= {request.source for request in requests.values()})
        await follower.inspector.review()
        await until(lambda: "access" in {request.source for request in requests.values()})
    finally:
        await follower.stop()
    assert "" not in {request.source for request in requests.values()}
    assert min(requests) == 100
    assert next(numbers) == 100 + len(requests)


async def test_no_record_holds_the_token(world: World) -> None:
    connection = world.connect()
    found = recorded(connection)
    await identity(connection)
    await connection.get_json("/version")
    token = (await connection.credential()).token
    assert token
    assert len(found) == 2
    assert token not in repr(found)
