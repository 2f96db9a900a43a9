"""Pieces of styled text: cut, filled, joined, compared."""

import pytest
from rich.style import Style

from eksview.domain.base.text import cells
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.palette import NIGHT, palette
from eksview.ui.text.styled_text import (
    MERGED,
    Ink,
    crop,
    differences,
    ends,
    joined,
    measure,
    merged,
    pad,
    strip,
    width_of,
)

RED, BLUE, PLAIN = Style(color="red"), Style(color="blue"), Style()
INK = Ink(palette(NIGHT), UNICODE)


def text(spans):
    return "".join(each for each, _ in spans)


@pytest.mark.parametrize("said", ["", "abc", "●▲✖", "日本", "a日b", "é", "█▒░ 62%", "e\u0301"])
def test_measure_counts_cells(said):
    assert measure(said) == cells(said)


@pytest.mark.parametrize(
    ("said", "width", "drawn"),
    [
        (["ab"], 4, "ab  "),
        (["ab", "cd"], 4, "abcd"),
        (["ab", "cde"], 4, "abc…"),
        (["abcd", "e"], 4, "abcd"),
        (["abcde"], 1, "…"),
        (["ab"], 0, ""),
        ([], 3, "   "),
        (["日本"], 3, "日…"),
        (["日本"], 2, "… "),
    ],
)
def test_pad_makes_exactly_so_many_cells(said, width, drawn):
    spans = pad([(each, RED) for each in said], width, PLAIN)
    assert text(spans) == drawn
    assert width_of(spans) == width


@pytest.mark.parametrize(
    ("said", "start", "width", "drawn"),
    [
        (["abcdef"], 0, 3, "abc"),
        (["abcdef"], 2, 3, "cde"),
        (["ab", "cd", "ef"], 1, 4, "bcde"),
        (["ab"], 1, 4, "b   "),
        (["ab"], 5, 3, "   "),
        (["日本"], 1, 2, "  "),
        (["日本"], 2, 2, "本"),
        (["a日b"], 0, 2, "a "),
        ([], 0, 2, "  "),
    ],
)
def test_crop_gives_exactly_the_cells_of_a_window(said, start, width, drawn):
    spans = list(crop([(each, RED) for each in said], start, width, PLAIN))
    assert text(spans) == drawn
    assert width_of(spans) == width


def test_pad_cuts_in_ascii_where_that_is_asked():
    assert text(pad([("abcde", RED)], 3, PLAIN, ASCII.more)) == "ab~"


def test_pad_fills_up_in_its_own_style():
    assert pad([("a", RED)], 3, BLUE) == [("a", RED), ("  ", BLUE)]


@pytest.mark.parametrize(
    ("left", "right", "width", "drawn"),
    [
        ("ab", "cd", 6, "ab  cd"),
        ("abcdef", "gh", 6, "abc…gh"),
        ("ab", "cdefgh", 4, "cde…"),
        ("", "", 2, "  "),
    ],
)
def test_the_left_end_gives_way_first(left, right, width, drawn):
    assert text(ends([(left, RED)], [(right, BLUE)], width, INK)) == drawn


def test_only_parts_that_say_something_are_joined():
    parts = [[], [("a", RED)], [], [("b", RED), ("c", BLUE)], []]
    assert text(joined(parts, (" · ", PLAIN))) == "a · bc"
    assert joined([[], []], (" · ", PLAIN)) == []


def test_neighbours_of_one_style_become_one_piece():
    spans = [("a", RED), ("b", RED), ("c", BLUE), ("d", RED)]
    assert merged(spans) == [("ab", RED), ("c", BLUE), ("d", RED)]
    assert merged([]) == []


def test_a_strip_has_the_text_and_the_base_beneath():
    drawn = strip([("a", RED), ("b", BLUE)], Style(bgcolor="black"))
    assert drawn.text == "ab"
    assert all(each.style.bgcolor is not None for each in drawn)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([("abc", RED)], [("abc", RED)], []),
        ([("ab", RED), ("c", RED)], [("abc", RED)], []),
        ([("abc", RED)], [("abd", RED)], [(2, 1)]),
        ([("xabcx", RED)], [("xabdx", RED)], [(3, 1)]),
        ([("abc", RED)], [("abc", BLUE)], [(0, 3)]),
        ([("a", RED), ("bc", BLUE)], [("a", RED), ("xc", BLUE)], [(1, 1)]),
        ([("a", RED), ("b", BLUE), ("c", RED)], [("a", RED), ("x", BLUE), ("c", RED)], [(1, 1)]),
        ([("abc", RED)], [("ab", RED)], [(0, 3)]),
        ([("日本", RED)], [("日x ", RED)], [(0, 4)]),
        ([("日本", RED), ("a", RED)], [("日本", RED), ("b", RED)], [(4, 1)]),
        ([], [("ab", RED)], [(0, 2)]),
        ([("ab", RED)], [], [(0, 2)]),
        ([], [("", RED)], []),
    ],
)
def test_only_the_cells_that_differ_are_found(old, new, found):
    assert differences(old, new) == found


@pytest.mark.parametrize(
    ("between", "runs"),
    [(MERGED - 1, [(0, MERGED + 1)]), (MERGED, [(0, 1), (MERGED + 1, 1)])],
)
def test_far_apart_two_changes_are_two_runs(between, runs):
    same = "=" * between
    assert differences([(f"a{same}b", RED)], [(f"x{same}y", RED)]) == runs


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([("  3s", RED), ("|", BLUE), ("a", RED)], [(" 14s", RED), ("|", BLUE), ("b", RED)]),
        ([("aaaa", RED), ("b", BLUE)], [("aa", RED), ("bbb", BLUE)]),
        ([("●", RED), (" x", BLUE)], [("✖", BLUE), (" x", BLUE)]),
        ([("a" * 40, RED), ("b" * 40, BLUE)], [("x" + "a" * 38, RED), ("b" * 40 + "y", BLUE)]),
        ([("11 rows", RED), (", 9 joined", BLUE)], [("9 rows", RED), (", 9 joined", BLUE)]),
        ([("9 rows", RED), (", 9 joined", BLUE)], [("11 rows", RED), (", 9 joined", BLUE)]),
    ],
)
def test_repainting_what_differs_gives_the_new_line(old, new):
    width = max(width_of(old), width_of(new))
    shown, after = ([(char, style) for said, style in pad(line, width, PLAIN) for char in said]
                    for line in (old, new))  # fmt: skip
    for x, many in differences(old, new):
        shown[x : x + many] = after[x : x + many]
    assert shown == after
