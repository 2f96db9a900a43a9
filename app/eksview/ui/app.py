"""The application: it wires the store, the backend and the screens, and nothing else."""

import asyncio
import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, TypeAlias

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import NoColor
from textual.screen import Screen
from textual.widgets import Input

from eksview.domain.clock import Clock
from eksview.domain.node_sessions import Way
from eksview.domain.ports import Backend, Problem
from eksview.domain.text import clean
from eksview.domain.updates import Sink
from eksview.settings import Settings
from eksview.store.pump import Pump
from eksview.store.rates import Rates
from eksview.store.store import Store
from eksview.ui import routes
from eksview.ui.alerts import Alerts
from eksview.ui.aside import Aside
from eksview.ui.bindings import AHEAD, APP_BINDINGS
from eksview.ui.frame import LiveScreen
from eksview.ui.frame_clock import PERIOD, FrameClock
from eksview.ui.glyphs import ASCII, UNICODE
from eksview.ui.intents import (
    OpenComponent,
    OpenGroup,
    OpenInstance,
    OpenMapped,
    OpenNode,
    OpenPod,
    OpenRequest,
    Resumed,
)
from eksview.ui.keeping import keep
from eksview.ui.keys import readable
from eksview.ui.navigation import Navigation
from eksview.ui.pace import Pace
from eksview.ui.palette import NIGHT, THEMES, Palette, palette, sparing
from eksview.ui.stylesheets import stylesheets
from eksview.ui.terminal import backlog, held, leave_on_signals, verdicts
from eksview.ui.view import View

ARRIVAL = 500
"""Milliseconds a key waits at most for the screen it is meant for."""

MakeBackend: TypeAlias = Callable[[Settings, Sink], Backend]

_log = logging.getLogger(__name__)


