"""What answers in place of AWS, over real HTTP: its answer is an error, never an empty list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from eksview.aws.client.session import AwsSession
from eksview.aws.services.clusters import clusters
from eksview.domain.aws.answers import MEMBERS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.errors import UserError
from tests import aws_page
from tests.aws.conftest import Lead
from tests.aws.shapes import operation

PAGE = "<html><head><title>Log in</title></head><body>Hotel WiFi</body></html>"
PORTALS = {
    "web page": (200, PAGE, "text/html"),
    "web page of another type": (200, PAGE, "application/json"),
    "login required": (511, PAGE, "text/html"),
    "login required, in JSON": (511, '{"url": "https://login"}', "application/json"),
    "redirect": (302, "", "text/html"),
    "empty": (200, "", "application/json"),
    "empty object": (200, "{}", "application/json"),
    "another service": (200, '{"status": "ok", "items": []}', "application/json"),
    "list": (200, "[]", "application/json"),
    "null": (200, '{"clusters": null}', "application/json"),
    "truncated": (200, '{"clusters": ["prod', "application/json"),
    "null alone": (200, "null", "application/json"),
    "bytes that are no text": (200, b"\x1f\x8b\x08", "application/json"),
    "forbidden by a proxy": (403, PAGE, "text/html"),
    "forbidden by a proxy, in JSON": (403, '{"message": "policy"}', "application/json"),
    "unauthorized by a proxy": (401, '{"message": "log in"}', "application/json"),
    "no such route": (404, '{"message": "no route"}', "application/json"),
}


@asynccontextmanager
async def portal(status: int, body: str | bytes, kind: str) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        headers = {"Location": "/login"} if status == 302 else {}
        data = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=data, content_type=kind, headers=headers)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw(answer: bytes) -> AsyncIterator[str]:
    """A server that sends these bytes to whoever connects, and closes the connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def sentence(url: str, lead: Lead) -> str:
    """Return why the clusters can't be listed."""
    environ = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    lead(environ)
    session = AwsSession(AwsTarget(region="us-west-2"), environ)
    try:
        with pytest.raises(UserError) as caught:
            await clusters(session)
    finally:
        await session.close()
    assert "eks:ListClusters" in caught.value.sentence
    return caught.value.sentence


@pytest.mark.parametrize("name", PORTALS)
async def test_clusters_that_something_else_lists_are_an_error(name: str, lead: Lead) -> None:
    async with portal(*PORTALS[name]) as url:
        said = await sentence(url, lead)
    assert "Hotel" not in said
    assert "isn't AWS" in said or "redirected" in said


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "isn't AWS"),
        (b"", "was closed before AWS had answered"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "was closed before AWS had answered"),
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", "A proxy wants credentials"),
    ],
)
async def test_where_somebody_answered_the_network_isnt_doubted(
    answer: bytes, words: str, lead: Lead
) -> None:
    async with raw(answer) as url:
        said = await sentence(url, lead)
    assert words in said
    assert "check the network" not in said
    assert "region" not in said


def test_every_action_of_the_policy_has_a_member_that_its_answer_holds() -> None:
    (statement,) = aws_page.policy_of(aws_page.PAGE.read_text())["Statement"]
    assert sorted(MEMBERS) == sorted(statement["Action"])
    for action, member in MEMBERS.items():
        assert member in operation(action).output_shape.members
