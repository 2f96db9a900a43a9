"""A node's life as a timeline, and why an instance may not have joined."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.join.checks import JoinCheck
from eksview.domain.join.timeline import TimelineStep
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import TONE_OF, Tone, Words

LABEL, TIME = 20, 21
BAR = 30
"""Cells of the longest duration's bar, where there is room."""
_STATES = {
    "done": Health.OK,
    "waiting": Health.UNKNOWN,
    "stopped": Health.BAD,
    "unknown": Health.UNKNOWN,
}
_RESULTS = {"passed": Health.OK, "failed": Health.BAD, "unknown": Health.UNKNOWN}
_ORDER = {"failed": 0, "unknown": 1, "passed": 2}
_SINCE = "Heartbeat"
"""What comes after the start: its duration is the age of the node, not a part of the start."""


def lifecycle_lines(steps: Sequence[TimelineStep], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Stations on a wire; between two of them how long it took, as a figure and as a bar."""
    if not steps:
        yield (("Nothing is known of its life yet.", "dim"),)
        return
    longest = max((step.took or 0.0 for step in steps if step.label != _SINCE), default=0.0)
    label = max(LABEL, *(cells(step.label) for step in steps)) + 2
    for number, step in enumerate(steps):
        if number:
            yield _between(step, longest, label, width, glyphs)
        yield from _station(step, label, width, glyphs)
    yield ()


def _station(step: TimelineStep, label: int, width: int, glyphs: Glyphs) -> Iterator[Words]:
    health = _STATES[step.state]
    tone: Tone = "text" if health is Health.OK else TONE_OF[health]
    at = f"{datetime.fromtimestamp(step.at, UTC):%Y-%m-%d %H:%M:%S}" if step.at is not None else "-"
    room = width - 2 - label - TIME
    label_tone: Tone = "strong" if step.state == "stopped" else tone
    head: Words = (
        (f"{glyphs.mark(health)} ", TONE_OF[health]),
        (fit(step.label, label), label_tone),
        (fit(at, TIME), "dim"),
    )
    first, *rest = fold(clean(step.evidence), room)
    said: Tone = "dim" if health is Health.OK else "text"
    yield (*head, (first, said))
    for line in rest:
        yield ((" " * (2 + label + TIME), "text"), (line, said))


def _between(step: TimelineStep, longest: float, label: int, width: int, glyphs: Glyphs) -> Words:
    """The wire down to a station: broken where it wasn't reached."""
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
    """Every check with its evidence, those that failed first."""
    if not checks:
        return
    counts = {
        result: sum(check.result == result for check in checks)
        for result in ("failed", "unknown", "passed")
    }
    summary = ", ".join(f"{count} {result}" for result, count in counts.items() if count)
    yield (
        ("Why it may not have joined  ", "strong"),
        (summary, "bad" if counts["failed"] else "dim"),
    )
    column = min(max(cells(check.name) for check in checks), max(16, width // 3)) + 2
    for check in sorted(checks, key=lambda check: _ORDER[check.result]):
        health = _RESULTS[check.result]
        tone: Tone = "text" if health is Health.OK else TONE_OF[health]
        first, *rest = fold(clean(check.evidence), width - column - 12)
        yield (
            (f"{glyphs.mark(health)} ", TONE_OF[health]),
            (fit(check.name, column, more=glyphs.more), tone),
            (fit(check.result, 9), TONE_OF[health] if health is not Health.OK else "dim"),
            (first, "dim" if health is Health.OK else "text"),
        )
        for line in rest:
            yield ((" " * (column + 11), "text"), (line, "dim" if health is Health.OK else "text"))
    yield ()
