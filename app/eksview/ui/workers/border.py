"""Texts in the border of a panel of workers: counts by state, and workers out of sight."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from eksview.domain.base.health import TROUBLE, Health
from eksview.ui.text.styled_text import Ink, Span, Spans, width_of
from eksview.ui.workers.layout import WorkersPlan
from eksview.ui.workers.worker import WorkerSource, WorkerState

StateCounts: TypeAlias = Sequence[tuple[WorkerState, int]]

_NAMED_STATES = 8  # named with a count; an ellipsis stands for the rest
_ORDER = (Health.BAD, Health.WARN, Health.OK, Health.UNKNOWN)


def state_words(counts: Iterable[tuple[WorkerState, int]], width: int, ink: Ink) -> Spans:
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


def hidden_words(plan: WorkersPlan, source: WorkerSource, top: int, height: int, ink: Ink) -> Spans:
    """Return the number of nodes above and below the window, and of the unhealthy among them."""
    palette, last = ink.palette, max(top, top + height - plan.form.height + 1)
    spans: Spans = []
    above, below = range(min(top, len(plan.lines))), range(last, len(plan.lines))
    for mark, lines in ((ink.glyphs.up, above), (ink.glyphs.down, below)):
        hidden = sum(len(plan.lines[at].names) for at in lines if not plan.lines[at].part)
        if not hidden:
            continue
        places = ((name, plan.places.get(name)) for name in source.unhealthy)
        healths = [source.workers[name].health for name, at in places if at and at.line in lines]
        spans.append((f"{mark} {hidden:,} more ", palette.dim))
        for health in TROUBLE:
            if number := healths.count(health):
                spans.append((f"{ink.glyphs.mark(health)} {number:,} ", palette.state(health)))
    return spans
