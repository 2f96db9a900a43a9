"""The colours where there are few, and where there are none."""

import pytest
from textual.filter import NoColor

from eksview.domain.base.health import Health
from eksview.ui.terminal.text_filter import PrintableText
from eksview.ui.text.palette import SAFE, THEMES, palette, sparing
from tests.ui.harness import TestedApp


@pytest.mark.parametrize("theme", THEMES)
def test_every_state_has_a_color_of_its_own(theme):
    full = palette(theme)
    assert len({full.state(health).color for health in Health}) == len(Health)


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


@pytest.mark.parametrize("value", ["1", "yes"])
async def test_no_color_writes_none(monkeypatch, value):
    monkeypatch.setenv("NO_COLOR", value)
    app = TestedApp()
    async with app.run_test():
        assert [type(each) for each in app.get_line_filters()] == [NoColor, PrintableText]
        assert app.view.palette().cursor.reverse
