"""A line as pieces of styled text, and how it becomes what Textual draws."""

from collections.abc import Sequence
from typing import TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from eksview.domain.text import cells, fit

Span: TypeAlias = tuple[str, Style]
Spans: TypeAlias = list[Span]


def width_of(spans: Sequence[Span]) -> int:
    """Cells that the pieces take."""
    return sum(cells(text) for text, _ in spans)


def pad(spans: Sequence[Span], width: int, style: Style, more: str = "…") -> Spans:
    """Exactly `width` cells: cut, or filled up in `style`; the filling joins a blank last piece."""
    room, out = width, list[Span]()
    for text, own in spans:
        taken = cells(text)
        if taken > room:
            out.append((fit(text, room, more=more), own))
            return out
        out.append((text, own))
        room -= taken
    if room and out and out[-1][0].isspace() and out[-1][1] == style:
        out[-1] = (out[-1][0] + " " * room, style)
    elif room:
        out.append((" " * room, style))
    return out


def ends(left: Sequence[Span], right: Sequence[Span], width: int, style: Style) -> Spans:
    """A piece at each end and room between; the left one gives way first."""
    tail = width_of(right)
    return [*pad(left, max(0, width - tail), style), *pad(right, min(width, tail), style)]


def strip(spans: Sequence[Span], base: Style) -> Strip:
    """What `render_line` returns."""
    return Strip([Segment(text, base + style) for text, style in spans])
