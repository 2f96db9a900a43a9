"""Rules of color and of characters for everything that is painted."""

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

from eksview.config.settings import Settings
from eksview.ui.terminal.textual_private import set_color_system
from eksview.ui.text.palette import DAY, NIGHT, SAFE, THEMES, Palette, palette
from tests.ui.harness import TestedApp
from tests.ui.painted import segments, walk
from tests.ui.snapshots.screens import ecs_store

LEAST = 4.5
"""The contrast of text and its background by WCAG 2.2, success criterion 1.4.3."""


def luminance(color: Color) -> float:
    """The relative luminance, as WCAG 2.2 defines it."""
    parts = [part / 255 for part in color.get_truecolor()]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio, as WCAG 2.2 defines it: from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_is_that_of_the_standard():
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


ROLES = [
    name
    for name in Palette.__struct_fields__
    if palette(NIGHT).tone(name).color is not None and name not in ("free", "border")
]
"""All but lines and the free part of a bar, which only surround what is told."""


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_readable_on_every_background(theme: Theme, role: str) -> None:
    full = palette(theme)
    cursor = full.cursor.bgcolor
    assert cursor is not None
    named = (theme.background, theme.surface, theme.panel)
    for background in (cursor, *(Color.parse(name) for name in named if name)):
        color = full.tone(role).color
        assert color is not None
        assert contrast(color, background) >= LEAST


TRUE, INDEXED, BASIC = ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD
WALKS = [
    (NIGHT.name, TRUE, (120, 36), True),
    (NIGHT.name, TRUE, (40, 12), True),
    (DAY.name, TRUE, (120, 36), False),
    (SAFE.name, TRUE, (200, 60), False),
    ("nord", INDEXED, (120, 36), False),
    (DAY.name, BASIC, (120, 36), False),
]


@pytest.mark.parametrize(("theme", "system", "size", "keys"), WALKS)
async def test_ascii_mode_paints_readable_ascii(
    theme: str, system: ColorSystem, size: tuple[int, int], keys: bool
) -> None:
    app = TestedApp(ecs_store(), settings=Settings(ascii=True, animate=False, theme=theme))
    set_color_system(app, system)
    weak, foreign = dict[tuple[str, ...], str](), dict[str, str]()
    bare = dict[str, str]()

    def look(app: TestedApp, place: str) -> None:
        for line in app.lines():
            foreign.update({char: f"{place}: {line}" for char in line if not char.isascii()})
        for widget, (text, style, _) in segments(app):
            if text and (style is None or style.bgcolor is None):
                bare[type(widget).__name__] = f"{place}: {text!r}"
            if style is None or not any(map(str.isalnum, text)):
                continue
            front, back = style.color, style.bgcolor
            assert front, (place, widget, text)
            assert back, (place, widget, text)
            if contrast(front, back) < LEAST:
                weak[type(widget).__name__, front.name, back.name] = f"{place}: {text}"

    async with app.run_test(size=size) as pilot:
        await walk(pilot, look, keys=keys)
    assert (weak, foreign, bare) == ({}, {}, {})
