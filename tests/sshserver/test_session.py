"""A session shows as many colours as its terminal has."""

import pytest
from rich.color import ColorSystem

from eksview.sshserver.session import colours


@pytest.mark.parametrize(
    ("terminal", "environment", "expected"),
    [
        ("xterm-256color", {}, ColorSystem.EIGHT_BIT),
        ("xterm-256color", {"COLORTERM": "truecolor"}, ColorSystem.TRUECOLOR),
        ("xterm-kitty", {}, ColorSystem.TRUECOLOR),
        ("xterm-direct", {}, ColorSystem.TRUECOLOR),
        ("xterm", {}, ColorSystem.STANDARD),
        ("linux", {}, ColorSystem.STANDARD),
        ("dumb", {}, None),
        ("xterm-256color", {"NO_COLOR": "1", "COLORTERM": "truecolor"}, None),
    ],
)
def test_as_many_colours_as_the_terminal_has(terminal, environment, expected) -> None:
    assert colours(terminal, environment) is expected
