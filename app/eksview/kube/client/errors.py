"""Errors of requests to an API server: a sentence for a person and how to retry."""

import asyncio
import os
import re
import ssl
from collections.abc import Iterable
from http import HTTPStatus
from logging import Logger
from urllib.parse import urlsplit

import aiohttp
import msgspec

from eksview.domain.access import error_messages
from eksview.domain.base.errors import UserError
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean
from eksview.domain.kube.api_types import Status
from eksview.domain.kube.go_json import UNREAD
from eksview.domain.live.retry import TOO_LARGE, Failure, retry_after_seconds
from eksview.kube.client.redirects import RedirectedElsewhereError
from eksview.kube.client.response import MIB, TooLongError

# The first match counts: some are subclasses of others.
_CAUSES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((aiohttp.ClientConnectorDNSError,), "dns"),
    ((aiohttp.InvalidURL,), "url"),
    ((aiohttp.TooManyRedirects,), "redirects"),
    ((aiohttp.SocketTimeoutError,), "silent"),
    ((asyncio.TimeoutError,), "timeout"),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionError), "cut"),
)
# OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID, _CERT_HAS_EXPIRED, _HOSTNAME_ and _IP_ADDRESS_MISMATCH.
_VERIFY = {9: "expired", 10: "expired", 62: "hostname", 64: "hostname"}
# What OpenSSL 3 says of bytes that aren't TLS, and Go and nginx of bytes that aren't plain HTTP.
_NO_TLS = re.compile("WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|HTTP_REQUEST|UNKNOWN_PROTOCOL")
_WANTS_TLS = re.compile("HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)")
_STATUS = msgspec.json.Decoder(Status)
LONGEST = 4_000  # bytes of a text that are looked at; 200 characters of it are shown


class RequestError(UserError):
    """A failed request; `failure` has what decides how to retry.

    `absent` says that the server has no such object, though it has such a resource.
    """

    def __init__(self, message: str, failure: Failure, *, absent: bool = False) -> None:
        super().__init__(message)
        self.failure = failure
        self.absent = absent


class RequestTimeoutError(RequestError):
    """A request that took longer than the user allows."""


def from_answer(
    status: int,
    body: bytes,
    content_type: str,
    retry_after: str | None,
    *,
    server: str,
    user: str,
    secrets: Iterable[str] = (),
) -> RequestError:
    """Return the error of an HTTP answer that isn't the expected one.

    `secrets` are those of the request, which some servers and proxies repeat.
    """
    wait = retry_after_seconds(retry_after)
    if "json" not in content_type:
        text = mask(body[:LONGEST].decode(errors="replace"), secrets).strip()
        if status == 400 and _WANTS_TLS.search(text):
            return RequestError(error_messages.speaks_tls(server), Failure())
        plain = content_type.startswith("text/plain") and status >= 400
        message = (
            error_messages.sentence(status, text[:200], server=server, user=user)
            if plain
            else error_messages.not_kubernetes(status, content_type, server=server)
        )
        # A 403 of a proxy or portal isn't about permissions, its 400 isn't about lists.
        return RequestError(message, Failure(status if plain else None, retry_after=wait))
    try:
        answer = _STATUS.decode(body)
    except UNREAD:
        answer = Status()
    wait = wait or _retry_after(answer)
    text = mask(answer.message or answer.error or "", secrets)
    message = error_messages.sentence(status, text, server=server, user=user)
    absent = status == HTTPStatus.NOT_FOUND and bool(answer.details and answer.details.name)
    return RequestError(message, Failure(status, _reason(answer), wait), absent=absent)


def from_event(answer: Status, *, server: str, secrets: Iterable[str] = ()) -> RequestError:
    """Return the error of an ERROR event in a watch."""
    code = answer.code or 500
    message = error_messages.sentence(code, mask(answer.message or "", secrets), server=server)
    return RequestError(message, Failure(code, _reason(answer), _retry_after(answer)))


_PROXY_CAUSES = {"timeout": "proxy-timeout", "dns": "proxy-dns"}


def from_exception(
    error: BaseException,
    *,
    server: str,
    own_ca: bool = True,
    proxy: str = "",
    answered: bool = True,
) -> RequestError:
    """Return the error of a connection that failed, after the server `answered` or before.

    `own_ca` says that the kubeconfig has a CA; `proxy` is the one that the connection goes through.
    """
    cause, detail = cause_of(error, own_ca=own_ca)
    silent = cause == "silent"
    place = _place(error, server)
    if proxy and (cause == "timeout" or place != server):
        # The failure is of the proxy, which is no reason to doubt the cluster.
        cause = _PROXY_CAUSES.get(cause, "proxy")
        place = server
    elif silent and not answered:
        cause = "mute"
    message = error_messages.unreachable(cause, detail, server=place, proxy=proxy)
    return RequestError(message, Failure(silent=silent))


