"""Where each worker stands, by width, height and zoom, and where a key leads from there."""

from itertools import pairwise

import pytest

from eksview.domain.kube.node_labels import NodeGroup
from eksview.ui.workers.layout import (
    EMPTY,
    FORMS,
    MAPS,
    Block,
    Zoom,
    arrange,
    at_cell,
    per_line,
    richest,
    step,
    tall,
)

ZONES = ("us-west-2a", "us-west-2b", "us-west-2c")


def block(name: str, *sizes: int) -> Block:
    """A nodegroup with so many nodes in each zone."""
    zones = tuple(
        (zone, tuple(f"{name}-{zone[-1]}{number}" for number in range(size)))
        for zone, size in zip(ZONES, sizes, strict=False)
        if size
    )
    return Block(NodeGroup("nodegroup", name), zones)


def names_of(plan):
    return [name for line in plan.lines if not line.part for name in line.names]


GROUPS = {
    "one": [block("ng", 1)],
    "few": [block("ng", 2, 2, 2)],
    "two groups": [block("ng", 3, 2), block("spot", 1)],
    "many": [block("ng", 40, 30, 30), block("spot", 7)],
    "thousands": [block("ng", 2000, 1500, 1500)],
    "none": [],
}


@pytest.mark.parametrize("groups", GROUPS.values(), ids=GROUPS)
@pytest.mark.parametrize("zoom", Zoom)
@pytest.mark.parametrize("width", [1, 16, 76, 156, 246])
def test_every_node_stands_once_and_inside(groups, zoom, width):
    plan = arrange(groups, width, zoom)
    everybody = [name for each in groups for name in each.names]
    assert names_of(plan) == everybody
    assert list(plan.places) == everybody
    for name, place in plan.places.items():
        assert plan.lines[place.line].names[place.column] == name
    form, room = FORMS[zoom], width - plan.gutter
    for line in plan.lines:
        taken = len(line.names) * (plan.width + form.gap) - form.gap
        assert taken <= max(room, plan.width) or width < plan.gutter + form.least


@pytest.mark.parametrize("zoom", Zoom)
@pytest.mark.parametrize("groups", GROUPS.values(), ids=GROUPS)
def test_tall_says_what_arrange_needs(groups, zoom):
    assert tall(groups, 120, zoom) == len(arrange(groups, 120, zoom).lines)


@pytest.mark.parametrize(
    ("count", "zoom"),
    [(3, Zoom.CARDS), (12, Zoom.CARDS), (24, Zoom.CHIPS), (300, Zoom.CELLS), (2500, Zoom.DOTS)],
)
def test_the_zoom_goes_by_how_many_there_are(count, zoom):
    third = count // 3
    assert richest([block("ng", count - 2 * third, third, third)], 156, 30) is zoom


def test_more_than_any_form_can_show_are_dots():
    assert richest([block("ng", 9000)], 40, 10) is Zoom.DOTS


def test_a_node_more_or_less_doesnt_turn_the_picture_over():
    fits, more = [block("ng", 20)], [block("ng", 21)]  # five cards in a line, seven lines each
    height = tall(fits, 156, Zoom.CARDS)
    assert richest(fits, 156, height) is Zoom.CARDS
    assert richest(more, 156, height) is not Zoom.CARDS
    assert richest(more, 156, height, Zoom.CARDS) is Zoom.CARDS
    assert richest([block("ng", 26)], 156, height, Zoom.CARDS) is not Zoom.CARDS


def test_small_groups_stand_side_by_side_under_their_own_headings():
    plan = arrange([block("a", 1), block("b", 2), block("c", 4)], 156, Zoom.CARDS)
    heads = [line.headings for line in plan.lines if line.headings]
    assert [[(each.block, each.column, each.span) for each in line] for line in heads] == [
        [(0, 0, 1), (1, 1, plan_span(plan))],
        [(2, 0, plan_width(plan))],
    ]


def plan_width(plan):
    return max(len(line.names) for line in plan.lines)


def plan_span(plan):
    return plan_width(plan) - 1


def test_in_a_map_every_zone_begins_a_line_and_is_named_there():
    plan = arrange([block("ng", 5, 3), block("spot", 2)], 40, Zoom.DOTS)
    assert [(line.label, len(line.names)) for line in plan.lines if line.names] == [
        ("2a", 5),
        ("2b", 3),
        ("2a", 2),
    ]
    assert plan.gutter == 3


def test_a_zone_longer_than_a_line_is_named_once():
    plan = arrange([block("ng", 50)], 23, Zoom.DOTS)
    assert [line.label for line in plan.lines if line.names] == ["2a", "", ""]


