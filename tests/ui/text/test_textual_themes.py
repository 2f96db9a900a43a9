"""Every theme that can be chosen is complete and readable."""

import pytest
from rich.color import Color
from textual.theme import BUILTIN_THEMES

from eksview.domain.base.health import Health
from eksview.ui.text.palette import CONTRAST, THEMES, palette
from eksview.ui.text.textual_themes import THEME_NAMES, theme_named, unknown_theme
from tests.ui.test_painted import LEAST, ROLES, contrast

ENHANCED = 7.0
"""The contrast of WCAG 2.2, success criterion 1.4.6."""


def test_light_dark_high_contrast_and_textuals_themes_can_be_chosen() -> None:
    names = {"light", "dark", "high-contrast", "nord", "dracula", "textual-light"}
    assert names | {theme.name for theme in THEMES} <= set(THEME_NAMES)
    light, dark = theme_named("light"), theme_named("dark")
    assert light is not None
    assert dark is not None
    assert (light.dark, dark.dark) == (False, True)
    assert theme_named("no-such-theme") is None
    assert unknown_theme("drcula") == "unknown theme 'drcula'; did you mean dracula?"


@pytest.mark.parametrize("name", [name for name in THEME_NAMES if name in BUILTIN_THEMES])
def test_every_role_is_readable_in_a_theme_of_textual(name: str) -> None:
    theme = theme_named(name)
    assert theme is not None
    full, original = palette(theme), BUILTIN_THEMES[name]
    if original.background:
        assert theme.background == original.background.lower() or theme.background.upper() == (
            original.background.upper()
        )
    named = (full.cursor.bgcolor, *map(Color.parse, (theme.background, theme.surface, theme.panel)))
    for role in ROLES:
        for background in named:
            assert contrast(full.tone(role).color, background) >= LEAST, (role, background)
    states = {full.state(health).color for health in Health} - {full.text.color}
    assert len(states) == len(Health)  # none was moved all the way to white or black


@pytest.mark.parametrize("role", ROLES)
def test_the_theme_of_high_contrast_has_the_enhanced_contrast(role: str) -> None:
    full = palette(CONTRAST)
    for background in (full.cursor.bgcolor, Color.parse(CONTRAST.background or "")):
        assert contrast(full.tone(role).color, background) >= ENHANCED
    assert len({full.state(health).color for health in Health}) == len(Health)
