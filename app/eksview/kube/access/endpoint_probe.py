"""The probe of the API endpoint, step by step: DNS, TCP, TLS and HTTP.

It shares nothing with the connection of the dashboard, and sends no credential.
"""

import asyncio
import ipaddress
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from threading import Thread
from time import monotonic, time
from urllib.parse import urlsplit

import yarl

from eksview import __version__
from eksview.domain.access import error_messages
from eksview.domain.base.clock import Clock
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.rows.access import CertificateFact, EndpointFact, Hop, HopKind
from eksview.kube.client.certificates import described
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.errors import from_certificate, os_reason, tls_cause
from eksview.kube.client.redirects import elsewhere
from eksview.kube.client.transport import trusting

LIMIT = 4.0  # seconds for each step
ADDRESSES = 6  # tried at most; EKS gives two or three
REDIRECTS, HEADERS = (301, 302, 303, 307, 308), 100
PATH = "/livez/ping"  # which waits for nothing: /livez takes seconds while etcd is dead

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, or raise OSError; a resolver may hang, so it has a thread."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()
    Thread(target=_look_up, args=(host, port, loop, answer), daemon=True).start()
    return await answer


def _look_up(
    host: str, port: int, loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[list[str]]"
) -> None:
    addresses: list[str] = []
    error: OSError | None = None
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    except (OSError, UnicodeError) as failed:
        error = failed if isinstance(failed, OSError) else OSError(str(failed))
    with suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(_answered, answer, addresses, error)


def _answered(
    answer: "asyncio.Future[list[str]]", addresses: list[str], error: OSError | None
) -> None:
    if answer.done():
        return
    if error is None:
        answer.set_result(addresses)
    else:
        answer.set_exception(error)


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _hop(
    kind: HopKind,
    ok: bool | None,
    target: str,
    took: float | None = None,
    evidence: Iterable[tuple[str, str]] = (),
    reason: str = "",
) -> Hop:
    """Return a step whose texts may be drawn."""
    seen = tuple((name, clean(text)) for name, text in evidence)
    return Hop(kind, ok, clean(target), took, seen, clean(reason))


