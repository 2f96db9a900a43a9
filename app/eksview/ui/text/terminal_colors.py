"""Themes for terminals with 256 or 16 colors: colors that they have, and that can be read there.

Rich takes the color that resembles one most, whatever is behind it: of most themes some text would
have a contrast below 4.5, and dark themes a background of another hue.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.color_triplet import ColorTriplet
from textual.app import App
from textual.color import Color, rgb_to_lab
from textual.theme import Theme

from eksview.ui.text.palette import SAFE, theme_of_colors
from eksview.ui.text.textual_themes import LEAST, contrast, theme_named

_OF_TEXT, _OF_BACKGROUND = 4.0, 0.25
"""Weights of the hue against the lightness, which gives way in texts so that they can be read."""
_DARK = {
    "accent": "#55ffff",
    "ok": "#55ff55",
    "warn": "#ffff55",
    "bad": "#ff5555",
    "unknown": "#ff55ff",
    "lost": "#00aaaa",
    "text": "#ffffff",
}
_LIGHT = {
    "accent": "#0000aa",
    "ok": "#000000",
    "warn": "#aa00aa",
    "bad": "#aa0000",
    "unknown": "#0000aa",
    "lost": "#aa00aa",
    "text": "#000000",
}
"""Some of the 16 colors as VGA has them, by which Rich finds their numbers.

Their contrast with black, and with white, is 4.5 at least in VGA's and in xterm's colors.
"""


def show_theme(app: App[Any], name: str) -> None:
    """Draw an application with the theme of a name, unless there is none."""
    if (theme := theme_named(name)) is not None:
        app.register_theme(for_terminal(theme, app.console.color_system))
        app.theme = theme.name


def for_terminal(theme: Theme, system: str | None) -> Theme:
    """Return a complete theme in the colors of a terminal, which Rich names `256` or `standard`."""
    match system:
        case "256":
            return _of_indexed(theme)
        case "standard":
            return _of_sixteen(theme)
    return theme


def _of_sixteen(theme: Theme) -> Theme:
    """Return a theme on black or white; its cursor is reverse video, as `sparing` has it."""
    colors = _DARK if theme.dark else _LIGHT
    if theme.name == SAFE.name:  # green and red look the same to many
        colors = colors | {"ok": "#55ffff", "accent": "#ffffff"}
    behind, line = ("#000000", "#555555") if theme.dark else ("#ffffff", "#aaaaaa")
    greys = dict.fromkeys(("background", "surface", "panel", "cursor"), behind)
    texts = dict.fromkeys(("text", "dim", "faint"), colors["text"])
    return theme_of_colors(theme.name, theme.dark, colors, {**texts, **greys, "line": line})


def _of_indexed(theme: Theme) -> Theme:
    own = {
        "background": theme.background,
        "surface": theme.surface,
        "panel": theme.panel,
        "accent": theme.accent,
        "ok": theme.success,
        "warn": theme.warning,
        "bad": theme.error,
        "text": theme.foreground,
        **theme.variables,
    }
    wanted = {name: Color.parse(color or "") for name, color in own.items()}
    drawn = {
        name: _nearest(wanted[name], _indexed(), _OF_BACKGROUND)
        for name in ("background", "surface", "panel", "cursor", "line")
    }
    behind = [color for name, color in drawn.items() if name != "line"]
    legible = [
        color for color in _indexed() if min(contrast(color, back) for back in behind) >= LEAST
    ]
    for name in [name for name in wanted if name not in drawn]:
        left = [color for color in legible if color not in drawn.values()]
        drawn[name] = _nearest(wanted[name], left, _OF_TEXT)
    colors = {name: _indexed()[color] for name, color in drawn.items()}
    return theme_of_colors(theme.name, theme.dark, colors, colors)


def _nearest(color: Color, colors: Iterable[Color], hue: float) -> Color:
    """Return the color that resembles one most, with a weight for what differs in hue."""
    own = rgb_to_lab(color)

    def distance(other: Color) -> float:
        lab = rgb_to_lab(other)
        return (lab.L - own.L) ** 2 + hue * ((lab.a - own.a) ** 2 + (lab.b - own.b) ** 2)

    return min(colors, key=distance)


@cache
def _indexed() -> Mapping[Color, str]:
    """Return the colors from 16 to 255, each with one that Rich draws so.

    Rich 15 draws light greys one step darker than they are.
    """
    colors = [RichColor.from_ansi(number).get_truecolor() for number in range(16, 256)]
    greys = [ColorTriplet(value, value, value) for value in range(256)]
    return {
        Color(
            *RichColor.from_triplet(triplet).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        ): triplet.hex
        for triplet in (*greys, *colors)
    }
