"""The colours where there are few, and where there are none."""

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from textual.filter import NoColor
from textual.strip import Strip

from eksview.domain.base.health import Health
from eksview.ui.terminal.text_filter import PrintableText
from eksview.ui.text.palette import SAFE, THEMES, palette, palette_of, sparing
from eksview.ui.text.styled_text import on_cursor
from tests.screenshots import in_full_color
from tests.ui.harness import TestedApp


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("system", [ColorSystem.TRUECOLOR, ColorSystem.STANDARD])
def test_every_state_has_a_color_of_its_own(theme, system):
    full = palette(theme)
    states = {full.state(health).color.downgrade(system) for health in Health}
    assert len(states) == len(Health)
    assert full.ok.color.downgrade(system) != full.dim.color.downgrade(system)


@pytest.mark.parametrize("colors", [True, False])
def test_the_line_of_the_cursor_has_one_style_where_it_is_reversed(colors):
    full = palette(SAFE)
    line = Strip([Segment("● ", full.ok), Segment("name", full.text), Segment(" -", full.faint)])
    shown = on_cursor(line, full.text, sparing(full, colors=colors))
    assert shown.text == line.text
    (style,) = {segment.style for segment in shown}
    assert style.reverse
    assert style.bold
    assert not style.dim


def test_the_line_of_the_cursor_keeps_the_colors_of_states_on_a_background():
    full = palette(SAFE)
    quiet = [
        Segment(" 1d", full.dim),
        Segment(" -", full.faint),
        Segment(" w", full.dim + full.match),
    ]
    line = Strip([Segment("● ", full.ok), Segment("name", full.text), *quiet])
    drawn = list(on_cursor(line, full.text, full))
    assert [segment.style.color for segment in drawn] == [full.ok.color, *[full.text.color] * 4]
    assert [segment.style.underline for segment in drawn][-2:] == [None, True]


@pytest.mark.parametrize("term", ["dumb", "xterm", "screen"])
def test_pictures_are_in_truecolor_whatever_the_terminal_is(monkeypatch, term):
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("COLORTERM", raising=False)
    app = in_full_color(TestedApp)
    assert palette_of(app) == palette(app.current_theme)
    assert palette_of(app).cursor.bgcolor is not None


def test_the_cursor_is_turned_round_where_its_background_would_drown_the_text():
    full = palette(SAFE)
    assert full.cursor.bgcolor is not None
    for colors in (True, False):
        cursor = sparing(full, colors=colors).cursor
        assert (cursor.reverse, cursor.bgcolor) == (True, None)


def test_without_colors_what_is_faint_is_dimmed():
    plain = sparing(palette(SAFE), colors=False)
    assert plain.faint.dim
    assert plain.border.dim
    assert not plain.text.dim


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
async def test_no_color_writes_none(monkeypatch, name, value):
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.setenv(name, value)
    app = TestedApp()
    async with app.run_test():
        assert [type(each) for each in app.get_line_filters()] == [NoColor, PrintableText]
        assert app.view.palette().cursor.reverse