class EndpointProbe:
    """A probe of one endpoint."""

    def __init__(
        self,
        access: ClusterAccess,
        *,
        clock: Clock = time,
        resolve: Resolve = resolve,
        limit: float = LIMIT,
    ) -> None:
        self._access = access
        self._clock = clock
        self._resolve = resolve
        self._limit = limit
        self._proxy = access.proxy
        target = urlsplit(self._proxy or access.server)
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._secure = access.server.startswith("https://")
        self._host = target.hostname or ""
        self._port = target.port or (443 if target.scheme == "https" else 80)

    async def once(self) -> EndpointFact:
        """Probe each step; a step that needs a failed one is left untried."""
        dns, addresses = await self._dns()
        hops, certificate = [dns], None
        tcp = await asyncio.gather(*map(self._tcp, addresses[:ADDRESSES]))
        hops += [hop for hop, _ in tcp]
        open_to = next((address for hop, address in tcp if hop.ok), "")
        if self._proxy:
            hops += self._beyond_proxy()
        elif open_to:
            certificate = await self._tls_and_http(open_to, hops)
        else:
            hops += [_hop("tls", None, self._host)] if self._secure else []
            hops.append(_hop("http", None, PATH))
        host, proxy = clean(self._host), clean(mask(self._proxy))
        return EndpointFact(self._clock(), host, self._port, tuple(hops), certificate, proxy)

    async def _dns(self) -> tuple[Hop, list[str]]:
        if is_address(self._host):
            kind = (("kind", "literal IP, no DNS lookup"),)
            return _hop("dns", True, self._host, 0.0, kind), [self._host]
        began = monotonic()
        try:
            async with asyncio.timeout(self._limit):
                addresses = await self._resolve(self._host, self._port)
        except TimeoutError:
            reason = f"DNS didn't answer for {self._host} within {self._limit:.0f} s."
            return _hop("dns", False, self._host, monotonic() - began, reason=reason), []
        except OSError:
            reason = self._unresolved()
            return _hop("dns", False, self._host, monotonic() - began, reason=reason), []
        evidence = tuple(("address", f"{address} ({scope(address)})") for address in addresses)
        return _hop("dns", True, self._host, monotonic() - began, evidence), addresses

    async def _tcp(self, address: str) -> tuple[Hop, str]:
        where = _joined(address, self._port)
        began = monotonic()
        try:
            async with asyncio.timeout(self._limit):
                _, writer = await asyncio.open_connection(address, self._port)
        except (OSError, TimeoutError) as error:
            reason = self._unconnected(error, where)
            return _hop("tcp", False, where, monotonic() - began, reason=reason), address
        took = monotonic() - began
        _drop(writer)
        return _hop("tcp", True, where, took), address

    def _unresolved(self) -> str:
        """Return the sentence for a name, maybe the proxy's, that can't be resolved."""
        if not self._proxy:
            return error_messages.unreachable("dns", "", server=self._host)
        server = self._access.server
        return error_messages.unreachable("proxy-dns", "", server=server, proxy=self._proxy)

    def _unconnected(self, error: OSError, where: str) -> str:
        """Return what is wrong with an address that can't be connected to."""
        silent = isinstance(error, TimeoutError)
        if self._proxy:
            cause, server = "proxy-timeout" if silent else "proxy", self._access.server
            detail = os_reason(error)
            return error_messages.unreachable(cause, detail, server=server, proxy=self._proxy)
        cause = "refused" if isinstance(error, ConnectionRefusedError) else ""
        cause = "timeout" if silent else cause
        return error_messages.unreachable(cause, os_reason(error), server=where)

    async def _tls_and_http(self, address: str, hops: list[Hop]) -> CertificateFact | None:
        """Probe TLS and HTTP over one connection; return the certificate that the server showed."""
        if not self._secure:
            hops.append(await self._plain_http(address))
            return None
        tls, certificate, streams = await self._tls(address)
        hops.append(tls)
        if streams is None:
            hops.append(_hop("http", None, PATH))
        else:
            hops.append(await self._http(streams))
        return certificate

    async def _tls(
        self, address: str
    ) -> tuple[Hop, CertificateFact | None, tuple[StreamReader, StreamWriter] | None]:
        name = self._access.tls_server_name or self._host
        self._trust(verify=not self._access.insecure)  # not part of the time that is measured
        began = monotonic()
        try:
            streams = await self._shake(address, name, verify=not self._access.insecure)
        except ssl.SSLCertVerificationError as error:
            took = monotonic() - began
            reason = str(
                from_certificate(error, server=self._access.server, own_ca=bool(self._access.ca))
            )
            shown = await self._rejected_certificate(address, name)
            return _hop("tls", False, name, took, _evidence_of(shown), reason), shown, None
        except (OSError, TimeoutError) as error:  # an SSLError is an OSError
            reason = self._failure_of(error)
            return _hop("tls", False, name, monotonic() - began, reason=reason), None, None
        took = monotonic() - began
        session = streams[1].get_extra_info("ssl_object")
        shown = described(session.getpeercert(binary_form=True) or b"", der=True)
        evidence = _evidence_of(shown, session.version() or "", self._authority())
        return _hop("tls", True, name, took, evidence), shown, streams

    def _authority(self) -> str:
        """Return what authenticates an accepted certificate."""
        if self._access.insecure:
            return "not checked: the kubeconfig says insecure-skip-tls-verify"
        if self._access.ca:
            return "signed by the kubeconfig's CA"
        return "signed by an authority this machine trusts; the kubeconfig names no CA"

    def _failure_of(self, error: OSError) -> str:
        """Return what is wrong at an address whose port is open."""
        if isinstance(error, TimeoutError):
            return error_messages.unreachable("mute", "", server=self._access.server)
        cause = tls_cause(error) if isinstance(error, ssl.SSLError) else "cut"
        detail = getattr(error, "reason", "") or error.strerror or ""
        return error_messages.unreachable(cause, str(detail), server=self._access.server)

    async def _shake(
        self, address: str, name: str, *, verify: bool
    ) -> tuple[StreamReader, StreamWriter]:
        async with asyncio.timeout(self._limit):
            return await asyncio.open_connection(
                address, self._port, ssl=self._trust(verify=verify), server_hostname=name
            )

    async def _rejected_certificate(self, address: str, name: str) -> CertificateFact | None:
        """Return the certificate that was rejected, from a connection that only reads it."""
        try:
            _, writer = await self._shake(address, name, verify=False)
        except (OSError, TimeoutError):
            return None
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        _drop(writer)
        return described(shown or b"", der=True)

    def _trust(self, *, verify: bool) -> ssl.SSLContext:
        """Return a context, made once: to read a system's CAs takes longer than a handshake."""
        if verify not in self._contexts:
            self._contexts[verify] = trusting(self._access.ca) if verify else _unverified()
        return self._contexts[verify]

    async def _plain_http(self, address: str) -> Hop:
        began = monotonic()
        try:
            async with asyncio.timeout(self._limit):
                streams = await asyncio.open_connection(address, self._port)
        except (OSError, TimeoutError) as error:  # the port has closed since it was probed
            return _hop("http", False, PATH, monotonic() - began, reason=self._failure_of(error))
        return await self._http(streams)

    async def _http(self, streams: tuple[StreamReader, StreamWriter]) -> Hop:
        reader, writer = streams
        began = monotonic()
        host = _joined(self._host, self._port)
        try:
            async with asyncio.timeout(self._limit):
                writer.write(
                    f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: eksview/{__version__}\r\n"
                    "Accept: */*\r\nConnection: close\r\n\r\n".encode("ascii", "replace")
                )
                line = (await reader.readline()).decode("ascii", "replace").strip()
                location = await _location(reader) if _status(line) in REDIRECTS else ""
        except (OSError, TimeoutError) as error:
            return _hop("http", False, PATH, monotonic() - began, reason=self._failure_of(error))
        finally:
            _drop(writer)
        took = monotonic() - began
        if target := elsewhere(yarl.URL(self._access.server), location):
            reason = error_messages.unreachable("elsewhere", target, server=self._access.server)
            return _hop("http", False, PATH, took, (("status", mask(line)),), reason)
        return _judged(line, took, self._access.server)

    def _beyond_proxy(self) -> list[Hop]:
        reason = "not tried: the proxy makes the rest of the connection"
        return [
            _hop("tls", None, self._access.server, reason=reason),
            _hop("http", None, PATH, reason=reason),
        ]


