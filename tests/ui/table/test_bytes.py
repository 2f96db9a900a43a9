"""What a table costs on a terminal of 256 colors, in bytes."""

import pytest
from rich.color import ColorSystem

from eksview.domain.rows.kube import Kind
from eksview.ui.pods.pods_screen import PodsScreen
from eksview.ui.terminal.screen_buffer import ScreenBuffer
from eksview.ui.terminal.textual_private import set_color_system
from tests.ui.table_app import TableApp, press, shown, store_of
from tests.ui.table_rows import nodes, pods

WIDTH, HEIGHT = 120, 36


def pods_app() -> TableApp:
    """Return the screen of 500 pods on 20 nodes, on a terminal of 256 colors."""
    hosts = nodes(20)
    app = TableApp(PodsScreen, store_of((Kind.NODE, hosts), (Kind.POD, pods(500, hosts))))
    set_color_system(app, ColorSystem.EIGHT_BIT)
    return app


class Terminal:
    """The screen of an application, as often as it is drawn."""

    def __init__(self, app: TableApp, *, erases: bool) -> None:
        self._app = app
        self._buffer = ScreenBuffer(erases=erases)

    def draw(self) -> int:
        """Return how many bytes the application writes."""
        strips = self._app.screen._compositor.render_strips()
        frame = "".join(
            f"\x1b[{y};1H{strip.render(self._app.console)}" for y, strip in enumerate(strips, 1)
        )
        return len(self._buffer.shorten(frame, WIDTH, HEIGHT).encode())


@pytest.mark.parametrize(("erases", "most"), [(True, 370), (False, 440)])
async def test_the_next_row_costs_few_bytes(erases: bool, most: int) -> None:
    app = pods_app()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, *"jjjjj")
        terminal = Terminal(app, erases=erases)
        terminal.draw()
        for _ in range(HEIGHT // 2):
            await press(app, pilot, "j")
            assert 0 < terminal.draw() < most


async def test_seconds_of_thirty_recent_restarts_cost_few_bytes() -> None:
    app = pods_app()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await shown(app, pilot)
        terminal = Terminal(app, erases=True)
        terminal.draw()
        written = 0
        for _ in range(60):
            app.now += 1
            app.tick()
            await pilot.pause()
            written += terminal.draw()
        assert 0 < written < 60 * 100
