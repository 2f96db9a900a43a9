"""A page of Explain, laid out for a size: its text, its drawing, and its commands."""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from msgspec import Struct

from eksview.domain.base.text import Clean, cells
from eksview.ui.explain.blocks import Block, centered
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.prose import fold_words
from eksview.ui.text.styled_text import cut, width_of
from eksview.ui.text.words import Words

WIDEST = 96
"""Cells of a line of text at most; longer ones are hard to read."""


class Page(Struct, frozen=True):
    """The parts of a page; `drawing` draws for a width, `chosen` is the command at the cursor.

    A `tight` drawing has as few lines as possible. `remarks` are the comments of the commands, or
    none; `short` are the commands without the options that lead to this cluster.
    """

    paragraphs: Sequence[Words]
    drawing: Callable[[int, bool], Block]
    notes: Sequence[Words] = ()
    commands: Sequence[Clean] = ()
    chosen: int = 0
    remarks: Sequence[Clean] = ()
    short: Sequence[Clean] = ()
    hint: Words = ()
    """What is left out where there is no room."""


class Whole(Enum):
    """Which commands are shown whole, as they run in a shell."""

    ALL = auto()
    CHOSEN = auto()
    NONE = auto()


class _Air(Struct, frozen=True):
    """The blank lines above all, between paragraphs, and between the parts."""

    top: int
    paragraphs: int
    parts: int


_AIRS = (_Air(2, 1, 2), _Air(1, 1, 1), _Air(0, 1, 1), _Air(0, 0, 1), _Air(0, 0, 0))
"""From the airiest to the tightest."""


class _Form(Struct, frozen=True):
    """How much a page leaves out: lines of its drawing, and options of its commands."""

    tight: bool = False
    whole: Whole = Whole.ALL


_FORMS = (
    _Form(), _Form(tight=True), _Form(tight=True, whole=Whole.CHOSEN),
    _Form(tight=True, whole=Whole.NONE),
)  # fmt: skip
"""From the fullest to the shortest."""
_SCROLLED = _Form(tight=True)
"""Of a page that has no room even in the shortest form."""


def page_lines(page: Page, width: int, height: int, glyphs: Glyphs) -> Block:
    """Return the lines of a page, with as much air as the height has room for."""
    room = min(width, WIDEST)
    for hint in ([page.hint], []) if page.hint else ([],):
        for form in _FORMS:
            for air in _AIRS:
                lines = _laid_out(page, form, hint, air, room, glyphs)
                if len(lines) <= height:
                    return _in_middle(lines, width, room)
    lines = _laid_out(page, _SCROLLED, [], _AIRS[-1], room, glyphs)
    return _in_middle(lines, width, room)


def _laid_out(page: Page, form: _Form, hint: Block, air: _Air, room: int, glyphs: Glyphs) -> Block:
    paragraphs = [fold_words(words, room) for words in page.paragraphs]
    parts = [
        centered(page.drawing(room, form.tight), room),
        [line for note in page.notes for line in hanging(note, room)],
        command_lines(page, form.whole, room, glyphs),
        hint,
    ]
    return _with_air(paragraphs, parts, air)


def command_lines(page: Page, whole: Whole, width: int, glyphs: Glyphs) -> Block:
    """Return the commands, each after `$`; of several the chosen one has the cursor."""
    lines: Block = []
    for number, command in enumerate(page.commands):
        here = number == page.chosen and len(page.commands) > 1
        mark = glyphs.cursor if here else " "
        shown = command if whole is Whole.ALL or (here and whole is Whole.CHOSEN) else ""
        text = shown or f"{page.short[number]} {glyphs.more}"
        words: Words = ((f"{mark}$ ", "accent"), (text, "strong" if here else "text"))
        remark = f"   # {page.remarks[number]}" if page.remarks else ""
        if here or width_of(words) + cells(remark) <= width:
            words = (*words, (remark, "dim"))
        lines += hanging(words, width) if shown else [tuple(cut(words, width, glyphs.more))]
    return lines


def _in_middle(lines: Block, width: int, room: int) -> Block:
    before = " " * ((width - room) // 2)
    return [((before, "text"), *line) if before and line else line for line in lines]


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
