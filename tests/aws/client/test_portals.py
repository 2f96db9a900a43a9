"""What answers in place of AWS, over real HTTP: its answer is an error, never an empty list."""

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
    "forbidden by a proxy": (403, PAGE, "text/html"),
}


@asynccontextmanager
async def portal(status: int, body: str, kind: str) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        headers = {"Location": "/login"} if status == 302 else {}
        return web.Response(status=status, text=body, content_type=kind, headers=headers)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("name", PORTALS)
async def test_clusters_that_something_else_lists_are_an_error(name: str, lead: Lead) -> None:
    async with portal(*PORTALS[name]) as url:
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
    assert "Hotel" not in caught.value.sentence
    said = caught.value.sentence
    assert "isn't AWS" in said or "redirected" in said


def test_every_action_of_the_policy_has_a_member_that_its_answer_holds() -> None:
    (statement,) = aws_page.policy_of(aws_page.PAGE.read_text())["Statement"]
    assert sorted(MEMBERS) == sorted(statement["Action"])
    for action, member in MEMBERS.items():
        assert member in operation(action).output_shape.members
