"""Texts in the border of the workers panel: counts by state, and the legend."""

from collections import Counter

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.plural import plural
from eksview.domain.join.checks.claims import failed_claims
from eksview.domain.join.mapping_row import MappingRow, RowKind, word_at
from eksview.domain.join.unjoined import LoneState
from eksview.domain.kube.node_counts import word_health
from eksview.domain.live.trust import Trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.usage_age import KEPT, RESOLUTION
from eksview.store.selectors.overview import Overview
from eksview.ui.base.view import View
from eksview.ui.home.node_states import NodeStates
from eksview.ui.text.palette import Palette
from eksview.ui.text.styled_text import Ink, Span, Spans, width_of
from eksview.ui.workers.border import StateCounts, state_words
from eksview.ui.workers.layout import MAPS, WorkersPlan, Zoom
from eksview.ui.workers.worker import Scene, WorkerState

_WITHOUT_NODE = (Health.WARN, "without a node")
_JOIN_HEALTH: dict[str, Health] = {
    "failed to join": Health.BAD,
    LoneState.JOINING: Health.UNKNOWN,
    LoneState.WARM_POOL: Health.OK,
    LoneState.STANDBY: Health.OK,
    LoneState.LEAVING: Health.UNKNOWN,
    LoneState.CANDIDATE: Health.UNKNOWN,
}
_UNJUDGED = (Health.UNKNOWN, "without a node, unknown why")


def title_words(
    overview: Overview,
    states: NodeStates,
    instances: StateCounts,
    now: float,
    width: int,
    ink: Ink,
) -> Spans:
    """Return `6 nodes  ✖ 1 NotReady  ● 4 Ready`, with `stale 12s` before it where that applies.

    `instances` are those without a node. An ellipsis stands for states that `width` has no room
    for; the number of nodes gives way to what is broken.
    """
    palette, count = ink.palette, len(states.workers)
    spans: Spans = []
    stale = overview.trust(Kind.NODE) is Trust.STALE
    if stale:
        since = human_duration(overview.stale_for(Kind.NODE, now))
        spans.append((f"  {ink.glyphs.warn} stale {since}", palette.warn))
    if count or instances:
        total: Span = (f" {ink.glyphs.dot} {plural(count, 'node')}", palette.dim)
        nodes = [((word_health(word), word), number) for word, number in states.counts.items()]
        room, counts = width - width_of(spans), [*nodes, *instances]
        words = [total, *state_words(counts, room - width_of([total]), ink)]
        alone = state_words(counts, room, ink)
        if _broken(alone, palette) > _broken(words, palette):
            words = alone
        spans += [(text, palette.dim) for text, _ in words] if stale else words
    return spans


def unjoined(view: View, now: float) -> StateCounts:
    """Count the instances without a node by state: no picture of a node can show them."""
    mapping = view.store.mapping
    claims = failed_claims(mapping.rows.values(), now) if mapping.counts[RowKind.CLAIM] else []
    claim_word = f"NodeClaim{'s' * (len(claims) != 1)} without a node"
    failed = [((Health.BAD, claim_word), len(claims))] if claims else []
    if not any(mapping.counts[kind] for kind in _WITHOUT):
        return failed
    rows = (
        row
        for row in mapping.rows.values()
        if row.kind in _WITHOUT and not row.node and row.word != LoneState.NOT_WORKER.value
    )
    counts = Counter(_join_state(row, now) for row in rows)
    return failed + [
        ((health, f"instance{'s' * (number != 1)} {word}"), number)
        for (health, word), number in counts.items()
    ]


_WITHOUT = (RowKind.NOT_JOINED, RowKind.NO_NODE, RowKind.CANDIDATE, RowKind.UNKNOWN)


def _join_state(row: MappingRow, now: float) -> WorkerState:
    if row.kind is RowKind.UNKNOWN:
        return _UNJUDGED
    word = word_at(row, now)
    health = _JOIN_HEALTH.get(word)
    return _WITHOUT_NODE if health is None else (health, word)


def _broken(words: Spans, palette: Palette) -> int:
    return sum(style == palette.bad for _, style in words)


def legend_words(plan: WorkersPlan, scene: Scene, ink: Ink) -> Spans:
    """Return the meaning of bars and figures."""
    dim, dot = ink.palette.dim, ink.glyphs.dot
    if not scene.counted:
        reason = "aren't watched" if scene.unwatched else "can't be read"
        return [(f"requests unknown because pods {reason}", dim)]
    if plan.zoom in MAPS:
        low, high = ink.glyphs.spark[:-1], ink.glyphs.spark[-1:]
        what = "used" if scene.measured else "requested"
        return [(f"{what} ", dim), (low, ink.palette.ok), (high, ink.palette.warn)]
    if plan.zoom is Zoom.CHIPS:
        shown = "used and requested" if scene.measured else "requested"
        return [(f"cpu, memory: {shown} {dot} pods/max {dot} age", dim)]
    usage = f" {dot} {scene.usage}" if scene.usage else ""
    if not scene.measured:
        return [(f"cpu, memory: requested of allocatable{usage}", dim)]
    solid, shaded, _ = tuple(ink.glyphs.bar)
    used, requested = ink.palette.used, f" requested of allocatable{usage}"
    return [(solid, used), (" used ", dim), (shaded, used), (requested, dim)]


def usage_words(link: Link | None, now: float) -> tuple[bool, str]:
    """Return whether usage is measured, and when it was read or the reason why it wasn't.

    The age is in steps of the metrics' resolution: counting seconds would only cost bytes.
    """
    if link is None or link.phase in (Phase.CONNECTING, Phase.LISTING):
        return False, ""
    if link.phase is Phase.OFF:
        return False, "usage unknown: no metrics API"
    if link.phase is Phase.REFUSED:
        return False, "usage denied by RBAC"
    if link.heard is None or now - link.heard >= KEPT:
        return False, "usage can't be read"
    since = max(0.0, now - link.heard)
    return True, f"read {human_duration(since - since % RESOLUTION)} ago"