def _status(line: str) -> int | None:
    """Return the status of an answer's first line; None for what isn't HTTP."""
    words = line.split(" ", 2)
    valid = line.startswith("HTTP/") and len(words) > 1
    return whole_number_of(words[1]) if valid else None


async def _location(reader: StreamReader) -> str:
    """Return where a redirect points to, of at most as many headers as aiohttp reads."""
    for _ in range(HEADERS):
        name, _, value = (await reader.readline()).decode("latin-1").strip().partition(":")
        if not name or name.lower() == "location":
            return value.strip()
    return ""


def _judged(line: str, took: float, server: str) -> Hop:
    """Return the HTTP step; 401 and 403 pass, because the request has no credential."""
    words, status = mask(line).split(" ", 2), _status(line)
    if status is None:
        cause = "ssh" if line.startswith("SSH-") else "no-http"
        reason = error_messages.unreachable(cause, "", server=server)
        return _hop("http", False, PATH, took, reason=reason)
    evidence = (("status", " ".join(words[1:])),)
    if status >= 500:
        reason = f"{server} answered {status}: it isn't healthy."
        return _hop("http", False, PATH, took, evidence, reason)
    return _hop("http", True, PATH, took, evidence)


def scope(address: str) -> str:
    """Return how far an address reaches: `private`, `public` or `loopback`."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if parsed.is_loopback:
        return "loopback"
    return "private" if parsed.is_private or parsed.is_link_local else "public"


def is_address(host: str) -> bool:
    """Return whether a host is an address rather than a name."""
    return scope(host) != "unknown"


def _joined(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _evidence_of(
    shown: CertificateFact | None, version: str = "", authority: str = ""
) -> tuple[tuple[str, str], ...]:
    if shown is None:
        return ()
    pairs = (
        ("version", version),
        ("trust", authority),
        ("subject", shown.subject),
        ("issuer", shown.issuer),
        ("names", ", ".join(shown.names)),
    )
    return tuple((label, text) for label, text in pairs if text)


def _drop(writer: StreamWriter) -> None:
    writer.transport.abort()
