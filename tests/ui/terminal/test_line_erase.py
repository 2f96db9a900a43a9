"""Which terminals blank a line in color; tmux 3.3a was seen to, under any name."""

import pytest

from eksview.ui.terminal.line_erase import erases_in_color


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-1/default,1,0"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "xterm-256color", "STY": "1.pts-0"}, False),
        ({"TERM": "screen", "STY": "1.pts-0", "TMUX": "/tmp/tmux-1/default,1,0"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_lines_are_erased_where_that_is_known_to_be_safe(
    environ: dict[str, str], expected: bool
) -> None:
    assert erases_in_color(environ) is expected
