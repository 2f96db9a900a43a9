"""One list of nodes as kubectl sends it, measured phase by phase on a connection of its own."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
import msgspec
from msgspec import Raw, Struct, field
from msgspec.structs import replace

from eksview.domain.base.errors import UserError, explained
from eksview.domain.base.reading import Permission
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.go_json import UNREAD
from eksview.domain.resources.server_objects import AS_TABLE
from eksview.domain.rows.measured_request import MeasuredPhase, MeasuredRequest, PhaseName
from eksview.kube.access.endpoint_probe import is_address
from eksview.kube.access.request_marks import RequestMarks
from eksview.kube.client.call_log import Record
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.connection import JSON, NETWORK, Connection, MediaTypes
from eksview.kube.client.errors import RequestError
from eksview.kube.client.response import MOST_OF_LIST, Response, read_body
from eksview.kube.client.transport import transport
from eksview.process.waits import WAITS

PATH, QUERY = "/api/v1/nodes", {"limit": "500"}
"""A page of kubectl's --chunk-size."""
ACCEPT = f"{AS_TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,{JSON}"
"""What `kubectl get nodes` accepts, which prints the server's table."""
LIMIT = aiohttp.ClientTimeout(total=20.0, connect=10.0, sock_connect=10.0)
LIST = Permission("list", "nodes")
NUMERIC = Clean("The address is a number: there is no name to look up.")
PLAIN = Clean("The address is http://, which has no TLS.")
_GZIP = 31  # zlib's name for "with a gzip header"


async def measure_request(connection: Connection) -> MeasuredRequest:
    """Send a list of nodes now, and return what was measured, also of one that failed."""
    return await _Measurement(connection).run()


class _Measurement:
    """A request that is sent once, whose phases are marked on the way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._access = connection.access
        self._marks = RequestMarks()
        self._measured = MeasuredRequest(
            at=connection.server_clock.local(),
            server=clean(self._access.server),
            path=clean(f"{PATH}?limit={QUERY['limit']}"),
            phases=(),
        )

    async def run(self) -> MeasuredRequest:
        """Send the request and return what was measured, also of one that failed."""
        try:
            with explained("Measuring a request"):
                await self._send()
        except UserError as problem:
            self._marks.mark("failed")
            if not isinstance(problem, RequestError) and "connecting" not in self._marks.at:
                self._marks.at.pop("credential", None)  # it couldn't be used: nothing was sent
            self._measured = replace(self._measured, reason=problem.sentence)
        phases = tuple(_phases(self._marks.at, self._access, self._measured.reason))
        return replace(self._measured, phases=phases, tls=clean(self._marks.tls))

    async def _send(self) -> None:
        credential = await self._connection.credential()
        self._marks.mark("credential")
        client = transport(self._access, credential)
        client.configuration.trace_configs.append(self._marks.trace())
        client.configuration.client_session_kwargs["auto_decompress"] = False
        client.ssl_context.sslobject_class = self._marks.handshake()
        headers = self._connection.headers(credential, MediaTypes(ACCEPT))
        headers["Accept-Encoding"] = "gzip"  # as Go sends
        record = self._connection.recorder.begin("GET", PATH, QUERY, None)
        url = f"{self._access.server}{self._measured.path}"
        try:
            with WAITS.on(f"the API server {self._measured.server}", LIMIT.total, routine=True):
                answer = await client.request("GET", url, headers=headers, _request_timeout=LIMIT)
                self._marks.mark("answered")
                record.answered(answer.status)
                await self._read(answer.response, record)
        except NETWORK as error:
            answered = "answered" in self._marks.at
            failed = self._connection.error_from(error, answered=answered)
            record.failed(failed.sentence)
            raise failed from None
        finally:
            await client.close()

    async def _read(self, response: aiohttp.ClientResponse, record: Record) -> None:
        self._note(response)
        sent = await read_body(response.content, MOST_OF_LIST)
        self._marks.mark("read")
        record.ended(len(sent))
        self._measured = replace(self._measured, received=len(sent))
        encoding = response.headers.get("Content-Encoding", "")
        body = _decompressed(sent) if encoding == "gzip" else sent
        page = self._page(response, body)
        items = len(page.rows if page.rows is not None else page.items or ())
        record.ended(len(sent), items)
        meta = page.metadata
        self._measured = replace(
            self._measured,
            size=len(body),
            items=items,
            remaining=meta.remaining if meta.continue_ else 0,
            version=clean(meta.version),
        )

    def _note(self, response: aiohttp.ClientResponse) -> None:
        """Keep what the answer's headers say."""
        headers, version = response.headers, response.version
        self._measured = replace(
            self._measured,
            status=response.status,
            http=clean(f"HTTP/{version.major}.{version.minor}") if version else EMPTY,
            encoding=clean(headers.get("Content-Encoding", "")),
            audit_id=clean(headers.get("Audit-Id", "")),
            flow_schema=clean(headers.get("X-Kubernetes-Pf-Flowschema-Uid", "")),
            priority_level=clean(headers.get("X-Kubernetes-Pf-Prioritylevel-Uid", "")),
        )

    def _page(self, response: aiohttp.ClientResponse, body: bytes) -> "_NodePage":
        """Return the list; raises `RequestError` for another answer."""
        media = response.content_type
        if response.status < HTTPStatus.MULTIPLE_CHOICES and "json" in media:
            with suppress(*UNREAD):
                return _PAGES.decode(body)
        retry = response.headers.get("Retry-After")
        answer = Response(response.status, body, media, 0.0, retry)
        error = self._connection.error_of(answer)
        if error.failure.status == HTTPStatus.FORBIDDEN:
            self._measured = replace(self._measured, missing=LIST)
        raise error


