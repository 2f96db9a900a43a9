"""The tab of a node that shows how it reports."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import clean, fit
from eksview.domain.kube.kubelet import Heartbeats, KubeletConfig, document_of, is_of, monitor_grace
from eksview.domain.kube.node_status import (
    GRACE,
    NODE_LEASE_SECONDS,
    heartbeat_age,
    heartbeat_health,
)
from eksview.domain.live.polled import SIGNING
from eksview.domain.rows.kube import Kind, LeaseRow, SigningRow
from eksview.domain.rows.link import Phase
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import entry, fold
from eksview.ui.text.words import TONE_OF, Tone, Words

_COLUMN = 26
_STATE = {"Pending": Health.WARN, "Denied": Health.BAD, "Failed": Health.BAD}
RISK = (
    "configz is read through nodes/proxy, which also lets one run commands in the node's pods: "
    "think before granting it for this alone."
)


class Reporting(Struct, frozen=True):
    """`problem` says why there is no configuration."""

    lease: LeaseRow | None
    beats: Heartbeats
    config: KubeletConfig | None
    problem: str
    requests: Sequence[SigningRow]
    unread: str = ""  # why there are no certificate requests; empty when they were read
    server: str = ""  # "v1.33.4-eks-1a2b3c4"; empty: not known


def kubelet_lines(said: Reporting, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Three parts; each says why it is empty."""
    yield from _heartbeat(said, now, width, glyphs)
    yield ()
    yield from _settings(said, width, glyphs)
    yield ()
    yield from _certificates(said, now, width, glyphs)


