"""Charts of usage: heights, gaps, limits and times, in Unicode and ASCII."""

from collections.abc import Sequence

import pytest

from eksview.domain.history.prometheus import WINDOWS, Series, Window
from eksview.ui.text.chart import AXIS, HEIGHT, Level, chart_lines
from eksview.ui.text.glyphs import ASCII, UNICODE, Glyphs
from eksview.ui.text.styled_text import width_of

END = 1_800_000_000.0  # 2027-01-15T08:00:00Z
HOUR = WINDOWS[0]


def drawn(points: dict[float, float], glyphs: Glyphs = UNICODE, limit: float = 0.0) -> list[str]:
    return charted(Series(HOUR, END, tuple(sorted(points.items()))), [("limits", limit)], glyphs)


def charted(
    series: Series, levels: Sequence[Level] = (), glyphs: Glyphs = UNICODE, width: int = 70
) -> list[str]:
    lines = list(chart_lines("CPU", series, levels, lambda v: f"{v:.1f}", width, glyphs))
    assert all(width_of(line) <= max(90, width) for line in lines)
    return ["".join(text for text, _ in line) for line in lines]


def test_the_axis_names_the_highest_value_and_the_times() -> None:
    lines = drawn({END - 1800: 1.0, END: 2.0})
    assert lines[0].startswith("CPU, last hour  now 2.0, max 2.0")
    assert lines[1].lstrip().startswith("2.0")
    assert lines[HEIGHT].lstrip().startswith("0")
    assert [word for word in lines[-1].split() if ":" in word] == ["07:00", "07:30", "08:00"]
    assert lines[-1].endswith("UTC")


def test_a_time_without_a_figure_is_a_gap() -> None:
    bottom = drawn({END - 3600: 1.0, END: 1.0})[HEIGHT][AXIS + 1 :]
    assert bottom.strip() != ""
    assert set(bottom[1:-1]) == {" "}


def test_a_limit_above_all_figures_is_a_line_and_in_the_legend() -> None:
    lines = drawn({END - 3600 + n * 30: 1.0 for n in range(121)}, limit=4.0)
    assert "limits 4.0" in lines[0]
    assert lines[1].count(UNICODE.line[0]) > 40


def rows_of(lines: list[str]) -> list[str]:
    """The cells of a chart from its top, without axis and legend."""
    return [line[AXIS + 1 :] for line in lines[1 : HEIGHT + 1]]


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.label)
@pytest.mark.parametrize("width", [40, 131, 200])
def test_charts_of_all_windows_fill_the_same_width(window: Window, width: int) -> None:
    times = range(0, window.seconds + 1, window.step)
    points = tuple((END - window.seconds + at, 1.0) for at in times)
    lines = charted(Series(window, END, points), width=width)
    assert {row.count(UNICODE.spark[-1]) for row in rows_of(lines)} == {width - AXIS - 1}
    assert width_of(((lines[-1], "text"),)) == width


def test_each_level_is_named_on_the_axis() -> None:
    points = tuple((END - 3600 + n * 30, 0.2) for n in range(121))
    lines = charted(Series(HOUR, END, points), [("requests", 1.0), ("limits", 2.0)])
    labels = [line[:AXIS].strip() for line in lines[1 : HEIGHT + 1]]
    assert labels == ["2.0", "", "1.0", "", "0"]


def test_the_title_of_a_usual_pod_needs_one_line_of_80_columns() -> None:
    series = Series(HOUR, END, ((END, 413.0),))
    levels = [("requests", 512.0), ("limits", 1023.0)]
    title = next(chart_lines("Memory", series, levels, lambda v: f"{v:.0f}Mi", 76, UNICODE))
    assert width_of(title) <= 76


def test_a_line_is_broken_only_where_figures_reach_it() -> None:
    points = tuple((END - 3600 + n * 30, 0.9 if n < 60 else 1.1) for n in range(121))
    row = rows_of(charted(Series(HOUR, END, points), [("requests", 1.0), ("limits", 2.0)]))[2]
    half = row.index(UNICODE.line[0] + UNICODE.spark[6])
    assert set(row[: half + 1]) == {UNICODE.line[0]}
    assert UNICODE.line[0] not in row[half + 1 :]


def test_a_small_figure_is_seen_beside_a_line_at_the_bottom() -> None:
    points = tuple((END - 3600 + n * 30, 0.1) for n in range(121))
    bottom = rows_of(charted(Series(HOUR, END, points), [("requests", 0.2), ("limits", 2.0)]))[-1]
    assert UNICODE.line[0] not in bottom


def test_no_figures_are_said() -> None:
    assert drawn({}) == ["CPU, last hour: no figures"]


def test_ascii_has_no_other_characters() -> None:
    lines = drawn({END - 3600 + n * 30: float(n % 7) for n in range(121)}, ASCII, 9.0)
    assert all(text.isascii() for text in lines)
