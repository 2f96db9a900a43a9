"""The cursor and the window of a table."""

from eksview.ui.base.viewport import Viewport


def window(keys: str, at: int = 0, height: int = 4, moved: bool = True) -> Viewport:
    viewport = Viewport()
    viewport.resize(height, len(keys))
    viewport.follow(keys, lambda key: None)
    if moved:
        viewport.move(keys, at)
    return viewport


def follow(viewport: Viewport, keys: str, nearby: str = "") -> Viewport:
    viewport.follow(keys, lambda key: keys.index(key) if key in keys else None, nearby)
    return viewport


def test_an_untouched_cursor_stays_at_the_top() -> None:
    viewport = follow(window("cde", moved=False), "abcde")
    assert (viewport.key, viewport.at, viewport.top) == ("a", 0, 0)


def test_a_cursor_that_is_held_stays_on_its_row() -> None:
    viewport = window("cde", moved=False)
    viewport.hold()
    assert follow(viewport, "abcde").key == "c"
    nothing = window("", moved=False)
    nothing.hold()
    assert follow(nothing, "abc").key == "a"


def test_the_cursor_stays_on_its_row_and_the_row_on_its_line() -> None:
    viewport = window("abcdefghij", at=5)
    line = viewport.at - viewport.top
    follow(viewport, "XYZabcdefghij")
    assert viewport.key == "f"
    assert viewport.at - viewport.top == line


def test_a_row_sorted_far_away_takes_the_cursor_along() -> None:
    viewport = follow(window("abcdefghij", at=1), "jihgfedcba")
    assert (viewport.key, viewport.at) == ("b", 8)
    assert viewport.top <= 8 < viewport.top + viewport.height


def test_a_row_that_disappears_leaves_the_cursor_on_its_neighbour() -> None:
    assert follow(window("abcdef", at=2), "abdef", nearby="defba").key == "d"
    assert follow(window("abc", at=2), "ab", nearby="ba").key == "b"
    # many above leave in the same moment: the number alone would point elsewhere
    assert follow(window("abcdefgh", at=5), "gh", nearby="gh").key == "g"


def test_nothing_left_and_something_again() -> None:
    viewport = follow(follow(window("abc", at=1), ""), "xyz")
    assert (viewport.key, viewport.at, viewport.top) == ("x", 0, 0)


def test_moving_stops_at_the_ends() -> None:
    viewport = window("abcdef")
    viewport.move("abcdef", 99)
    assert (viewport.key, viewport.top) == ("f", 2)
    viewport.move("abcdef", -5)
    assert (viewport.key, viewport.top) == ("a", 0)


def test_one_step_out_of_the_window_scrolls_one_row_and_a_leap_half_a_window() -> None:
    keys = "abcdefghijklmnop"
    step, leap = window(keys, at=3), window(keys, at=3)
    step.move(keys, 4)
    leap.move(keys, 4, leap=True)
    assert (step.top, leap.top) == (1, 2)


def test_the_wheel_moves_the_window_and_drags_the_cursor_only_when_it_must() -> None:
    keys = "abcdefghij"
    viewport = window(keys, at=3)
    viewport.scroll(keys, 2)
    assert (viewport.top, viewport.at) == (2, 3)
    viewport.scroll(keys, 2)
    assert (viewport.top, viewport.at) == (4, 4)
    viewport.scroll(keys, 99)
    assert (viewport.top, viewport.key) == (6, "g")


def test_a_page_keeps_the_line_of_the_cursor() -> None:
    keys = "abcdefghijklmnop"
    viewport = window(keys, at=1)
    viewport.page(keys, 4)
    assert (viewport.top, viewport.at) == (4, 5)
    viewport.page(keys, 40)
    assert (viewport.top, viewport.at) == (12, 15)


def test_a_window_that_shrinks_and_grows_keeps_the_cursor_in_it() -> None:
    viewport = window("abcdefghij", at=6, height=8)
    viewport.resize(1, 10)
    assert viewport.top == 6
    viewport.resize(8, 10)
    assert (viewport.key, viewport.top) == ("g", 2)


def test_the_thumb_covers_a_share_of_the_bar_from_end_to_end() -> None:
    viewport = window("abcdefgh")
    assert list(viewport.thumb(8)) == [0, 1]
    viewport.move("abcdefgh", 7)
    assert list(viewport.thumb(8)) == [2, 3]
    assert list(viewport.thumb(4)) == []
