"""The links over real HTTP with botocore's own parsing: what AWS sends on its bad days."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from eksview.aws.client.session import READ
from eksview.domain.aws.target import AwsTarget
from eksview.domain.rows.aws import AwsIdentity, Call
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.conftest import Lead
from tests.aws.following import Following, following
from tests.loop_clock import skip
from tests.patience import until

IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/me</Arn><UserId>U</UserId>
<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""
INSTANCES = """<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<reservationSet><item><instancesSet><item><instanceId>i-0aaaaaaaaaaaaaaa1</instanceId>
<instanceState><code>16</code><name>running</name></instanceState></item></instancesSet></item>
</reservationSet></DescribeInstancesResponse>"""
HTML = "<html><head><title>Log in</title></head><body>Hotel WiFi</body></html>"


def ec2_error(code: str) -> str:
    error = f"<Error><Code>{code}</Code><Message>m</Message></Error>"
    return f"<Response><Errors>{error}</Errors></Response>"


def sts_error(code: str) -> str:
    return f"<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"


class Endpoint:
    """All of AWS at one address: status and body by action, good ones unless told otherwise."""

    def __init__(self) -> None:
        self.slow: set[str] = set()
        self.waiting = asyncio.Event()
        self.redirects: dict[str, str] = {}
        self.requests = 0
        self.identity = (200, IDENTITY, "text/xml")
        self.instances = (200, INSTANCES, "text/xml")

    async def answer(self, request: web.Request) -> web.Response:
        self.requests += 1
        action = parse_qs(await request.text()).get("Action", [request.path])[0]
        if action in self.slow:
            self.waiting.set()
            await asyncio.Event().wait()  # until the client has had enough
        if action in self.redirects:
            raise web.HTTPTemporaryRedirect(self.redirects[action])
        good = {"GetCallerIdentity": self.identity, "DescribeInstances": self.instances}
        status, body, kind = good.get(action, (404, HTML, "text/html"))
        return web.Response(status=status, text=body, content_type=kind)


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
async def bench(endpoint: Endpoint, lead: Lead) -> AsyncIterator[Following]:
    """Yield a follower of that endpoint."""
    async with served(endpoint) as url:
        environ = {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        lead(environ)
        place = AwsTarget(cluster="", region="us-west-2")
        async with following(environ, place, ["i-0aaaaaaaaaaaaaaa1"]) as account:
            yield account


@asynccontextmanager
async def served(endpoint: Endpoint) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", endpoint.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_good_answer_becomes_a_row(bench: Following) -> None:
    await until(lambda: bench.phase("ec2") is Phase.LIVE)
    assert bench.heard.keys(Kind.INSTANCE) == {"i-0aaaaaaaaaaaaaaa1"}
    identity = bench.heard.facts["aws-identity"]
    assert isinstance(identity, AwsIdentity)
    assert identity.account == "111122223333"


@pytest.mark.parametrize(
    ("status", "page"), [(200, HTML), (200, "<p>unclosed"), (403, HTML), (404, HTML)]
)
async def test_a_web_page_in_place_of_an_answer_is_said_to_be_none_of_awss(
    bench: Following, endpoint: Endpoint, status: int, page: str
) -> None:
    endpoint.instances = (status, page, "text/html")
    await until(lambda: bench.phase("ec2") is Phase.RETRYING)
    assert "isn't AWS" in bench.reason("ec2")
    assert "Hotel" not in bench.reason("ec2")
    endpoint.instances = (200, INSTANCES, "text/xml")
    await until(lambda: bench.phase("ec2") is Phase.LIVE)


@pytest.mark.parametrize("action", ["DescribeInstances", "GetCallerIdentity"])
async def test_a_redirect_is_not_followed_but_said_with_its_target(
    bench: Following, endpoint: Endpoint, action: str
) -> None:
    link = "ec2" if action == "DescribeInstances" else "sts"
    other = Endpoint()
    async with served(other) as elsewhere:
        endpoint.redirects[action] = f"{elsewhere}/login?next=x"
        await until(lambda: bench.phase(link) is Phase.RETRYING)
    assert f"{action} was redirected to {elsewhere}, where no credentials" in bench.reason(link)
    assert other.requests == 0


async def test_a_gateway_that_fails_is_told_by_its_status(
    bench: Following, endpoint: Endpoint
) -> None:
    endpoint.instances = (502, HTML, "text/html")
    await until(lambda: bench.phase("ec2") is Phase.RETRYING)
    assert "502" in bench.reason("ec2")


async def test_throttling_is_shown_as_such(bench: Following, endpoint: Endpoint) -> None:
    endpoint.instances = (503, ec2_error("RequestLimitExceeded"), "text/xml")
    await until(lambda: bench.phase("ec2") is Phase.RETRYING)
    call = bench.heard.facts["calls/ec2"]
    assert isinstance(call, Call)
    assert call.throttled is not None
    assert "AWS is throttling" in bench.reason("ec2")


async def test_a_denial_names_the_action_and_leaves_the_other_links_alone(
    bench: Following, endpoint: Endpoint
) -> None:
    endpoint.instances = (403, ec2_error("UnauthorizedOperation"), "text/xml")
    await until(lambda: bench.phase("ec2") is Phase.REFUSED)
    assert "ec2:DescribeInstances" in bench.reason("ec2")
    assert bench.phase("sts") is Phase.LIVE


async def test_expired_credentials_stop_all_links_and_say_how_to_log_in(
    bench: Following, endpoint: Endpoint
) -> None:
    endpoint.identity = (403, sts_error("ExpiredToken"), "text/xml")
    await until(lambda: bench.phase("ec2") is Phase.RETRYING)
    assert "keys in the environment" in bench.reason("ec2")
    assert not bench.heard.keys(Kind.INSTANCE)


async def test_an_answer_that_takes_too_long_is_said_and_asked_for_again(
    bench: Following, endpoint: Endpoint
) -> None:
    endpoint.slow.add("DescribeInstances")
    await until(endpoint.waiting.is_set)
    skip(READ)
    await until(lambda: bench.phase("ec2") is Phase.RETRYING)
    assert "in time: eksview asks again" in bench.reason("ec2")
    endpoint.slow.clear()
    await until(lambda: bench.phase("ec2") is Phase.LIVE)
