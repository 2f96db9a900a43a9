"""Lines of cells aligned as Go's text/tabwriter does for `kubectl describe`.

A cell ends with a tab. A column is made of the cells of consecutive lines, so the lines of one
block are aligned and the next block isn't.
"""

from collections.abc import Iterable, Iterator, Sequence

from eksview.domain.base.text import cells

PADDING = 2


def aligned(lines: Iterable[str]) -> list[str]:
    """Return the lines with spaces for their tabs; what follows the last tab is no cell."""
    rows = [line.split("\t") for line in lines]
    widths: list[list[int]] = [[] for _ in rows]
    _measure(rows, widths, 0, len(rows), 0)
    return [_joined(row, width) for row, width in zip(rows, widths, strict=True)]


def _measure(
    rows: Sequence[Sequence[str]], widths: list[list[int]], start: int, end: int, column: int
) -> None:
    """Add the width of a column to the lines from `start` that have it, then those of the next."""
    for first, last in _blocks(rows, start, end, column):
        width = max(cells(rows[at][column]) for at in range(first, last)) + PADDING
        for at in range(first, last):
            widths[at].append(width)
        _measure(rows, widths, first, last, column + 1)


def _blocks(
    rows: Sequence[Sequence[str]], start: int, end: int, column: int
) -> Iterator[tuple[int, int]]:
    first: int | None = None
    for at in range(start, end):
        if len(rows[at]) - 1 > column:
            first = at if first is None else first
        elif first is not None:
            yield first, at
            first = None
    if first is not None:
        yield first, end


def _joined(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - cells(cell)) for cell, width in zip(row[:-1], widths, strict=True)
    )
    return "".join(padded) + row[-1]
