"""What broke on the way, told from what aiohttp, ssl and the system raise."""

import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from eksview.domain.kube.api_types import Status, StatusCause, StatusDetails
from eksview.domain.live.retry import TOO_LARGE
from eksview.kube.client.errors import from_answer, from_event, from_exception

SERVER = "https://example.test"
KEY = ConnectionKey("example.test", 443, True, True, None, None, None)


def invalid(code: int, message: str) -> aiohttp.ClientConnectorCertificateError:
    error = ssl.SSLCertVerificationError(1, message)
    error.verify_code, error.verify_message = code, message
    return aiohttp.ClientConnectorCertificateError(KEY, error)


def proxy(status: int, message: str) -> aiohttp.ClientHttpProxyError:
    request = aiohttp.RequestInfo(URL(SERVER), "GET", None, URL(SERVER))  # type: ignore[arg-type]
    return aiohttp.ClientHttpProxyError(request, (), status=status, message=message)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (invalid(10, "certificate has expired"), "has expired or isn't valid yet"),
        (invalid(9, "certificate is not yet valid"), "has expired or isn't valid yet"),
        (invalid(62, "Hostname mismatch"), "is for another name (Hostname mismatch)"),
        (invalid(19, "self-signed certificate in chain"), "isn't signed by the CA"),
        (
            aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, "x")),
            "Connection refused by",
        ),
        (aiohttp.ClientConnectorError(KEY, OSError(113, "No route to host")), "No route to host"),
        (proxy(407, "Proxy Authentication Required"), "407 Proxy Authentication Required"),
        (
            aiohttp.ClientProxyConnectionError(KEY, OSError(111, "Connection refused")),
            "The proxy in between gave no connection",
        ),
        (aiohttp.ClientOSError(32, "Broken pipe"), "was lost"),
        (ConnectionResetError(), "was lost"),
        (aiohttp.ServerDisconnectedError(), "was lost"),
        (aiohttp.SocketTimeoutError("https://example.test"), "stopped sending"),
        (TimeoutError(), "timed out"),
        (aiohttp.InvalidURL("https://["), "isn't an address"),
        (ssl.SSLError(1, "[SSL] tlsv13 alert certificate required"), "certificate required"),
    ],
)
def test_each_cause_has_its_own_sentence(error: Exception, said: str) -> None:
    assert said in str(from_exception(error, server=SERVER))


def test_only_silence_counts_as_silence() -> None:
    assert from_exception(aiohttp.SocketTimeoutError(), server=SERVER).failure.silent
    assert not from_exception(ConnectionResetError(), server=SERVER).failure.silent


def test_a_version_from_the_future_is_known_by_its_cause() -> None:
    body = b"""{"kind":"Status","code":504,"reason":"Timeout","message":"Timeout: Too large",
    "details":{"causes":[{"reason":"ResourceVersionTooLarge"}],"retryAfterSeconds":1}}"""
    failed = from_answer(504, body, "application/json", "1", server=SERVER, user="ops")
    assert (failed.failure.reason, failed.failure.retry_after) == (TOO_LARGE, 1.0)
    details = StatusDetails(retry_after_seconds=7, causes=[StatusCause(TOO_LARGE)])
    event = from_event(Status(reason="Timeout", code=504, details=details), server=SERVER)
    assert (event.failure.reason, event.failure.retry_after) == (TOO_LARGE, 7.0)


@pytest.mark.parametrize(
    ("status", "details", "absent"),
    [
        (404, '{"name":"data","kind":"persistentvolumeclaims"}', True),
        (404, "{}", False),  # of a path, such as that of a resource whose definition was deleted
        (403, '{"name":"data","kind":"persistentvolumeclaims"}', False),
        (410, "{}", False),
    ],
)
def test_only_what_does_not_exist_is_absent(status: int, details: str, absent: bool) -> None:
    body = f'{{"kind":"Status","message":"not found","details":{details}}}'.encode()
    error = from_answer(status, body, "application/json", None, server=SERVER, user="ops")
    assert error.absent is absent