def cause_of(error: BaseException, *, own_ca: bool) -> tuple[str, str]:
    """Return the cause of a failed connection, by its name in `error_messages`, and its detail."""
    if isinstance(error, RedirectedElsewhereError):
        return "elsewhere", error.origin
    if isinstance(error, TooLongError):
        return "long", f"{error.most // MIB} MiB"
    cause, detail = _cause(error)
    return _trust(cause, own_ca=own_ca), detail


def from_certificate(
    error: ssl.SSLCertVerificationError, *, server: str, own_ca: bool
) -> RequestError:
    """Return the error of a certificate that isn't trusted."""
    cause, detail = _certificate(error)
    cause = _trust(cause, own_ca=own_ca)
    return RequestError(error_messages.unreachable(cause, detail, server=server), Failure())


def as_request_error(error: Exception, source: str, *, server: str, log: Logger) -> RequestError:
    """Return any error as one of a request; what wasn't foreseen is logged for its source."""
    if isinstance(error, RequestError):
        return error
    if isinstance(error, TimeoutError):
        return from_exception(error, server=server)
    if isinstance(error, UserError):
        return RequestError(str(error), Failure())
    log.error("%s: not foreseen", source, exc_info=error)
    message = "eksview doesn't understand what the API server sent; its log says more."
    return RequestError(message, Failure())


def os_reason(error: OSError) -> str:
    """Return the reason in the system's words; asyncio's own repeat the address as a tuple."""
    if error.errno and error.errno > 0 and not isinstance(error, ssl.SSLError):
        return os.strerror(error.errno)
    return error.strerror or str(error)


def tls_cause(error: ssl.SSLError) -> str:
    """Return the cause of a failed handshake: whether the other side speaks TLS at all."""
    return "no-tls" if _NO_TLS.search(str(error)) else "tls"


def _place(error: BaseException, server: str) -> str:
    """Return what can't be reached: the server or its proxy."""
    if not isinstance(error, aiohttp.ClientConnectorError) or error.host in ("", _host(server)):
        return server
    return f"{clean(error.host)} (on the way to {server})"


def _host(server: str) -> str:
    return urlsplit(server).hostname or ""


def _trust(cause: str, *, own_ca: bool) -> str:
    return "no-ca" if cause == "ca" and not own_ca else cause


def _retry_after(answer: Status) -> float | None:
    return retry_after_seconds(answer.details.retry_after_seconds) if answer.details else None


def _reason(answer: Status) -> str:
    """Return the reason, or that of a cause: a resource version from the future is a Timeout."""
    causes = (answer.details.causes if answer.details else None) or ()
    if any(cause.reason == TOO_LARGE for cause in causes):
        return TOO_LARGE
    return answer.reason or ""


def _cause(error: BaseException) -> tuple[str, str]:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _certificate(error.certificate_error)
    for kinds, cause in _CAUSES:
        if isinstance(error, kinds):
            return cause, ""
    if isinstance(error, aiohttp.ClientConnectorError):
        return _unconnected(error)
    if isinstance(error, aiohttp.ClientResponseError):
        return _answered(error)
    failed = error if isinstance(error, ssl.SSLError) else error.__cause__
    if isinstance(failed, ssl.SSLError):
        return tls_cause(failed), str(error)
    # The last of them breaks while something is being sent.
    return ("cut", "") if isinstance(error, aiohttp.ClientOSError) else ("", type(error).__name__)


def _answered(error: aiohttp.ClientResponseError) -> tuple[str, str]:
    """Return the cause of an answer that is none of the server's: a proxy's, or not of HTTP."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return "proxy", f"{error.status} {error.message}"
    return "ssh" if "SSH-" in error.message else "no-http", ""


def _unconnected(error: aiohttp.ClientConnectorError) -> tuple[str, str]:
    detail = os_reason(error.os_error)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return "proxy", detail
    if isinstance(error, ssl.SSLError):
        return tls_cause(error), detail
    return ("refused" if isinstance(error.os_error, ConnectionRefusedError) else ""), detail


def _certificate(error: Exception) -> tuple[str, str]:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return "tls", str(error)
    message = error.verify_message or str(error.reason)
    return _VERIFY.get(error.verify_code, "ca"), message