def _heartbeat(said: Reporting, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    yield (("Heartbeat", "strong"),)
    since, health = heartbeat_age(said.lease, now), heartbeat_health(said.lease, now)
    if said.lease is None or since is None:
        yield (("  No lease of this node is visible to you.", "dim"),)
        return
    length = said.lease.duration or NODE_LEASE_SECONDS
    grace = length * GRACE
    tone: Tone = "text" if health is Health.OK else TONE_OF[health]
    mark = f"{glyphs.mark(health)} "
    yield from entry("Lease renewed", f"{mark}{human_duration(since)} ago", _COLUMN, width, tone)
    follows = f"NotReady after {_grace(said.server)} of silence"
    yield from entry("Lease lasts", f"{length} s; {follows}", _COLUMN, width)
    expected = (said.config.renewal if said.config else None) or length / 4
    yield from entry("Renewed every", _pace(said.beats, expected), _COLUMN, width, _late(said))
    if said.beats.periods:
        recent = said.beats.periods[-max(1, width - _COLUMN - 4) :]
        yield from entry("Each period", _bars(recent, grace, glyphs), _COLUMN, width, "dim")


def _grace(server: str) -> str:
    known = monitor_grace(server)
    return "50 s (up to 1.31: 40 s)" if known is None else f"{known} s"


def _late(said: Reporting) -> Tone:
    length = (said.lease.duration if said.lease else 0) or NODE_LEASE_SECONDS
    return "warn" if said.beats.pace(length / 4).late else "text"


def _pace(beats: Heartbeats, expected: float) -> str:
    pace = beats.pace(expected)
    if pace.mean is None or pace.longest is None:
        return f"told {expected:g} s; measured from the second renewal seen here"
    late = f", {pace.late} late" if pace.late else ", none late"
    times = "1 period" if pace.periods == 1 else f"{pace.periods} periods"
    return (
        f"{pace.mean:.1f} s measured over {times}, at most {pace.longest:.1f} s{late}; "
        f"told {expected:g} s"
    )


def _bars(periods: Sequence[float], most: float, glyphs: Glyphs) -> str:
    steps = glyphs.spark
    top = len(steps) - 1
    return "".join(steps[min(top, round(each / most * top))] for each in periods)


def _settings(said: Reporting, width: int, glyphs: Glyphs) -> Iterator[Words]:
    yield (("Kubelet configuration", "strong"), ("  /configz", "faint"))
    if said.config is None:
        if not said.problem:
            yield ((f"  Asking the kubelet through the API server{glyphs.more}", "dim"),)
            return
        for line in fold(said.problem, width - 4):
            yield (("  ", "text"), (line, "warn"))
        if "nodes/proxy" in said.problem:
            for line in fold(RISK, width - 4):
                yield (("  ", "text"), (line, "dim"))
        return
    found = said.config
    for name, text in (
        ("Looks at its status", _every(found.status_update)),
        ("Reports its status", _every(found.status_report, ", sooner when it changes")),
        ("Lease lasts", _seconds(found.lease)),
        ("Pods at most", "" if found.max_pods is None else str(found.max_pods)),
    ):
        yield from entry(name, text or "not said", _COLUMN, width)
    for each in found.evictions:
        kind = f"evicts after {clean(each.grace)}" if each.grace else "evicts"
        said_of = f"{kind} under {clean(each.threshold)}"
        yield from entry(clean(each.signal), said_of, _COLUMN, width)


def _every(value: float | None, more: str = "") -> str:
    return "" if value is None else f"every {human_duration(value)}{more}"


def _seconds(value: float | None) -> str:
    return "" if value is None else human_duration(value)


def _certificates(said: Reporting, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    yield (("Certificate requests", "strong"), ("  of the last hour", "faint"))
    if said.unread:
        for line in fold(clean(said.unread), width - 4):
            yield (("  ", "text"), (line, "dim"))
        return
    if not said.requests:
        yield (("  None.", "dim"),)
    for each in sorted(said.requests, key=lambda row: -row.created):
        health = _STATE.get(each.state, Health.OK)
        yield (
            (f"  {glyphs.mark(health)} ", TONE_OF[health]),
            (fit(clean(each.state), 10, more=glyphs.more), TONE_OF[health]),
            (fit(age(now, each.created), 8, more=glyphs.more), "dim"),
            (fit(clean(each.signer), max(8, width - 24), more=glyphs.more).rstrip(), "text"),
        )


KUBELET = Tab("kubelet", "u", "Kubelet")
PERIOD = 600.0
"""Seconds after which the configuration, which hardly ever changes, is asked for again."""


class KubeletTab:
    """Heartbeats are counted from when the node was opened; the configuration is asked for."""

    tabs = (KUBELET,)

    def __init__(self, view: View, node: str) -> None:
        self._view = view
        self._node = node
        self._beats = Heartbeats()
        self._fetch: Fetch[Any] = Fetch(self._ask, view.clock, period=PERIOD)

    def look(self, tab: str) -> bool:
        """Count the heartbeat; True when the configuration is to be asked for now."""
        lease = self._view.store.lease_of(self._node)
        self._beats.note(lease.renewed if lease else None)
        return tab == KUBELET.id and self._fetch.due(self)

    async def ask(self) -> None:
        """Ask the kubelet, through the API server."""
        await self._fetch.ask(self)

    def lines(self, tab: str, now: float, width: int) -> Iterator[Words]:  # noqa: ARG002 - it has one
        """What the tab says."""
        store, found = self._view.store, self._fetch.found
        version = value_of(store.facts.version)
        said = Reporting(
            lease=store.lease_of(self._node),
            beats=self._beats,
            config=None if found is None else document_of(found),
            problem=self._fetch.problem,
            requests=[each for each in self._requests() if is_of(each.user, self._node)],
            unread=self._unread(),
            server=version.git if version else "",
        )
        return kubelet_lines(said, now, width, self._view.glyphs)

    def _requests(self) -> Iterator[SigningRow]:
        for row in self._view.store.table(Kind.SIGNING).values():
            if isinstance(row, SigningRow):
                yield row

    def _unread(self) -> str:
        link = self._view.store.links.get(SIGNING)
        if link is not None and link.phase is Phase.LIVE:
            return ""
        return (link.why if link else "") or "They haven't been read yet."

    async def _ask(self) -> dict[str, Any]:
        return await self._view.backend.configz(self._node)
