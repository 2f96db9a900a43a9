"""The way to the API endpoint, walked step by step: DNS, TCP, TLS, HTTP, each by itself.

Nothing of it is shared with the connection that the dashboard uses, and no credential is sent.
"""

import asyncio
import ipaddress
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from threading import Thread
from time import monotonic, time
from urllib.parse import urlsplit

from eksview import __version__
from eksview.domain.access import error_messages
from eksview.domain.base.clock import Clock
from eksview.domain.rows.access import CertificateFact, EndpointFact, Hop
from eksview.kube.client.access import ClusterAccess
from eksview.kube.client.certificates import described
from eksview.kube.client.errors import from_certificate
from eksview.kube.client.transport import proxy_of

LIMIT = 4.0  # seconds for each step
ADDRESSES = 6  # tried at most; EKS gives two or three
PATH = "/livez"

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in a thread of its own: a resolver that hangs holds up nobody.

    Raises OSError.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()
    Thread(target=_look_up, args=(host, port, loop, answer), daemon=True).start()
    return await answer


def _look_up(
    host: str, port: int, loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[list[str]]"
) -> None:
    found: list[str] = []
    error: OSError | None = None
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    except (OSError, UnicodeError) as failed:
        error = failed if isinstance(failed, OSError) else OSError(str(failed))
    with suppress(RuntimeError):  # nobody waits any more
        loop.call_soon_threadsafe(_answered, answer, found, error)


def _answered(answer: "asyncio.Future[list[str]]", found: list[str], error: OSError | None) -> None:
    if answer.done():
        return
    if error is None:
        answer.set_result(found)
    else:
        answer.set_exception(error)


def _context(authority: bytes | None, *, verify: bool) -> ssl.SSLContext:
    if not verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if authority:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=authority.decode("ascii", "replace"))
        return context
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # as the connection itself; see transport
    return context


