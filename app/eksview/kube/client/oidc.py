"""Renewal of an id-token by the refresh token of its OpenID Connect provider, as in client-go.

Source: client-go/plugin/pkg/client/auth/oidc, golang.org/x/oauth2/internal/token.go, RFC 6749.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import aiohttp
import msgspec
from msgspec import Struct

from eksview import __version__
from eksview.domain.access.error_messages import unreachable
from eksview.domain.base.errors import SetupError, UserError
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean
from eksview.domain.kube.go_json import UNREAD
from eksview.kube.client.cluster_access import IdToken
from eksview.kube.client.errors import cause_of
from eksview.kube.client.proxy import proxy_from_environment
from eksview.kube.client.redirects import RedirectedElsewhereError, staying
from eksview.kube.client.transport import trusting
from eksview.process.waits import WAITS

LIMIT = 15.0  # seconds, of one request with its redirects
LONGEST = 1 << 20  # bytes of an answer, as in oauth2
FORMS = ("application/x-www-form-urlencoded", "text/plain")
NETWORK = (aiohttp.ClientError, TimeoutError, OSError)
_CAUSES = {
    "refused": "{} refuses the connection: is it running?",
    "timeout": "{} doesn't answer (timed out): check the network and the VPN.",
    "redirects": "{} redirects in a circle.",
    "url": "{} isn't an address: correct the kubeconfig.",
}


class Tokens(Struct, frozen=True):
    """What a provider answered; `refresh` is the former token unless there is a new one."""

    id: str
    refresh: str

    def __repr__(self) -> str:
        return "Tokens()"


class _ProviderAnswer(Struct, frozen=True):
    status: int
    kind: str
    body: bytes


async def renewed(provider: IdToken, user: str, environ: Mapping[str, str]) -> Tokens:
    """Return new tokens; raises `UserError` that names the user and what the provider answered."""
    host = clean(urlsplit(provider.issuer).hostname or provider.issuer)
    try:
        with WAITS.on(f"the OpenID Connect provider {host}"):
            return await _Provider(provider, environ).renewed()
    except _RefusalError as refusal:
        reason = clean(mask(str(refusal), provider.secrets))
        kind = SetupError if isinstance(refusal, _NoAnswerError) else UserError
    raise kind(f"The id-token of user {clean(user)} has ended and isn't renewed: {reason}")


class _RefusalError(Exception):
    """The end of a sentence: what the provider answered, or why it didn't."""


class _NoAnswerError(_RefusalError):
    """The same for a provider that wasn't reached, for which no other way is tried."""


