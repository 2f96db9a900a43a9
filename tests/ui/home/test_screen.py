"""Heights of the home screen's panels, and columns of its wires."""

from itertools import pairwise

import pytest

from eksview.ui.home.api_link import wire_columns
from eksview.ui.home.screen import heights


@pytest.mark.parametrize("width", [20, 80, 160, 250])
@pytest.mark.parametrize("count", [1, 5])
def test_wires_are_evenly_apart_and_inside(width, count):
    columns = wire_columns(width, count)
    assert len(columns) == count
    assert all(0 <= each < width for each in columns)
    assert len({b - a for a, b in pairwise(columns)}) <= 1


def test_no_wires_need_no_room():
    assert wire_columns(80, 0) == ()


@pytest.mark.parametrize(
    ("height", "wanted", "control", "link"),
    [
        (48, 7, 7, 3),
        (30, 7, 7, 3),
        (29, 7, 7, 2),
        (24, 7, 7, 2),
        (21, 7, 7, 1),
        (17, 7, 6, 1),  # what is left over the workers
        (14, 7, 3, 1),
        (12, 7, 0, 1),  # two lines of frame say nothing
        (9, 7, 0, 0),
        (5, 7, 0, 0),
        (70, 40, 40, 3),
    ],
)
def test_on_a_low_terminal_the_workers_stay(height, wanted, control, link):
    assert heights(height, wanted) == (control, link)


@pytest.mark.parametrize("height", range(1, 70))
@pytest.mark.parametrize("wanted", [5, 9, 14])
def test_nothing_is_given_that_isnt_there(height, wanted):
    control, link = heights(height, wanted)
    assert control <= wanted
    assert control + link + 2 <= max(2, height)
    assert not control or height - 2 - control - link >= 7
