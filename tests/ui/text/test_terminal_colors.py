"""Themes in terminals with 256 and 16 colors: what is drawn there can be read."""

import pytest
from rich.color import Color, ColorSystem

from eksview.domain.base.health import Health
from eksview.ui.text.palette import SAFE, Palette, palette
from eksview.ui.text.terminal_colors import for_terminal
from eksview.ui.text.textual_themes import THEME_NAMES, theme_named
from tests.ui.test_painted import LEAST, ROLES, contrast

XTERM = [
    "000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5",
    "7f7f7f", "ff0000", "00ff00", "ffff00", "5c5cff", "ff00ff", "00ffff", "ffffff",
]  # fmt: skip
"""The defaults of xterm's `XTerm-col.ad`."""
VGA = [
    "000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa",
    "555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff",
]  # fmt: skip
"""The colors of the Linux console (`default_red` and others in `drivers/tty/vt/vt.c`)."""
LEVELS = (0, 95, 135, 175, 215, 255)
"""The levels of each part in the cube of xterm's `256colres.pl`; greys are `8 + 10 * n`."""


def indexed(number: int) -> Color:
    """The color of a number from 16 on."""
    if number >= 232:
        return Color.from_rgb(*(3 * (8 + 10 * (number - 232),)))
    red, rest = divmod(number - 16, 36)
    return Color.from_rgb(*(LEVELS[level] for level in (red, *divmod(rest, 6))))


def drawn(theme: str, system: str) -> Palette:
    chosen = theme_named(theme)
    assert chosen is not None
    return palette(for_terminal(chosen, system))


def backgrounds(theme: str, system: str) -> list[Color]:
    chosen = theme_named(theme)
    assert chosen is not None
    shown = for_terminal(chosen, system)
    cursor = palette(shown).cursor.bgcolor
    names = filter(None, (shown.background, shown.surface, shown.panel))
    return [*map(Color.parse, names), *([cursor] if cursor else [])]


def number(color: Color | None, system: ColorSystem) -> int:
    assert color is not None
    reduced = color.downgrade(system).number
    assert reduced is not None
    return reduced


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_every_role_is_readable_in_256_colors(theme: str) -> None:
    full, system = drawn(theme, "256"), ColorSystem.EIGHT_BIT
    behind = [indexed(number(color, system)) for color in backgrounds(theme, "256")]
    for role in ROLES:
        color = indexed(number(full.tone(role).color, system))
        assert min(contrast(color, back) for back in behind) >= LEAST, role
    states = {number(full.state(health).color, system) for health in Health}
    assert len(states) == len(Health)
    assert behind[-1] != behind[0]  # the cursor is seen


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("colors", [XTERM, VGA], ids=["xterm", "VGA"])
def test_every_role_is_readable_in_16_colors(theme: str, colors: list[str]) -> None:
    full, system = drawn(theme, "standard"), ColorSystem.STANDARD

    def shown(color: Color | None) -> Color:
        return Color.parse(f"#{colors[number(color, system)]}")

    behind = {shown(color) for color in backgrounds(theme, "standard")}
    for role in ROLES:
        assert min(contrast(shown(full.tone(role).color), back) for back in behind) >= LEAST, role
    states = {number(full.state(health).color, system) for health in Health}
    assert len(states) == len(Health)


@pytest.mark.parametrize("system", ["truecolor", "windows", None])
def test_a_theme_is_left_as_it_is_in_other_terminals(system: str | None) -> None:
    assert for_terminal(SAFE, system) is SAFE
