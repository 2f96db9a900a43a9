"""Around a cluster: no ~/.netrc, no proxy to the machine itself, half answers, web pages."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from eksview.domain.base.errors import UserError
from eksview.domain.live.api_call import ApiCall
from eksview.domain.rows.link import Phase
from eksview.kube.client.call_log import KubeCallLog
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.connection import RETRIES, Connection, Limits
from eksview.kube.client.exec_plugin import Credential
from eksview.kube.client.proxy import through_proxy
from eksview.kube.client.response import MIB, MOST_BYTES
from eksview.kube.client.transport import transport
from tests.demo.faults import Answer, html
from tests.kube.world import World


async def test_a_netrc_with_a_default_is_left_alone(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "netrc", "default login someone password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert (await world.connect().get_json("/version"))["major"] == "1"


async def test_the_machine_itself_is_reached_past_any_proxy(world: World) -> None:
    access = through_proxy(world.connect().access, {"HTTPS_PROXY": "http://127.0.0.1:9"})
    async with Connection(access) as connection:
        assert (await connection.get_json("/version"))["major"] == "1"


@pytest.mark.parametrize(
    ("server", "own", "used"),
    [
        ("https://api.example.com", "", "http://proxy:3128"),
        ("https://api.example.com", "http://mine:1", "http://mine:1"),
        ("https://api.internal", "", None),
        ("https://127.0.0.1:6443", "", None),
        ("https://[::1]:6443", "", None),
        ("https://localhost", "", None),
    ],
)
def test_proxies_come_from_the_kubeconfig_then_the_environment(
    server: str, own: str, used: str | None
) -> None:
    environment = {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": ".internal"}
    access = ClusterAccess("c", "c", server, "u", "default", "file", proxy=own)
    assert transport(through_proxy(access, environment), Credential()).proxy == used


async def test_half_an_answer_is_a_problem(world: World) -> None:
    world.server.faults.add(Answer(200, body=b'{"items":['))
    with pytest.raises(UserError, match="isn't whole"):
        await world.connect().get_json("/api/v1/nodes")


async def test_an_answer_without_end_is_read_no_further_than_its_use_needs(
    world: World,
) -> None:
    told: list[ApiCall] = []
    connection = world.connect()
    connection.recorder = KubeCallLog(told.append)
    world.server.faults.add(Answer(200, body=b'{"x":"'.ljust(MOST_BYTES + 5 * MIB, b"1")))
    with pytest.raises(UserError, match="an answer of more than 32 MiB, which isn't read"):
        await connection.get_json("/version")
    assert MOST_BYTES < (told[-1].size or 0) < MOST_BYTES + 4 * MIB


async def test_a_long_list_is_no_answer_without_end(world: World) -> None:
    body = b'{"items":[]}'.ljust(MOST_BYTES + MIB)
    world.server.faults.add(Answer(200, body=body))
    assert await world.connect().get_bytes("/api/v1/nodes") == body


async def test_a_long_error_is_an_error_still(world: World) -> None:
    page = Answer(502, body=b"<" * 4 * MIB, content_type="text/html")
    world.server.faults.add(page)
    answer = await world.connect().ask("/version")
    assert (answer.status, answer.content_type) == (502, "text/html")
    assert MIB < len(answer.body) < 2 * MIB


def write(path: Path, text: str) -> None:
    path.write_text(text)


async def test_a_web_page_that_says_403_is_no_missing_permission(world: World) -> None:
    world.server.faults.add(html(403), verb="watchlist", times=2)
    world.follow()
    await world.level()
    assert Phase.REFUSED not in world.sink.phases


@pytest.mark.parametrize(
    "broken",
    [{"token": "a\nb"}, {"token": "a\x7f"}, {"impersonate": (("Impersonate-User", "a\r\nb"),)}],
)
async def test_what_no_header_can_hold_is_a_problem_and_is_not_sent(
    world: World, broken: dict[str, object]
) -> None:
    connection = Connection(replace(world.connect().access, **broken))
    told: list[ApiCall] = []
    connection.recorder = KubeCallLog(told.append)
    with pytest.raises(UserError, match="control character"):
        await connection.get_json("/version")
    assert [(each.status, "control character" in each.reason) for each in told] == [(None, True)]


@pytest.mark.parametrize("code", [429, 503])
async def test_a_command_waits_for_a_busy_server_as_long_as_it_asks(
    world: World, code: int
) -> None:
    world.server.faults.add(Answer(code, retry_after=0), times=3)
    access = world.connect().access
    async with Connection(access, limits=Limits(retries=RETRIES)) as connection:
        assert (await connection.get_json("/version"))["major"] == "1"


@pytest.mark.parametrize(
    ("retry_after", "limits", "asked"),
    [
        (0, Limits(retries=RETRIES), 11),  # as kubectl get --raw, v1.32
        (None, Limits(retries=RETRIES), 1),
        (0, Limits(), 1),
        (3600, Limits(whole=60.0, retries=RETRIES), 1),
    ],
)
async def test_a_busy_server_is_asked_again_only_so_often(
    world: World, retry_after: int | None, limits: Limits, asked: int
) -> None:
    world.server.faults.add(Answer(429, retry_after=retry_after), times=None)
    told: list[ApiCall] = []
    connection = Connection(world.connect().access, limits=limits)
    connection.recorder = KubeCallLog(told.append)
    with pytest.raises(UserError, match="429"):
        await connection.get_json("/version")
    await connection.close()
    assert len({call.number for call in told}) == asked
