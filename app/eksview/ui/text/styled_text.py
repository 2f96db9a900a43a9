"""Lines of styled text: measuring, cutting, comparing and drawing them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

import msgspec
from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from eksview.domain.base.text import cells, fit
from eksview.ui.text.glyphs import UNICODE, Glyphs
from eksview.ui.text.palette import Palette

Span: TypeAlias = tuple[str, Style]
Spans: TypeAlias = list[Span]
StyleT = TypeVar("StyleT")
Piece: TypeAlias = tuple[str, object]
"""A text with its style or the name of one."""

MERGED = 16
"""Equal cells that are sent again instead of skipped: moving the cursor costs 30 bytes."""


class Ink(Struct, frozen=True):
    """The palette and the glyphs of a drawing."""

    palette: Palette
    glyphs: Glyphs


_OURS = " " + "".join(str(glyph) for glyph in msgspec.structs.astuple(UNICODE))
"""Characters of one cell that make up most of the text that isn't ASCII."""


def measure(text: str) -> int:
    """Return the cells of clean text; fast for our own glyphs, of which a screen has thousands."""
    if text.isascii() or not text.strip(_OURS):
        return len(text)
    return cells(text)


def width_of(spans: Iterable[Piece]) -> int:
    """Return the cells of the pieces."""
    return sum(measure(text) for text, _ in spans)


def cut(pieces: Iterable[tuple[str, StyleT]], width: int, more: str) -> list[tuple[str, StyleT]]:
    """Return as much as fits into `width` cells; what is cut ends with `more`."""
    return _cut(pieces, width, more)[0]


def pad(spans: Iterable[Span], width: int, style: Style, more: str = "…") -> Spans:
    """Return exactly `width` cells: cut with `more`, or filled up in `style`."""
    out, room = _cut(spans, width, more)
    if room:
        out.append((" " * room, style))
    return out


def _cut(
    pieces: Iterable[tuple[str, StyleT]], width: int, more: str
) -> tuple[list[tuple[str, StyleT]], int]:
    """Return the pieces that fit, and the cells that are left."""
    room, out = width, list[tuple[str, StyleT]]()
    for text, style in pieces:
        taken = measure(text)
        if taken > room:
            if room > 0:
                out.append((fit(text, room, more=more), style))
            return out, 0
        if text:
            out.append((text, style))
        room -= taken
    return out, room


def crop(
    pieces: Iterable[tuple[str, StyleT]], start: int, width: int, style: StyleT
) -> Iterator[tuple[str, StyleT]]:
    """Yield exactly `width` cells from `start` on; half of a wide character becomes a blank."""
    x, end = 0, start + width
    for text, own in pieces:
        left, x = x, x + measure(text)
        if left >= start and x <= end:
            if text:
                yield text, own
        elif x > start and left < end:
            shown = Strip([Segment(text)]).crop(max(0, start - left), min(x, end) - left)
            yield shown.text, own
    if x < end:
        yield " " * (end - max(x, start)), style


def ends(left: Sequence[Span], right: Sequence[Span], width: int, ink: Ink) -> Spans:
    """Return a line with a left and a right end; the left one is cut first."""
    style, more = ink.palette.text, ink.glyphs.more
    tail = min(width, width_of(right))
    return [*pad(left, width - tail, style, more), *pad(right, tail, style, more)]


def joined(parts: Iterable[Spans], between: Span) -> Spans:
    """Return the parts that aren't empty, with a piece between each two."""
    out: Spans = []
    for part in parts:
        if part:
            out += [between, *part] if out else part
    return out


def whole_parts(spans: Sequence[Span], width: int) -> Spans:
    """Return the parts between blank pieces that fit whole, from the left; the first one always."""
    ends = [at for at, (text, _) in enumerate(spans) if at and not text.strip()]
    return next(
        (
            list(spans[:end])
            for end in (len(spans), *reversed(ends))
            if width_of(spans[:end]) <= width
        ),
        list(spans[: ends[0]] if ends else spans),
    )


