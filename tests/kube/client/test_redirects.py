"""Redirects: within a server they work as in kubectl, to another one no credentials go."""

import asyncio
import shutil
from pathlib import Path

import pytest
from aiohttp import web

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.live.retry import Failure
from eksview.engine.connect import open_cluster
from eksview.kube.client.connection import Connection
from tests.golden.kubeconfig_cases import Case, text
from tests.golden.kubeconfigs import Recorder, Sent, recorder, sent_with

CASE = Case(
    text("token: secret\nas: jane\nclient-certificate-data: @CERT@\nclient-key-data: @KEY@")
)


class Redirecting(Recorder):
    """A server that redirects all but one path; what the others are sent is kept."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target
        self.elsewhere: list[Sent] = []

    async def handle(self, request: web.Request) -> web.Response:
        if request.host != self.https or not request.secure:
            self.elsewhere.append(sent_with(request))
            return web.json_response({"elsewhere": True})
        if request.path == "/version":
            await super().handle(request)
            target = self.target.replace("@HTTP@", self.http).replace("@HTTPS@", self.https)
            target = target.replace("@LOCAL@", f"localhost:{self.https.partition(':')[2]}")
            return web.Response(status=307, headers={"Location": target})
        return await super().handle(request)


async def opened(server: Recorder, folder: Path) -> Connection:
    server.write(CASE, folder)
    return await open_cluster(Settings(kubeconfig=str(folder / "config")), {})


async def streaming(cluster: Connection) -> None:
    async with cluster.stream("/version", {}):
        pytest.fail("something was read")


@pytest.mark.parametrize("target", ["/elsewhere", "https://@HTTPS@/elsewhere", "//@HTTPS@/x"])
async def test_a_redirect_to_the_server_itself_is_followed(target: str, tmp_path: Path) -> None:
    async with recorder(Redirecting(target)) as server, await opened(server, tmp_path) as cluster:
        assert (await cluster.get_json("/version"))["major"] == "1"
        first, second = server.sent
    assert second == first._replace(path=second.path)
    assert first.authorization == "Bearer secret"
    assert first.certificate


@pytest.mark.parametrize(
    ("target", "origin"),
    [
        ("http://@HTTP@/version", "http://@HTTP@"),
        ("https://@LOCAL@/version", "https://localhost"),
        ("//@LOCAL@/version", "https://localhost"),
        ("https://login.invalid/?next=https://@HTTPS@", "https://login.invalid"),
        ("https://@HTTPS@@login.invalid/", "https://login.invalid"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
async def test_nothing_goes_to_another_server(
    target: str, origin: str, streamed: bool, tmp_path: Path
) -> None:
    async with recorder(Redirecting(target)) as server, await opened(server, tmp_path) as cluster:
        with pytest.raises(UserError) as refusal:
            await (streaming(cluster) if streamed else cluster.get_json("/version"))
        place = origin.replace("@HTTP@", server.http)
        assert server.elsewhere == []
    assert f"https://{server.https} redirects to {place}" in str(refusal.value)
    assert "where no credentials are sent" in str(refusal.value)
    assert getattr(refusal.value, "failure", None) == Failure()


@pytest.mark.parametrize("target", ["http://[", "", "https://", "mailto:a@b"])
async def test_a_redirect_to_no_address_is_a_sentence(target: str, tmp_path: Path) -> None:
    async with recorder(Redirecting(target)) as server, await opened(server, tmp_path) as cluster:
        with pytest.raises(UserError, match=r"\.$"):
            await cluster.get_json("/version")


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")
async def test_kubectl_follows_a_redirect_to_the_server_itself(tmp_path: Path) -> None:
    async with recorder(Redirecting("/elsewhere")) as server:
        server.write(CASE, tmp_path)
        command = ["kubectl", "--kubeconfig", str(tmp_path / "config"), "get", "--raw", "/version"]
        kubectl = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        assert await kubectl.wait() == 0
    assert [sent.path for sent in server.sent][:2] == ["/version", "/elsewhere"]
