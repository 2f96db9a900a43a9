"""The Kubelet tab of a node: heartbeat, configuration and certificate requests."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import Clean, clean, fit
from eksview.domain.kube.kubelet import Heartbeats, KubeletConfig, document_of, is_of, monitor_grace
from eksview.domain.kube.node_status import (
    GRACE,
    NODE_LEASE_SECONDS,
    heartbeat_age,
    heartbeat_health,
)
from eksview.domain.live.polled import SIGNING
from eksview.domain.rows.kube import LeaseRow, SigningRow
from eksview.domain.rows.link import Phase
from eksview.store.lease_index import NODE_LEASES
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.nodes.node_details import UNJUDGED
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import entry, fold
from eksview.ui.text.words import TONE_OF, Tone, Words, tone_of

_COLUMN = 26
_STATE = {"Pending": Health.WARN, "Denied": Health.BAD, "Failed": Health.BAD}
RISK = Clean(
    "Reading configz needs nodes/proxy, which also allows running commands in the node's pods. "
    "Don't grant it for this alone."
)


class Reporting(Struct, frozen=True):
    """Everything that the tab shows."""

    lease: LeaseRow | None
    beats: Heartbeats
    config: KubeletConfig | None
    problem: str  # why there is no configuration
    requests: Sequence[SigningRow]
    unread: str = ""  # why certificate requests weren't read
    server: str = ""  # "v1.33.4-eks-1a2b3c4"; empty while unknown
    judged: bool = True  # whether an old lease is the fault of the kubelet


def kubelet_lines(report: Reporting, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield heartbeat, configuration and certificate requests, or why they are missing."""
    yield from _heartbeat(report, now, width, glyphs)
    yield ()
    yield from _settings(report, width, glyphs)
    yield ()
    yield from _certificates(report, now, width, glyphs)


