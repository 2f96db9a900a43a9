"""A terminal shows the same after the short text of a frame as after the frame."""

from typing import Any

import pyte
from hypothesis import given
from hypothesis import strategies as st

from eksview.ui.terminal.screen_buffer import ScreenBuffer

WIDTH, HEIGHT = 40, 12
PENS = (
    "",
    "1;38;5;203;48;5;16",
    "38;5;246;48;5;16",
    "48;5;17",
    "1;38;5;246;48;5;17",
    "38;2;1;2;3;48;2;4;5;6",
    "2;37;40",
    "1;2;91;104",
    "7;36",
    "3;4;9;32",
)
TEXTS = (
    "a",
    "word",
    "restarts",
    "   ",
    " ",
    "✖ bad",
    "▌",
    "漢字",
    "e\u0301x",
    "2m25s ago",
    "web-7d87",
)

pieces = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(PENS)), max_size=12)
edits = st.one_of(
    st.tuples(st.just("line"), st.integers(0, HEIGHT - 1), pieces),
    st.tuples(st.just("roll"), st.integers(0, HEIGHT - 1), st.integers(-3, 3)),
    st.tuples(st.just("cell"), st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1)),
    st.tuples(st.just("forget"), st.just(0), st.just(0)),
)
Line = list[tuple[str, str]]


def padded(line: Line) -> Line:
    """Return pieces of exactly the width, the last one cut or a blank in its pen."""
    screen = pyte.Screen(WIDTH * 3, 1)
    pyte.Stream(screen).feed("".join(text for text, _ in line))
    while screen.cursor.x > WIDTH:
        return padded(line[:-1])
    return [*line, (" " * (WIDTH - screen.cursor.x), line[-1][1] if line else "")]


def frame(lines: list[Line], ys: range | list[int]) -> str:
    """Return the text that Textual would write for some lines."""
    return "".join(f"\x1b[{y + 1};1H{drawn(lines[y])}" for y in ys)


def drawn(line: Line) -> str:
    return "".join(f"\x1b[{pen}m{text}\x1b[0m" if pen else text for text, pen in line)


def terminal(width: int = WIDTH, height: int = HEIGHT) -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(width, height)
    screen.reset_mode(7, private=True)  # no wrapping, as Textual sets it
    return screen, pyte.Stream(screen)


