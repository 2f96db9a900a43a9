"""Boxes and arrows of a drawing, laid out for a width: side by side, or below each other."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.base.text import cells
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.prose import fold_words, longest_part
from eksview.ui.text.styled_text import cut, width_of
from eksview.ui.text.words import Words

Labels: TypeAlias = Mapping[str, Words]
"""The words of each place of a drawing; a place without an entry is left out."""
Block: TypeAlias = list[Words]
"""Lines of a drawing."""

FRAME = 4
"""Cells of a box around its text: borders and blanks."""
NARROWEST, WIDEST_WORD = 15, 22
"""Cells of a box beside others at least, and those of a word that isn't split in it."""
GAP = 3
"""Cells between the columns in a box, and between boxes without an arrow."""
ARROW, LONGEST_ARROW, SHORTEST_ARROW = 4, 14, 2
"""Cells of an arrow usually, and at most: a longer label is folded; and where words were split."""
WIRE = 6
"""Cells left of an arrow that goes down."""
AIR = 1.25
"""How much wider than its text a box is that is below others, if there is room."""


class Box(Struct, frozen=True):
    """A box: the place of its title, and its rows, each of one or more places side by side."""

    title: str
    rows: tuple[tuple[str, ...], ...] = ()


class Flow(Struct, frozen=True):
    """Boxes with an arrow from each to the next, whose label has the places in `arrows`.

    They are side by side, or with `down` always below each other. `apart`: without arrows.
    """

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, ...], ...] = ()
    down: bool = False
    apart: bool = False

    def arrow(self, at: int) -> tuple[str, ...]:
        """Return the places of the label between a box and the next."""
        return self.arrows[at] if at < len(self.arrows) else ()


class Steps(Struct, frozen=True):
    """Places below each other, as the steps of a way, under a line of other places."""

    head: tuple[str, ...]
    steps: tuple[str, ...]


Drawing: TypeAlias = Flow | Steps


def places(drawing: Drawing) -> frozenset[str]:
    """Return the names of all places of a drawing."""
    if isinstance(drawing, Steps):
        return frozenset((*drawing.head, *drawing.steps))
    titles = (each.title for each in drawing.boxes)
    rows = (row for each in drawing.boxes for row in each.rows)
    others = chain.from_iterable((*rows, *drawing.arrows))
    return frozenset(filter(None, (*titles, *others)))


def draw(
    drawing: Drawing, labels: Labels, width: int, glyphs: Glyphs, *, tight: bool = False
) -> Block:
    """Return the lines of a drawing, none wider than `width`; `tight`: as few as possible."""
    if isinstance(drawing, Steps):
        return [*_steps(drawing, labels, width, glyphs)]
    flow = _filled(drawing, labels)
    if not flow.boxes:
        return []
    widths, gaps = ([], []) if flow.down else _columns(flow, labels, width)
    if not tight:
        return (
            _across(flow, labels, widths, gaps, glyphs)
            if widths
            else [*_below(flow, labels, width, glyphs)]
        )
    ruled = [*_ruled(flow, labels, width, glyphs)]
    return min(ruled, _across(flow, labels, widths, gaps, glyphs), key=len) if widths else ruled


def draw_box(box: Box, labels: Labels, width: int, height: int, glyphs: Glyphs) -> Block:
    """Return a box of exactly `width` cells, and of `height` lines of text at least."""
    top_left, top_right, *bottom = [*glyphs.corner]
    lines = _text(box, labels, width - FRAME)
    lines += [()] * (height - len(lines))
    title = labels.get(box.title, ())
    return [
        _edge((top_left, "", top_right), title, width, glyphs),
        *_sides(lines, width, glyphs),
        _bottom(bottom, width, glyphs),
    ]


def _edge(ends: tuple[str, str, str], heading: Words, width: int, glyphs: Glyphs) -> Words:
    """Return a line across, with what begins it, its heading if there is one, and what ends it."""
    left, mark, right = ends
    across = glyphs.line[0]
    begin: Words = (
        ((f"{left}{across}", "border"), (mark, "dim")) if mark else ((f"{left}{across}", "border"),)
    )
    words = tuple(cut(heading, width - 5 - len(mark), glyphs.more))
    heading = ((" ", "border"), *words, (" ", "border")) if words else ()
    rest = width - 1 - width_of(begin) - width_of(heading)
    return (*begin, *heading, (across * rest + right, "border"))


def _sides(lines: Block, width: int, glyphs: Glyphs) -> Iterator[Words]:
    side = glyphs.line[1]
    for line in lines:
        yield ((f"{side} ", "border"), *padded(line, width - FRAME), (f" {side}", "border"))


