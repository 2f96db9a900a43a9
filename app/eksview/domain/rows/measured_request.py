"""One request to the API server, measured phase by phase on a connection of its own."""

from enum import StrEnum

from msgspec import Struct, field

from eksview.domain.base.reading import NOT_ASKED, Permission, Reading
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.rows.server import Timing


class PhaseName(StrEnum):
    """The phases of a request, in their order; a connection has TCP or PROXY."""

    CREDENTIALS = "credentials"  # until the token or certificate is at hand
    DNS = "DNS"
    TCP = "TCP"
    PROXY = "proxy"  # TCP to the proxy, and its answer to CONNECT
    TLS = "TLS"
    ANSWER = "answer"  # from the request's first byte to the answer's headers
    BODY = "body"


class MeasuredPhase(Struct, frozen=True):
    """A phase. Without `took` it was skipped, as `reason` says, or never reached."""

    name: PhaseName
    began: float | None = None  # seconds since the request began; None: it never did
    took: float | None = None  # seconds, of a failed one until it failed
    reason: Clean = EMPTY
    failed: bool = False


class ServerMeans(Struct, frozen=True):
    """The durations that the API server reports of all such requests since it started.

    They are never those of one request, and one server of several reports them.
    """

    authentication: Timing = field(default_factory=Timing)  # of requests that were authenticated
    authorization: Timing = field(default_factory=Timing)  # of requests that were allowed
    storage: Timing = field(default_factory=Timing)  # of lists of nodes in etcd


class MeasuredRequest(Struct, frozen=True):
    """`GET /api/v1/nodes` as `kubectl get nodes` sends it: one page, as a table."""

    at: float
    server: Clean
    path: Clean  # with its query
    phases: tuple[MeasuredPhase, ...]
    status: int | None = None  # of HTTP; None when nothing answered
    reason: Clean = EMPTY  # what went wrong
    missing: Permission | None = None
    http: Clean = EMPTY  # "HTTP/1.1"
    tls: Clean = EMPTY  # "TLSv1.3"
    encoding: Clean = EMPTY  # "gzip"
    received: int = 0  # bytes of the body, as they came over the wire
    size: int = 0  # bytes of the body, decompressed
    items: int | None = None
    remaining: int | None = None  # items on further pages; 0: this was the last page
    version: Clean = EMPTY  # resourceVersion of the list
    audit_id: Clean = EMPTY
    flow_schema: Clean = EMPTY  # uid, of API Priority and Fairness
    priority_level: Clean = EMPTY  # uid
    means: Reading[ServerMeans] = NOT_ASKED
