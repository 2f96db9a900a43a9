"""The smallest app that shows a table's screen, with the clock in the test's hand."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import App
from textual.message import Message
from textual.pilot import Pilot
from textual.types import CSSPathType

from eksview.config.settings import Settings
from eksview.domain.live.backend_protocol import Backend
from eksview.domain.rows.kube import Kind, Row
from eksview.domain.rows.link import Link, Phase
from eksview.store.rates import Rates
from eksview.store.store import Store
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenNode, OpenPod
from eksview.ui.base.view import View
from eksview.ui.shell.app import stylesheets
from eksview.ui.table.screen import TableScreen
from eksview.ui.terminal.frame_rate import FrameRate
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.palette import THEMES, palette
from tests.ui.table_rows import NOW


class NoBackend(Backend):
    """Tables ask nothing of it."""


def link(kind: Kind, phase: Phase = Phase.LIVE, **fields: object) -> Link:
    return Link(kind.value, phase, NOW - 100, **{"heard": NOW - 1, **fields})


def store_of(*tables: tuple[Kind, Iterable[Row]], live: bool = True) -> Store:
    store = Store()
    for kind, rows in tables:
        for row in rows:
            store.put(kind, row)
    if live:
        for kind in Kind:
            store.set_link(link(kind))
    return store


class TableApp(App[None]):
    """Shows one screen and keeps what it posts."""

    CSS_PATH: ClassVar[CSSPathType | None] = list(stylesheets())

    def __init__(
        self,
        screen: type[TableScreen],
        store: Store,
        *,
        ascii_only: bool = False,
        namespace: str = "",
    ) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.now = NOW
        self.posted: list[Message] = []
        self.view = View(
            store,
            Rates(),
            NoBackend(),
            Settings(namespace=namespace or None),
            ASCII if ascii_only else UNICODE,
            lambda: self.now,
            lambda: palette(self.current_theme),
            FrameRate(Settings()),
        )
        self.shown = screen(self.view)

    def on_mount(self) -> None:
        self.push_screen(self.shown)

    def tick(self, *, full: bool = False) -> None:
        """One frame."""
        changes = self.view.store.take_changes()
        self.shown.frame(Frame(self.now, changes, full))

    def on_open_node(self, message: OpenNode) -> None:
        self.posted.append(message)

    def on_open_pod(self, message: OpenPod) -> None:
        self.posted.append(message)

    def lines(self) -> list[str]:
        """What the whole screen shows, a string a line."""
        return [strip.text for strip in self.screen._compositor.render_strips()]

    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines())


async def shown(app: TableApp, pilot: Pilot[None]) -> str:
    """Draw a frame; returns the screen once the table is filled."""
    app.tick()
    await _filled(app, pilot)
    return app.text()


async def press(app: TableApp, pilot: Pilot[None], *keys: str) -> None:
    """Press keys and wait until the table is filled."""
    await pilot.press(*keys)
    await _filled(app, pilot)


async def _filled(app: TableApp, pilot: Pilot[None]) -> None:
    while app.shown.table.busy:
        await pilot.pause()
    await pilot.pause()
