"""What stands in the frame of the workers: how they are, what is out of sight, what bars mean."""

from collections import Counter
from collections.abc import Iterable

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.join.node_instance import RowKind, word_at
from eksview.domain.kube.usage import KEPT, RESOLUTION
from eksview.domain.live.trust import HEALTH, Trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.overview import Overview
from eksview.ui.base.view import View
from eksview.ui.home.node_states import NodeStates
from eksview.ui.home.worker_state import TROUBLE, Mood, Scene
from eksview.ui.home.workers_layout import MAPS, WorkersPlan, Zoom
from eksview.ui.text.styled_text import Ink, Spans

_MOODS = 6  # that are named one by one
_WITHOUT = (Health.WARN, "without a node")
_LOST = {
    "failed to join": (Health.BAD, "failed to join"),
    "joining": (Health.UNKNOWN, "joining"),
}
_ORDER = (Health.BAD, Health.WARN, Health.UNKNOWN, Health.OK)


def title_words(view: View, overview: Overview, roster: NodeStates, now: float, ink: Ink) -> Spans:
    """`Workers · 6 nodes  ● 4 Ready  ✖ 1 NotReady`, and `STALE 12s` where that is so."""
    palette, count = ink.palette, len(roster.workers)
    spans: Spans = []
    stale = overview.trust(Kind.NODE) is Trust.STALE
    if stale:
        spans.append((f"  {ink.glyphs.warn} stale {_confirmed(view, now)}", palette.warn))
    if count:
        spans.append((f" {ink.glyphs.dot} {count:,} node{'s' * (count != 1)}", palette.dim))
        moods = _moods([*roster.moods.items(), *lost(view, now)], ink)
        spans += [(text, palette.dim) for text, _ in moods] if stale else moods
    return spans


def lost(view: View, now: float) -> list[tuple[Mood, int]]:
    """Instances without a node, by how they are: no picture of a node can show them."""
    mapping = view.store.mapping
    if not mapping.counts[RowKind.UNJOINED]:
        return []
    rows = [each for each in mapping.rows.values() if each.kind is RowKind.UNJOINED]
    counts = Counter(_LOST.get(word_at(each, now), _WITHOUT) for each in rows)
    return [
        ((health, f"instance{'s' * (number != 1)} {word}"), number)
        for (health, word), number in counts.items()
    ]


def _confirmed(view: View, now: float) -> str:
    """How long ago nodes were last known to be as they are shown."""
    links = view.store.links
    heard = [links[name].heard for name in (Kind.NODE.value, HEALTH) if name in links]
    return human_duration(max(0.0, now - max((each or 0.0 for each in heard), default=now)))


def _moods(known: Iterable[tuple[Mood, int]], ink: Ink) -> Spans:
    """Those that are well first, as they are always there; then what is wrong, the worst first."""
    palette, moods = ink.palette, [(mood, n) for mood, n in known if n > 0]
    moods.sort(key=lambda each: (each[0][0] is not Health.OK, _ORDER.index(each[0][0]), -each[1]))
    spans: Spans = []
    for (health, word), number in moods[:_MOODS]:
        style = palette.state(health)
        spans.append((f"  {ink.glyphs.mark(health)} ", style))
        spans.append((f"{number:,} {word}", palette.dim if health is Health.OK else style))
    if rest := sum(number for _, number in moods[_MOODS:]):
        spans.append((f"  {rest:,} more", palette.dim))
    return spans


def hidden_words(plan: WorkersPlan, roster: NodeStates, top: int, height: int, ink: Ink) -> Spans:
    """How many nodes are above and below the window, and how many of those are in trouble."""
    last = max(top, top + height - plan.form.height + 1)
    spans: Spans = []
    above, below = range(min(top, len(plan.lines))), range(last, len(plan.lines))
    for mark, lines in ((ink.glyphs.up, above), (ink.glyphs.down, below)):
        number = sum(len(plan.lines[at].names) for at in lines if not plan.lines[at].part)
        if number:
            spans += _hidden(mark, number, _unwell(plan, roster, lines), ink)
    return spans


def _unwell(plan: WorkersPlan, roster: NodeStates, lines: range) -> list[Health]:
    """How those are that stand there and aren't well."""
    places = ((name, plan.places.get(name)) for name in roster.unwell)
    return [roster.workers[name].health for name, at in places if at and at.line in lines]


def _hidden(mark: str, number: int, healths: list[Health], ink: Ink) -> Spans:
    palette = ink.palette
    said: Spans = [(f"{mark} {number:,} more ", palette.dim)]
    for health in TROUBLE:
        if number := healths.count(health):
            said.append((f"{ink.glyphs.mark(health)} {number:,} ", palette.state(health)))
    return said


def key_words(plan: WorkersPlan, scene: Scene, ink: Ink) -> Spans:
    """What a picture means."""
    dim = ink.palette.dim
    if not scene.counted:
        why = "aren't followed" if scene.apart else "can't be read"
        return [(f"pods {why}: what is requested is unknown", dim)]
    if plan.zoom in MAPS:
        return [("requested ", dim), (ink.glyphs.spark, ink.palette.used)]
    if plan.zoom is Zoom.CHIPS:
        of = "used, requested" if scene.measured else "requested"
        return [(f"cpu, memory {of}; pods of max; age", dim)]
    if not scene.measured:
        why = f" {ink.glyphs.dot} {scene.usage}" if scene.usage else ""
        return [(f"cpu, memory: requested of allocatable{why}", dim)]
    solid, shaded, _ = tuple(ink.glyphs.bar)
    used, read = ink.palette.used, f" of allocatable {ink.glyphs.dot} {scene.usage}"
    return [(solid, used), (" used ", dim), (shaded, used), (f" requested{read}", dim)]


def usage_words(link: Link | None, now: float) -> tuple[bool, str]:
    """Whether usage is known, and how long ago it was read or why it isn't.

    In steps as long as a reading is good for: to count seconds would only be bytes.
    """
    if link is None or link.phase in (Phase.CONNECTING, Phase.LISTING):
        return False, ""
    if link.phase is Phase.OFF:
        return False, "usage unknown: no metrics API"
    if link.phase is Phase.REFUSED:
        return False, "usage not visible to you"
    if link.heard is None or now - link.heard >= KEPT:
        return False, "usage can't be read"
    since = max(0.0, now - link.heard)
    return True, f"read {human_duration(since - since % RESOLUTION)} ago"
