"""What can go wrong on the way to an API server, as a sentence and as what to do about it."""

import asyncio
import ssl

import aiohttp
import msgspec

from eksview.domain import refusals
from eksview.domain.ports import Problem
from eksview.domain.retry import Failure
from eksview.domain.shapes import Status

# The first that fits: some are kinds of others.
_CAUSES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((aiohttp.ClientConnectorDNSError,), "dns"),
    ((aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError), "proxy"),
    ((aiohttp.SocketTimeoutError,), "silent"),
    ((asyncio.TimeoutError,), "timeout"),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionError), "cut"),
)
_STATUS = msgspec.json.Decoder(Status)


class Failed(Problem):
    """A request that came to nothing; `failure` says how to go on."""

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure


def from_answer(
    status: int, body: bytes, content_type: str, retry_after: str | None, *, server: str, user: str
) -> Failed:
    """An HTTP answer that isn't what was asked for."""
    wait = _seconds(retry_after)
    if "json" not in content_type:
        text = body.decode(errors="replace").strip()
        plain = content_type.startswith("text/plain") and status >= 400
        message = (
            refusals.sentence(status, text[:200], server=server, user=user)
            if plain
            else refusals.not_kubernetes(status, content_type, server=server)
        )
        return Failed(message, Failure(status, retry_after=wait))
    try:
        said = _STATUS.decode(body)
    except msgspec.DecodeError:
        said = Status()
    if wait is None and said.details is not None:
        wait = _seconds(said.details.retry_after_seconds)
    message = refusals.sentence(status, said.message or "", server=server, user=user)
    return Failed(message, Failure(status, said.reason or "", wait))


def from_event(said: Status, *, server: str) -> Failed:
    """An ERROR event in a watch."""
    code = said.code or 500
    message = refusals.sentence(code, said.message or "", server=server)
    return Failed(message, Failure(code, said.reason or ""))


def from_exception(error: BaseException, *, server: str) -> Failed:
    """A connection that could not be made, or broke."""
    cause, detail = _cause(error)
    return Failed(refusals.unreachable(cause, detail, server=server), Failure())


def _cause(error: BaseException) -> tuple[str, str]:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _certificate(error.certificate_error)
    for kinds, cause in _CAUSES:
        if isinstance(error, kinds):
            return cause, ""
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return "tls", str(error.os_error.strerror or error.os_error)
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = isinstance(error.os_error, ConnectionRefusedError)
        return "refused" if refused else "os", error.os_error.strerror or ""
    return "other", type(error).__name__


def _certificate(error: Exception) -> tuple[str, str]:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return "tls", str(error)
    message = error.verify_message or str(error.reason)
    # 62 and 64 are OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH.
    return ("hostname", message) if error.verify_code in (62, 64) else ("ca", message)


def _seconds(value: object) -> float | None:
    try:
        return max(0.0, float(str(value))) if value else None
    except ValueError:
        return None  # an HTTP date: rare, and the usual backoff will do
