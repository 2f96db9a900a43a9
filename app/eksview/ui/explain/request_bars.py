"""The measured request as bars: each phase where it began, as long as it took."""

from collections.abc import Iterator

from eksview.domain.explain.request_phases import PARTIES, Party, Replay, end_of, failure_of
from eksview.domain.rows.measured_request import MeasuredPhase, MeasuredRequest, PhaseName
from eksview.ui.explain.blocks import Block, Labels, joined_words, padded
from eksview.ui.text.bars import milliseconds
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.prose import fold_words
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Tone, Words

TIME = 8
"""Cells of a duration."""
NARROWEST = 10
"""Cells of the bars at least."""
ANSWER = ("total", "answer", "bytes")
"""The places of what came back."""
ASIDE = ("protocol", "flow")
"""The places of how it was sent and admitted, left out where there is no room."""
MEANS = ("authentication", "authorization", "lists")
"""The places of what the API server reports of all such requests."""
PLACES = frozenset({
    *ANSWER, *ASIDE, "means", *MEANS, *(f"phase-{phase}" for phase in PhaseName),
    *(f"party-{party}" for party in Party),
})  # fmt: skip
"""All places of the bars."""


def request_bars(
    request: MeasuredRequest,
    replay: Replay,
    labels: Labels,
    width: int,
    glyphs: Glyphs,
    *,
    tight: bool = False,
) -> Block:
    """Return a line for each phase up to the current one of the replay, and then the answer."""
    names = max((width_of(labels[f"phase-{phase.name}"]) for phase in replay.phases), default=0) + 2
    party = max((width_of(labels[f"party-{each}"]) for each in Party), default=0) + 2
    party = party if width >= names + NARROWEST + TIME + party else 0
    scale = width - names - TIME - party
    lines: Block = []
    for at, phase in enumerate(replay.phases):
        here = at + 1 == replay.shown
        if at >= replay.shown:
            lines.append(padded(_toned(labels[f"phase-{phase.name}"], "faint"), width))
            continue
        whole = end_of(request)
        name = _toned(labels[f"phase-{phase.name}"], "strong" if here else "text")
        bar = _bar(phase, whole, max(1, scale), "accent" if here else "used", glyphs)
        took = milliseconds(phase.took or 0.0).rjust(TIME)
        whose = _toned(labels[f"party-{PARTIES[phase.name]}"], "text" if here else "dim")
        tail: Words = (("  ", "text"), *whose) if party else ()
        time: Words = ((took, "strong" if here else "text"),)
        lines.append(padded((*padded(name, names), *bar, *time, *tail), width))
    return [*lines, *(_result(request, labels, width, tight=tight) if replay.ended else ())]


def _bar(phase: MeasuredPhase, whole: float, width: int, tone: Tone, glyphs: Glyphs) -> Words:
    """Return a bar of exactly `width` cells, at least one of which is filled."""
    began, took = phase.began or 0.0, phase.took or 0.0
    start = min(width - 1, round(began / whole * width)) if whole else 0
    length = max(1, min(width - start, round(took / whole * width))) if whole else 1
    free, solid = glyphs.bar[2], glyphs.bar[0]
    rest = free * (width - start - length)
    return ((free * start, "free"), (solid * length, tone), (rest, "free"))


def _result(
    request: MeasuredRequest, labels: Labels, width: int, *, tight: bool
) -> Iterator[Words]:
    """Yield the total, what was answered, and what the server reports of such requests."""
    failed = failure_of(request)
    if failed is not None:
        name = _toned(labels[f"phase-{failed.name}"], "bad")
        yield from fold_words((*name, (f": {failed.reason}", "bad")), width)
    if request.status is None:
        yield from fold_words(labels.get("total", ()), width)
        return
    for places in (ANSWER, () if tight else ASIDE, ("means", *MEANS)):
        words = [labels[place] for place in places if labels.get(place)]
        yield from fold_words(joined_words(words), width) if words else ()


def _toned(words: Words, tone: Tone) -> Words:
    return tuple((text, tone) for text, _ in words)
