"""One list of nodes, measured over real sockets: good, refused, and broken in every phase."""

import asyncio
import gzip
import json
import os
import re
import shutil
import socket
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest
from msgspec.structs import replace

from eksview.domain.base.reading import Permission, Read, Refused
from eksview.domain.live.api_call import ApiCall
from eksview.domain.rows.measured_request import MeasuredPhase, MeasuredRequest, PhaseName
from eksview.kube.access import request_probe
from eksview.kube.access.request_probe import measure_request
from eksview.kube.client.call_log import KubeCallLog
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from eksview.kube.client.connection import Connection
from eksview.kube.poll.polled_resources import node_list_means
from eksview_demo.api.tls import make
from tests.demo.faults import Answer, html
from tests.kube.world import World
from tests.patience import PATIENCE
from tests.sockets import answering, serving, silent

SENT = ("credentials", "TCP", "TLS", "answer", "body")
needs_kubectl = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="needs kubectl (Debian: kubernetes-client)"
)


def phase(measured: MeasuredRequest, name: str) -> MeasuredPhase:
    return next(each for each in measured.phases if each.name == name)


def taken(measured: MeasuredRequest) -> tuple[str, ...]:
    return tuple(each.name for each in measured.phases if each.took is not None)


def plain(url: str, **fields: object) -> Connection:
    return Connection(ClusterAccess("c", "c", url, "u", "default", "file", **fields))


def failed(measured: MeasuredRequest) -> PhaseName:
    """Return the one phase that failed; no later one has a time, and it says the whole reason."""
    (broken,) = (each for each in measured.phases if each.failed)
    after = measured.phases[measured.phases.index(broken) + 1 :]
    assert all(each.took is None for each in after)
    assert broken.reason == measured.reason
    assert broken.took is not None
    assert (measured.status is None) == (broken.name != "body")
    return broken.name


async def test_every_phase_follows_the_one_before(world: World) -> None:
    measured = await measure_request(world.connect())
    assert taken(measured) == SENT
    reached = [each for each in measured.phases if each.took is not None]
    for before, after in pairwise(reached):
        assert before.took is not None
        assert after.began is not None
        assert before.began is not None
        assert after.began >= before.began + before.took
    assert (measured.status, measured.reason, measured.http) == (200, "", "HTTP/1.1")
    assert measured.tls.startswith("TLSv1.")
    assert re.fullmatch(r"[0-9a-f-]{36}", measured.audit_id)
    assert (measured.items, measured.remaining) == (len(world.cluster.nodes), 0)
    assert measured.version == str(world.cluster.storage.version)
    assert measured.received == measured.size > 0
    assert "number" in phase(measured, "DNS").reason


async def test_each_request_has_a_connection_of_its_own(world: World) -> None:
    connection = world.connect()
    await connection.get_json("/version")
    for _ in range(2):
        assert phase(await measure_request(connection), "TLS").took


async def test_a_name_is_looked_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    access = replace(world.connect().access, server=world.server.url.replace("127.0.0.1", "web"))
    real = socket.getaddrinfo

    def local(host: str, *rest: object, **more: object) -> object:
        return real("127.0.0.1" if host == "web" else host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", local)
    connection = Connection(replace(access, tls_server_name="127.0.0.1"))
    measured = await measure_request(connection)
    assert taken(measured) == ("credentials", "DNS", *SENT[1:])
    assert measured.status == 200


async def test_a_name_that_isnt_known_fails_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    measured = await measure_request(plain("https://api.example.invalid"))
    assert failed(measured) == "DNS"
    assert "api.example.invalid can't be resolved" in measured.reason


@needs_kubectl
async def test_it_is_the_request_that_kubectl_sends(world: World, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        "kubectl", "--kubeconfig", str(world.config), "get", "nodes", "-v=9",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        _, log = await process.communicate()
    line = next(each for each in log.decode().splitlines() if "/api/v1/nodes" in each)
    measured = await measure_request(world.connect())
    assert f"{world.server.url}{measured.path}'" in line
    assert f'-H "Accept: {request_probe.ACCEPT}"' in line


async def test_a_page_of_a_longer_list_says_how_much_is_left() -> None:
    page = {"metadata": {"resourceVersion": "7", "continue": "x", "remainingItemCount": 123}}
    body = gzip.compress(json.dumps({**page, "rows": [{"cells": []}] * 500}).encode())
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(body)}\r\nX-Kubernetes-Pf-Flowschema-Uid: flow\r\n"
        "X-Kubernetes-Pf-Prioritylevel-Uid: level\r\n\r\n"
    )
    async with answering(head.encode() + body) as port:
        measured = await measure_request(plain(f"http://127.0.0.1:{port}"))
    assert (measured.items, measured.remaining, measured.version) == (500, 123, "7")
    assert (measured.received, measured.size) == (len(body), len(gzip.decompress(body)))
    assert (measured.encoding, measured.flow_schema, measured.priority_level) == (
        "gzip", "flow", "level",
    )  # fmt: skip
    assert (phase(measured, "TLS").took, measured.tls) == (None, "")
    assert "no TLS" in phase(measured, "TLS").reason


