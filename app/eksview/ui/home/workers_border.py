"""Texts in the border of the workers panel: counts by state, nodes out of sight, the legend."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import TROUBLE, Health
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
from eksview.ui.home.worker_state import Scene, WorkerState
from eksview.ui.home.workers_layout import MAPS, WorkersPlan, Zoom
from eksview.ui.text.palette import Palette
from eksview.ui.text.styled_text import Ink, Span, Spans, width_of

StateCounts: TypeAlias = Sequence[tuple[WorkerState, int]]

_NAMED_STATES = 8  # named with a count; an ellipsis stands for the rest
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
_ORDER = (Health.BAD, Health.WARN, Health.OK, Health.UNKNOWN)


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
        words = [total, *_state_words(counts, room - width_of([total]), ink)]
        alone = _state_words(counts, room, ink)
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


def _state_words(counts: Iterable[tuple[WorkerState, int]], width: int, ink: Ink) -> Spans:
    """Return problems first, the worst before all; an ellipsis stands for those without room."""
    present = [(state, number) for state, number in counts if number > 0]
    present.sort(key=lambda item: (_ORDER.index(item[0][0]), -item[1], item[0][1]))
    most = min(_NAMED_STATES, len(present))
    fitting = (_named_states(present, named, ink) for named in range(most, 0, -1))
    return next((spans for spans in fitting if width_of(spans) <= width), [])


def _named_states(present: Sequence[tuple[WorkerState, int]], named: int, ink: Ink) -> Spans:
    """Return the first states by name; nodes, instances and NodeClaims have no sum for the rest."""
    palette, spans = ink.palette, list[Span]()
    for (health, word), number in present[:named]:
        style = palette.state(health)
        spans.append((f"  {ink.glyphs.mark(health)} ", style))
        spans.append((f"{number:,} {word}", palette.dim if health is Health.OK else style))
    if named < len(present):
        spans.append((f"  {ink.glyphs.more}", palette.dim))
    return spans


def hidden_words(plan: WorkersPlan, states: NodeStates, top: int, height: int, ink: Ink) -> Spans:
    """Return the number of nodes above and below the window, and of the unhealthy among them."""
    palette, last = ink.palette, max(top, top + height - plan.form.height + 1)
    spans: Spans = []
    above, below = range(min(top, len(plan.lines))), range(last, len(plan.lines))
    for mark, lines in ((ink.glyphs.up, above), (ink.glyphs.down, below)):
        hidden = sum(len(plan.lines[at].names) for at in lines if not plan.lines[at].part)
        if not hidden:
            continue
        places = ((name, plan.places.get(name)) for name in states.unhealthy)
        healths = [states.workers[name].health for name, at in places if at and at.line in lines]
        spans.append((f"{mark} {hidden:,} more ", palette.dim))
        for health in TROUBLE:
            if number := healths.count(health):
                spans.append((f"{ink.glyphs.mark(health)} {number:,} ", palette.state(health)))
    return spans


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