class _PageMetadata(Struct):
    version: str = field(name="resourceVersion", default="")
    continue_: str = field(name="continue", default="")
    remaining: int | None = field(name="remainingItemCount", default=None)


class _NodePage(Struct):
    """A page of a list, as a table or not, of which only the number of items is read."""

    metadata: _PageMetadata
    rows: list[Raw] | None = None
    items: list[Raw] | None = None


_PAGES = msgspec.json.Decoder(_NodePage)


def _decompressed(body: bytes) -> bytes:
    """Return a body of at most as many bytes as a list may have; as it is if it isn't gzip."""
    try:
        return zlib.decompressobj(_GZIP).decompress(body, MOST_OF_LIST)
    except zlib.error:
        return body


def _phases(
    at: Mapping[str, float], access: ClusterAccess, reason: Clean
) -> Iterator[MeasuredPhase]:
    """Yield every phase by the moments that were marked; the first without an end has failed."""
    skipped = _skipped(access)
    broken = False
    for name, began, ended in _moments(at, access):
        if name in skipped:
            yield MeasuredPhase(name, reason=skipped[name])
        elif broken:
            yield MeasuredPhase(name)
        elif ended is None:
            broken = True
            took = at.get("failed", 0.0) - (began or 0.0)
            yield MeasuredPhase(name, began, took, reason, failed=True)
        else:
            yield MeasuredPhase(name, began, ended - (began or 0.0))


def _moments(
    at: Mapping[str, float], access: ClusterAccess
) -> Iterator[tuple[PhaseName, float | None, float | None]]:
    """Yield each phase with its begin and its end, as far as they were marked."""
    wired = at.get("shaking" if access.secure else "connected")
    connecting = at.get("resolved", at.get("connecting"))
    yield PhaseName.CREDENTIALS, 0.0, at.get("credential")
    yield PhaseName.DNS, at.get("resolving"), at.get("resolved")
    yield PhaseName.PROXY if access.proxy else PhaseName.TCP, connecting, wired
    yield PhaseName.TLS, at.get("shaking"), at.get("shaken")
    yield PhaseName.ANSWER, at.get("connected"), at.get("answered")
    yield PhaseName.BODY, at.get("answered"), at.get("read")


def _skipped(access: ClusterAccess) -> dict[PhaseName, Clean]:
    """Return the phases that such an address doesn't have, and why."""
    host = urlsplit(access.proxy or access.server).hostname or ""
    skipped = {PhaseName.DNS: NUMERIC} if is_address(host) else {}
    return skipped if access.secure else skipped | {PhaseName.TLS: PLAIN}