async def test_a_refusal_names_the_missing_right_and_keeps_every_time(world: World) -> None:
    measured = await measure_request(world.connect("eksview-demo-nobody"))
    assert taken(measured) == SENT
    assert not any(each.failed for each in measured.phases)
    assert (measured.status, measured.items) == (403, None)
    assert measured.missing == Permission("list", "nodes")
    assert "cannot list resource" in measured.reason


async def test_a_closed_port_fails_at_tcp() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        measured = await measure_request(plain(f"https://127.0.0.1:{free.getsockname()[1]}"))
    assert failed(measured) == "TCP"
    assert "Connection refused" in measured.reason


@pytest.mark.parametrize(("scheme", "where"), [("https", "TLS"), ("http", "answer")])
async def test_a_silent_server_fails_where_it_was_waited_for(
    scheme: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_probe, "LIMIT", aiohttp.ClientTimeout(total=0.3))
    async with serving(silent) as port:
        measured = await measure_request(plain(f"{scheme}://127.0.0.1:{port}"))
    assert failed(measured) == where
    assert "doesn't answer" in measured.reason


async def test_a_certificate_of_another_ca_fails_at_tls(world: World) -> None:
    access = replace(world.connect().access, ca=make().authority)
    measured = await measure_request(Connection(access))
    assert failed(measured) == "TLS"
    assert "isn't signed by the CA in the kubeconfig" in measured.reason


async def test_an_answer_that_breaks_off_fails_in_the_body() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
    async with answering(head) as port:
        measured = await measure_request(plain(f"http://127.0.0.1:{port}"))
    assert phase(measured, "answer").took is not None
    assert failed(measured) == "body"
    assert "was lost" in measured.reason


async def test_without_a_credential_nothing_is_sent() -> None:
    plugin = Exec("no-such-plugin", (), (), "client.authentication.k8s.io/v1")
    measured = await measure_request(plain("https://127.0.0.1:9", exec=plugin))
    assert failed(measured) == "credentials"
    assert "no-such-plugin" in measured.reason


@pytest.mark.parametrize(
    ("token", "said"), [("two\nlines", "has a line break"), ("", "can't be used")]
)
async def test_a_credential_that_cant_be_sent_is_said(token: str, said: str) -> None:
    broken = {"token": token} if token else {"certificate": b"no PEM", "key": b"no PEM"}
    measured = await measure_request(plain("https://127.0.0.1:9", **broken))
    assert failed(measured) == "credentials"
    assert said in measured.reason


async def test_through_a_proxy_its_answer_is_a_phase(world: World) -> None:
    asked: list[bytes] = []

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        inner = await asyncio.open_connection("127.0.0.1", world.server.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_copied(reader, inner[1]), _copied(inner[0], writer))

    async with serving(relay) as port:
        access = replace(world.connect().access, proxy=f"http://127.0.0.1:{port}")
        measured = await measure_request(Connection(access))
    assert asked[0].startswith(b"CONNECT 127.0.0.1:")
    assert taken(measured) == ("credentials", "proxy", "TLS", "answer", "body")
    assert measured.status == 200


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
    writer.close()


async def test_a_page_of_a_proxy_isnt_a_list(world: World) -> None:
    world.server.faults.add(html(200), resource="nodes")
    measured = await measure_request(world.connect())
    assert (measured.status, measured.items) == (200, None)
    assert "isn't a Kubernetes API" in measured.reason


async def test_the_call_is_in_the_trace_and_the_token_nowhere(world: World) -> None:
    calls: list[ApiCall] = []
    connection = world.connect()
    connection.recorder = KubeCallLog(calls.append).on_behalf_of("explain")
    token = connection.access.token
    world.server.faults.add(Answer(500, message=f"Bearer {token} failed"), resource="nodes")
    broken, good = await measure_request(connection), await measure_request(connection)
    assert broken.status == 500
    assert token
    assert not any(token in repr(each) for each in (broken, good, calls))
    refused = next(each for each in calls if each.status == 500 and each.size)
    assert refused.size == broken.received
    last = calls[-1]
    assert (last.verb, last.target, last.source) == ("list", good.path, "explain")
    assert (last.status, last.items, last.size) == (200, good.items, good.received)


async def test_the_servers_means_are_read_or_refused_with_the_right(world: World) -> None:
    connection = world.connect()
    await measure_request(connection)
    means = await node_list_means(connection)
    assert isinstance(means, Read)
    for timing in (means.value.authentication, means.value.authorization):
        assert timing.calls >= 1
    refused = await node_list_means(world.connect("eksview-demo-viewer"))
    assert isinstance(refused, Refused)
    assert refused.missing == Permission("get", "/metrics")
