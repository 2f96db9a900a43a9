"""Bars and sparklines, as text."""

from collections.abc import Sequence

from eksview.ui.glyphs import Glyphs
from eksview.ui.palette import Palette
from eksview.ui.widgets.spans import Spans


def bar(part: int, whole: int, width: int, glyphs: Glyphs, palette: Palette) -> Spans:
    """What is requested of what there is: shaded, then free. Anything above zero shows."""
    _, requested, free = tuple(glyphs.bar)
    share = part / whole if whole > 0 else 0.0
    full = min(width, round(share * width))
    if part > 0:
        full = max(1, full)
    style = palette.warn if share > 1.0 else palette.used
    return [(requested * full, style), (free * (width - full), palette.free)]


def spark(values: Sequence[float], width: int, glyphs: Glyphs) -> str:
    """The latest values as blocks, the highest of them full; quiet seconds are the lowest."""
    recent = list(values[-width:])
    top, steps = max(recent, default=0.0), len(glyphs.spark) - 1
    drawn = "".join(glyphs.spark[round(v / top * steps) if top else 0] for v in recent)
    return drawn.rjust(width, glyphs.spark[0])


def rate(per_second: float) -> str:
    """Four cells at most: `0`, `0.4`, `12`, `3.2k`."""
    if per_second >= 1000:
        return f"{per_second / 1000:.1f}k"
    if per_second >= 10 or per_second == 0:
        return f"{per_second:.0f}"
    return f"{per_second:.1f}"
