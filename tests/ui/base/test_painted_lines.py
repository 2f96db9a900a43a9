"""Lines are drawn once, and only the cells that differ are painted again."""

from collections.abc import Iterator
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from eksview.ui.base.lines.painted_lines import SpanLines
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.lines_view import LinesView
from eksview.ui.text.palette import DAY, NIGHT, palette
from eksview.ui.text.styled_text import Spans
from tests.ui.harness import make_view

PLAIN = palette(NIGHT).text
SIZE = (40, 6)


class Drawn(SpanLines):
    """Shows the lines it is given, and counts how often one is drawn or compared."""

    def __init__(self) -> None:
        super().__init__(make_view(), id="drawn")
        self.lines: list[Spans] = [[(f"line {number}", PLAIN)] for number in range(SIZE[1])]
        self.drawn: list[str] = []
        self.compared = 0

    def window(self, width: int, height: int) -> list[Spans]:
        return list(self.lines)

    def changes(self, old: Spans, new: Spans) -> object:
        self.compared += 1
        return super().changes(old, new)

    def draw(self, line: Spans) -> Strip:
        self.drawn.append(line[0][0])
        return super().draw(line)


class OneWidget(App[None]):
    def __init__(self, widget: Drawn | TextLine | LinesView) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget

    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def running(app: OneWidget) -> Iterator[list[tuple[Region, ...]]]:
    """The app, and from now on the regions that its widget refreshes."""
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        asked: list[tuple[Region, ...]] = []
        original = app.widget.refresh

        def refresh(*regions: Region, **options: bool) -> object:
            asked.append(regions)
            return original(*regions, **options)

        app.widget.refresh = refresh
        yield asked
        await pilot.pause()


async def test_a_changed_cell_is_all_that_is_painted_again() -> None:
    app = OneWidget(Drawn())
    async with running(app) as asked:
        app.widget.lines[2] = [("line X", PLAIN)]
        app.widget.drawn.clear()
        app.widget.paint()
        assert asked == [(Region(5, 2, 1, 1),)]
        assert app.lines()[:4] == ["line 0", "line 1", "line X", "line 3"]
        assert app.widget.drawn == ["line X"]


async def test_lines_that_are_the_same_objects_are_not_compared() -> None:
    app = OneWidget(Drawn())
    async with running(app) as asked:
        app.widget.compared = 0
        app.widget.lines[1] = [("line 1", PLAIN)]  # equal, but another object
        app.widget.paint()
        assert (app.widget.compared, asked) == (1, [])


async def test_lines_that_come_and_go_are_painted_alone() -> None:
    app = OneWidget(Drawn())
    async with running(app) as asked:
        del app.widget.lines[4:]
        app.widget.paint()
        assert asked == [(Region(0, 4, SIZE[0], 1), Region(0, 5, SIZE[0], 1))]
        assert app.lines() == ["line 0", "line 1", "line 2", "line 3", "", ""]
        app.widget.lines.append([("new", PLAIN)])
        app.widget.paint()
        assert asked[1:] == [(Region(0, 4, SIZE[0], 1),)]
        assert app.lines()[4] == "new"


async def test_more_lines_than_there_is_room_for_are_left_out() -> None:
    app = OneWidget(Drawn())
    async with running(app) as asked:
        app.widget.lines.append([("below", PLAIN)])
        app.widget.paint()
        assert (app.lines()[-1], asked) == ("line 5", [])


async def test_another_theme_draws_every_line_in_its_colours() -> None:
    app = OneWidget(LinesView(make_view()))
    async with running(app) as asked:
        app.widget.show(((("words", "accent"),),))
        color = app.widget.render_line(0)._segments[0].style.color
        assert color == palette(NIGHT).accent.color
        app.widget.view.palette = lambda: palette(DAY)
        app.widget.paint()
        assert asked[-1] == ()
        assert app.widget.render_line(0)._segments[0].style.color == palette(DAY).accent.color


class Unresized(TextLine):
    """A line that was laid out, and whose Resize event hasn't arrived."""

    def on_resize(self, event: events.Resize) -> None:  # type: ignore[override]
        event.prevent_default()


async def test_a_line_of_words_shows_them_before_it_hears_of_its_size() -> None:
    line = Unresized(make_view())
    line.show((("before it was laid out", "text"),), (("right end", "dim"),))
    app = OneWidget(line)
    async with app.run_test(size=SIZE):
        assert app.lines()[0] == "before it was laid out         right end"


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        (0, "0123456789" * 3 + "0123456…"),
        (1, "89" + "0123456789" * 3 + "01234…"),
        (9, "89" + "0123456789" * 3 + "日本語"),  # no further than the end
    ],
)
async def test_long_lines_are_gone_over_to_their_end(steps: int, shown: str) -> None:
    app = OneWidget(LinesView(make_view()))
    async with running(app):
        app.widget.show(((("0123456789" * 6, "text"), ("日本語", "ok")),))
        for _ in range(steps):
            app.widget.action_sideways(1)
        assert app.lines()[0] == shown


async def test_scrolling_text_sends_the_cells_that_differ_only() -> None:
    app = OneWidget(LinesView(make_view()))
    async with running(app) as asked:
        app.widget.show(tuple(((f"the same but for {at:02}", "text"),) for at in range(9)))
        asked.clear()
        app.widget.action_scroll(1)
        assert app.lines()[0].startswith("the same but for 01")
        digits = [region for region in asked[0] if region.x < 30]
        assert digits == [Region(18, y, 1, 1) for y in range(SIZE[1])]
