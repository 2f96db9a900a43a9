"""Links: the connections of sources, with their phase and freshness."""

from enum import StrEnum
from typing import TypedDict, Unpack

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.reading import Permission
from eksview.domain.base.text import EMPTY, Clean


class Phase(StrEnum):
    """The phase of a link."""

    CONNECTING = "connecting"
    LISTING = "listing"
    LIVE = "live"
    RETRYING = "retrying"
    REFUSED = "refused"
    OFF = "off"


class LinkChange(TypedDict, total=False):
    """What a link may learn when it enters a phase: fields of `Link`."""

    reason: Clean
    retry_at: float | None
    missing: Permission | None
    heard: float | None
    loaded: int
    remaining: int | None
    every: float


class Link(Struct, frozen=True):
    """A source's connection and its freshness, replaced as a whole."""

    name: str  # a Kind's value for a stream, or the probe's name
    phase: Phase
    since: float  # when it entered this phase
    reason: Clean = EMPTY  # one sentence for a person: what is wrong and what to do
    retry_at: float | None = None
    heard: float | None = None  # the last byte of any kind: object, bookmark or answer
    last_event: float | None = None  # the last object that changed something
    events: int = 0  # objects since start, for rates
    loaded: int = 0  # objects of the list now being read
    remaining: int | None = None  # what the server says is still to come; None: it doesn't say
    missing: Permission | None = None  # set when refused
    every: float = 0.0  # seconds between lists, where live but not watched; `reason` says why
    paged: bool = False  # listed in pages, because streaming lists were refused or broke off
    bad_lines: int = 0  # undecodable lines since start
    only: Clean = EMPTY  # the namespaces that it is limited to, because all are refused

    def entered(self, phase: Phase, now: float, **fields: Unpack[LinkChange]) -> "Link":
        """Return the link in a phase; the error of the last one is cleared."""
        since = self.since if phase is self.phase else now
        cleared = LinkChange(reason=EMPTY, retry_at=None, missing=None, every=0.0)
        return replace(self, phase=phase, since=since, **{**cleared, **fields})
