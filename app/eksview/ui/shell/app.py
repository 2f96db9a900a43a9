"""The application: wires the store, the backend and the screens, and does nothing else."""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from rich.text import Text
from textual import events, on
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, NoColor
from textual.notifications import SeverityLevel
from textual.screen import Screen

import eksview
from eksview.config.settings import Settings
from eksview.domain.base.clock import Clock
from eksview.domain.base.language import language_of
from eksview.domain.base.text import visible
from eksview.domain.live.backend_protocol import Backend
from eksview.domain.live.messages import Sink
from eksview.store.applier import REASON, Applier
from eksview.store.rates import Rates
from eksview.store.store import Store
from eksview.ui.base.bindings import APP_BINDINGS
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import Open, Resumed
from eksview.ui.base.screen_registry import BY_NAME, first_screen
from eksview.ui.base.view import View
from eksview.ui.dialogs.key_list import readable
from eksview.ui.shell import routes
from eksview.ui.shell.export_actions import ExportActions
from eksview.ui.shell.frame_painter import FramePainter, freeze_heap
from eksview.ui.shell.key_queue import KeyMark, KeyQueue
from eksview.ui.shell.live_settings import LiveSettings, UserFiles
from eksview.ui.shell.log_launcher import LogLauncher
from eksview.ui.shell.navigation import Navigation
from eksview.ui.shell.shell_launcher import ShellLauncher
from eksview.ui.terminal.backpressure import leave_on_signals
from eksview.ui.terminal.clipboard import Clipboard
from eksview.ui.terminal.frame_rate import FrameRate
from eksview.ui.terminal.line_erase import erases_in_color
from eksview.ui.terminal.text_filter import AsciiEllipsis, PrintableText
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.palette import NIGHT, palette_of

PACKAGE = Path(eksview.__file__).parent

MakeBackend: TypeAlias = Callable[[Settings, Sink], Backend]

_PRINTABLE, _ELLIPSIS = PrintableText(), AsciiEllipsis()
_log = logging.getLogger(__name__)


