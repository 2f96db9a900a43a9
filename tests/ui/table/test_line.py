"""Which cells of a line are painted again."""

import pytest
from rich.style import Style

from eksview.ui.table.column_layout import Layout, Placed
from eksview.ui.table.line import MARGIN, MARK, Heading, Painter, RowLine, changed_spans
from eksview.ui.table.pod_table import PODS
from eksview.ui.text.glyphs import ASCII, UNICODE, Glyphs
from eksview.ui.text.palette import NIGHT, palette

WIDTH = 60
PLACES = (("name", 0, 20), ("status", 22, 10), ("restarts", 34, 4), ("cpu-req", 40, 7))
COLUMNS = {column.id: column for column in PODS.columns}
LAYOUT = Layout(tuple(Placed(COLUMNS[name], x, width) for name, x, width in PLACES))
LINE = RowLine("key", ("●", "ok"), ("web-1", "Running", "0", "100m"), ("text",) * 4)


def texts(*changes: tuple[int, str]) -> RowLine:
    cells = list(LINE.texts)
    for at, text in changes:
        cells[at] = text
    return LINE._replace(texts=tuple(cells))


@pytest.mark.parametrize(
    ("new", "spans"),
    [
        (LINE, []),
        (texts((0, "web-2")), [(MARGIN, MARGIN + 20)]),
        (texts((3, "200m")), [(MARGIN + 40, MARGIN + 47)]),
        (texts((2, "1"), (3, "200m")), [(MARGIN + 34, MARGIN + 47)]),
        (texts((0, "x"), (3, "y")), [(MARGIN, MARGIN + 20), (MARGIN + 40, MARGIN + 47)]),
        (LINE._replace(tones=("text", "bad", "text", "text")), [(MARGIN + 22, MARGIN + 32)]),
        (LINE._replace(mark=("✖", "bad")), [(MARK, MARK + 1)]),
        (LINE._replace(thumb=True), [(WIDTH - 1, WIDTH)]),
        (LINE._replace(key="another row that looks the same"), []),
        (LINE._replace(cursor=True), [(0, WIDTH)]),
        (RowLine(), [(0, WIDTH)]),
    ],
)
def test_the_cells_that_differ(new: RowLine, spans: list[tuple[int, int]]) -> None:
    assert changed_spans(LINE, new, LAYOUT, WIDTH) == spans


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [1, 4, 5, 20, 60, 200])
@pytest.mark.parametrize(
    "name", ["web-1", "a-very-long-name-that-is-cut.somewhere", "节点" * 20, ""]
)
def test_every_line_is_as_wide_as_the_table(glyphs: Glyphs, width: int, name: str) -> None:
    painter = Painter(palette(NIGHT), glyphs, LAYOUT, width, palette(NIGHT).text)
    line = texts((0, name))._replace(tones=("host", "warn", "faint", "dim"), thumb=True)
    strips = [
        painter.line(line),
        painter.line(line._replace(cursor=True, focused=True)),
        painter.line(RowLine()),
        painter.heading(Heading("restarts", True)),
        painter.note("a sentence", "dim"),
    ]
    assert {strip.cell_length for strip in strips} == {width}
    assert {sum(segment.cell_length for segment in strip) for strip in strips} == {width}


def test_ascii_tables_are_ascii() -> None:
    painter = Painter(palette(NIGHT), ASCII, LAYOUT, WIDTH, palette(NIGHT).text)
    line = texts((0, "a-very-long-name-that-is-cut-somewhere"))._replace(
        mark=("o", "ok"), cursor=True, focused=True, thumb=True
    )
    assert painter.line(line).text.isascii()
    assert painter.heading(Heading("name", False)).text.isascii()


@pytest.mark.parametrize(
    ("room", "shown"), [(14, "12 (5m29s ago)"), (13, "12"), (9, "12"), (8, "12"), (2, "12")]
)
def test_restarts_have_their_whole_time_or_none(room: int, shown: str) -> None:
    layout = Layout((Placed(COLUMNS["restarts"], 0, room),))
    line = RowLine("a", None, ("12 (5m29s ago)",), ("warn",))
    drawn = Painter(palette(NIGHT), UNICODE, layout, WIDTH, Style()).draw(line)
    assert drawn.text.strip() == shown
