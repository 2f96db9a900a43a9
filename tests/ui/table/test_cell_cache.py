"""Ages of rows that haven't changed advance together; other cells are kept until told."""

from typing import Any

from eksview.ui.table.cell_cache import FEW, CellCache, RowCells
from eksview.ui.table.column_layout import Layout
from eksview.ui.table.row_pace import READABLE


def texts(
    cache: CellCache[Any], rows: list[tuple[str, Any]], now: float, layout: Layout
) -> list[str]:
    composed = cache.compose(rows, layout, now, lambda row: RowCells((f"{row}@{now:.0f}",), ()))
    return [cells.texts[0] for cells in composed]


def test_a_few_ages_advance_each_second() -> None:
    cache, layout = CellCache[Any](pure=True), Layout()
    rows = [(str(at), at) for at in range(FEW)]
    for now in range(5):
        assert texts(cache, rows, now, layout) == [f"{at}@{now}" for at in range(FEW)]


def test_many_ages_advance_together_and_rarely_but_a_changed_row_at_once() -> None:
    cache, layout = CellCache[Any](pure=True), Layout()
    rows = [(str(at), at) for at in range(FEW + 1)]
    for now in (0, 1, 2):
        texts(cache, rows, now, layout)
    changed = [("0", "new"), *rows[1:]]
    assert texts(cache, changed, 3, layout) == ["new@3", *(f"{at}@2" for at in range(1, FEW + 1))]
    assert texts(cache, changed, 2 + READABLE, layout)[-1] == f"{FEW}@{2 + READABLE:.0f}"


def test_nothing_is_kept_in_another_layout_or_where_cells_depend_on_other_rows() -> None:
    rows = [(str(at), at) for at in range(FEW + 1)]
    for pure, layouts in ((True, [Layout(hidden=at) for at in range(4)]), (False, [Layout()] * 4)):
        cache = CellCache[Any](pure=pure)
        for now, layout in enumerate(layouts):
            assert texts(cache, rows, now, layout)[0] == f"0@{now}"


def test_cells_that_depend_on_other_rows_are_kept_for_a_second_unless_told() -> None:
    cache, layout, asked = CellCache[Any](pure=False), Layout(), list[str]()
    rows = [("a", "a"), ("b", "b")]

    def compose(now: float) -> list[str]:
        asked.clear()
        cache.compose(rows, layout, now, lambda row: RowCells((asked.append(row) or row,), ()))
        return [*asked]

    assert compose(1) == ["a", "b"]
    assert compose(1) == []
    cache.outdated({"b", "gone"})
    assert compose(1) == ["b"]
    assert compose(2) == ["a", "b"]
    cache.outdated(None)
    assert compose(2) == ["a", "b"]
