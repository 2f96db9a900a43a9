"""Sections whose values are styled: a mark and a word where a state is meant."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean
from eksview.domain.rows.aws import Issue
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import KEY, entry, fold
from eksview.ui.text.words import TONE_OF, Tone, Words

Figure: TypeAlias = tuple[str, str, Tone]
"""Name, clean value, tone. An empty value isn't shown."""

NAMES = 18
"""Cells of the names at least, so that the values of most sections stand in one column."""


def figures(title: str, entries: Iterable[Figure], width: int) -> Iterator[Words]:
    """A title and what is known under it; nothing at all where nothing is known."""
    known = [each for each in entries if each[1]]
    if not known:
        return
    yield ((title, "strong"),)
    column = min(KEY, max(NAMES, *(cells(name) for name, _, _ in known))) + 2
    for name, value, tone in known:
        yield from entry(name, value, column, width, tone)
    yield ()


def marked(name: str, health: Health, text: str, glyphs: Glyphs) -> Figure:
    """A value that is a state: its mark stands before it, and it is coloured unless all is well."""
    tone: Tone = "text" if health is Health.OK else TONE_OF[health]
    return name, f"{glyphs.mark(health)} {text}" if text else "", tone


def since(now: float, then: float | None) -> str:
    """`3d4h ago, 2025-10-05 14:13 UTC`; empty where there is no time."""
    if then is None:
        return ""
    return f"{human_duration(max(0.0, now - then))} ago, {moment(then)}"


def moment(at: float) -> str:
    """A time to the minute."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def sentence(health: Health, text: str, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """A mark and a sentence, folded; a blank line behind it."""
    first, *rest = fold(clean(text), width - 2)
    tone: Tone = "text" if health in (Health.OK, Health.UNKNOWN) else TONE_OF[health]
    yield ((f"{glyphs.mark(health)} ", TONE_OF[health]), (first, tone))
    for line in rest:
        yield (("  ", "text"), (line, tone))
    yield ()


def issue_lines(issues: Sequence[Issue], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """What EKS itself finds wrong, with the resources it names."""
    for issue in issues:
        about = f" ({', '.join(map(clean, issue.resources))})" if issue.resources else ""
        yield from sentence(
            Health.BAD, f"{clean(issue.code)}: {clean(issue.message)}{about}", width, glyphs
        )
