"""The cells of a terminal, and what a painted frame puts into them."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from rich.cells import split_graphemes

from eksview.ui.terminal.pen import PLAIN, Pen, apply, on_blank

Cell: TypeAlias = tuple[str, Pen]
"""A character and its pen. The second cell of a wide character holds an empty text."""
Row: TypeAlias = list[Cell | None]
"""The cells of a line from left to right; None is a cell that isn't known."""

_TOKEN = re.compile(r"\x1b\[([\d;]*)([Hm])|(\n)|([^\x00-\x1f\x7f-\x9f]+)")


def put_frame(frame: str, row_at: Callable[[int], Row | None]) -> bool:
    """Put the text of a frame into rows; return False for a sequence that no frame has.

    A frame consists of text, line feeds, and the sequences CUP and SGR. `row_at` returns a row to
    write to, or None below the last.
    """
    x, y, pen, end = 0, 0, PLAIN, 0
    for token in _TOKEN.finditer(frame):
        if token.start() != end:
            return False
        end = token.end()
        codes, kind, feed, text = token.groups()
        if text:
            x = _put(row_at(y), x, cells_of(text, pen))
        elif kind == "m":
            pen = apply(pen, codes)
        elif feed:
            x, y = 0, y + 1
        else:
            line, _, column = codes.partition(";")
            x, y = int(column or 1) - 1, int(line or 1) - 1
    return end == len(frame)


def cells_of(text: str, pen: Pen) -> list[Cell]:
    """Return the cells of a text in one pen."""
    blank = (" ", on_blank(pen))
    if text.isascii():
        return [blank if character == " " else (character, pen) for character in text]
    cells: list[Cell] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells.append(blank if text[start:end] == " " else (text[start:end], pen))
            cells += [("", pen)] * (width - 1)
    return cells


def shown(row: Sequence[Cell | None]) -> str:
    """Return the text of a row."""
    return "".join([cell[0] if cell is not None else "" for cell in row])


def _put(row: Row | None, x: int, cells: list[Cell]) -> int:
    if row is not None:
        row[x : x + len(cells)] = cells[: max(0, len(row) - x)]
    return x + len(cells)