def merged(spans: Iterable[Span]) -> Spans:
    """Return the pieces, with neighbors of the same style as one."""
    out: Spans = []
    run: list[str] = []
    last: Style | None = None
    for text, style in spans:
        if style is not last and last is not None:
            out.append(("".join(run), last))
            run = []
        run.append(text)
        last = style
    if last is not None:
        out.append(("".join(run), last))
    return out


def marked(
    pieces: Iterable[tuple[str, StyleT]],
    marks: Iterable[tuple[int, int]],
    change: Callable[[StyleT], StyleT],
) -> Iterator[tuple[str, StyleT]]:
    """Yield the pieces with the style of ranges of their characters, in order, changed."""
    ranges = list(marks)
    start = 0
    for text, own in pieces:
        end = start + len(text)
        at = start
        for first, last in ((max(first, start), min(last, end)) for first, last in ranges):
            if first < last:
                yield from _piece(text[at - start : first - start], own)
                yield text[first - start : last - start], change(own)
                at = last
        yield from _piece(text[at - start :], own)
        start = end


def _piece(text: str, style: StyleT) -> Iterator[tuple[str, StyleT]]:
    if text:
        yield text, style


def strip(spans: Iterable[Span], base: Style) -> Strip:
    """Return the pieces as a strip for `render_line`."""
    return Strip([Segment(text, base + style) for text, style in merged(spans)])


def on_cursor(line: Strip, base: Style, palette: Palette) -> Strip:
    """Return a line below the cursor, with quiet text as plain as the rest.

    Where the cursor is reverse video, the line has one style: each color would be a background.
    """
    if palette.cursor.reverse:
        own = base + palette.strong + palette.cursor
        marks = (bool(segment.style and segment.style.underline) for segment in line)
        return Strip(
            Segment.simplify(
                Segment(segment.text, own + Style(underline=True) if mark else own)
                for segment, mark in zip(line, marks, strict=True)
            )
        )
    quiet = palette.dim.color, palette.faint.color
    plain = Style(color=palette.text.color)
    return Strip(
        Segment(text, style + plain if style and style.color in quiet else style)
        for text, style, _ in line
    ).apply_style(base + palette.cursor)


def differences(old: Sequence[Piece], new: Sequence[Piece]) -> list[tuple[int, int]]:
    """Return the runs of cells that differ, each as its first cell and its length."""
    if old is new or old == new:
        return []
    before, after = _cells(old), _cells(new)
    if before is None or after is None or len(before) != len(after):
        return [run for run in (_difference(old, new),) if run[1]]
    runs: list[tuple[int, int]] = []
    for x, (old_cell, new_cell) in enumerate(zip(before, after, strict=True)):
        if old_cell == new_cell:
            continue
        start, length = runs[-1] if runs else (x, 0)
        if runs and x - (start + length - 1) <= MERGED:
            runs[-1] = start, x + 1 - start
        else:
            runs.append((x, 1))
    return runs


def _cells(line: Sequence[Piece]) -> list[tuple[str, object]] | None:
    """Return each cell and its style; None if a character isn't one cell wide."""
    if any(measure(text) != len(text) for text, _ in line):
        return None
    return [(character, style) for text, style in line for character in text]


def _difference(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[int, int]:
    """Return the first cell that differs, and the number of cells up to the last one.

    Equal ends of lines of unequal width are in different cells.
    """
    left = _same(old, new)
    before, after = old[left:], new[left:]
    right = _same(before[::-1], after[::-1]) if width_of(old) == width_of(new) else 0
    before, after = before[: len(before) - right], after[: len(after) - right]
    x = width_of(new[:left])
    many = max(width_of(before), width_of(after))
    return x, many


def _same(old: Sequence[Piece], new: Sequence[Piece]) -> int:
    count = 0
    for old_piece, new_piece in zip(old, new, strict=False):
        if old_piece != new_piece:
            break
        count += 1
    return count
