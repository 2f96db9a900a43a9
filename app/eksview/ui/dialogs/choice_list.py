"""A list to choose from, whose entries are folded to its width and scroll line by line."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from eksview.domain.base.text import Clean, cells, clean, fit
from eksview.ui.base.lines.painted_lines import PaintedLines
from eksview.ui.base.movement import PAGES, Move, movement_bindings
from eksview.ui.base.view import View
from eksview.ui.base.viewport import thumb_of
from eksview.ui.base.wheel import ScrolledByWheel
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import on_cursor, width_of
from eksview.ui.text.words import Tone, Words

MARGIN, BAR = 2, 2
"""Cells left of the entries, for the cursor; and right of them, for the scroll bar."""
GAP = 2  # cells between two columns
INDENT = "  "

Entry = Sequence[Words]
"""The lines of one choice."""


class ChoiceLine(NamedTuple):
    """A line as it is painted."""

    words: Words = ()
    chosen: bool = False
    first: bool = False  # of the chosen entry
    thumb: bool = False


class ChoiceList(ScrolledByWheel, PaintedLines[ChoiceLine], can_focus=True):
    """A list with one chosen entry; an entry that is longer than the window scrolls by lines."""

    BINDING_GROUP_TITLE = "List"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "pick",
            "Choose",
            key_display="enter",
            show=False,
            id="choices.pick",
            tooltip="Choose what the cursor is on",
        ),
        *movement_bindings(
            "choices",
            Move("down", "move(1)", "Next"),
            Move("up", "move(-1)", "Previous"),
            *PAGES,
            Move("top", "edge(0)", "First"),
            Move("bottom", "edge(-1)", "Last"),
        ),
    ]

    class Picked(Message):
        """A choice by Enter or a click: its index."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.at: int | None = None
        self._top = 0
        self._lines: list[Words] = []
        self._starts = [0]

    @property
    def count(self) -> int:
        """The number of lines."""
        return len(self._lines)

    @property
    def widest(self) -> int:
        """The cells of the widest line."""
        return max(map(width_of, self._lines), default=0)

    def show(self, entries: Iterable[Entry], at: int | None) -> None:
        """Replace the entries, whose words must be clean, and choose one of them."""
        self._lines, self._starts = [], [0]
        for entry in entries:
            self._lines += entry
            self._starts.append(len(self._lines))
        self.at = at
        self._follow()

    def window(self, width: int, height: int) -> list[ChoiceLine]:  # noqa: ARG002 - as folded
        """Return the visible lines."""
        self._top = max(0, min(self._top, len(self._lines) - height))
        thumb = thumb_of(self._top, height, len(self._lines))
        lines = self._lines[self._top : self._top + height]
        chosen = self._span
        return [
            ChoiceLine(words, at in chosen, at in chosen[:1], at - self._top in thumb)
            for at, words in enumerate(lines, self._top)
        ]

    def changes(self, old: ChoiceLine, new: ChoiceLine) -> Iterable[tuple[int, int]]:
        return ((0, self.size.width),) if old != new else ()

    def draw(self, line: ChoiceLine) -> Strip:
        palette, glyphs = self.ink.palette, self.ink.glyphs
        cursor = glyphs.cursor if line.first else " "
        words = Strip(
            [
                Segment(cursor.ljust(MARGIN), palette.accent),
                *(Segment(text, palette.tone(tone)) for text, tone in line.words),
            ]
        ).adjust_cell_length(max(0, self.size.width - 1))
        drawn = Strip([*words, Segment(glyphs.heavy if line.thumb else " ", palette.dim)])
        if line.chosen:
            return on_cursor(drawn, self.rich_style, palette)
        return drawn.apply_style(self.rich_style)

    def action_move(self, by: int) -> None:
        """Scroll to the rest of a long entry, or choose the next one, after the last the first."""
        if self.at is None:
            return
        height, span = max(1, self.size.height), self._span
        if by > 0 and span.stop > self._top + height:
            self._top += 1
        elif by < 0 and span.start < self._top:
            self._top -= 1
        else:
            self.at = (self.at + by) % (len(self._starts) - 1)
            self._follow(from_end=by < 0)
            return
        self.paint()

    def action_page(self, pages: float) -> None:
        """Scroll, and choose the nearest entry of the window."""
        if self.at is None:
            return
        self._top += round(pages * self.size.height)
        self._top = max(0, min(self._top, len(self._lines) - self.size.height))
        span, window = self._span, range(self._top, self._top + self.size.height)
        if span.start not in window:
            line = window.start if span.start < window.start else window.stop - 1
            self.at = next(at for at, end in enumerate(self._starts[1:]) if line < end)
        self.paint()

    def action_edge(self, end: int) -> None:
        """Choose the first or the last entry."""
        if self.at is not None:
            self.at = 0 if end == 0 else len(self._starts) - 2
            self._follow(from_end=end != 0)

    def action_pick(self) -> None:
        if self.at is not None:
            self.post_message(self.Picked(self.at))

    def on_click(self, event: events.Click) -> None:
        """Pick the entry at the pointer."""
        line = self._top + event.y
        if line < len(self._lines):
            self.at = next(at for at, end in enumerate(self._starts[1:]) if line < end)
            self.paint()
            self.action_pick()

    def on_resize(self) -> None:
        self._follow()

    def scroll_by(self, lines: int) -> None:
        self._top += lines
        self.paint()

    @property
    def _span(self) -> range:
        """The lines of the chosen entry."""
        return range(0) if self.at is None else range(*self._starts[self.at : self.at + 2])

    def _follow(self, *, from_end: bool = False) -> None:
        """Scroll to the chosen entry: to its first line, or `from_end` to its last one."""
        height, span = max(1, self.size.height), self._span
        if span:
            ends = (span.stop - height, span.start)
            low, high = (min(ends), max(ends)) if len(span) <= height else (ends[not from_end],) * 2
            self._top = max(low, min(self._top, high))
        self.paint()


