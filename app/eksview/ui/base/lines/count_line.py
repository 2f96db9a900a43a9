"""The line of counts above a table: what has no room is left out in whole parts."""

from collections.abc import Iterable, Iterator, Sequence

from eksview.ui.base.lines.text_line import BETWEEN, TextLine
from eksview.ui.text.styled_text import cut, width_of
from eksview.ui.text.words import Tone, Words

FIRST, NEXT = ": ", ", "
"""Before the first count, and before each other one."""
_CALM: tuple[Tone, ...] = ("text", "ok", "dim", "faint")


def separated(counts: Iterable[tuple[str, Tone]]) -> Iterator[tuple[str, Tone]]:
    """Yield each count behind its separator."""
    for number, count in enumerate(counts):
        yield FIRST if number == 0 else NEXT, "dim"
        yield count


def counts_within(words: Words, width: int, more: str) -> Words:
    """Return the counts for which there is room: calm ones go first, then those at the right."""
    lead, *counts = _parts(words)
    kept = list(counts)
    while kept and _width(lead, kept, len(kept) < len(counts), more) > width:
        calm = [part for part in kept if part[-1][1] in _CALM]
        kept.remove((calm or kept)[-1])
    return _joined(lead, kept, len(kept) < len(counts), more)


def ends_within(left: Words, rights: Sequence[Words], width: int) -> Words:
    """Return the first of the right ends that has room beside the left one, or none."""
    room = width - width_of(left) - BETWEEN
    return next((right for right in rights if width_of(right) <= room), ())


def _parts(words: Words) -> Iterator[Words]:
    """Yield the words before the counts, and each count with what is before it."""
    part: list[tuple[str, Tone]] = []
    for text, tone in words:
        if text.startswith((FIRST, NEXT)):
            yield tuple(part)
            part = []
        part.append((text, tone))
    yield tuple(part)


def _width(lead: Words, kept: Sequence[Words], cut: bool, more: str) -> int:
    return width_of(_joined(lead, kept, cut, more))


def _joined(lead: Words, kept: Sequence[Words], cut: bool, more: str) -> Words:
    """Return the line, with `more` at its end if counts are left out."""
    words = list(lead)
    for number, part in enumerate(kept):
        (text, tone), *rest = part
        own = text.removeprefix(FIRST).removeprefix(NEXT)
        words += [(FIRST if number == 0 else NEXT, "dim"), *([(own, tone)] if own else []), *rest]
    if cut:
        words.append(((NEXT if kept else FIRST) + more, "dim"))
    return tuple(words)


class CountLine(TextLine):
    """Counts at the left, and at the right the first of several texts that has room."""

    DEFAULT_CSS = "CountLine { height: 1; }"

    _rights: Sequence[Words] = ()

    def count(self, counts: Words, rights: Sequence[Words] = ()) -> None:
        """Replace the counts and the texts for the right end, the longest first."""
        self._ends, self._rights = (counts, ()), rights
        self.paint()

    def window(self, width: int, height: int) -> tuple[Words]:  # noqa: ARG002 - it is one line
        """Return the line."""
        more = self.view.glyphs.more
        left = tuple(cut(counts_within(self._ends[0], width, more), width, more))
        right = ends_within(left, self._rights, width)
        if not right:
            return (left,)
        return ((*left, (" " * (width - width_of(left) - width_of(right)), "text"), *right),)
