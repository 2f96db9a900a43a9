"""Dashboards of one process on terminals with different colors: each gets its own."""

import re

import pytest
from rich.color import ColorSystem

from eksview.store.store import Store
from eksview.ui.terminal.textual_private import set_color_system
from tests.ui.harness import TestedApp, populate
from tests.ui.shell.test_app import running

TRUE, INDEXED, BASIC, NONE = "true", "indexed", "basic", "none"
SYSTEMS = {
    TRUE: ColorSystem.TRUECOLOR,
    INDEXED: ColorSystem.EIGHT_BIT,
    BASIC: ColorSystem.STANDARD,
    NONE: None,
}


def kind(color: str) -> str:
    """Return which colors a terminal needs for a color's parameters (ECMA-48, ISO 8613-6)."""
    return {"2": TRUE, "5": INDEXED}[color.split(";")[1]] if ";" in color else BASIC


async def kinds(system: ColorSystem | None) -> set[str]:
    """Return the kinds of colors with which a dashboard is drawn."""
    app = TestedApp(populate(Store()))
    set_color_system(app, system)
    async with running(app):
        strips = app.screen._compositor.render_strips()
        frame = "".join(strip.render(app.console) for strip in strips)
    codes = ";".join(re.findall(r"\x1b\[([\d;]*)m", frame))
    colors = re.findall(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|(?<![\d;])(?:[349]|10)[0-7]\b", codes)
    return set(map(kind, colors))


@pytest.mark.parametrize("order", [(TRUE, INDEXED, BASIC, NONE), (NONE, BASIC, INDEXED, TRUE)])
@pytest.mark.parametrize(
    ("variable", "value"), [("TERM", "xterm"), ("TERM", "dumb"), ("NO_COLOR", "1")]
)
async def test_each_terminal_gets_the_colors_that_it_has(
    monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...], variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)  # of the process, whose terminal is another one
    for name in order:
        assert await kinds(SYSTEMS[name]) == {name} - {NONE}
