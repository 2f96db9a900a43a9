"""Bars and sparklines, as text."""

from collections.abc import Sequence
from itertools import groupby

from rich.style import Style

from eksview.domain.base.quantity import percent
from eksview.ui.text.styled_text import Ink, Spans

FAST = 0.05
"""Seconds of a round trip that a sparkline draws at full height, if none is slower."""


def bar(part: int, whole: int, width: int, ink: Ink, used: int = 0) -> Spans:
    """Return a bar of the used, requested and free parts; a part above zero has a cell."""
    palette, (solid, shaded, free) = ink.palette, tuple(ink.glyphs.bar)
    spent = _cells(used, whole, width)
    full = max(spent, _cells(part, whole, width))
    style = palette.warn if part > whole > 0 else palette.used
    return [
        (solid * spent, style),
        (shaded * (full - spent), style),
        (free * (width - full), palette.free),
    ]


def _cells(part: int, whole: int, width: int) -> int:
    if part <= 0 or whole <= 0:
        return 0
    return max(1, min(width, round(part / whole * width)))


def share_words(part: int, whole: int) -> str:
    """Return `62%`, or `?` without a whole."""
    share = percent(part, whole)
    return "?" if share is None else f"{share}%"


def spark(values: Sequence[float], width: int, glyphs: str, *, least: float = 0.0) -> str:
    """Return the latest values as blocks, scaled to the highest of them and of `least`.

    With `least`, a single event a minute isn't drawn at full height.
    """
    recent = list(values[-width:]) if width > 0 else []
    top, steps = max(recent, default=0.0), len(glyphs) - 1
    top = max(top, least)
    drawn = "".join(glyphs[round(value / top * steps) if top else 0] for value in recent)
    return drawn.rjust(max(0, width), glyphs[0])


def spark_spans(
    values: Sequence[float], width: int, style: Style, ink: Ink, *, least: float = 0.0
) -> Spans:
    """Return a sparkline whose empty seconds have the color of borders."""
    drawn = spark(values, width, ink.glyphs.spark, least=least)
    runs = groupby(drawn, key=lambda glyph: glyph == ink.glyphs.spark[0])
    return [("".join(run), ink.palette.border if quiet else style) for quiet, run in runs]


def rate(per_second: float) -> str:
    """Format a rate in at most four cells: `0`, `0.4`, `12`, `3.2k`, `41k`."""
    if per_second >= 9_950:
        return f"{per_second / 1000:.0f}k"
    if per_second >= 999.5:
        return f"{per_second / 1000:.1f}k"
    if per_second >= 9.95 or per_second < 0.05:
        return f"{per_second:.0f}"
    return f"{per_second:.1f}"


def milliseconds(seconds: float) -> str:
    """Format a duration: `0.4 ms`, `11 ms`, `1.2 s`."""
    if seconds >= 0.9995:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else f"{seconds * 1000:.1f} ms"