def looks(screen: pyte.Screen) -> list[list[Any]]:
    """Return what can be seen of each cell."""
    return [
        [_look(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)
    ]


def _look(cell: Any) -> Any:
    lines = cell.underscore, cell.strikethrough, cell.reverse
    return cell if cell.data != " " or any(lines) else (cell.data, cell.bg)


def edited(lines: list[Line], edit: tuple[str, int, Any]) -> list[Line]:
    kind, y, value = edit
    lines = list(lines)
    if kind == "line":
        lines[y] = padded(value)
    elif kind == "roll":
        block = lines[y:]
        lines[y:] = [*block[value:], *block[:value]]
    elif kind == "cell":
        lines[y] = padded([(text if at != value % 5 else "#", pen) for at, (text, pen) in
                           enumerate(lines[y][:-1])])  # fmt: skip
    return lines


@given(st.lists(st.lists(edits, min_size=1, max_size=6), min_size=1, max_size=8), st.booleans())
def test_the_picture_is_right_after_any_frames(steps: list[list[Any]], erases: bool) -> None:
    buffer, (shown, stream) = ScreenBuffer(erases=erases), terminal()
    rows = [[(f"{y:>3} pod-{y * 7919:07d} 100.64.{y}.17", PENS[1 + y % 3])] for y in range(HEIGHT)]
    lines = [padded(row) for row in rows]
    stream.feed(buffer.shorten(frame(lines, range(HEIGHT)), WIDTH, HEIGHT))
    for step in steps:
        before = lines
        for edit in step:
            lines = edited(lines, edit)
        if any(kind == "forget" for kind, *_ in step):
            buffer.forget()
            stream.feed("\x1b[2J\x1b[H")
            before = [[]] * HEIGHT
        changed = [y for y in range(HEIGHT) if lines[y] != before[y]]
        stream.feed(buffer.shorten(frame(lines, changed), WIDTH, HEIGHT) + buffer.placed(3, 4))
        wanted, plain = terminal()
        plain.feed(frame(lines, range(HEIGHT)))
        assert looks(shown) == looks(wanted)
        assert (shown.cursor.x, shown.cursor.y) == (3, 4)


def filled(width: int = 120, height: int = 36) -> tuple[ScreenBuffer, list[Line]]:
    """Return a terminal that shows a table of distinct rows."""
    lines: list[Line] = [
        [(f"  pod-{y * 7919:07d}-{y * 104729:08x}", PENS[1]), (f"  10.64.{y}.17", PENS[2]),
         (f"  {y} (2m25s ago)".ljust(width), PENS[2])]
        for y in range(height * 2)
    ]  # fmt: skip
    buffer = ScreenBuffer()
    buffer.shorten(frame(lines, range(height)), width, height)
    return buffer, lines


def test_a_digit_is_sent_as_a_digit() -> None:
    buffer, lines = filled()
    buffer.shorten(frame([[("x", PENS[2])]], [0]), 120, 36)  # the pen is that of the digit
    lines[7][2] = (lines[7][2][0].replace("25s", "26s"), PENS[2])
    assert buffer.shorten(frame(lines, [7]), 120, 36) == f"\x1b[8;{lines_end(lines[7], '6s')}H6"


def lines_end(line: Line, text: str) -> int:
    return "".join(text for text, _ in line).index(text) + 1


def test_only_what_differs_of_two_pens_is_sent() -> None:
    buffer = ScreenBuffer()
    buffer.shorten("\x1b[1;1H\x1b[38;5;1;48;5;16mab\x1b[0m\x1b[1;1H", 10, 2)
    text = buffer.shorten("\x1b[1;1H\x1b[38;5;2;48;5;16mxy\x1b[0m", 10, 2)
    assert text == "\r\x1b[38;5;2mxy"


def test_the_codes_of_a_pen_are_sent_once_for_rows_that_come_together() -> None:
    buffer, lines = filled()
    colors = ("38;5;203", "38;5;145", "38;5;188")
    for y in range(8, 20):
        texts = f"  {y:02}✖", f"  pod-{y * 15485863:x}", f"  {y * 7}d"
        row = [(text, f"{color};48;5;16") for text, color in zip(texts, colors, strict=True)]
        lines[y] = [*row, (" " * 120, PENS[2])]
    text = buffer.shorten(frame(lines, range(8, 20)), 120, 36)
    assert max(text.count(color) for color in colors) == 1


def test_an_unchanged_frame_is_empty() -> None:
    buffer, lines = filled()
    assert buffer.shorten(frame(lines, range(36)), 120, 36) == ""


def test_a_scrolled_table_is_scrolled_by_the_terminal() -> None:
    buffer, lines = filled()
    shown = [*lines[:5], *lines[6:36], lines[35 + 1]]
    text = buffer.shorten(frame(shown, range(36)), 120, 36)
    assert "\x1b[6;36r\x1b[6H\x1b[1M\x1b[r" in text
    assert len(text) < 200


def test_a_row_that_goes_and_another_that_comes_move_only_the_rows_between() -> None:
    buffer, lines = filled()
    shown = [*lines[:5], *lines[6:20], lines[60], *lines[20:36]]
    text = buffer.shorten(frame(shown, range(36)), 120, 36)
    assert "\x1b[6;20r" in text
    assert len(text) < 200


def test_after_a_resize_everything_is_sent() -> None:
    buffer, lines = filled()
    text = buffer.shorten(frame(lines, range(36)), 120, 37)
    assert "pod-0000000" in text
    assert "pod-0277165" in text


def test_a_sequence_that_no_frame_has_is_passed_on_and_nothing_is_relied_on() -> None:
    buffer, lines = filled()
    assert buffer.shorten("\x1b[2J", 120, 36) == "\x1b[2J"
    assert "pod-0000000" in buffer.shorten(frame(lines, range(36)), 120, 36)


def test_nothing_is_relied_on_after_the_terminal_was_lent() -> None:
    buffer, lines = filled()
    buffer.forget()
    text = buffer.shorten(frame(lines, [3]), 120, 36)
    assert text.startswith("\x1b[4;25H\x1b[0;38;5;246;48;5;16m10.64.3.17")
    assert "\r  \x1b[1;38;5;203mpod-0023757" in text
