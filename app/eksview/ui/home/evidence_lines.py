"""Lines of evidence: sentences are folded, and what isn't needed is left out whole."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from eksview.domain.base.text import cells, clean
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import Span, Spans, width_of


class Part(Struct, frozen=True):
    """Clean words that stay together; one that is `needed` is folded rather than left out."""

    spans: Spans
    needed: bool = False


class ComponentLines(Struct, frozen=True):
    """The lines of one component; those of low `rank` are shortened first."""

    lines: list[Spans]
    rank: int = 0


def evidence_lines(parts: Iterable[Part], width: int, between: Span) -> list[Spans]:
    """Return the parts in lines of at most `width` cells, the needed ones first.

    The others have no lines of their own, except a first one where nothing is needed.
    """
    every = [part for part in parts if part.spans]
    shown = [part for part in every if part.needed]
    count = max(1, len(_flowed(shown, width, between)))
    for part in every:
        if part.needed:
            continue
        lines = _flowed([*shown, part], width, between)
        if len(lines) <= count and width_of(lines[-1]) <= width:
            shown.append(part)
    return _flowed(shown, width, between)


def beside(head: Spans, lines: Sequence[Spans], indent: Span, below: Span | None) -> list[Spans]:
    """Return lines behind a head and an indent; all below the head where `below` is given."""
    if below is not None:
        return [head, *([below, *line] for line in lines)]
    first, *rest = lines or [[]]
    return [[*head, *first], *([indent, *line] for line in rest)]


def shortened(
    blocks: Sequence[ComponentLines], height: int, width: int, more: str
) -> list[list[Spans]]:
    """Return the lines of the blocks, shortened as far as `height` demands, each to one line."""
    kept = [len(block.lines) for block in blocks]
    for at in sorted(range(len(blocks)), key=lambda at: blocks[at].rank):
        over = sum(kept) - height
        if over > 0:
            kept[at] = max(1, kept[at] - over)
    return [
        top_lines(block.lines, count, width, more)
        for block, count in zip(blocks, kept, strict=True)
    ]


def top_lines(lines: list[Spans], count: int, width: int, more: str) -> list[Spans]:
    """Return the first lines; what is left out is marked behind a whole word."""
    if len(lines) <= count or count < 1:
        return lines[: max(0, count)]
    *kept, last = lines[:count]
    *lead, (text, style) = last
    room = width - width_of(lead) - cells(more) - 1
    first = fold(clean(text), room)[0] if cells(text) > room else text
    return [*kept, [*lead, (f"{first} {more}", style)]]


def _flowed(parts: Sequence[Part], width: int, between: Span) -> list[Spans]:
    lines: list[Spans] = []
    for part in parts:
        if lines and width_of([*lines[-1], between, *part.spans]) <= width:
            lines[-1] = [*lines[-1], between, *part.spans]
        else:
            lines += _folded(part.spans, width)
    return lines


def _folded(spans: Spans, width: int) -> list[Spans]:
    if len(spans) > 1 or width_of(spans) <= width:
        return [spans]
    ((text, style),) = spans
    return [[(line, style)] for line in fold(clean(text), width)]
