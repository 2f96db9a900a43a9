"""The colors: an accent, four states, one for unmatched nodes and instances, and grays."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from rich.style import Style
from textual.app import App
from textual.theme import Theme

from eksview.domain.base.health import Health
from eksview.ui.text.words import TONE_OF


class Palette(Struct, frozen=True):
    """Rich styles for everything drawn line by line. None sets a background except `cursor`.

    `match` is added to the style of text that matches a filter or a search, and `current` to the
    match that a search is at: no colors, so that they are seen without any.
    """

    text: Style
    dim: Style
    faint: Style
    strong: Style
    accent: Style
    ok: Style
    warn: Style
    bad: Style
    unknown: Style
    lost: Style
    away: Style
    used: Style
    free: Style
    border: Style
    focus: Style
    cursor: Style
    match: Style = Style(bold=True, underline=True)
    current: Style = Style(bold=True, reverse=True)

    def tone(self, name: str) -> Style:
        """Return a style by its name; plain text for a name that isn't a style's."""
        style: Style = getattr(self, name, self.text)
        return style

    def state(self, health: Health) -> Style:
        """Return the style of a state."""
        return self.tone(TONE_OF[health])


def theme_of_colors(name: str, dark: bool, colors: dict[str, str], greys: dict[str, str]) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=colors["accent"],
        secondary=colors["accent"],
        accent=colors["accent"],
        success=colors["ok"],
        warning=colors["warn"],
        error=colors["bad"],
        foreground=greys["text"],
        background=greys["background"],
        surface=greys["surface"],
        panel=greys["panel"],
        variables={
            "dim": greys["dim"],
            "faint": greys["faint"],
            "line": greys["line"],
            "cursor": greys["cursor"],
            "unknown": colors["unknown"],
            "lost": colors["lost"],
        },
    )


_NIGHT = {
    "background": "#0e1116",
    "surface": "#12161d",
    "panel": "#181d26",
    "text": "#d3d9e3",
    "dim": "#a9b2c0",
    "faint": "#8992a2",
    "line": "#2c3441",
    "cursor": "#1d2b3f",
}
_DAY = {
    "background": "#fbfbf9",
    "surface": "#f4f4f0",
    "panel": "#ecece6",
    "text": "#23272e",
    "dim": "#495058",
    "faint": "#5c646f",
    "line": "#cfd3d8",
    "cursor": "#dce9f8",
}

NIGHT = theme_of_colors(
    "eksview-night",
    True,
    {
        "accent": "#6cb6ff",
        "ok": "#57c990",
        "warn": "#e8b64c",
        "bad": "#ff6b6b",
        "unknown": "#9a8cff",
        "lost": "#f28bc9",
    },
    _NIGHT,
)
DAY = theme_of_colors(
    "eksview-day",
    False,
    {
        "accent": "#0b63c5",
        "ok": "#107020",
        "warn": "#855700",
        "bad": "#c62828",
        "unknown": "#5b4bc4",
        "lost": "#a8207c",
    },
    _DAY,
)
SAFE = theme_of_colors(  # blue, orange and vermilion of Okabe and Ito, "Color Universal Design"
    "eksview-safe",
    True,
    {
        "accent": "#cc9fd9",
        "ok": "#56b4e9",
        "warn": "#f0e442",
        "bad": "#e8743b",
        "unknown": "#a8a8a8",
        "lost": "#2fc79c",
    },
    _NIGHT,
)
CONTRAST = theme_of_colors(
    "eksview-contrast",
    True,
    {
        "accent": "#8fd6ff",
        "ok": "#6dff9a",
        "warn": "#ffdf6b",
        "bad": "#ff9c9c",
        "unknown": "#cfc2ff",
        "lost": "#ffb3e6",
    },
    {
        "background": "#000000",
        "surface": "#000000",
        "panel": "#0c0c0c",
        "text": "#ffffff",
        "dim": "#e6e6e6",
        "faint": "#cccccc",
        "line": "#8c8c8c",
        "cursor": "#0f2a4a",
    },
)
THEMES = (NIGHT, DAY, SAFE, CONTRAST)
THEME_WORDS = {"dark": NIGHT.name, "light": DAY.name, "high-contrast": CONTRAST.name}
"""Other names of our themes."""


def palette(theme: Theme) -> Palette:
    """Return the styles of a theme, which may also be one of Textual's."""
    extra = theme.variables
    text = theme.foreground or ("#d3d9e3" if theme.dark else "#23272e")
    greys = _NIGHT if theme.dark else _DAY
    dim, faint = extra.get("dim", greys["dim"]), extra.get("faint", greys["faint"])
    line, cursor = extra.get("line", greys["line"]), extra.get("cursor", greys["cursor"])
    accent = theme.accent or theme.primary
    return Palette(
        text=Style(color=text),
        dim=Style(color=dim),
        faint=Style(color=faint),
        strong=Style(color=text, bold=True),
        accent=Style(color=accent, bold=True),
        ok=Style(color=theme.success or "green"),
        warn=Style(color=theme.warning or "yellow"),
        bad=Style(color=theme.error or "red", bold=True),
        unknown=Style(color=extra.get("unknown", "magenta")),
        lost=Style(color=extra.get("lost", "bright_magenta")),
        away=Style(color=accent),
        used=Style(color=accent),
        free=Style(color=line),
        border=Style(color=line),
        focus=Style(color=accent),
        cursor=Style(bgcolor=cursor),
    )


def palette_of(app: App[Any]) -> Palette:
    """Return the styles of an application's theme that its terminal can show."""
    full = palette(app.current_theme)
    if app.no_color or app.console.color_system in (None, "standard"):
        return sparing(full, colors=not app.no_color)
    return full


def sparing(full: Palette, *, colors: bool) -> Palette:
    """Return the palette for 16 colors, in which the cursor is reverse video: see `on_cursor`.

    Without any `colors`, faint text and borders are dimmed instead.
    """
    turned = replace(full, cursor=Style(reverse=True))
    if colors:
        return turned
    dimmed = Style(dim=True)
    return replace(turned, faint=dimmed, border=dimmed, free=dimmed)