def _bottom(corners: Sequence[str], width: int, glyphs: Glyphs) -> Words:
    return ((corners[0] + glyphs.line[0] * (width - 2) + corners[1], "border"),)


def padded(words: Words, width: int) -> Words:
    """Return words filled up to a width."""
    rest = width - width_of(words)
    return (*words, (" " * rest, "text")) if rest > 0 else words


def centered(block: Block, width: int) -> Block:
    """Return a block in the middle of a width."""
    before = " " * ((width - max(map(width_of, block), default=0)) // 2)
    return [((before, "text"), *line) if before else line for line in block]


def _filled(flow: Flow, labels: Labels) -> Flow:
    """Return the boxes of which a place has words, with their arrows."""
    shown = [at for at, box in enumerate(flow.boxes) if _has_words(box, labels)]
    arrows = tuple(flow.arrow(at) for at in shown)
    return Flow(tuple(flow.boxes[at] for at in shown), arrows, flow.down, flow.apart)


def _has_words(box: Box, labels: Labels) -> bool:
    return any(labels.get(place) for place in (box.title, *chain.from_iterable(box.rows)))


def _text(box: Box, labels: Labels, room: int) -> Block:
    """Return the lines in a box, folded to its room."""
    lines: Block = []
    for row in box.rows:
        texts = [labels[place] for place in row if labels.get(place)]
        column = (room - GAP * (len(texts) - 1)) // max(1, len(texts))
        if len(texts) > 1 and max(map(width_of, texts)) <= column:
            row_words = [piece for text in texts for piece in padded(text, column + GAP)]
            lines.append(tuple(cut(row_words, room, "")))
        else:
            lines += (line for text in texts for line in fold_words(text, room))
    return lines


def _natural(box: Box, labels: Labels) -> int:
    """Return the cells that a box needs to fold none of its text."""
    rows = ([width_of(labels[place]) for place in row if labels.get(place)] for row in box.rows)
    widths = (max(row) * len(row) + GAP * (len(row) - 1) for row in rows if row)
    return max(width_of(labels.get(box.title, ())) + 1, *widths, 0) + FRAME


def _label(flow: Flow, at: int, labels: Labels) -> Block:
    """Return the folded lines of an arrow's label."""
    words = [labels[place] for place in flow.arrow(at) if labels.get(place)]
    return [line for each in words for line in fold_words(each, LONGEST_ARROW - 2)]


def _arrow_width(flow: Flow, at: int, labels: Labels, usual: int) -> int:
    """Return the cells between a box and the next."""
    widest = max(map(width_of, _label(flow, at, labels)), default=0)
    return GAP if flow.apart else max(usual, widest + 2 if widest else 0)


def _least(box: Box, labels: Labels, *, whole: bool) -> int:
    """Return the cells that a box needs to split no word, unless it is very long.

    If not `whole`, names may be split behind their signs.
    """
    places_of = chain.from_iterable(box.rows)
    texts = ["".join(text for text, _ in labels.get(place, ())) for place in places_of]
    words = (word for text in texts for word in text.split())
    longest = max(map(cells if whole else longest_part, words), default=0)
    title = width_of(labels.get(box.title, ())) + 1
    return max(NARROWEST, FRAME + min(WIDEST_WORD, max(longest, title)))


def _columns(flow: Flow, labels: Labels, width: int) -> tuple[list[int], list[int]]:
    """Return the widths of boxes side by side and of arrows; none where a word would be split."""
    wanted = [_natural(box, labels) for box in flow.boxes]
    lows = [
        [
            min(_least(box, labels, whole=whole), most)
            for box, most in zip(flow.boxes, wanted, strict=True)
        ]
        for whole in (True, False)
    ]
    for usual in (ARROW, SHORTEST_ARROW):
        gaps = [_arrow_width(flow, at, labels, usual) for at in range(len(wanted) - 1)]
        if sum(lows[-1]) + sum(gaps) <= width:
            for low in lows:
                wanted = _narrowed(wanted, low, width - sum(gaps))
            return wanted, gaps
    return [], []


def _narrowed(widths: Sequence[int], low: Sequence[int], room: int) -> list[int]:
    """Return widths that fit into the room, if none of them is narrower then than in `low`."""
    now = [*widths]
    while sum(now) > room:  # the widest gives way
        spare = [size if size > least else 0 for size, least in zip(now, low, strict=True)]
        if not any(spare):
            break
        now[spare.index(max(spare))] -= 1
    return now


def _across(
    flow: Flow, labels: Labels, widths: Sequence[int], gaps: Sequence[int], glyphs: Glyphs
) -> Block:
    pairs = list(zip(flow.boxes, widths, strict=True))
    arrows = [_label(flow, at, labels) for at in range(len(pairs) - 1)]
    texts = (len(_text(box, labels, width - FRAME)) for box, width in pairs)
    height = max(1, *texts, *(len(lines) - 1 for lines in arrows))
    columns: list[Block] = []
    for at, (box, width) in enumerate(pairs):
        if at:
            between = gaps[at - 1]
            wire = "" if flow.apart else glyphs.line[0] * (between - 1) + glyphs.right
            columns.append(_arrow(wire, arrows[at - 1], between, height + 2))
        columns.append(draw_box(box, labels, width, height, glyphs))
    rows = zip(*columns, strict=True)
    return [tuple(piece for line in row for piece in line) for row in rows]


def _arrow(wire: str, label: Sequence[Words], width: int, height: int) -> Block:
    """Return an arrow in the middle of a height, with its label above and below."""
    lines = [_in_middle(each, width) for each in label]
    above = (len(lines) + 1) // 2
    lines.insert(above, ((wire.ljust(width), "border"),))
    blank: Words = ((" " * width, "text"),)
    before = max(0, min(height // 2 - above, height - len(lines)))
    return [*[blank] * before, *lines, *[blank] * (height - before - len(lines))]


def _in_middle(words: Words, width: int) -> Words:
    return padded(((" " * ((width - width_of(words)) // 2), "text"), *words), width)


def _below(flow: Flow, labels: Labels, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the boxes below each other, all as wide as the widest needs."""
    widest = max(_natural(box, labels) for box in flow.boxes)
    width = min(width, round(widest * AIR))
    for at, box in enumerate(flow.boxes):
        lines = draw_box(box, labels, width, 0, glyphs)
        if at and not flow.apart:
            yield _arrow_down(flow, at - 1, labels, width, glyphs)
        if at + 1 < len(flow.boxes) and not flow.apart:
            lines[-1] = _with_tee(lines[-1], glyphs)
        yield from lines


def _ruled(flow: Flow, labels: Labels, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the boxes as one, with a line across it for each arrow."""
    arrows = [4 + WIRE + width_of(_heading(flow, at, labels)) for at in range(len(flow.boxes))]
    natural = max(*arrows, *(_natural(box, labels) for box in flow.boxes))
    width = min(width, round(AIR * natural))
    top_left, top_right, *bottom = [*glyphs.corner]
    left, right = [*glyphs.rule]
    down = "" if flow.apart else glyphs.down
    for at, box in enumerate(flow.boxes):
        ends = (left, down, right) if at else (top_left, "", top_right)
        yield _edge(ends, _heading(flow, at, labels), width, glyphs)
        yield from _sides(_text(box, labels, width - FRAME), width, glyphs)
    yield _bottom(bottom, width, glyphs)


def _heading(flow: Flow, at: int, labels: Labels) -> Words:
    """Return the label of the arrow to a box, and the title of the box."""
    arrow = flow.arrow(at - 1) if at else ()
    return joined_words(
        [labels[place] for place in (*arrow, flow.boxes[at].title) if labels.get(place)]
    )


def joined_words(texts: Sequence[Words], between: str = "  ") -> Words:
    """Return texts as one, with blanks between them."""
    joined = [piece for words in texts for piece in ((between, "text"), *words)]
    return tuple(joined[1:])


def _arrow_down(flow: Flow, at: int, labels: Labels, width: int, glyphs: Glyphs) -> Words:
    """Return the line of an arrow between a box and the next."""
    label = joined_words([labels[place] for place in flow.arrow(at) if labels.get(place)])
    return tuple(cut(((f"{' ' * WIRE}{glyphs.down} ", "dim"), *label), width, glyphs.more))


def _with_tee(bottom: Words, glyphs: Glyphs) -> Words:
    """Return the bottom of a box from which an arrow goes down."""
    ((line, tone),) = bottom
    return ((line[:WIRE] + glyphs.tee + line[WIRE + 1 :], tone),)


def _steps(steps: Steps, labels: Labels, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the head, and a line with a mark for each step that has words."""
    head = [labels[place] for place in steps.head if labels.get(place)]
    yield from fold_words(joined_words(head, "   "), width) if head else ()
    shown = [labels[place] for place in steps.steps if labels.get(place)]
    for number, words in enumerate(shown):
        wire = glyphs.line[1] if number + 1 < len(shown) else " "
        mark: Words = ((f"{glyphs.ok}  ", "accent"),)
        for line in fold_words(words, width - width_of(mark)):
            yield (*mark, *line)
            mark = ((f"{wire}  ", "border"),)
