"""The events about one object, the latest first."""

from collections.abc import Iterable, Iterator

from eksview.domain.base.age import age, human_duration
from eksview.domain.base.text import clean, fit
from eksview.domain.rows.kube import EventRow
from eksview.domain.rows.link import Link, Phase
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Tone, Words

LAST = 8
"""Cells of the column of ages."""


def event_lines(
    events: Iterable[EventRow], link: Link | None, now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield each event with its message below, or why there are none."""
    latest = sorted(events, key=lambda event: event.last or event.first or 0.0, reverse=True)
    if not latest:
        yield ((_none(link), "dim"),)
    for event in latest:
        yield from _event(event, now, width, glyphs)


def _event(event: EventRow, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    warning = event.type == "Warning"
    tone: Tone = "warn" if warning else "dim"
    mark = glyphs.warn if warning else glyphs.dot
    source = event.source
    yield (
        (f"{mark} ", tone),
        (fit(age(now, event.last or event.first), LAST), "dim"),
        (event.reason, "warn" if warning else "strong"),
        (_often(event), "dim"),
        (f"   {source}" if source else "", "faint"),
    )
    for line in fold(event.message, width - LAST - 2):
        if line:
            yield ((" " * (LAST + 2), "text"), (line, "text"))


def _often(event: EventRow) -> str:
    if event.count < 2:
        return ""
    if event.first is None or event.last is None or event.last - event.first < 1:
        return f"   x{event.count}"
    return f"   x{event.count} over {human_duration(event.last - event.first)}"


def _none(link: Link | None) -> str:
    if link is None or link.phase in (Phase.CONNECTING, Phase.LISTING):
        return "Loading the events."
    if link.phase is Phase.LIVE and link.only:
        return f"No events in {clean(link.only)}: listing those of all namespaces is refused."
    if link.phase is Phase.LIVE:
        return "No events. The API server keeps them for an hour."
    return link.reason or "Events can't be read now."
