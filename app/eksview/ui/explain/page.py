"""A page of Explain, laid out for a size: its text, its drawing, and its commands."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from eksview.domain.base.text import Clean, cells
from eksview.ui.explain.blocks import Block, centered
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.prose import fold_words
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Words

WIDEST = 96
"""Cells of a line of text at most; longer ones are hard to read."""


class Page(Struct, frozen=True):
    """The parts of a page; `drawing` draws for a width, `chosen` is the command at the cursor.

    `remarks` are the comments of the commands, or none.
    """

    paragraphs: Sequence[Words]
    drawing: Callable[[int], Block]
    notes: Sequence[Words] = ()
    commands: Sequence[Clean] = ()
    chosen: int = 0
    remarks: Sequence[Clean] = ()
    hint: Words = ()
    """What is left out where there is no room."""


class _Air(Struct, frozen=True):
    """The blank lines above all, between paragraphs, and between the parts."""

    top: int
    paragraphs: int
    parts: int


_AIRS = (_Air(2, 1, 2), _Air(1, 1, 1), _Air(0, 1, 1), _Air(0, 0, 1), _Air(0, 0, 0))
"""From the airiest to the tightest."""


def page_lines(page: Page, width: int, height: int, glyphs: Glyphs) -> Block:
    """Return the lines of a page, with as much air as the height has room for."""
    room = min(width, WIDEST)
    paragraphs = [fold_words(words, room) for words in page.paragraphs]
    parts = [
        centered(page.drawing(room), room),
        [line for note in page.notes for line in hanging(note, room)],
        command_lines(page, room, glyphs),
    ]
    hint = [[page.hint]] if page.hint else []
    layouts = (
        _with_air(paragraphs, [*parts, *more], air)
        for more, airs in ((hint, _AIRS[:-1]), ([], _AIRS))
        for air in airs
    )
    lines: Block = []
    for lines in layouts:
        if len(lines) <= height:
            break
    before = " " * ((width - room) // 2)
    return [((before, "text"), *line) if before and line else line for line in lines]


def command_lines(page: Page, width: int, glyphs: Glyphs) -> Block:
    """Return the commands, each after `$`; of several the chosen one has the cursor."""
    lines: Block = []
    for number, command in enumerate(page.commands):
        here = number == page.chosen and len(page.commands) > 1
        mark = glyphs.cursor if here else " "
        words: Words = ((f"{mark}$ ", "accent"), (command, "strong" if here else "text"))
        remark = f"   # {page.remarks[number]}" if page.remarks else ""
        if here or width_of(words) + cells(remark) <= width:
            words = (*words, (remark, "dim"))
        lines += hanging(words, width)
    return lines


def hanging(words: Words, width: int) -> Block:
    """Return words folded, the lines after the first below the second piece."""
    head, *rest = words
    indent = width_of((head,))
    first, *more = fold_words(tuple(rest), width - indent)
    return [(head, *first), *(((" " * indent, "text"), *line) for line in more)]


def _with_air(paragraphs: Sequence[Block], parts: Sequence[Block], air: _Air) -> Block:
    body = _joined(paragraphs, air.paragraphs)
    return [()] * air.top + _joined([body, *parts], air.parts)


def _joined(blocks: Sequence[Block], blank: int) -> Block:
    lines: Block = []
    for block in filter(None, blocks):
        lines += [*([()] * blank if lines else []), *block]
    return lines
