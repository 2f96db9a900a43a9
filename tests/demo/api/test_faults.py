"""Faults on demand, as a client sees them on the wire."""

import asyncio

import aiohttp
import msgspec
import pytest

from eksview_demo.cluster.cluster import DemoCluster
from tests.demo import faults
from tests.demo.conftest import Client, read_events
from tests.demo.faults import Abort, Answer, Cut, Delay, End, Expire, FaultyServer, Garbage, Hang

PODS = "/api/v1/pods"
NODES = "/api/v1/nodes"
WATCH = {"watch": "1"}  # begins with the six nodes there are


async def lines(client: Client) -> tuple[list[bytes], bool]:
    """The whole lines of a watch of nodes, and whether it ended cleanly."""
    got: list[bytes] = []
    try:
        async with client.request(NODES, WATCH) as response:
            while line := await response.content.readline():
                got.append(line)
    except aiohttp.ClientError:
        return got, False
    return got, True


@pytest.mark.parametrize("code", [400, 401, 403, 410, 422, 429, 500, 503])
async def test_an_answer_replaces_the_real_one_once(
    client: Client, server: FaultyServer, code: int
) -> None:
    server.faults.add(Answer(code))
    answer = await client.get(PODS)
    assert (answer["kind"], answer["code"]) == ("Status", code)
    assert await client.status(PODS) == 200
    assert server.faults.pending == 0


async def test_too_many_requests_says_when_to_come_back(
    client: Client, server: FaultyServer
) -> None:
    server.faults.add(Answer(429, retry_after=7))
    async with client.request(PODS) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")
        assert (await response.json())["details"] == {"retryAfterSeconds": 7}


async def test_an_error_page_is_html(client: Client, server: FaultyServer) -> None:
    server.faults.add(faults.html(502))
    async with client.request(PODS, WATCH) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert (await response.text()).startswith("<html>")


async def test_faults_strike_only_what_they_were_meant_for(
    client: Client, server: FaultyServer
) -> None:
    server.faults.add(Answer(500), verb="watchlist", resource="pods")
    server.faults.add(Answer(503), verb="list,page", path="/kube-system/")
    assert await client.status(PODS) == 200
    assert await client.status(NODES) == 200
    assert await client.status("/api/v1/namespaces/kube-system/pods") == 503
    assert server.faults.pending == 1
    initial = {"watch": "1", "sendInitialEvents": "true"}
    assert await client.status(PODS, initial) == 500
    assert [ask.verb for ask, _ in server.faults.fired] == ["list", "watchlist"]


@pytest.mark.parametrize(("times", "codes"), [(2, [500, 500, 200]), (None, [500, 500, 500])])
async def test_faults_last_as_often_as_they_were_told(
    client: Client, server: FaultyServer, times: int | None, codes: list[int]
) -> None:
    server.faults.add(Answer(500), times=times)
    assert [await client.status(PODS) for _ in range(3)] == codes
    server.faults.clear()
    assert await client.status(PODS) == 200


async def test_they_strike_in_the_order_they_were_armed(
    client: Client, server: FaultyServer
) -> None:
    for code in (500, 503, 429):
        server.faults.add(Answer(code))
    assert [await client.status(PODS) for _ in range(4)] == [500, 503, 429, 200]


@pytest.mark.parametrize("after", [0, 2])
async def test_a_cut_stream_ends_in_mid_line(
    client: Client, server: FaultyServer, after: int
) -> None:
    server.faults.add(Cut(after), verb="watch")
    got, clean = await lines(client)
    assert not clean
    assert [line.endswith(b"\n") for line in got[:after]] == [True] * after
    assert not any(line.endswith(b"\n") for line in got[after:])


async def test_a_cut_list_breaks_its_promise(client: Client, server: FaultyServer) -> None:
    server.faults.add(Cut(), verb="list")
    with pytest.raises(aiohttp.ClientPayloadError):
        await client.get(PODS)


@pytest.mark.parametrize("after", [0, 3])
async def test_an_aborted_stream_breaks_between_lines(
    client: Client, server: FaultyServer, after: int
) -> None:
    server.faults.add(Abort(after), verb="watch")
    got, clean = await lines(client)
    assert not clean
    assert [msgspec.json.decode(line)["type"] for line in got] == ["ADDED"] * after


async def test_an_aborted_list_never_answers(client: Client, server: FaultyServer) -> None:
    server.faults.add(Abort(), verb="list", times=2)  # aiohttp's client asks once more by itself
    with pytest.raises(aiohttp.ClientError):
        await client.get(PODS)


@pytest.mark.parametrize("after", [0, 2])
async def test_an_early_end_is_clean(client: Client, server: FaultyServer, after: int) -> None:
    server.faults.add(End(after), verb="watch")
    got, clean = await lines(client)
    assert clean
    assert len(got) == after


async def test_an_expired_stream_says_so_and_ends(client: Client, server: FaultyServer) -> None:
    server.faults.add(Expire(1), verb="watch")
    got, clean = await lines(client)
    last = msgspec.json.decode(got[-1])
    assert clean
    assert [len(got), last["type"], last["object"]["code"]] == [2, "ERROR", 410]
    assert last["object"]["reason"] == "Expired"


async def test_an_expired_page(client: Client, server: FaultyServer) -> None:
    server.faults.add(Expire(), verb="page")
    first = await client.get(PODS, {"limit": "20"})
    token = first["metadata"]["continue"]
    assert await client.status(PODS, {"limit": "20", "continue": token}) == 410
    assert await client.status(PODS, {"limit": "20", "continue": token}) == 200


async def test_garbage_comes_between_good_lines(client: Client, server: FaultyServer) -> None:
    server.faults.add(Garbage(after=2), verb="watch")
    async with client.request(NODES, WATCH) as response:
        got = [await response.content.readline() for _ in range(7)]
    for at, line in enumerate(got):
        if at == 2:
            with pytest.raises(msgspec.DecodeError):
                msgspec.json.decode(line)
        else:
            assert msgspec.json.decode(line)["type"] == "ADDED"


async def test_silence_lasts_until_it_is_released(
    client: Client, server: FaultyServer, cluster: DemoCluster
) -> None:
    server.faults.add(Hang(after=6), verb="watch")
    async with client.request(NODES, WATCH) as response:
        await read_events(response, 6)
        cluster.report(next(iter(cluster.nodes.values())))
        line = asyncio.ensure_future(response.content.readline())
        await client.get("/version")  # the server goes on for others
        assert not line.done()
        server.faults.release()
        assert await line == b""


async def test_a_delayed_answer_is_the_real_one(client: Client, server: FaultyServer) -> None:
    server.faults.add(Delay(0.01))
    assert len((await client.get(PODS))["items"]) == 60


async def test_a_server_without_streaming_lists(client: Client, server: FaultyServer) -> None:
    server.faults.add(faults.NO_WATCH_LIST, verb="watchlist", times=None)
    initial = {"watch": "1", "sendInitialEvents": "true", "allowWatchBookmarks": "true"}
    answer = await client.get(PODS, initial | {"resourceVersionMatch": "NotOlderThan"})
    assert (answer["code"], answer["reason"]) == (422, "Invalid")
    assert await client.status(PODS, {"limit": "5"}) == 200


async def test_requests_can_be_read_back(client: Client, server: FaultyServer) -> None:
    await client.get("/api/v1/namespaces/shop/pods", {"limit": "5"})
    ask = server.faults.asked[-1]
    assert (ask.verb, ask.resource, ask.namespace) == ("list", "pods", "shop")
    assert ask.query == {"limit": "5"}