class EksviewApp(ExportActions, inherit_bindings=False):
    """The Textual application; it owns the store and the view that all screens share."""

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
        files: UserFiles | None = None,
    ) -> None:
        super().__init__(css_path=[*stylesheets()])
        self.register_theme(NIGHT)
        self.theme = NIGHT.name  # until the colors of the terminal are known
        self._settings = settings
        self._make_backend = make_backend
        self._log_file = log
        self._time = clock
        self._environ = environ
        self._files = files
        self._served = served  # one of many in this process, which goes on
        self._settled = _nothing if served else freeze_heap  # another session may end soon
        self.shells = ShellLauncher(self, environ, served=served)
        self.logs = LogLauncher(self, self.shells)
        self._clipboard_way = Clipboard(self, environ, served=served)
        self.erase_lines(in_color=not served and erases_in_color(environ))
        self.set_class(settings.ascii, "ascii")
        if self.no_color or self.console.color_system is None:  # such as of TERM=dumb
            self.no_color = True
            self.use_filters([NoColor()])
        if not settings.animate:
            self.animation_level = "none"

    # starting and ending

    def on_load(self) -> None:
        """Wire everything: the event loop runs, and nothing is painted yet."""
        self.opening = True
        store = Store(self._time)
        applier = Applier(store, asyncio.get_running_loop(), self._relist)
        self.view = View(
            store=store,
            rates=Rates(),
            backend=self._make_backend(self._settings, applier.mailbox),
            settings=self._settings,
            glyphs=ASCII if self._settings.ascii else UNICODE,
            clock=store.time.now,
            palette=partial(palette_of, self),
            pace=FrameRate(self._settings),
            environ=self._environ,
            language=language_of(self._environ, self._settings.lang),
            served=self._served,
            ecs_cluster=self._settings.ecs_cluster,
        )
        self.navigation = Navigation(self, self.view)
        self._live = LiveSettings(self, self.view, self.navigation, self._files)
        self.navigation.switched = self._switched
        self.navigation.show_logs = partial(self.logs.show_control_plane, self.view)
        self._live.begin()
        self._frames = FramePainter(self, self.view, lent=self.shells.lent, settled=self._settled)
        self._keys = KeyQueue(
            self, super().on_event, self._frames.flush, self._frames.keys_wait, self.is_early
        )

    def _relist(self) -> None:
        self.view.backend.refresh()
        self.notify(REASON, severity="error")

    def get_default_screen(self) -> Screen[Any]:
        return BY_NAME[first_screen(self._settings.ecs_cluster)].make(self.view)

    def on_ready(self) -> None:
        """Paint the first frame once all is laid out, then start the data side."""
        self.app_resume_signal.subscribe(self, self._frames.resume)
        self.call_after_refresh(self._start)

    async def _start(self) -> None:
        self.opened()
        if not self.is_headless and not self._served:
            leave_on_signals(self)
        self.view.backend.start()
        self._frames.start()
        self._live.started()
        self._settled()
        await self._keys.begin()

    def on_unmount(self) -> None:
        self._live.ended()
        self.view.forwards.close_all()
        self.view.backend.stop()

    def _switched(self, context: str) -> None:
        self.view.forwards.close_all()
        self._live.switched(context)

    def crashed(self, error: Exception | None) -> None:
        """Log the traceback and exit with one sentence."""
        _log.critical("unexpected error", exc_info=error)
        details = f" The details are in {self._log_file}." if self._log_file else ""
        self.panic(Text(f"eksview stopped because of an unexpected error.{details}"))

    # frames and messages

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters of every line that a widget draws."""
        ours = (_PRINTABLE, _ELLIPSIS) if self._settings.ascii else (_PRINTABLE,)
        return *super().get_line_filters(), *ours

    async def on_event(self, event: events.Event) -> None:
        """Handle keys in the order in which they were typed."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._keys.put(event)
        elif isinstance(event, KeyMark):
            await self._keys.arrived(event)
        else:
            await super().on_event(event)

    def may_paint(self) -> bool:
        return self._frames.may_paint()

    def resumed(self) -> None:
        """Update a screen that was hidden before its outdated content is painted."""
        self._frames.flush(full=True)

    def on_resumed(self, _: Resumed) -> None:
        """Update the part of a screen that was hidden."""
        self._frames.flush(full=True)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a toast, in place of one with the same message.

        Unlike Textual's, brackets in a name are no markup unless asked for.
        """
        self.withdraw(message)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy text and show how; a shell into which it is pasted must not obey what is in it."""
        shown = visible(text)
        self.keep_copied(shown)
        self._clipboard_way.copy(shown)

    @on(Open)
    def open_screen(self, message: Open) -> None:
        self.navigation.open(message)

    # keys

    def get_key_display(self, binding: Binding) -> str:
        """Return a key's name, as a word where Textual has a symbol."""
        return readable(super().get_key_display(binding))

    def action_refresh(self) -> None:
        """Read all lists again, and send every cell, for a terminal that another program spoilt."""
        self.redraw()
        self.view.backend.refresh()
        self.notify("Refreshing: all lists are read again.", timeout=2)

    def action_look(self, tab: str) -> None:
        """Show a tab of this screen, or of the object under the cursor."""
        screen = self.screen
        if isinstance(screen, LiveScreen) and not screen.look(tab):
            subject = screen.subject()
            if subject is not None:
                self.post_message(subject.at(tab))

    def action_command(self) -> None:
        self.navigation.type_command()

    def action_help(self) -> None:
        self.push_screen(routes.keys(self.view, self.screen, self.get_key_display))

    def action_equivalent_commands(self) -> None:
        """List the commands that read what is on the screen and under the cursor."""
        screen = self.screen
        if isinstance(screen, LiveScreen):
            dialog = routes.equivalent_commands(self.view, screen.subject(), screen.LINKS)
            self.push_screen(dialog, self.copy_command)


def stylesheets() -> tuple[Path, ...]:
    """Return the `.tcss` files by name, because the order in which they apply matters.

    A checkout's files come first, because an editable install may keep an outdated copy.
    Raises FileNotFoundError where there are none.
    """
    for folder in (PACKAGE.parents[1] / "styles", PACKAGE / "styles"):
        if paths := tuple(sorted(folder.glob("*.tcss"))):
            return paths
    raise FileNotFoundError(f"{PACKAGE / 'styles'} has no style sheets; install eksview again")


def _nothing() -> None:
    return