class EndpointProbe:
    """Walks to one endpoint, again whenever it is asked to."""

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
        self._proxy = access.proxy or proxy_of(access.server) or ""
        target = urlsplit(self._proxy or access.server)
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._secure = access.server.startswith("https://")
        self._host = target.hostname or ""
        self._port = target.port or (443 if target.scheme == "https" else 80)

    async def once(self) -> EndpointFact:
        """All steps; one that fails leaves those after it untried, where they need it."""
        dns, addresses = await self._dns()
        hops, certificate = [dns], None
        tcp = await asyncio.gather(*map(self._tcp, addresses[:ADDRESSES]))
        hops += [hop for hop, _ in tcp]
        open_to = next((address for hop, address in tcp if hop.ok), "")
        if self._proxy:
            hops += self._beyond()
        elif open_to:
            certificate = await self._talk(open_to, hops)
        else:
            hops += [Hop("tls", None, self._host)] if self._secure else []
            hops.append(Hop("http", None, PATH))
        return EndpointFact(
            self._clock(), self._host, self._port, tuple(hops), certificate, self._proxy
        )

    async def _dns(self) -> tuple[Hop, list[str]]:
        if _is_address(self._host):
            kind = (("kind", "an address, nothing to resolve"),)
            return Hop("dns", True, self._host, 0.0, kind), [self._host]
        began = monotonic()
        try:
            async with asyncio.timeout(self._limit):
                addresses = await self._resolve(self._host, self._port)
        except TimeoutError:
            why = f"DNS didn't answer for {self._host} within {self._limit:.0f} s."
            return Hop("dns", False, self._host, monotonic() - began, why=why), []
        except OSError:
            why = error_messages.unreachable("dns", "", server=self._host)
            return Hop("dns", False, self._host, monotonic() - began, why=why), []
        evidence = tuple(("address", f"{each} ({scope(each)})") for each in addresses)
        return Hop("dns", True, self._host, monotonic() - began, evidence), addresses

    async def _tcp(self, address: str) -> tuple[Hop, str]:
        where = _joined(address, self._port)
        began = monotonic()
        try:
            async with asyncio.timeout(self._limit):
                _, writer = await asyncio.open_connection(address, self._port)
        except TimeoutError:
            why = error_messages.unreachable("timeout", "", server=where)
            return Hop("tcp", False, where, monotonic() - began, why=why), address
        except OSError as error:
            cause = "refused" if isinstance(error, ConnectionRefusedError) else ""
            why = error_messages.unreachable(cause, error.strerror or "", server=where)
            return Hop("tcp", False, where, monotonic() - began, why=why), address
        took = monotonic() - began
        _drop(writer)
        return Hop("tcp", True, where, took), address

    async def _talk(self, address: str, hops: list[Hop]) -> CertificateFact | None:
        """TLS and HTTP over one connection to one address; what the server showed."""
        if not self._secure:
            hops.append(await self._http(await asyncio.open_connection(address, self._port)))
            return None
        tls, certificate, streams = await self._tls(address)
        hops.append(tls)
        if streams is None:
            hops.append(Hop("http", None, PATH))
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
            why = str(from_certificate(error, server=self._access.server))
            shown = await self._shown(address, name)
            return Hop("tls", False, name, took, _told(shown), why), shown, None
        except (OSError, TimeoutError) as error:  # an SSLError is an OSError
            why = self._untold(error)
            return Hop("tls", False, name, monotonic() - began, why=why), None, None
        took = monotonic() - began
        session = streams[1].get_extra_info("ssl_object")
        shown = described(session.getpeercert(binary_form=True) or b"", der=True)
        evidence = _told(shown, session.version() or "", self._authority())
        return Hop("tls", True, name, took, evidence), shown, streams

    def _authority(self) -> str:
        """Who vouches for a certificate that was accepted."""
        if self._access.insecure:
            return "not checked: the kubeconfig says insecure-skip-tls-verify"
        if self._access.ca:
            return "signed by the kubeconfig's CA"
        return "signed by an authority this machine trusts; the kubeconfig names no CA"

    def _untold(self, error: OSError) -> str:
        """Of an address whose port is open."""
        if isinstance(error, TimeoutError):
            return error_messages.unreachable("mute", "", server=self._access.server)
        cause = "tls" if isinstance(error, ssl.SSLError) else "cut"
        said = getattr(error, "reason", "") or error.strerror or ""
        return error_messages.unreachable(cause, str(said), server=self._access.server)

    async def _shake(
        self, address: str, name: str, *, verify: bool
    ) -> tuple[StreamReader, StreamWriter]:
        async with asyncio.timeout(self._limit):
            return await asyncio.open_connection(
                address, self._port, ssl=self._trust(verify=verify), server_hostname=name
            )

    async def _shown(self, address: str, name: str) -> CertificateFact | None:
        """The certificate that wasn't accepted: asked for again, to be looked at only."""
        try:
            _, writer = await self._shake(address, name, verify=False)
        except (OSError, TimeoutError):
            return None
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        _drop(writer)
        return described(shown or b"", der=True)

    def _trust(self, *, verify: bool) -> ssl.SSLContext:
        """Made once: reading a system's authorities takes longer than a handshake."""
        if verify not in self._contexts:
            self._contexts[verify] = _context(self._access.ca if verify else b"", verify=verify)
        return self._contexts[verify]

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
        except (OSError, TimeoutError) as error:
            return Hop("http", False, PATH, monotonic() - began, why=self._untold(error))
        finally:
            _drop(writer)
        return _judged(line, monotonic() - began, self._access.server)

    def _beyond(self) -> list[Hop]:
        why = "it goes through the proxy, which walks the rest of the way"
        return [Hop("tls", None, self._access.server, why=why), Hop("http", None, PATH, why=why)]


def _judged(line: str, took: float, server: str) -> Hop:
    """401 and 403 are answers too: this step asks as nobody."""
    words = line.split(" ", 2)
    if not line.startswith("HTTP/") or len(words) < 2 or not words[1].isdigit():
        why = f"{server} doesn't speak HTTP: check the address and the port."
        return Hop("http", False, PATH, took, why=why)
    status = int(words[1])
    evidence = (("status", " ".join(words[1:])),)
    if status >= 500:
        why = f"{server} answers {status}: it isn't healthy."
        return Hop("http", False, PATH, took, evidence, why)
    return Hop("http", True, PATH, took, evidence)


def scope(address: str) -> str:
    """`private`, `public` or `loopback`: how far an address reaches."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if found.is_loopback:
        return "loopback"
    return "private" if found.is_private or found.is_link_local else "public"


def _is_address(host: str) -> bool:
    return scope(host) != "unknown"


def _joined(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _told(
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
