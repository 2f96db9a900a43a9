"""The application: it wires the store, the backend and the screens, and nothing else."""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, TypeAlias

from rich.text import Text
from textual import events, on
from textual.binding import Binding, BindingType
from textual.filter import NoColor
from textual.screen import Screen
from textual.widgets import Input

from eksview.config.settings import Settings
from eksview.domain.base.clock import Clock
from eksview.domain.live.backend_protocol import Backend
from eksview.domain.live.messages import Sink
from eksview.store.applier import Applier
from eksview.store.rates import Rates
from eksview.store.store import Store
from eksview.ui.base.bindings import AHEAD, APP_BINDINGS
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import Open, Resumed
from eksview.ui.base.registry import BY_NAME, HOME
from eksview.ui.base.view import View
from eksview.ui.dialogs.keys import readable
from eksview.ui.shell import routes
from eksview.ui.shell.clipboard import copy_command, copy_subject
from eksview.ui.shell.frame_painter import FramePainter
from eksview.ui.shell.navigation import Navigation
from eksview.ui.shell.shell_launcher import ShellLauncher
from eksview.ui.terminal.backpressure import leave_on_signals
from eksview.ui.terminal.frame_rate import FrameRate
from eksview.ui.terminal.gc_freeze import keep
from eksview.ui.terminal.stylesheets import stylesheets
from eksview.ui.terminal.textual_private import AppHooks
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.palette import NIGHT, THEMES, palette_of

ARRIVAL = 500
"""Milliseconds a key waits at most for the screen it is meant for."""

MakeBackend: TypeAlias = Callable[[Settings, Sink], Backend]

_log = logging.getLogger(__name__)


class EksviewApp(AppHooks, inherit_bindings=False):
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
        self._served = served  # one of many in this process, which isn't ours to end
        self._settled = _nothing if served else keep  # another session may end soon
        self._shells = ShellLauncher(self, environ, served=served)
        self.set_class(settings.ascii, "ascii")
        if self.no_color:
            self.use_filters([NoColor()])
        if not settings.animate:
            self.animation_level = "none"

    # starting and ending

    def on_load(self) -> None:
        """Wire everything: the loop runs from here on, and nothing is painted yet."""
        store = Store()
        pump = Applier(store, asyncio.get_running_loop())
        self.view = View(
            store=store,
            rates=Rates(),
            backend=self._make_backend(self._settings, pump.mailbox),
            settings=self._settings,
            glyphs=ASCII if self._settings.ascii else UNICODE,
            clock=self._time,
            palette=partial(palette_of, self),
            pace=FrameRate(self._settings),
        )
        self._navigation = Navigation(self, self.view)
        self._frames = FramePainter(self, self.view, lent=self._shells.lent, settled=self._settled)

    def get_default_screen(self) -> Screen[Any]:
        """Return home, the bottom of the stack."""
        return BY_NAME[HOME].make(self.view)

    def on_ready(self) -> None:
        """Start the data side once the first frame has been painted."""
        self.app_resume_signal.subscribe(self, self._frames.resume)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        if not self.is_headless and not self._served:
            leave_on_signals(self)
        self.view.backend.start()
        self._frames.start()
        self._settled()

    def on_unmount(self) -> None:
        """Let go of every connection."""
        self.view.backend.stop()

    def crashed(self, error: Exception | None) -> None:
        """Log the traceback and leave with a sentence."""
        _log.critical("unexpected error", exc_info=error)
        where = f" The details are in {self._log_file}." if self._log_file else ""
        self.panic(Text(f"eksview: something unexpected happened and it had to stop.{where}"))

    # frames and messages

    async def on_event(self, event: events.Event) -> None:
        """Answer a key by a frame at once."""
        typed = isinstance(event, events.Key) and not event.is_forwarded
        if typed:
            await _screen_mounted(self)
        await super().on_event(event)
        if typed:
            self._frames.flush()

    def may_paint(self) -> bool:
        """Return whether the terminal takes a frame now."""
        return self._frames.may_paint()

    def resumed(self) -> None:
        """Update a screen that was hidden before it is painted with what it showed last."""
        self._frames.flush(full=True)

    def on_resumed(self, _: Resumed) -> None:
        """Update a part of a screen that was hidden."""
        self._frames.flush(full=True)

    @on(Open)
    def open_screen(self, message: Open) -> None:
        """Show what was chosen."""
        self._navigation.open(message)

    # keys

    def get_key_display(self, binding: Binding) -> str:
        """Return the key in words where Textual has a symbol."""
        return readable(super().get_key_display(binding))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something here: there is no way back at home, and no way out elsewhere."""
        if action in ("back", "leave"):
            return self._navigation.at_home == (action == "leave")
        if action in AHEAD and (isinstance(self.focused, Input) or self.screen.is_modal):
            return False  # it is being typed
        return super().check_action(action, parameters)

    def action_go(self, name: str) -> None:
        """Open a screen of the registry."""
        self._navigation.go(name)

    async def action_back(self) -> None:
        """Go back one step."""
        self._navigation.back()

    def action_leave(self) -> None:
        """Quit."""
        self.exit()

    action_leave_now = action_leave

    def action_refresh(self) -> None:
        """List everything again."""
        self.view.backend.refresh()
        self.notify("Listing everything again.", timeout=2)

    def action_look(self, tab: str) -> None:
        """Show a tab of this screen, or of what the cursor is on."""
        screen = self.screen
        if isinstance(screen, LiveScreen) and not screen.look(tab):
            subject = screen.subject()
            if subject is not None:
                self.post_message(subject.at(tab))

    def action_copy(self) -> None:
        """Copy what the cursor is on."""
        copy_subject(self)

    def action_command(self) -> None:
        """Type a command."""
        self._navigation.type_command()

    def action_help(self) -> None:
        """List all keys that work here."""
        self.push_screen(routes.keys(self.view, self.screen, self.get_key_display))

    def action_asking(self) -> None:
        """List the commands that ask what is on the screen, and what the cursor is on."""
        screen = self.screen
        if isinstance(screen, LiveScreen):
            dialog = routes.asking(self.view, screen.subject(), screen.ASKERS)
            self.push_screen(dialog, partial(copy_command, self))

    def action_session(self) -> None:
        """Open a shell on the machine under the cursor."""
        screen = self.screen
        if isinstance(screen, LiveScreen):
            self._shells.offer(self.view, screen.entered())


async def _screen_mounted(app: EksviewApp) -> None:
    """Wait for a screen that is being made: Textual 8.2 loses what is typed meanwhile."""
    for _ in range(ARRIVAL):
        if app.screen.is_mounted:
            return
        await asyncio.sleep(0.001)


def _nothing() -> None:
    return
