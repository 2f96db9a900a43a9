"""What a partial repaint sends, and what a terminal makes of it."""

import random

import pyte
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from eksview.ui.terminal.partial_repaint import NarrowCompositor, NarrowUpdate

SIZE = (60, 12)


class Grid(Widget):
    """Letters that a test changes."""

    DEFAULT_CSS = "Grid { width: 30; height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.cells = [["a"] * 40 for _ in range(10)]

    def render_line(self, y: int) -> Strip:
        row = self.cells[y] if y < 10 else []
        return Strip([Segment(cell) for cell in row]).adjust_cell_length(self.size.width)


class Plain(Screen[None]):
    CSS = "Plain { layout: horizontal; }"

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()
        self.grids = Grid(), Grid()

    def compose(self) -> ComposeResult:
        yield from self.grids


class Painted(App[None]):
    def on_mount(self) -> None:
        self.push_screen(Plain())


def sent(app: Painted, *, full: bool = False) -> tuple[str, str]:
    """What is sent, and what Textual's own would have sent."""
    screen = app.screen
    screen._compositor.update_widgets(set(screen.query(Grid)))
    update = screen._compositor.render_update(full=full, screen_stack=[screen])
    assert update is not None
    if full:
        return update.render_segments(app.console), ""
    assert isinstance(update, NarrowUpdate)
    plain = ChopsUpdate(update.chops, update.spans, update.chop_ends)
    return update.render_segments(app.console), plain.render_segments(app.console)


async def test_a_terminal_shows_what_was_painted_after_any_changes() -> None:
    dice = random.Random(7)
    app = Painted()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Plain)
        terminal = pyte.Screen(*SIZE)
        stream = pyte.Stream(terminal)
        stream.feed(sent(app, full=True)[0])
        for _ in range(60):
            for _ in range(dice.randrange(1, 6)):
                grid = dice.choice(app.screen.grids)
                x, y, width = dice.randrange(25), dice.randrange(10), dice.randrange(1, 5)
                grid.cells[y][x : x + width] = dice.choices("abcdefgh", k=width)
                grid.refresh(Region(x, y, width, 1))
            stream.feed(sent(app)[0])
            wanted = [strip.text for strip in app.screen._compositor.render_strips()]
            assert terminal.display == wanted


async def test_a_change_on_the_right_does_not_send_what_is_left_of_it() -> None:
    app = Painted()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Plain)
        app.screen.grids[0].cells[3][25] = "X"
        app.screen.grids[0].refresh(Region(25, 3, 1, 1))
        ours, theirs = sent(app)
        assert "X" in ours
        assert "a" not in ours
        assert "a" * 25 in "".join(character for character in theirs if character in "aX")
