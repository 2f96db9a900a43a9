"""A line as pieces of styled text, and how it becomes what Textual draws."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from eksview.domain.text import cells, fit
from eksview.ui.glyphs import Glyphs
from eksview.ui.palette import Palette

Span: TypeAlias = tuple[str, Style]
Spans: TypeAlias = list[Span]


class Ink(Struct, frozen=True):
    """What is drawn with."""

    palette: Palette
    glyphs: Glyphs


def width_of(spans: Iterable[Span]) -> int:
    """Cells that the pieces take."""
    return sum(cells(text) for text, _ in spans)


def pad(spans: Iterable[Span], width: int, style: Style, more: str = "…") -> Spans:
    """Exactly `width` cells: cut with `more`, or filled up in `style`."""
    room, out = width, list[Span]()
    for text, own in spans:
        taken = cells(text)
        if taken > room:
            if room:
                out.append((fit(text, room, more=more), own))
            return out
        if text:
            out.append((text, own))
        room -= taken
    if room:
        out.append((" " * room, style))
    return out


def ends(left: Sequence[Span], right: Sequence[Span], width: int, ink: Ink) -> Spans:
    """A piece at each end and room between; the left one gives way first."""
    style, more = ink.palette.text, ink.glyphs.more
    tail = min(width, width_of(right))
    return [*pad(left, width - tail, style, more), *pad(right, tail, style, more)]


def joined(parts: Iterable[Spans], between: Span) -> Spans:
    """Those parts that say something, with a piece between each two."""
    out: Spans = []
    for part in parts:
        if part:
            out += [between, *part] if out else part
    return out


def strip(spans: Iterable[Span], base: Style) -> Strip:
    """What `render_line` returns; neighbours of one style become one segment."""
    segments: list[Segment] = []
    run: list[str] = []
    last: Style | None = None
    for text, style in spans:
        if style is not last and run:
            segments.append(Segment("".join(run), base + last if last else base))
            run = []
        run.append(text)
        last = style
    if run:
        segments.append(Segment("".join(run), base + last if last else base))
    return Strip(segments)


def difference(old: Sequence[Span], new: Sequence[Span]) -> tuple[int, int]:
    """The first cell that differs, and how many from there on; (0, 0) for equal lines."""
    if old is new or old == new:
        return 0, 0
    start = _same(old, new)
    rest = min(len(old), len(new)) - start
    end = min(rest, _same(list(reversed(old)), list(reversed(new))))
    x = width_of(new[:start])
    return x, max(width_of(old), width_of(new)) - x - width_of(new[len(new) - end :])


def _same(old: Sequence[Span], new: Sequence[Span]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count