class EksviewApp(App[None], inherit_bindings=False):
    """Owns the store and the one view that all screens are given."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "eksview"
    BINDINGS: ClassVar[list[BindingType]] = [*APP_BINDINGS]

    def __init__(
        self,
        settings: Settings,
        make_backend: MakeBackend,
        *,
        log: str = "",
        clock: Clock = time.time,
        home: Callable[[View], LiveScreen] = routes.home,
        served: bool = False,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__(css_path=[*stylesheets()])
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = NIGHT.name
        self.view: View
        self._settings = settings
        self._make_backend = make_backend
        self._log_file = log
        self._time = clock
        self._home = home
        self._which: Callable[[str], str | None] = partial(shutil.which, path=environ.get("PATH"))
        self._aside = Aside(self, environ)
        self._missed = False  # something that was to be painted
        self._served = served  # one of many in this process, which isn't ours to end
        self.set_class(settings.ascii, "ascii")
        if self.no_color:
            # Textual 8.2 writes greys, on a dark background of its own.
            self._filters = [NoColor()]
        if not settings.animate:
            self.animation_level = "none"

    # starting and ending

    def on_load(self) -> None:
        """The loop runs from here on, and nothing is painted yet."""
        store = Store()
        pump = Pump(store, asyncio.get_running_loop())
        self.view = View(
            store=store,
            rates=Rates(),
            backend=self._make_backend(self._settings, pump.handover),
            settings=self._settings,
            glyphs=ASCII if self._settings.ascii else UNICODE,
            clock=self._time,
            palette=self._palette,
            pace=Pace(self._settings),
        )
        self._ways = Navigation(self, self.view)
        alerts = Alerts(self.view, self._alert)
        self._frames = FrameClock(
            self.view, lambda: self.screen_stack, self._busy, self._keep, alerts.hear
        )

    def _palette(self) -> Palette:
        full = palette(self.current_theme)
        if self.no_color or self.console.color_system in (None, "standard"):
            return sparing(full, colors=not self.no_color)
        return full

    def get_default_screen(self) -> Screen[Any]:
        """Home is the bottom of the stack."""
        return self._home(self.view)

    def on_ready(self) -> None:
        """The data side starts once the first frame has been painted."""
        self.app_resume_signal.subscribe(self, self._back)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        if not self.is_headless and not self._served:
            leave_on_signals(self)
        self.view.backend.start()
        self.set_interval(min(PERIOD, self.view.pace.period), self._tick)
        self._keep()

    def _keep(self) -> None:
        if not self._served:
            keep()

    def _back(self, _: App[None]) -> None:
        """The terminal is ours again, and empty; after fg Textual paints only what changes."""
        self.refresh(layout=True)
        self._frames.flush(full=True)

    def _tick(self) -> None:
        if self._aside.away:
            return  # what changes waits in the store
        slow = [self.view.pace.note(late=late) for late in verdicts(self)]
        if any(slow):
            self.notify("This line is slow: a frame a second, and no sparklines.", timeout=10)
        if self._missed and not held(self):
            self._missed = False
            self.screen.refresh()
        self._frames.tick(asyncio.get_running_loop().time())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # All of Textual 8.2's painting goes through here.
        if held(self):
            self._missed = True
        else:
            super()._display(screen, renderable)

    def _alert(self, sentence: str) -> None:
        self.notify(sentence, severity="warning", timeout=10, markup=False)

    def _busy(self) -> bool:
        # While it ends, screens lose their widgets one by one.
        return not self.is_running or backlog(self)

    def on_unmount(self) -> None:
        """Let go of every connection."""
        self.view.backend.stop()

    def _fatal_error(self) -> None:
        # Textual prints the traceback here; it goes to the log instead.
        _log.critical("unexpected error", exc_info=self._exception)
        where = f" The details are in {self._log_file}." if self._log_file else ""
        self.panic(Text(f"eksview: something unexpected happened and it had to stop.{where}"))

    # what happens

    async def on_event(self, event: events.Event) -> None:
        """A key is answered by a frame at once."""
        typed = isinstance(event, events.Key) and not event.is_forwarded
        if typed:
            await self._arrived()
        await super().on_event(event)
        if typed:
            self._frames.flush()

    async def _arrived(self) -> None:
        """Wait for a screen that is being made: Textual 8.2 loses what is typed meanwhile."""
        for _ in range(ARRIVAL):
            if self.screen.is_mounted:
                return
            await asyncio.sleep(0.001)

    def resumed(self) -> None:
        """Before a screen that was hidden is painted: what it showed last may not hold any more."""
        self._frames.flush(full=True)

    def on_resumed(self, _: Resumed) -> None:
        """A screen that was hidden is brought up to date before anything else."""
        self._frames.flush(full=True)

    def on_open_node(self, message: OpenNode) -> None:
        """Drill into a node."""
        self.push_screen(routes.node(self.view, message.name, message.tab))

    def on_open_pod(self, message: OpenPod) -> None:
        """Drill into a pod."""
        screen = routes.pod(self.view, message.uid, message.tab)
        if screen is not None:
            self.push_screen(screen)

    def on_open_instance(self, message: OpenInstance) -> None:
        """Drill into an EC2 instance."""
        self.push_screen(routes.instance(self.view, message.instance, message.tab))

    def on_open_component(self, message: OpenComponent) -> None:
        """Drill into a part of the control plane."""
        self.push_screen(routes.component(self.view, message.name))

    def on_open_mapped(self, message: OpenMapped) -> None:
        """Drill into a node's EC2 side, or into an instance that has no node."""
        row = self.view.store.mapping.rows.get(message.key)
        if row is None:
            return
        if row.node:
            self.push_screen(routes.node(self.view, row.node, message.tab or "ec2"))
        else:
            self.push_screen(routes.instance(self.view, row.instance, message.tab))

    def on_open_group(self, message: OpenGroup) -> None:
        """The nodes and instances of a group, or the group itself."""
        if message.tab == "details":
            self.push_screen(routes.group(self.view, message.key))
            return
        self._ways.only(routes.INSTANCES, f"group={message.name}")

    def on_open_request(self, message: OpenRequest) -> None:
        """Drill into a call."""
        screen = routes.request(self.view, message.number)
        if screen is not None:
            self.push_screen(screen)

    # keys

    def get_key_display(self, binding: Binding) -> str:
        """In words where Textual has a symbol."""
        return readable(super().get_key_display(binding))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something here: there is no way back at home, and no way out elsewhere."""
        if action in ("back", "leave"):
            return self._ways.at_home == (action == "leave")
        if action in AHEAD and (isinstance(self.focused, Input) or self.screen.is_modal):
            return False  # it is being typed
        return super().check_action(action, parameters)

    def action_go(self, place: str) -> None:
        """To home or to a table."""
        self._ways.go(place)

    async def action_back(self) -> None:
        """One step back."""
        self._ways.back()

    def action_leave(self) -> None:
        """Quit."""
        self.exit()

    action_leave_now = action_leave

    def action_refresh(self) -> None:
        """List everything again."""
        self.view.backend.refresh()
        self.notify("Listing everything again.", timeout=2)

    def action_look(self, tab: str) -> None:
        """A tab of this screen, or of what the cursor is on."""
        screen = self.screen
        if isinstance(screen, LiveScreen) and not screen.look(tab):
            subject = screen.subject()
            if subject is not None:
                self.post_message(subject.at(tab))

    def action_copy(self) -> None:
        """To the clipboard of the terminal, over SSH too."""
        text = self.screen.copied() if isinstance(self.screen, LiveScreen) else ""
        if text:
            self.copy_to_clipboard(text)
            lines = text.count("\n") + 1
            self.notify(f"Copied {text if lines == 1 else f'{lines} lines'}", markup=False)

    def action_command(self) -> None:
        """Type a command."""
        self.push_screen(routes.command(self.view, self._ways.choices()), self._ways.run)

    def action_help(self) -> None:
        """All keys that work here."""
        self.push_screen(routes.keys(self.view, self.screen, self.get_key_display))

    def action_asking(self) -> None:
        """The commands that ask what is on the screen, and what the cursor is on."""
        screen = self.screen
        if isinstance(screen, LiveScreen):
            asked = routes.asking(self.view, screen.subject(), screen.ASKERS)
            self.push_screen(asked, self._copy)

    def action_session(self) -> None:
        """The ways into the machine under the cursor."""
        screen = self.screen
        subject = screen.entered() if isinstance(screen, LiveScreen) else None
        runs = self._aside.possible and not self._served
        ways = routes.ways(self.view, subject, self._which if runs else None)
        if ways is not None:
            self.push_screen(ways, self._enter)

    def _enter(self, way: Way | None) -> None:
        if way is not None and not self._aside.away:
            self.run_worker(self._session(way), group="session")

    async def _session(self, way: Way) -> None:
        try:
            await self._aside.run(way.command)
        except Problem as problem:
            self.notify(clean(str(problem)), severity="error", timeout=10, markup=False)

    def _copy(self, text: str | None) -> None:
        if text:
            self.copy_to_clipboard(text)
            self.notify("Copied the command", markup=False)
