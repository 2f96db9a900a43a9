"""Text from the cluster, sanitized and measured in terminal cells."""

import re
from collections.abc import Callable
from functools import lru_cache
from sys import intern
from typing import Literal, NewType, cast
from unicodedata import category, east_asian_width

from eksview.domain.base.secrets import mask, mask_in_name

Align = Literal["left", "right"]

_UNSURE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
    "\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d376\U0001f3fb-\U0001f3ff]"
)
"""Printable for Python, but invisible (fillers, variation selectors) or of a width that differs
between terminals and versions of Unicode (hexagrams, skin tones)."""

_JAMO = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")
"""Vowels and finals, which combine with the syllable before them."""

SHORTEST_KEY = 16  # characters of an access key id, the shortest secret that its look gives away

_ZERO_WIDTH = frozenset({"Mn", "Me", "Mc"})
_BLANK = frozenset({"\t", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"})


Clean = NewType("Clean", str)
"""Text of one line that may be drawn, and quotes no secret; made by `clean` of foreign text."""
EMPTY = Clean("")


def clean(text: str) -> Clean:
    """Return one line without secrets in which nothing moves the cursor, styles or reorders text.

    Line breaks, tabs and exotic spaces become spaces; control, bidi, zero-width, private and
    unassigned characters are escaped (`\\x1b`, `\\u202e`). Text without any is returned as is.

    A single word that is short or in small letters is taken for a name and isn't searched for
    secrets, to be fast. A text that may be such a word and a secret passes `mask` before: an
    argument, the URL of a proxy, the message of a server.
    """
    if text.isprintable() and (text.isascii() or not _needs_care(text)):
        return Clean(mask(text) if _may_quote(text) else text)
    return _drawn(mask(text))


def clean_name(text: str) -> Clean:
    """Return the name or the labels of an object as `clean` does, but by what the API allows there.

    `token-version=v2` is a label, so a word before a value doesn't make it a secret; what looks
    like a credential by itself is masked here, too.
    """
    if len(text) >= SHORTEST_KEY and not text.islower():
        text = mask_in_name(text)
    return Clean(text) if text.isprintable() and text.isascii() else _drawn(text)


def _drawn(text: str) -> Clean:
    drawn = "".join(map(_harmless, text))
    return Clean(f" {drawn}" if drawn and _is_combining(drawn[0]) else drawn)


interned = cast("Callable[[Clean], Clean]", intern)
"""Return clean text that many rows have in common: one copy of it is kept."""


def shared(text: str) -> Clean:
    """Return the interned clean text."""
    return interned(clean(text))


@lru_cache(4096)
def shared_name(text: str) -> Clean:
    """Return the interned clean name, or labels, that many objects have in common."""
    return interned(clean_name(text))


def clean_names(*texts: str) -> tuple[Clean, ...]:
    """Return several names cleaned; checking them together is fast where none needs it."""
    together = "".join(texts)
    if together.isascii() and together.isprintable() and together.islower():
        return cast("tuple[Clean, ...]", texts)
    return tuple(map(clean_name, texts))


def visible(text: str) -> str:
    """Return text with its lines and tabs, in which everything else that isn't printed is escaped.

    For output of several lines on a terminal; `clean` is for one line of foreign text.
    """
    if text.replace("\n", "").isprintable():
        return text
    return "".join(each if _is_visible(each) else _escaped(each) for each in text)


def _is_visible(character: str) -> bool:
    return character.isprintable() or character in "\n\t" or category(character) == "Zs"


def cells(text: str) -> int:
    """Return the terminal columns of clean text: two for wide characters, none for marks."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def fit(text: str, width: int, align: Align = "left", more: str = "…") -> str:
    """Return exactly `width` cells: padded, or cut with `more` (one cell) at the end."""
    taken = len(text) if text.isascii() else cells(text)
    if taken > width:
        text, taken = _cut(text, width, more)
    padding = " " * (width - taken)
    return padding + text if align == "right" else text + padding


def _cut(text: str, width: int, more: str) -> tuple[str, int]:
    if width <= 0:
        return "", max(width, 0)
    if text.isascii():
        return text[: width - 1] + more, width
    taken = 0
    for index, character in enumerate(text):
        taken += _cells_of(character)
        if taken > width - 1:
            return text[:index] + more, taken - _cells_of(character) + 1
    return text, taken


def _may_quote(text: str) -> bool:
    """Return whether text may repeat a secret; the name of an object can't, and is left at once."""
    if " " in text or "=" in text or "://" in text or '"' in text or "<" in text or "&" in text:
        return True
    return (len(text) >= SHORTEST_KEY and not text.islower()) or "k8s-aws" in text


def _needs_care(text: str) -> bool:
    # A mark in front would combine with the character before the cell.
    return _UNSURE.search(text) is not None or _is_combining(text[0])


def _harmless(character: str) -> str:
    if character in _BLANK or category(character) == "Zs":
        return " "
    if character.isprintable() and not _UNSURE.match(character):
        return character
    return _escaped(character)


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_combining(character: str) -> bool:
    return category(character) in _ZERO_WIDTH or _JAMO.match(character) is not None


def _cells_of(character: str) -> int:
    if character < "\u0300":
        return 1
    if east_asian_width(character) in "WF":
        return 2
    return 0 if _is_combining(character) else 1
