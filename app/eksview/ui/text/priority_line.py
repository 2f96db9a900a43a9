"""A line of slots, of which the least important are dropped where there isn't room."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.text import cells, clean, fit
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import cut
from eksview.ui.text.words import Tone, Words

GAP = 2
"""Cells between two slots; before the first there is one."""
INDENT = "   "
"""Before a sentence that is folded below the slots."""


class Slot(Struct, frozen=True):
    """Clean words that stay together; slots of the highest `rank` are dropped first, 0 never.

    A click on a slot presses its `key`. Once nothing more can be dropped, slots of one word are cut
    down to `least` cells, the first one first. One that `folds` is a sentence: where the others
    leave no room for it, it is folded below them.
    """

    words: Words
    rank: int = 0
    side: Literal["left", "right"] = "left"
    key: str = ""
    least: int = 0
    folds: bool = False

    @property
    def width(self) -> int:
        """The cells of the words, without gaps."""
        return sum(cells(text) for text, _ in self.words)


def choose(slots: Iterable[Slot], width: int, gap: int = GAP, more: str = "…") -> list[Slot]:
    """Return the slots that fit, in their order."""
    kept = [slot for slot in slots if slot.width]
    while _over(kept, width, gap) > 0 and any(slot.rank for slot in kept):
        kept.remove(max(reversed(kept), key=lambda slot: slot.rank))
    for at, slot in enumerate(kept):
        over = _over(kept, width, gap)
        if over > 0 and slot.least:
            kept[at] = _cut(slot, over, more)
    return kept


def slot_lines(slots: Iterable[Slot], width: int, more: str = "…") -> list[Words]:
    """Return the slots in a line, with those below it that must be shown and have no room."""
    every = list(slots)
    left = [slot for slot in every if slot.side == "left"]
    whole = _over(left, width - 1, GAP) <= 0
    first = [replace(slot, rank=0) if slot.folds else slot for slot in every]
    kept = choose([slot for slot in first if whole or not slot.folds], width, more=more)
    below = [] if whole else [slot for slot in every if slot.folds and slot.width]
    while (
        len(own := [slot for slot in kept if slot.side == "left"]) > 1
        and _over(kept, width, GAP) > 0
    ):
        kept.remove(own[-1])  # not even the parts that stay have room in a line
        below.insert(0, own[-1])
    while (ends := [slot for slot in kept if slot.side == "right"]) and _over(kept, width, GAP) > 0:
        kept.remove(ends[-1])
        below.append(ends[-1])
    line = _spread(join(kept, "left"), join(kept, "right"), width)
    lines = [tuple(cut(line, width, more))]
    for slot in below:
        text, tone = clean("".join(text for text, _ in slot.words)), slot.words[0][1]
        lines += [((INDENT, "text"), (line, tone)) for line in fold(text, width - len(INDENT) - 1)]
    return lines


def _spread(left: Words, right: Words, width: int) -> Words:
    gap = width - sum(cells(text) for text, _ in (*left, *right))
    return (*left, (" " * max(0, gap), "text"), *right)


def _over(slots: Iterable[Slot], width: int, gap: int) -> int:
    """Return the cells beyond the width."""
    return sum(slot.width + gap for slot in slots) - width


def _cut(slot: Slot, by: int, more: str) -> Slot:
    (text, tone), room = slot.words[0], max(slot.least, slot.width - by)
    return replace(slot, words=((fit(text, room, more=more).rstrip(), tone),))


def join(slots: Iterable[Slot], side: Literal["left", "right"], gap: int = GAP) -> Words:
    """Return the words of one end of the line."""
    joined: list[tuple[str, Tone]] = []
    for slot in slots:
        if slot.side == side:
            joined.append((" " * gap if joined else " ", "text"))
            joined.extend(slot.words)
    if joined and side == "right":
        joined.append((" ", "text"))
    return tuple(joined)


def key_at(slots: Iterable[Slot], x: int, gap: int = GAP) -> str:
    """Return the key of the slot at a column; empty beside them."""
    start = 1
    for slot in slots:
        if slot.side == "left":
            if start <= x < start + slot.width:
                return slot.key
            start += slot.width + gap
    return ""