def _heartbeat(report: Reporting, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    yield (("Heartbeat", "strong"),)
    since, health = heartbeat_age(report.lease, now), heartbeat_health(report.lease, now)
    health = health if report.judged else Health.UNKNOWN
    if report.lease is None or since is None:
        yield (("  The lease of this node isn't visible to you.", "dim"),)
        return
    length = report.lease.duration or NODE_LEASE_SECONDS
    grace = length * GRACE
    tone = tone_of(health)
    mark = f"{glyphs.mark(health)} "
    doubt = "" if report.judged else f"; {UNJUDGED}"
    age = f"{mark}{human_duration(since)} ago{doubt}"
    yield from entry("Lease renewed", age, _COLUMN, width, tone)
    silence = f"NotReady after {_grace(report.server)} without a heartbeat"
    yield from entry("Lease duration", f"{length} s; {silence}", _COLUMN, width)
    expected = (report.config.renewal if report.config else None) or length / 4
    pace = _pace(report.beats, expected, glyphs)
    yield from entry("Renewal interval", pace, _COLUMN, width, _late(report))
    if report.beats.periods:
        recent = report.beats.periods[-max(1, width - _COLUMN - 4) :]
        yield from entry("Recent intervals", _bars(recent, grace, glyphs), _COLUMN, width, "dim")


def _grace(server: str) -> str:
    seconds = monitor_grace(server)
    return "50 s (up to 1.31: 40 s)" if seconds is None else f"{seconds} s"


def _late(report: Reporting) -> Tone:
    length = (report.lease.duration if report.lease else 0) or NODE_LEASE_SECONDS
    return "warn" if report.beats.pace(length / 4).late else "text"


def _pace(beats: Heartbeats, expected: float, glyphs: Glyphs) -> str:
    pace = beats.pace(expected)
    if pace.mean is None or pace.longest is None:
        return f"configured {expected:g} s; measuring{glyphs.more}"
    late = f", {pace.late} late" if pace.late else ", none late"
    count = "1 interval" if pace.periods == 1 else f"{pace.periods} intervals"
    return (
        f"{pace.mean:.1f} s on average over {count}, at most {pace.longest:.1f} s{late}; "
        f"configured {expected:g} s"
    )


def _bars(periods: Sequence[float], most: float, glyphs: Glyphs) -> str:
    steps, top = glyphs.spark, len(glyphs.spark) - 1
    return "".join(steps[min(top, round(period / most * top))] for period in periods)


def _settings(report: Reporting, width: int, glyphs: Glyphs) -> Iterator[Words]:
    yield (("Kubelet configuration", "strong"), ("  /configz", "faint"))
    if report.config is None:
        if not report.problem:
            yield ((f"  Loading from the kubelet via the API server{glyphs.more}", "dim"),)
            return
        for line in fold(clean(report.problem), width - 4):
            yield (("  ", "text"), (line, "warn"))
        if "nodes/proxy" in report.problem:
            for line in fold(RISK, width - 4):
                yield (("  ", "text"), (line, "dim"))
        return
    config = report.config
    for name, text in (
        ("Status check interval", _duration(config.status_update)),
        ("Status report interval", _duration(config.status_report, ", sooner on a change")),
        ("Lease duration", _duration(config.lease)),
        ("Max pods", "" if config.max_pods is None else str(config.max_pods)),
    ):
        yield from entry(name, text or "not reported", _COLUMN, width)
    for eviction in config.evictions:
        grace = f" for {clean(eviction.grace)}" if eviction.grace else ""
        text = f"evicts when below {clean(eviction.threshold)}{grace}"
        yield from entry(clean(eviction.signal), text, _COLUMN, width)


def _duration(value: float | None, more: str = "") -> str:
    return "" if value is None else f"{human_duration(value)}{more}"


def _certificates(report: Reporting, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    yield (("Certificate requests", "strong"), ("  last hour", "faint"))
    if report.unread:
        for line in fold(clean(report.unread), width - 4):
            yield (("  ", "text"), (line, "dim"))
        return
    if not report.requests:
        yield (("  None.", "dim"),)
    for request in sorted(report.requests, key=lambda row: -row.created):
        health = _STATE.get(request.state, Health.OK)
        yield (
            (f"  {glyphs.mark(health)} ", TONE_OF[health]),
            (fit(request.state, 10, more=glyphs.more), TONE_OF[health]),
            (fit(age(now, request.created), 8, more=glyphs.more), "dim"),
            (fit(request.signer, max(8, width - 24), more=glyphs.more).rstrip(), "text"),
        )


KUBELET = Tab("kubelet", "u", "Kubelet")
PERIOD = 600.0
"""Seconds between two readings of the configuration, which hardly changes."""


class KubeletTab:
    """A source of the tab: counts heartbeats while the node is open, reads its configuration."""

    tabs = (KUBELET,)

    def __init__(self, view: View, node: str) -> None:
        self._view = view
        self._node = node
        self._beats = Heartbeats()
        self._fetch: Fetch[KubeletConfig] = Fetch(self._ask, view.clock, period=PERIOD)

    def look(self, tab: str) -> bool:
        """Count the heartbeat; return whether to read the configuration now."""
        # Intervals are those of the kubelet's own clock; an arrival may be late.
        lease = self._view.store.leases.get(f"{NODE_LEASES}/{self._node}")
        self._beats.note(lease.renewed if lease else None)
        return tab == KUBELET.id and self._fetch.due(self)

    async def ask(self) -> None:
        await self._fetch.ask(self)

    def lines(self, tab: str, now: float, width: int) -> Iterator[Words]:  # noqa: ARG002 - it has one
        store = self._view.store
        version = value_of(store.facts.version)
        requests = store.table(SigningRow).values()
        report = Reporting(
            lease=store.lease_of(self._node),
            judged=store.heartbeats.judges(now),
            beats=self._beats,
            config=self._fetch.result,
            problem=self._fetch.problem,
            requests=[row for row in requests if is_of(row.user, self._node)],
            unread=self._unread(),
            server=version.git if version else "",
        )
        return kubelet_lines(report, now, width, self._view.glyphs)

    def _unread(self) -> str:
        link = self._view.store.links.get(SIGNING)
        if link is not None and link.phase is Phase.LIVE:
            return ""
        return (link.reason if link else "") or "Not loaded yet."

    async def _ask(self) -> KubeletConfig:
        return document_of(await self._view.backend.configz(self._node))
