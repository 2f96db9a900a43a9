"""Which columns fit, and how wide they are."""

from itertools import pairwise

import pytest
from msgspec.structs import replace

from eksview.domain.tables.column import Column
from eksview.ui.table.column_layout import Layout
from eksview.ui.table.column_set import ColumnSet


def column(name: str, tier: int, align: str = "left") -> Column[dict[str, str], None]:
    return Column(
        id=name,
        title=name.upper(),
        cell=lambda row, _: row.get(name, ""),
        sort=lambda row, _: row.get(name, ""),
        width=5,
        tier=tier,
        key=name[0].upper(),
        align=align,
    )


COLUMNS = (
    column("name", 0),
    column("status", 0),
    column("age", 1),
    column("pods", 1, "right"),
    column("zone", 2),
    column("kernel", 3),
)
ROW = {
    "name": "ip-10-0-1-234.internal",  # 22 cells
    "status": "Ready",
    "age": "5d",
    "pods": "12/58",
    "zone": "2a",
    "kernel": "6.1.140-154",
}


def columns(room: int, **extra: str) -> ColumnSet[dict[str, str], None]:
    chosen: ColumnSet[dict[str, str], None] = ColumnSet(COLUMNS, {"name": 12}, 1)
    chosen.sample([ROW | extra], None)
    chosen.arrange(room)
    return chosen


def ids(layout: Layout) -> str:
    return " ".join(placed.column.id for placed in layout.placed)


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (51, "name status age pods zone kernel"),
        (50, "name status age pods kernel"),
        (44, "name status age kernel"),
        (37, "name status kernel"),
    ],
)
def test_the_column_of_the_order_stays_while_others_go(room: int, shown: str) -> None:
    sorted_columns = columns(room)
    sorted_columns.keep("kernel")
    assert ids(sorted_columns.layout) == shown
    sorted_columns.keep("")
    assert sorted_columns.layout == columns(room).layout


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (61, "name status age pods zone kernel"),
        (60, "name status age pods zone"),
        (38, "name status age pods zone"),
        (37, "name status age pods"),
        (31, "name status age"),
        (24, "name status"),
        (3, "name"),
    ],
)
def test_high_tiers_go_first_and_names_shrink_for_all_but_the_highest(
    room: int, shown: str
) -> None:
    assert ids(columns(room).layout) == shown


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("room", range(3, 120))
def test_no_column_ends_outside(room: int, wide: bool) -> None:
    chosen = columns(room)
    if wide:
        chosen.toggle()
    assert all(placed.end <= room for placed in chosen.layout.placed)
    assert chosen.layout.placed


@pytest.mark.parametrize("room", range(20, 120))
def test_columns_never_overlap_nor_leave_the_room(room: int) -> None:
    placed = columns(room).layout.placed
    for left, right in pairwise(placed):
        assert left.end + 2 <= right.x
    assert placed[-1].end <= room


@pytest.mark.parametrize("wide", [False, True])
def test_a_long_text_in_the_last_column_takes_the_room_behind_it(wide: bool) -> None:
    table: ColumnSet[dict[str, str], None] = ColumnSet(COLUMNS[:2], {"status": 12}, 1)
    table.wide = wide
    table.relearn()
    table.sample([ROW | {"status": "x" * 100}], None)
    table.arrange(120)
    assert table.layout.placed[-1].end == 120
    table.arrange(300)
    assert table.layout.placed[-1].width == 100


def test_shared_room_makes_short_texts_whole_beside_a_long_one() -> None:
    least = {"name": 5, "status": 5, "zone": 5}
    shared = frozenset({"status", "zone"})
    table: ColumnSet[dict[str, str], None] = ColumnSet(COLUMNS[:5], least, 1, shared=shared)
    table.sample([ROW | {"name": "web", "status": "172.20.128.156", "zone": "a" * 60}], None)
    table.arrange(60)
    widths = {placed.column.id: placed.width for placed in table.layout.placed}
    assert widths["status"] == len("172.20.128.156") < widths["zone"]


@pytest.mark.parametrize(
    ("room", "widths"), [(40, [12, 12, 12]), (37, [11, 11, 11]), (28, [8, 8, 8])]
)
def test_the_widest_of_shared_columns_shrink_first(room: int, widths: list[int]) -> None:
    texts = tuple(column(name, 1) for name in ("reason", "object", "message"))
    low = dict.fromkeys(("reason", "object", "message"), 8)
    shared = frozenset(low)
    table: ColumnSet[dict[str, str], None] = ColumnSet(
        texts, dict.fromkeys(low, 20), 0, tight=low, shared=shared
    )
    table.sample([{"reason": "r" * 12, "object": "o" * 30, "message": "m" * 60}], None)
    table.arrange(room)
    assert [placed.width for placed in table.layout.placed] == widths


def test_spare_room_goes_back_to_the_flexible_column() -> None:
    assert columns(45).layout.placed[0].width == 19
    assert columns(66).layout.placed[0].width == 22


def test_widths_only_grow_so_that_nothing_jumps() -> None:
    chosen = columns(200)
    before = chosen.layout
    assert not chosen.learn(["x"] * 6), "a shorter text moves nothing"
    chosen.arrange()
    assert chosen.layout is before
    assert chosen.learn([*["x"] * 5, "a-longer-kernel-version"])
    chosen.arrange()
    assert chosen.layout.placed[5].width == 23


def test_wide_shows_all_and_scrolls_by_columns_with_the_name_in_place() -> None:
    chosen = columns(40)
    chosen.toggle()
    assert ids(chosen.layout) == "name status age", "for pods there are too few cells"
    assert chosen.layout.hidden == 3
    chosen.sideways(1)
    assert ids(chosen.layout).startswith("name age pods")
    for _ in range(9):
        chosen.sideways(1)
    assert ids(chosen.layout).endswith("kernel")
    assert chosen.layout.hidden == 0
    while chosen.wide:
        chosen.sideways(-1)
    assert ids(chosen.layout) == "name status age pods zone"


def test_moving_right_brings_in_what_did_not_fit_and_nothing_when_all_fits() -> None:
    narrow, roomy = columns(40), columns(200)
    narrow.sideways(1)
    roomy.sideways(1)
    assert narrow.wide
    assert not roomy.wide


def test_a_column_is_found_where_it_is_drawn() -> None:
    chosen = columns(200)
    placed = chosen.layout.placed[3]
    for x, name in ((placed.x, "pods"), (placed.end - 1, "pods"), (placed.end, None)):
        found = chosen.at(x)
        assert (found.id if found else None) == name


def test_wide_characters_count_as_two_cells() -> None:
    assert columns(200, name="节点节点节点节点节点节点节点").layout.placed[0].width == 28


@pytest.mark.parametrize(("room", "width"), [(100, 9), (14, 9), (13, 8), (7, 2)])
def test_a_flexible_column_is_as_wide_as_usual_where_there_is_room(room: int, width: int) -> None:
    state = replace(column("st", 0), width=9)
    chosen: ColumnSet[dict[str, str], None] = ColumnSet((state, column("age", 0)), {"st": 20}, 1)
    chosen.sample([{"st": "Up", "age": "5d"}], None)
    chosen.arrange(room)
    assert chosen.layout.placed[0].width == width
