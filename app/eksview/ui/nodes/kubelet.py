"""How a node reports: the lease as it really comes, the kubelet's settings, its certificates."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean, fit
from eksview.domain.kube.kubelet import Heartbeats, KubeletConfig, monitor_grace
from eksview.domain.kube.node_status import (
    GRACE,
    NODE_LEASE_SECONDS,
    heartbeat_age,
    heartbeat_health,
)
from eksview.domain.rows.kube import LeaseRow, SigningRow
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