def test_without_zones_there_is_no_gutter():
    plan = arrange([Block(NodeGroup("none", ""), (("", ("a", "b")),))], 40, Zoom.DOTS)
    assert plan.gutter == 0


def test_groups_are_a_line_apart_only_where_all_fits():
    groups = [block("a", 9), block("b", 9)]
    tight = arrange(groups, 156, Zoom.CHIPS, 0)
    loose = arrange(groups, 156, Zoom.CHIPS, 40)
    empty = [line for line in loose.lines if not line.names and not line.headings]
    assert len(empty) == 1
    assert all(line.names or line.headings for line in tight.lines)


def test_nodes_grow_to_fill_the_line_but_not_without_end():
    assert arrange([block("ng", 2)], 156, Zoom.CARDS, 30).width == FORMS[Zoom.CARDS].most
    three = arrange([block("ng", 3)], 156, Zoom.CARDS, 30)
    assert three.width == (156 - 2) // 3


@pytest.mark.parametrize(
    ("zoom", "width", "count"),
    [
        (Zoom.CARDS, 27, 1),
        (Zoom.CARDS, 57, 2),
        (Zoom.CHIPS, 76, 2),
        (Zoom.CELLS, 10, 5),
        (Zoom.DOTS, 10, 10),
    ],
)
def test_so_many_stand_side_by_side(zoom, width, count):
    assert per_line(FORMS[zoom], width) == count


# moving

PLAN = arrange([block("a", 4), block("b", 5)], 60, Zoom.CHIPS)  # one chip in a line
GRID = arrange([block("ng", 7)], 120, Zoom.CHIPS)  # 3, 3, 1


@pytest.mark.parametrize(
    ("start", "dx", "dy", "end"),
    [
        ("ng-a0", 1, 0, "ng-a1"),
        ("ng-a0", -1, 0, "ng-a0"),
        ("ng-a2", 1, 0, "ng-a3"),
        ("ng-a3", -1, 0, "ng-a2"),
        ("ng-a6", 1, 0, "ng-a6"),
        ("ng-a1", 0, 1, "ng-a4"),
        ("ng-a5", 0, 1, "ng-a6"),
        ("ng-a6", 0, 1, "ng-a6"),
        ("ng-a4", 0, -1, "ng-a1"),
        ("ng-a0", 0, -1, "ng-a0"),
        ("nobody", 0, 1, "ng-a0"),
    ],
)
def test_a_step_leads_to_the_neighbour_and_stays_at_the_edge(start, dx, dy, end):
    assert plan_columns(GRID) == [3, 3, 1]
    assert step(GRID, start, dx, dy) == end


def plan_columns(plan):
    return [len(line.names) for line in plan.lines if line.names]


def test_steps_cross_from_group_to_group():
    order = names_of(PLAN)
    for before, after in pairwise(order):
        assert step(PLAN, before, 0, 1) == after
        assert step(PLAN, after, 0, -1) == before
        assert step(PLAN, before, 1, 0) == after


@pytest.mark.parametrize(("dx", "dy"), [(0, 1), (1, 0), (0, -1)])
def test_a_step_over_cards_skips_the_parts_of_one_card(dx, dy):
    plan = arrange([block("ng", 4)], 30, Zoom.CARDS)  # one card in a line
    end = {(0, 1): "ng-a2", (1, 0): "ng-a2", (0, -1): "ng-a0"}[dx, dy]
    assert step(plan, "ng-a1", dx, dy) == end


def test_an_empty_plan_leads_nowhere():
    assert step(EMPTY, "", 1, 0) == ""
    assert at_cell(EMPTY, 0, 0) == ""


@pytest.mark.parametrize("zoom", Zoom)
def test_a_click_finds_the_node_that_is_drawn_there(zoom):
    plan = arrange([block("ng", 5, 4)], 120, zoom)
    pitch = plan.width + plan.form.gap
    for name, place in plan.places.items():
        x = plan.gutter + place.column * pitch
        assert at_cell(plan, place.line, x) == name
        assert at_cell(plan, place.line + plan.form.height - 1, x + plan.width - 1) == name
    if plan.form.gap:
        assert at_cell(plan, plan.places["ng-a0"].line, plan.gutter + plan.width) == ""


def test_a_click_beside_everything_finds_nobody():
    plan = arrange([block("ng", 2)], 120, Zoom.CELLS)
    assert at_cell(plan, 0, 5) == ""  # a heading
    assert at_cell(plan, 1, 0) == ""  # the zone's name
    assert at_cell(plan, 1, 119) == ""
    assert at_cell(plan, -1, 5) == at_cell(plan, 99, 5) == ""
    assert plan.zoom in MAPS
