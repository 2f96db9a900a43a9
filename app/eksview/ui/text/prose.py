"""Styled prose, folded at spaces and between the characters of Chinese, Japanese and Korean."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeAlias
from unicodedata import east_asian_width

from eksview.domain.base.text import cells
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Tone, Words

_NOT_FIRST = frozenset(
    "、。，．・：；？！」』）】〕〉》］｝"
    "ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々…‥%‰℃,.:;?!)]}’”"
)
"""Characters that begin no line: the rules of JIS X 4051 for line breaks, and small kana."""
_NOT_LAST = frozenset("「『（【〔〈《［｛([{‘“")
"""Characters that end no line."""
_SIGNS = frozenset("-/.:,;=@")
"""Behind these a long name is split."""
_WHOLE = 14
"""Cells of a piece of words that is split at spaces only, such as a value or a mark."""

Atom: TypeAlias = list[tuple[str, Tone]]
"""Characters between which no line ends."""


def fold_words(words: Words, width: int) -> list[Words]:
    """Return styled words in lines of at most `width` cells; one blank line for none.

    A line ends at a space, but not behind a lone sign, or between two characters of which one is
    wide, unless they are of a short piece or one of them may not begin or end a line. What is
    longer than a line is split where it must be.
    """
    width = max(width, 2)
    lines: list[Words] = []
    line: Atom = []
    taken = 0
    for gap, atom in _atoms(words, min(_WHOLE, width)):
        size = width_of(atom)
        if line and taken + len(gap) + size <= width:
            line += [(gap, _tone_of_gap(line, atom)), *atom]
            taken += len(gap) + size
            continue
        if line:
            lines.append(_joined(line))
        *full, line = _split(atom, width)
        lines += map(_joined, full)
        taken = width_of(line)
    return [*lines, _joined(line)]


def _atoms(words: Words, longest: int) -> Iterator[tuple[str, Atom]]:
    """Yield what isn't split, each with the spaces before it: pieces up to the longest, too."""
    gap, atom = "", Atom()
    for text, tone in words:
        whole = cells(text) <= longest
        for at, character in enumerate(text):
            if character == " ":
                if _is_mark(atom):
                    atom.append((character, tone))
                    continue
                if atom:
                    yield gap, atom
                    gap, atom = "", []
                gap += " "
            elif atom and not (whole and at) and _may_break(atom[-1][0], character):
                yield gap, atom
                gap, atom = "", [(character, tone)]
            else:
                atom.append((character, tone))
    if atom:
        yield gap, atom


def _is_mark(atom: Atom) -> bool:
    """Return whether an atom is a lone sign: as the mark of a state it stays with its word."""
    return len(atom) == 1 and not atom[0][0].isalnum()


def _may_break(before: str, after: str) -> bool:
    if before == " " or before in _NOT_LAST or after in _NOT_FIRST or not cells(after):
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"


def longest_part(text: str) -> int:
    """Return the cells of the longest part of a text that is split only at spaces and signs."""
    parts = "".join(f"{each} " if each in _SIGNS else each for each in text).split()
    return max(map(cells, parts), default=0)


def _split(atom: Atom, width: int) -> Iterator[Atom]:
    """Yield an atom in parts that fit into a line, split behind a sign if there is one."""
    while width_of(atom) > width:
        end, taken = 0, 0
        while taken + cells(atom[end][0]) <= width or not end:
            taken += cells(atom[end][0])
            end += 1
        signs = (at for at in range(end, 0, -1) if atom[at - 1][0] in _SIGNS)
        fitting = (at for at in signs if at > end // 2 or width_of(atom[at:]) <= width)
        end = next(fitting, end)
        yield atom[:end]
        atom = atom[end:]
    yield atom


def _tone_of_gap(line: Atom, atom: Atom) -> Tone:
    """Return the tone of the spaces between two atoms: theirs if they have the same."""
    return line[-1][1] if line[-1][1] == atom[0][1] else "text"


def _joined(pieces: Iterable[tuple[str, Tone]]) -> Words:
    """Return the pieces with neighbors of the same tone as one."""
    runs = groupby((piece for piece in pieces if piece[0]), key=lambda piece: piece[1])
    return tuple(("".join(text for text, _ in run), tone) for tone, run in runs)
