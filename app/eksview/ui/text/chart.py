"""Charts of usage over time: blocks by height, gaps where nothing was read, limits as lines."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from eksview.domain.base.text import fit
from eksview.domain.history.prometheus import Series
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.words import Tone, Words

HEIGHT = 5  # lines of a chart without its axis
AXIS = 9  # cells of the figures left of it
Level = tuple[str, float]
"""A limit by its name: requests, limits or allocatable."""


def chart_lines(
    title: str,
    series: Series,
    levels: Sequence[Level],
    show: Callable[[float], str],
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """Yield a chart with its title, its axes and its legend, `width` cells wide."""
    values = [value for _, value in series.points]
    if not values:
        yield ((f"{title}, {series.window.label}: no figures", "dim"),)
        return
    levels = [(name, value) for name, value in levels if value > 0]
    top = max(*values, *(value for _, value in levels), 1e-9)
    words: list[tuple[str, Tone]] = [(f"{title}, {series.window.label}", "strong")]
    newest = "now" if series.end - series.points[-1][0] <= 4 * series.window.step else "latest"
    words.append((f"  {newest} {show(values[-1])}, max {show(max(values))}", "text"))
    words += [(f"  {glyphs.line[0] * 2} {name} {show(value)}", "warn") for name, value in levels]
    yield tuple(words)
    columns = _columns(series, max(1, width - AXIS - 1))
    level_of = {min(HEIGHT - 1, int(value / top * HEIGHT)): value for _, value in levels}
    labels = {row: show(value) for row, value in level_of.items()}
    labels |= {0: "0", HEIGHT - 1: show(top)}
    for row in range(HEIGHT - 1, -1, -1):
        cells = _row(columns, row, top, glyphs, level_of.get(row))
        yield ((f"{labels.get(row, ''):>{AXIS}} ", "dim"), *cells)
    yield ((" " * (AXIS + 1) + _times(series, len(columns)), "dim"),)


def _columns(series: Series, width: int) -> list[float | None]:
    """Return the highest figure of each cell's time; None for a gap.

    A figure holds from the one before it on, so that charts of all windows are equally wide.
    """
    columns: list[float | None] = [None] * width
    window = series.window
    begin, seconds = series.end - window.seconds, window.seconds / width
    for at, value in series.points:
        last = max(0, min(width - 1, int((at - begin) / seconds)))
        first = max(0, int((at - window.step - begin) / seconds) + 1)
        for cell in range(min(first, last), last + 1):
            columns[cell] = max(value, columns[cell] or 0.0)
    return columns


def _row(
    columns: Sequence[float | None], row: int, top: float, glyphs: Glyphs, level: float | None
) -> Iterator[tuple[str, Tone]]:
    """Yield the cells of a row. A level's line is broken where figures reach it, or in row 0 are.

    There, a small figure has no other place to be seen.
    """
    steps = len(glyphs.spark)
    for value in columns:
        part = -1.0 if value is None else value / top * HEIGHT - row
        below = level is not None and value is not None and value < level and part < 0.5
        if (part > 0 and not below) or (row == 0 and value is not None):
            yield glyphs.spark[max(0, min(steps - 1, int(part * steps)))], "used"
        elif level is not None:
            yield glyphs.line[0], "warn"
        else:
            yield " ", "text"


def _times(series: Series, width: int) -> str:
    """Return the times below the axis: its begin, middle and end, in UTC."""
    form = "%H:%M" if series.window.seconds <= 86_400 else "%a %d"
    begin = series.end - series.window.seconds
    begin_text, middle, end = (
        datetime.fromtimestamp(at, UTC).strftime(form)
        for at in (begin, (begin + series.end) / 2, series.end)
    )
    end = f"{end} UTC"
    half = fit(begin_text, max(len(begin_text), width // 2 - len(middle) // 2)) + middle
    return fit(half, max(len(half) + 1, width - len(end))) + end
