"""Sections of styled values; states have a mark and a word."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from eksview.domain.base.age import human_duration, utc_minute
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean
from eksview.domain.rows.aws import Issue
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import KEY, entry, fold
from eksview.ui.text.words import TONE_OF, Tone, Words, tone_of

Figure: TypeAlias = tuple[str, str, Tone]
"""Name, clean value, tone. An empty value isn't shown."""

NAMES = 18
"""Cells of the names at least, so that the values of most sections are aligned."""


def figures(title: str, entries: Iterable[Figure], width: int) -> Iterator[Words]:
    """Yield a title and the entries that have a value; nothing without any."""
    shown = [entry for entry in entries if entry[1]]
    if not shown:
        return
    yield ((title, "strong"),)
    column = min(KEY, max(NAMES, *(cells(name) for name, _, _ in shown))) + 2
    for name, value, tone in shown:
        yield from entry(name, value, column, width, tone)
    yield ()


def marked(name: str, health: Health, text: str, glyphs: Glyphs) -> Figure:
    """Return a state as a value with its mark, colored unless it is OK."""
    tone = tone_of(health)
    return name, f"{glyphs.mark(health)} {text}" if text else "", tone


def since(now: float, then: float | None) -> str:
    """Format a time as `3d4h ago, 2025-10-05 14:13 UTC`; empty without one."""
    if then is None:
        return ""
    return f"{human_duration(max(0.0, now - then))} ago, {utc_minute(then)}"


def sentence(health: Health, text: str, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield a mark with a folded sentence, and a blank line."""
    first, *rest = fold(clean(text), width - 2)
    tone: Tone = "text" if health in (Health.OK, Health.UNKNOWN) else TONE_OF[health]
    yield ((f"{glyphs.mark(health)} ", TONE_OF[health]), (first, tone))
    for line in rest:
        yield (("  ", "text"), (line, tone))
    yield ()


def issue_lines(issues: Sequence[Issue], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the health issues that EKS reports, with their resources."""
    for issue in issues:
        about = f" ({', '.join(issue.resources)})" if issue.resources else ""
        yield from sentence(Health.BAD, f"{issue.code}: {issue.message}{about}", width, glyphs)
