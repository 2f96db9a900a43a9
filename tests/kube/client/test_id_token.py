"""Id-tokens that are renewed: once for all requests, kept before they are used, never shown."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.kube.client import oidc
from eksview.kube.client.cluster_access import ClusterAccess, IdToken
from eksview.kube.client.credentials import Credentials
from eksview.kube.client.exec_plugin import Credential
from eksview.kube.client.id_token import IdTokens
from eksview.kube.client.kubeconfig import writer
from eksview.kube.client.kubeconfig.merged import locate
from eksview.kube.client.oidc import Tokens
from eksview.kube.client.plugin_runs import LONGEST_REST, PluginRuns
from eksview.process.waits import WAITS
from tests.golden.kubeconfig_cases import ENDED, VALID
from tests.golden.kubeconfigs import recorder
from tests.golden.oidc import Provider, kept
from tests.golden.oidc_cases import AT, CASES, Answer, OidcCase, user
from tests.patience import until
from tests.sockets import serving, silent

ROTATED = CASES["rotated"]


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[Provider]:
    async with recorder(Provider()) as server:
        yield server


def opened(provider: Provider, case: OidcCase, folder: Path) -> ClusterAccess:
    provider.prepare(case, folder)
    return locate(Settings(kubeconfig=str(folder / "config")), {})


def asked(provider: Provider) -> int:
    """Return how often a new token was asked for."""
    return sum(request["path"] == "/token" for request in provider.asked)


async def test_requests_at_the_same_time_renew_it_once(provider: Provider, tmp_path: Path) -> None:
    credentials = Credentials(opened(provider, ROTATED, tmp_path))
    held = await asyncio.gather(*(credentials.current() for _ in range(5)))
    assert {credential.token for credential in held} == {VALID}
    assert asked(provider) == 1
    assert kept(tmp_path) == {"id-token": VALID, "refresh-token": "refresh-two"}


async def test_a_refusal_is_not_asked_for_again_at_once(provider: Provider, tmp_path: Path) -> None:
    now = 0.0
    access = opened(provider, CASES["refused"], tmp_path)
    credentials = Credentials(access, runs=PluginRuns(lambda: now, lambda: 0.0))
    for _ in range(600):
        with pytest.raises(UserError, match="invalid_grant"):
            await credentials.current()
        now += 0.1
    assert asked(provider) <= 20
    provider.case = ROTATED
    now += LONGEST_REST
    assert (await credentials.current()).token == VALID


async def test_a_token_that_another_command_renewed_is_used(
    provider: Provider, tmp_path: Path
) -> None:
    access = opened(provider, CASES["refused"], tmp_path)
    provider.prepare(CASES["valid"], tmp_path)
    assert (await Credentials(access).current()).token == VALID
    assert asked(provider) == 0


class Once:
    """A provider that accepts each refresh token once, and a file that is locked meanwhile."""

    def __init__(self, lock: Path) -> None:
        self.lock = lock
        self.times = 0

    async def __call__(self, provider: IdToken, user: str, environ: Mapping[str, str]) -> Tokens:
        self.times += 1
        if self.times > 1:
            raise UserError("invalid_grant")
        self.lock.touch()
        return Tokens(VALID, "refresh-two")


@pytest.fixture
def once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Once:
    monkeypatch.setattr(writer, "PAUSE", 0.0)
    return Once(tmp_path / "config.lock")


def rotated(provider: Provider, once: Once, tmp_path: Path) -> Callable[[], Awaitable[Credential]]:
    """Return what gives the token of a provider that accepts a refresh token once."""
    access = opened(provider, ROTATED, tmp_path)
    assert access.id_token is not None
    return partial(IdTokens(access, lambda: 1e9, {}, once).get, access.id_token)


async def test_tokens_that_could_not_be_kept_are_kept_as_soon_as_possible(
    provider: Provider, once: Once, tmp_path: Path
) -> None:
    token = rotated(provider, once, tmp_path)
    for _ in range(2):
        with pytest.raises(UserError, match=r"isn't renewed, because the kubeconfig .* exists"):
            await token()
    once.lock.unlink()
    assert (await token()).token == VALID
    assert kept(tmp_path) == {"id-token": VALID, "refresh-token": "refresh-two"}


async def test_a_login_meanwhile_replaces_tokens_that_could_not_be_kept(
    provider: Provider, once: Once, tmp_path: Path
) -> None:
    token = rotated(provider, once, tmp_path)
    with pytest.raises(UserError, match="exists"):
        await token()
    once.lock.unlink()
    provider.prepare(OidcCase(user(refresh_token="of-a-new-login")), tmp_path)
    with pytest.raises(UserError, match="invalid_grant"):
        await token()
    assert kept(tmp_path)["refresh-token"] == "of-a-new-login"


async def test_a_provider_that_repeats_secrets_is_masked(
    provider: Provider, tmp_path: Path
) -> None:
    words = {"error": AT["refresh-token"], "error_description": f"\x1b[2J{AT['client-secret']}"}
    answer = Answer(json.dumps(words), 400)
    credentials = Credentials(opened(provider, OidcCase(user(), token=answer), tmp_path))
    with pytest.raises(UserError) as refusal:
        await credentials.current()
    assert "answered 400 (…: \\x1b[2J…); log in again" in str(refusal.value)
    assert not any(secret in repr(credentials) for secret in AT.values())


async def test_a_provider_that_is_silent_is_named_while_it_is_waited_for(
    provider: Provider, tmp_path: Path
) -> None:
    async with serving(silent) as port:
        case = OidcCase(user(idp_issuer_url=f"http://127.0.0.1:{port}"))
        request = asyncio.ensure_future(Credentials(opened(provider, case, tmp_path)).current())
        subject = "the OpenID Connect provider 127.0.0.1"
        await until(lambda: any(wait.subject == subject for wait in WAITS.now.waits))
        request.cancel()
        await until(request.done)
    assert not WAITS.now.waits


async def test_a_provider_that_stays_silent_is_no_longer_waited_for(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "LIMIT", 0.05)
    async with serving(silent) as port:
        case = OidcCase(user(idp_issuer_url=f"http://127.0.0.1:{port}"))
        with pytest.raises(UserError, match=rf"127.0.0.1:{port} doesn't answer \(timed out\)"):
            await Credentials(opened(provider, case, tmp_path)).current()
    assert kept(tmp_path)["id-token"] == ENDED


async def test_a_refresh_token_is_never_sent_in_clear(provider: Provider, tmp_path: Path) -> None:
    case = OidcCase(user(idp_issuer_url="http://login.example.com"))
    with pytest.raises(UserError, match=r"http://login\.example\.com isn't an https:// address"):
        await Credentials(opened(provider, case, tmp_path)).current()


async def test_the_provider_is_reached_through_the_proxy_of_the_environment(
    provider: Provider, tmp_path: Path
) -> None:
    requests: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readline())
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        writer.close()

    access = opened(provider, OidcCase(user(idp_issuer_url="https://login.example.com")), tmp_path)
    assert access.id_token is not None
    async with serving(proxy) as port:
        environ = {"HTTPS_PROXY": f"http://127.0.0.1:{port}"}
        with pytest.raises(
            UserError,
            match=rf"the proxy {environ['HTTPS_PROXY']} gave no connection to https://login",
        ):
            await IdTokens(access, lambda: 1e9, environ).get(access.id_token)
    assert requests == [b"CONNECT login.example.com:443 HTTP/1.1\r\n"]
