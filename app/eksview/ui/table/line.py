"""The lines of a table: their content, the comparison of two, and how they are drawn."""

from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from eksview.domain.base.text import cells, fit
from eksview.domain.filter.pattern import Span
from eksview.ui.table.column_layout import Layout, Placed
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.palette import Palette
from eksview.ui.text.styled_text import marked, on_cursor
from eksview.ui.text.words import Tone

MARGIN = 4
"""Cells left of the columns: the cursor's bar, the sign of a marked row, its state, a space."""
BAR = 2
"""Cells right of the columns: a space and the scroll bar."""

MARKED, MARK = 1, 2
"""The cells of the sign of a marked row and of the mark of the state."""


NEAR = 8
"""Cells between two changes that are sent again, because moving the cursor costs 30 bytes."""


class RowLine(NamedTuple):
    """The content of a row's line: equal lines look the same under the same layout."""

    key: str = ""
    mark: tuple[str, Tone] | None = None
    texts: tuple[str, ...] = ()
    tones: tuple[Tone, ...] = ()
    cursor: bool = False
    focused: bool = False
    thumb: bool = False
    marks: tuple[tuple[Span, ...], ...] = ()
    """The matches of the filter in each text; empty without a filter."""
    marked: bool = False


class Heading(NamedTuple):
    """The content of the header beside the titles."""

    sorted_by: str = ""
    reverse: bool = False


class Note(NamedTuple):
    """A sentence in the middle of a table without rows."""

    text: str
    tone: Tone


TableLine: TypeAlias = RowLine | Heading | Note
BLANK = RowLine()


def changed_spans(old: RowLine, new: RowLine, layout: Layout, width: int) -> list[tuple[int, int]]:
    """Return the cells that differ, as starts and ends from left to right."""
    if old == new:
        return []
    if not old.key or not new.key or old.cursor != new.cursor or old.focused != new.focused:
        return [(0, width)]
    changes = [(MARKED, MARKED + 1)] if old.marked != new.marked else []
    changes += [(MARK, MARK + 1)] if old.mark != new.mark else []
    before, after = _content(old), _content(new)
    for placed, was, now in zip(layout.placed, before, after, strict=True):
        if was != now:
            changes.append((MARGIN + placed.x, min(width, MARGIN + placed.end)))
    if old.thumb != new.thumb:
        changes.append((width - 1, width))
    return _merged(changes)


def _content(line: RowLine) -> Iterator[tuple[str, Tone, tuple[Span, ...]]]:
    """Yield what each cell shows."""
    marks = line.marks or repeat(())
    return zip(line.texts, line.tones, marks, strict=False)


def _merged(changes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, end in changes:
        if spans and start - spans[-1][1] <= NEAR:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


class Painter:
    """Draws lines of one width with one palette."""

    def __init__(
        self, palette: Palette, glyphs: Glyphs, layout: Layout, width: int, base: Style
    ) -> None:
        self._palette = palette
        self._base = base
        self._glyphs = glyphs
        self._layout = layout
        self._width = width
        self._more = glyphs.more

    def draw(self, line: TableLine) -> Strip:
        """Return any line of a table."""
        if isinstance(line, Heading):
            return self.heading(line)
        return self.line(line) if isinstance(line, RowLine) else self.note(*line)

    def heading(self, heading: Heading) -> Strip:
        """Return the titles, with an arrow beside the one that orders the rows."""
        canvas = _Canvas(self._width)
        for placed in self._layout.placed:
            chosen = placed.column.id == heading.sorted_by
            style = self._palette.accent if chosen else self._palette.dim
            arrow = (self._glyphs.down if heading.reverse else self._glyphs.up) if chosen else ""
            x = MARGIN + placed.x
            if placed.column.align == "right":
                canvas.put(
                    x - 1, fit(arrow + placed.column.title, placed.width + 1, "right"), style
                )
            else:
                text = fit(placed.column.title + arrow, placed.width + 1, more=self._more)
                canvas.put(x, text, style)
        return canvas.strip().apply_style(self._base)

    def line(self, line: RowLine) -> Strip:
        """Return a row, or a blank line below the last one."""
        if not line.key:
            return self.blank()
        canvas = _Canvas(self._width - 1)
        if line.cursor and line.focused:
            canvas.put(0, self._glyphs.cursor, self._palette.accent)
        if line.marked:
            canvas.put(MARKED, self._glyphs.marked, self._palette.accent)
        if line.mark is not None:
            mark, tone = line.mark
            canvas.put(MARK, mark, self._palette.tone(tone))
        for placed, content in zip(self._layout.placed, _content(line), strict=True):
            self._cell(canvas, placed, *content)
        thumb = self._glyphs.heavy if line.thumb else " "
        drawn = canvas.strip(Segment(thumb, self._palette.faint))
        if line.cursor:
            return on_cursor(drawn, self._base, self._palette)
        return drawn.apply_style(self._base)

    def note(self, text: str, tone: Tone) -> Strip:
        """Return a sentence in the middle of the line."""
        canvas = _Canvas(self._width)
        text = fit(text, min(cells(text), max(0, self._width - 2)), more=self._more)
        canvas.put((self._width - cells(text)) // 2, text, self._palette.tone(tone))
        return canvas.strip().apply_style(self._base)

    def blank(self) -> Strip:
        return Strip.blank(self._width, self._base)

    def _cell(
        self, canvas: "_Canvas", placed: Placed, text: str, tone: Tone, marks: tuple[Span, ...]
    ) -> None:
        x = MARGIN + placed.x
        if placed.column.brief is not None and cells(text) > placed.width:
            text = placed.column.brief(text)
        shown = fit(text, placed.width, placed.column.align, self._more)
        host, dot, domain = shown.partition(".")
        pieces = [(shown, self._palette.tone(tone))]
        if tone == "host" and dot:
            pieces = [(host, self._palette.text), (dot + domain, self._palette.faint)]
        match = self._palette.match
        for piece, style in marked(pieces, _visible(marks, text, shown), lambda own: own + match):
            canvas.put(x, piece, style)
            x += cells(piece)


def _visible(marks: tuple[Span, ...], text: str, shown: str) -> Iterator[Span]:
    """Yield where the matches in a text are in the cell that shows it: aligned or cut."""
    if not marks:
        return
    whole = text in shown
    offset, end = (shown.index(text), len(shown)) if whole else (0, len(shown.rstrip()) - 1)
    for start, stop in marks:
        if start + offset < end:
            yield start + offset, min(stop + offset, end)


class _Canvas:
    """A line that is filled from left to right."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._x = 0
        self._segments: list[Segment] = []

    def put(self, x: int, text: str, style: Style) -> None:
        if not self._x <= x < self._width:
            return
        if x > self._x:
            # A blank has no colour of its own: a style for it would only be bytes.
            before = self._segments[-1] if self._segments else Segment("")
            blank = None if before.style and before.style.underline else before.style
            self._segments.append(Segment(" " * (x - self._x), blank))
        self._segments.append(Segment(text, style))
        self._x = x + cells(text)

    def strip(self, *end: Segment) -> Strip:
        filled = Strip(Segment.simplify(self._segments)).adjust_cell_length(self._width)
        return Strip([*filled, *end])
