"""Charts of usage: heights, gaps, limits and times, in Unicode and ASCII."""

from eksview.domain.history.prometheus import WINDOWS, Series
from eksview.ui.text.chart import AXIS, HEIGHT, chart_lines
from eksview.ui.text.glyphs import ASCII, UNICODE, Glyphs
from eksview.ui.text.styled_text import width_of

END = 1_800_000_000.0  # 2027-01-15T08:00:00Z
HOUR = WINDOWS[0]


def drawn(points: dict[float, float], glyphs: Glyphs = UNICODE, limit: float = 0.0) -> list[str]:
    series = Series(HOUR, END, tuple(sorted(points.items())))
    lines = chart_lines("CPU", series, [("limits", limit)], lambda v: f"{v:.1f}", 70, glyphs)
    lines = list(lines)
    assert all(width_of(line) <= 90 for line in lines)
    return ["".join(text for text, _ in line) for line in lines]


def test_the_axis_names_the_highest_value_and_the_times() -> None:
    lines = drawn({END - 1800: 1.0, END: 2.0})
    assert lines[0].startswith("CPU, last hour  now 2.0, highest 2.0")
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


def test_no_figures_are_said() -> None:
    assert drawn({}) == ["CPU, last hour: no figures"]


def test_ascii_has_no_other_characters() -> None:
    lines = drawn({END - 3600 + n * 30: float(n % 7) for n in range(121)}, ASCII, 9.0)
    assert all(text.isascii() for text in lines)
