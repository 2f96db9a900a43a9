"""Lines of key and value, folded to the width."""

import re
from collections.abc import Iterable, Iterator, Sequence

from eksview.domain.base.text import Clean, cells, clean
from eksview.ui.text.words import Tone, Words

KEY = 34
"""Cells of the column of keys at most; a longer key gets a line for itself."""


INDENT = 4
"""Cells before a sentence that has a line for itself."""
LEAST = 20
"""Cells that a text beside a head needs at least."""
_SIGNS = "-/.:,;=@"
"""Behind these a long name is split."""
_WINDOW = 4
"""Characters for each cell of a line in which its end is looked for; marks take no cell."""
_WORD = re.compile(r"( *)([^ ]*)")
_PROSE = re.compile(r"^(?!.* {2})(?=(?:.*\S ){2}).*[a-z]")
"""Three words at least, and no columns."""


def fold(text: Clean, width: int) -> list[Clean]:
    """Return clean text in lines of at most `width` cells, split at spaces.

    A word is split where it is longer than a line: behind a sign of punctuation if possible.
    """
    width = max(width, 8)
    lines: list[Clean] = []
    start = 0
    while True:
        window = text[start : start + _WINDOW * width]
        if start + len(window) >= len(text) and cells(window) <= width:
            return [*lines, clean(window)]
        cut = _split(window, width)
        lines.append(clean(window[:cut].rstrip()))
        start += cut
        while text[start : start + 1] == " ":
            start += 1


def pad(text: str, width: int) -> str:
    """Fill text up to a width; longer text is followed by one space."""
    return text + " " * max(1, width - cells(text))


def section(title: str, entries: Iterable[tuple[str, str]], width: int) -> Iterator[Words]:
    """Yield a title and its entries; nothing without entries."""
    pairs = list(entries)
    if not pairs:
        return
    yield ((title, "strong"),)
    column = min(KEY, max(cells(key) for key, _ in pairs)) + 2
    for key, value in pairs:
        yield from entry(key, value or "-", column, width)
    yield ()


def entry(
    key: str, value: str, column: int, width: int, tone: Tone = "text", indent: int = 2
) -> Iterator[Words]:
    """Yield a key and its value, folded beside it."""
    room = width - indent - column
    if cells(key) > column - 2:
        yield ((" " * indent + key, "dim"),)
        key = ""
    first, *rest = fold(clean(value), room)
    yield ((" " * indent + pad(key, column), "dim"), (first, tone))
    for line in rest:
        yield ((" " * (indent + column), "text"), (line, tone))


def listed(title: str, texts: Sequence[Clean], width: int) -> Iterator[Words]:
    """Yield a title and the texts below it; nothing without texts."""
    if not texts:
        return
    yield ((title, "strong"),)
    for text in texts:
        for number, line in enumerate(fold(text, width - 4)):
            yield (("  " if number == 0 else "    ", "text"), (line, "text"))
    yield ()


def beside(head: Words, text: Clean, tone: Tone, width: int) -> Iterator[Words]:
    """Yield clean text folded beside the words of a head, or below it where there is no room."""
    column = sum(cells(piece) for piece, _ in head)
    lead: Words = head
    if width - column < LEAST:
        yield head
        column, lead = INDENT, ((" " * INDENT, "text"),)
    for line in fold(text, width - column):
        yield (*lead, (line, tone))
        lead = ((" " * column, "text"),)


def whole_sentences(lines: Iterable[Words], width: int) -> Iterator[Words]:
    """Yield the lines; one that is too wide is folded at its words.

    A sentence at its end, and the value beside a key, are folded below their beginning.
    """
    for words in lines:
        taken = sum(cells(text) for text, _ in words)
        if taken <= width or not words:
            yield words
            continue
        *lead, (text, tone) = words
        before = taken - cells(text.lstrip())
        value = len(words) <= 2 and 0 < before <= width // 2
        if not value and not _PROSE.search(text.strip()):
            yield from wrapped(words, width)
            continue
        if before > width // 2:  # no room beside it
            yield tuple(lead)
            lead, before = [], INDENT
        room = [*lead, (" " * (before - sum(cells(piece) for piece, _ in lead)), tone)]
        for number, line in enumerate(fold(clean(text.strip()), width - before)):
            yield (*(room if number == 0 else ((" " * before, "text"),)), (line, tone))


def wrapped(words: Words, width: int) -> Iterator[Words]:
    """Yield words in lines of at most `width` cells, of which no word is split that fits in one.

    Lines after the first are indented; a column begins there with its first word.
    """
    line: list[tuple[str, Tone]] = []
    taken = 0
    for text, tone in words:
        for blanks, word in _WORD.findall(text):
            for number, piece in enumerate(fold(word, width - INDENT) if word else ("",)):
                before = cells(blanks) if number == 0 else 0
                if line and (number or taken + before + cells(piece) > width):
                    yield tuple(line)
                    line, taken, before = [(" " * INDENT, "text")], INDENT, 0
                line.append((" " * before + piece, tone))
                taken += before + cells(piece)
    yield tuple(line)


def _split(text: str, width: int) -> int:
    """Return where the first line of a text that is too wide ends."""
    end = _most(text, width)
    space = text.rfind(" ", 1, end + 1)
    word = text[space + 1 :].partition(" ")[0]
    if space > 0 and (space > end // 2 or cells(word) <= width):
        return space
    sign = max(text.rfind(each, 0, end) for each in _SIGNS) + 1
    return sign if sign > end // 2 else end


def _most(text: str, width: int) -> int:
    """Return how many characters fit; at least one, so that folding ends."""
    if text.isascii():
        return width
    taken = 0
    for index, character in enumerate(text):
        taken += cells(character)
        if taken > width:
            return max(1, index)
    return len(text)
