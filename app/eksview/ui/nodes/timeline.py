"""Text of the Lifecycle tab: a node's timeline, and checks of why an instance didn't join."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.join.checks.conclusion import Advice
from eksview.domain.join.checks.join_facts import HEALTH_OF, RESULTS, JoinCheck, Result, worst_first
from eksview.domain.join.timeline import TimelineStep
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import beside, fold
from eksview.ui.text.words import TONE_OF, Tone, Words, tone_of

LABEL, TIME = 20, 21
BAR = 30
"""Cells of the longest duration's bar."""
_STATES = {
    "done": Health.OK,
    "waiting": Health.UNKNOWN,
    "stopped": Health.BAD,
    "unknown": Health.UNKNOWN,
}
_SINCE = "Heartbeat"
"""The step after the start: its duration is the node's age, not a part of the start."""


def lifecycle_lines(steps: Sequence[TimelineStep], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the steps on a wire, with the duration between two of them as figure and bar."""
    if not steps:
        yield (("No lifecycle data yet.", "dim"),)
        return
    longest = max((step.took or 0.0 for step in steps if step.label != _SINCE), default=0.0)
    label = max(LABEL, *(cells(step.label) for step in steps)) + 2
    for number, step in enumerate(steps):
        if number:
            yield _between(step, longest, label, width, glyphs)
        yield from _step(step, label, width, glyphs)
    yield ()


def _step(step: TimelineStep, label: int, width: int, glyphs: Glyphs) -> Iterator[Words]:
    health = _STATES[step.state]
    tone = tone_of(health)
    at = f"{datetime.fromtimestamp(step.at, UTC):%Y-%m-%d %H:%M:%S}" if step.at is not None else "-"
    label_tone: Tone = "strong" if step.state == "stopped" else tone
    head: Words = (
        (f"{glyphs.mark(health)} ", TONE_OF[health]),
        (fit(step.label, label), label_tone),
        (fit(at, TIME), "dim"),
    )
    yield from beside(head, step.evidence, "dim" if health is Health.OK else "text", width)


def _between(step: TimelineStep, longest: float, label: int, width: int, glyphs: Glyphs) -> Words:
    """Return the wire down to a step, broken where the step wasn't reached."""
    wire = glyphs.line[1] if step.state == "done" else glyphs.cut
    if step.took is None:
        return ((wire, "faint"),)
    took = fit(human_duration(step.took), label, "left")
    bar = ""
    if step.label != _SINCE and longest > 0:
        room = min(BAR, max(1, width - label - 4))
        bar = glyphs.bar[0] * max(1, round(step.took / longest * room))
    return ((f"{wire} ", "faint"), (took, "text"), (bar, "accent"))


def check_lines(checks: Sequence[JoinCheck], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield every check with its evidence, failed ones first."""
    if not checks:
        return
    counts = Counter(check.result for check in checks)
    yield (("Join checks  ", "strong"), *_summary(counts))
    column = min(max(cells(check.name) for check in checks), max(16, width // 3)) + 2
    for check in worst_first(checks):
        health = HEALTH_OF[check.result]
        tone = tone_of(health)
        head: Words = (
            (f"{glyphs.mark(health)} ", TONE_OF[health]),
            (f"{fit(check.name, column - 2, more=glyphs.more)}  ", tone),
            (fit(check.result, 9), tone_of(health, "dim")),
        )
        evidence: Tone = "dim" if health is Health.OK else "text"
        yield from beside(head, check.evidence, evidence, width - 1)
    yield ()


def _summary(counts: Mapping[Result, int]) -> Iterator[tuple[str, Tone]]:
    """Yield the counts that aren't 0: `1 failed, 2 unknown, 15 passed`, each in its own color."""
    for number, result in enumerate(filter(counts.get, RESULTS)):
        if number:
            yield ", ", "dim"
        yield f"{counts[result]} {result}", tone_of(HEALTH_OF[result], "dim")


def advice_lines(advice: Sequence[Advice], width: int) -> Iterator[Words]:
    """Yield what to look at where no check failed, with its commands."""
    for each in advice:
        yield from (((line, "text"),) for line in fold(each.text, width - 1))
        if each.command:
            yield from (((f"  {line}", "accent"),) for line in fold(clean(each.command), width - 3))
    if advice:
        yield ()
