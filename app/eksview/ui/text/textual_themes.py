"""Textual's own themes, with the colors that eksview's screens need and text that is readable."""

from collections.abc import Iterable

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from eksview.domain.base.near_names import near_names
from eksview.ui.text.palette import DAY, NIGHT, THEME_WORDS, THEMES, theme_of_colors

LEAST = 4.5
"""The contrast of text and its background by WCAG 2.2, success criterion 1.4.3."""
STEPS = 20

_OWN = tuple(theme.name for theme in THEMES)
# The ANSI themes have no colors of their own, so that no contrast can be seen to.
_TEXTUAL = tuple(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi)
THEME_NAMES = (*_OWN, *THEME_WORDS, *_TEXTUAL)
"""Every name that a theme is chosen by."""


def theme_named(name: str) -> Theme | None:
    """Return the theme of a name, with all colors; None for an unknown one."""
    name = THEME_WORDS.get(name, name)
    if name in _OWN:
        return THEMES[_OWN.index(name)]
    return complete_theme(BUILTIN_THEMES[name]) if name in _TEXTUAL else None


def unknown_theme(name: str) -> str:
    """Return the sentence for a name that no theme has."""
    near = near_names(name, THEME_NAMES, 1)
    return f"unknown theme {name!r}{f'; did you mean {near[0]}?' if near else ''}"


def complete_theme(theme: Theme) -> Theme:
    """Return a theme of Textual with every color, each moved until it can be read.

    Its colors are made for filled boxes: as text on its background many have a contrast below 3.
    """
    named = {
        name: Color.parse(value)
        for name, value in theme.to_color_system().generate().items()
        if name in ("background", "surface", "panel", "accent", "success", "warning", "error")
    }
    background, accent = named["background"], named["accent"]
    end = Color.parse("#ffffff" if theme.dark else "#000000")
    cursor = background.blend(accent, 0.18)
    behind = (background, named["surface"], named["panel"], cursor)
    text = readable(Color.parse(theme.foreground) if theme.foreground else end, behind, end)
    extra = (NIGHT if theme.dark else DAY).variables
    colors = {
        "accent": accent,
        "ok": named["success"],
        "warn": named["warning"],
        "bad": named["error"],
        "unknown": Color.parse(extra["unknown"]),
        "lost": Color.parse(extra["lost"]),
    }
    greys = {
        "background": background,
        "surface": named["surface"],
        "panel": named["panel"],
        "text": text,
        "dim": readable(text.blend(background, 0.25), behind, end),
        "faint": readable(text.blend(background, 0.4), behind, end),
        "line": background.blend(text, 0.25),
        "cursor": cursor,
    }
    return theme_of_colors(
        theme.name,
        theme.dark,
        {name: readable(color, behind, end).hex6 for name, color in colors.items()},
        {name: color.hex6 for name, color in greys.items()},
    )


def readable(color: Color, behind: Iterable[Color], end: Color) -> Color:
    """Return the color, moved towards white or black as far as each background needs."""
    behind = tuple(behind)
    moved = (color.blend(end, step / STEPS) for step in range(STEPS + 1))
    return next((new for new in moved if min(contrast(new, back) for back in behind) >= LEAST), end)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio, from 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