class Row(NamedTuple):
    """The cells of an entry, which stay in columns where all rows have room for them."""

    lead: Words
    texts: tuple[tuple[str, Tone], ...]


def in_columns(rows: Sequence[Row], room: int) -> Iterator[Entry]:
    """Yield the rows as lines of columns, or with their later cells below the first."""
    texts = zip_longest(*([cells(text) for text, _ in row.texts] for row in rows), fillvalue=0)
    widths = [max(column) for column in texts]
    lead = max((width_of(row.lead) for row in rows), default=0)
    if lead + sum(widths) + GAP * max(0, len(widths) - 1) > room:
        yield from (list(_stacked(row, room)) for row in rows)
        return
    for row in rows:
        words: list[tuple[str, Tone]] = [*row.lead]
        for number, ((text, tone), width) in enumerate(zip(row.texts, widths, strict=False)):
            words.append((" " * GAP * bool(number) + fit(text, width), tone))
        yield [tuple(words)]


def _stacked(row: Row, room: int) -> Iterator[Words]:
    lead: Words = row.lead
    for number, (text, tone) in enumerate(row.texts):
        if text.strip():
            indent = width_of(row.lead) + len(INDENT) * bool(number)
            yield from indented_lines(clean(text.strip()), tone, room, " " * indent, lead)
            lead = ()


def indented_lines(
    text: Clean, tone: Tone, room: int, indent: str, lead: Words = ()
) -> Iterator[Words]:
    """Yield a clean text folded behind an indent, the first line behind `lead` instead."""
    for line in fold(text, room - len(indent)):
        yield (*(lead or ((indent, "text"),)), (line, tone))
        lead = ()


def command_lines(command: Clean, room: int, tone: Tone = "text") -> Iterator[Words]:
    """Yield a clean command line; its continuation is indented further than its beginning."""
    yield from indented_lines(command, tone, room, INDENT * 2, ((INDENT, "text"),))