class _Provider:
    """The requests to a provider."""

    def __init__(self, provider: IdToken, environ: Mapping[str, str]) -> None:
        self._provider = provider
        self._environ = environ

    async def renewed(self) -> Tokens:
        endpoint = await self._token_endpoint()
        # Which of both a provider wants isn't known: the first that it accepts, as in oauth2.
        try:
            fields = await self._refreshed(endpoint, in_header=True)
        except _NoAnswerError:
            raise
        except _RefusalError:
            fields = await self._refreshed(endpoint, in_header=False)
        token, refresh = fields.get("id_token"), fields.get("refresh_token")
        if not isinstance(token, str):
            raise _RefusalError(
                f"{_named(endpoint)} answered without an id_token; it gives none with a refresh "
                'token, or the login didn\'t ask for the scope "openid".'
            )
        former = self._provider.refresh_token
        return Tokens(token, refresh if isinstance(refresh, str) and refresh else former)

    async def _token_endpoint(self) -> str:
        """Return the address of the provider that gives tokens.

        Source: OpenID Connect Discovery 1.0, section 4.
        """
        issuer = self._provider.issuer
        url = f"{issuer.removesuffix('/')}/.well-known/openid-configuration"
        answer = await self._asked("GET", url)
        if answer.status != 200:
            raise _RefusalError(
                f"{_named(url)} answered {answer.status} to {clean(urlsplit(url).path)}."
            )
        endpoint = _json(answer.body, url).get("token_endpoint")
        if not isinstance(endpoint, str) or not endpoint:
            raise _RefusalError(f"{_named(url)} names no token_endpoint.")
        return endpoint

    async def _refreshed(self, endpoint: str, *, in_header: bool) -> dict[str, Any]:
        """Return the fields of a token answer that is no error."""
        ours = self._provider
        form = {"grant_type": "refresh_token", "refresh_token": ours.refresh_token}
        headers = {}
        if in_header:
            pair = f"{quote_plus(ours.client_id)}:{quote_plus(ours.client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = ours.client_id
            if ours.client_secret:
                form["client_secret"] = ours.client_secret
        answer = await self._asked("POST", endpoint, form, headers)
        fields = _fields(answer, endpoint)
        if answer.status >= 300 or fields.get("error"):
            raise _RefusalError(_refusal(answer.status, fields, endpoint))
        if not fields.get("access_token"):
            raise _RefusalError(f"{_named(endpoint)} answered without an access_token.")
        return fields

    async def _asked(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _ProviderAnswer:
        if not _is_safe(url):
            raise _NoAnswerError(
                f"{_named(url)} isn't an https:// address, and the refresh token is never sent "
                "in clear."
            )
        proxy = proxy_from_environment(url, self._environ)
        try:
            async with (
                self._session() as session,
                session.request(
                    method, url, data=form, headers=headers, proxy=proxy or None
                ) as response,
            ):
                body = await response.content.read(LONGEST)
                while chunk := await response.content.read(LONGEST - len(body)):
                    body += chunk
                return _ProviderAnswer(response.status, response.content_type, body)
        except NETWORK as error:
            raise self._unanswered(error, url, proxy) from None

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trusting(self._provider.ca)),
            timeout=aiohttp.ClientTimeout(total=LIMIT),
            headers={"User-Agent": f"eksview/{__version__}"},
            trace_configs=[staying()],
            trust_env=False,  # no ~/.netrc
        )

    def _unanswered(self, error: Exception, url: str, proxy: str) -> _NoAnswerError:
        if isinstance(error, RedirectedElsewhereError):
            return _NoAnswerError(
                f"{_named(url)} redirects to {clean(error.origin)}, where no credentials are sent."
            )
        cause, detail = cause_of(error, own_ca=bool(self._provider.ca))
        sentence = _CAUSES.get(cause, "").format(_named(url))
        sentence = sentence or unreachable(cause, detail, server=_origin(url), proxy=proxy)
        return _NoAnswerError(re.sub("^The ", "the ", sentence))


def _is_safe(url: str) -> bool:
    """Return whether what is sent can't be read on the way."""
    parts = urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return parts.scheme == "https" or (parts.scheme == "http" and local)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return clean(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")


def _named(url: str) -> str:
    return f"its provider {_origin(url)}"


def _fields(answer: _ProviderAnswer, endpoint: str) -> dict[str, Any]:
    if answer.kind in FORMS:
        text = answer.body.decode(errors="replace")
        return {name: values[0] for name, values in parse_qs(text).items()}
    try:
        return _json(answer.body, endpoint)
    except _RefusalError:
        if answer.status < 300:
            raise
        return {}


def _json(body: bytes, url: str) -> dict[str, Any]:
    try:
        fields = msgspec.json.decode(body)
    except UNREAD:
        fields = None
    if not isinstance(fields, dict):
        raise _RefusalError(f"{_named(url)} answered something that isn't a JSON object.")
    return fields


def _refusal(status: int, fields: Mapping[str, Any], endpoint: str) -> str:
    """Return the sentence of a refusal, with the provider's words."""
    words = [str(fields[key]) for key in ("error", "error_description") if fields.get(key)]
    detail = ": ".join(words)[:200].rstrip(". ")
    reason = f" ({detail})" if detail else ""
    return f"{_named(endpoint)} answered {status}{reason}; log in again."
