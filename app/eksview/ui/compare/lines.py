"""The lines of the comparison: a row for each question, and both answers to the chosen one."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.base.text import Clean, clean
from eksview.domain.compare.question_text import QuestionText
from eksview.domain.compare.questions import System
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.prose import fold_words
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Words

GAP = 2
"""Cells between two columns."""
SIDE = 30
"""Cells of a side at least; with less room both are below each other."""
QUESTION = 22, 32
"""Cells of the column of questions, at least and at most."""

Sides: TypeAlias = Mapping[System, Words]
"""Words for each side."""


class SideColumns(Struct, frozen=True):
    """The cells of the questions and of each side; `stacked` where they are below each other."""

    question: int
    side: int
    stacked: bool


def columns_of(room: int) -> SideColumns:
    """Return the columns in a room."""
    least, most = QUESTION
    question = max(least, min(most, room // 4))
    side = (room - question - 2 * GAP) // 2
    if side < SIDE - GAP * 4:
        return SideColumns(room, room, stacked=True)
    return SideColumns(question, side, stacked=False)


def heading(texts: Words, sides: Sides, columns: SideColumns) -> Words:
    """Return the titles of the columns; of a stack none."""
    if columns.stacked:
        return ()
    cells = (texts, *sides.values())
    widths = (columns.question, columns.side, columns.side)
    return tuple(
        piece for cell, width in zip(cells, widths, strict=True) for piece in _cell(cell, width)
    )


def question_lines(text: QuestionText, sides: Sides, columns: SideColumns) -> Iterator[Words]:
    """Yield the question with the live values of both sides beside it, or below it."""
    question: Words = ((clean(text.question), "strong"),)
    if columns.stacked:
        yield from fold_words(question, columns.question)
        for system, words in sides.items():
            yield from labelled(system, words, columns.side)
        return
    cells = (question, *sides.values())
    widths = (columns.question, columns.side, columns.side)
    yield from beside_each_other(cells, widths)


def labelled(system: System, words: Words, width: int) -> Iterator[Words]:
    """Yield the words of a side behind its name."""
    label = f"{system.value}  "
    for number, line in enumerate(fold_words(words, width - len(label))):
        yield ((label if number == 0 else " " * len(label), "dim"), *line)


def answer_lines(
    text: QuestionText, command: Clean, chosen: System, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield how each side answers, then the command of the chosen side, which has the cursor."""
    stacked = width < 2 * SIDE + GAP
    side = width if stacked else (width - GAP) // 2
    blocks = [[*_answer(text, system, chosen, side, glyphs)] for system in System]
    if stacked:
        yield from (line for block in blocks for line in block)
    else:
        for left, right in zip_longest(*blocks, fillvalue=()):
            yield (*_cell(left, side), *right)
    for number, line in enumerate(fold_words(((command, "text"),), width - 2 * GAP)):
        yield (("  $ " if number == 0 else "    ", "faint"), *line)


def _answer(
    text: QuestionText, system: System, chosen: System, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    cursor = glyphs.cursor if system is chosen else " "
    yield ((f"{cursor} ", "accent"), (system.value, "strong"))
    for line in fold_words(((clean(text.answer(system)), "text"),), width - GAP):
        yield (("  ", "text"), *line)


def beside_each_other(cells: Sequence[Words], widths: Sequence[int]) -> Iterator[Words]:
    """Yield cells folded to their widths, beside each other."""
    folded = [fold_words(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for line in zip_longest(*folded, fillvalue=()):
        yield tuple(
            piece
            for words, width in zip(line, widths, strict=True)
            for piece in _cell(words, width)
        )


def _cell(words: Words, width: int) -> Words:
    """Return words filled up to a width, and the gap after it."""
    return (*words, (" " * (width + GAP - width_of(words)), "text"))
