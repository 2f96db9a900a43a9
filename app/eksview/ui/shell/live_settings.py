"""The settings that change while the application runs, and what it keeps for the next start."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TypeAlias

from msgspec import Struct

from eksview.config.file_values import FileConfig
from eksview.config.file_watcher import FileWatcher
from eksview.config.option_types import UsageError
from eksview.config.settings import Settings, in_context, with_file
from eksview.config.state_file import State, read_state, write_state
from eksview.domain.base.errors import UserError
from eksview.domain.base.language import language_of
from eksview.domain.base.text import clean
from eksview.domain.kube.api_resource import ApiResources
from eksview.ui.base.messages import Resumed
from eksview.ui.base.view import View
from eksview.ui.dialogs.commands import NO_RESOURCES
from eksview.ui.shell.key_map import key_map
from eksview.ui.shell.navigation import Navigation
from eksview.ui.terminal.textual_private import AppHooks
from eksview.ui.text.terminal_colors import show_theme

LAST = "last"
"""The value of the option `view` that opens the screen of the last time."""
SAVING = 1.0  # seconds that the end of the program waits for a slow disk
ERROR_TIME = 20.0  # seconds that a fault of the file is shown

TRIES, BETWEEN = 30, 1.0
"""How often the first screen asks for the server's resources, and the seconds between."""

FileResult: TypeAlias = FileConfig | UsageError


class UserFiles(Struct):
    """The configuration file, watched, and the place of the state."""

    config: FileWatcher[FileResult]
    state: Path


class LiveSettings:
    """The settings of a view, applied to its application when the context or the file changes."""

    def __init__(
        self,
        app: AppHooks,
        view: View,
        navigation: Navigation,
        files: UserFiles | None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._app = app
        self._view = view
        self._navigation = navigation
        self._files = files
        self._state = State()
        self._fault = ""  # of the file, as it is shown

    def begin(self) -> None:
        """Apply the settings of the start, before the first frame."""
        show_theme(self._app, self._view.settings.theme)
        self._app.set_keymap(key_map(self._view.settings.keys))
        self._view.store.heartbeats_late_from(self._view.settings.thresholds.heartbeat_age)

    def started(self) -> None:
        """Open the first screen and watch the file, once the first frame has been painted."""
        self._app.run_worker(self._start())

    async def _start(self) -> None:
        if self._files is not None:
            self._state = await asyncio.to_thread(read_state, self._files.state)
            self._view.newcomer = self._state == State()
            self._navigation.history.load(self._state.history)
            loop = asyncio.get_running_loop()
            self._files.config.start(partial(self._hand_over, loop))
        view = self._view.settings.view
        await self._open(self._state.view if view == LAST else view)

    async def _open(self, line: str) -> None:
        """Open the screen of a command, which may name a resource of the server."""
        error = self._navigation.run_line(line) if line else None
        if error is not None and error.unknown:
            error = self._navigation.run_line(line, await self._resources())
        if error is not None:
            self._app.notify(
                self._view.keyed(f"view: {error.reason}"), severity="error", markup=False
            )

    async def _resources(self) -> ApiResources:
        """Return the server's resources once it has answered; none if it doesn't for long."""
        for _ in range(TRIES):
            try:
                return await self._view.backend.resources()
            except UserError:  # there is no connection yet
                await self._sleep(BETWEEN)
        return NO_RESOURCES

    def ended(self) -> None:
        """Keep the state for the next start."""
        if self._files is None:
            return
        self._files.config.stop()
        history = tuple(map(clean, self._navigation.history.lines))
        state = State(history, self._navigation.last_view)
        if state != self._state:
            saving = Thread(target=write_state, args=(self._files.state, state), daemon=True)
            saving.start()
            saving.join(SAVING)

    def switched(self, context: str) -> None:
        """Apply what the file has for a context that was switched to."""
        before = self._view.settings.view
        self._use(in_context(self._view.settings, context))
        if self._view.settings.view not in (before, LAST):
            self._app.run_worker(self._open(self._view.settings.view))

    def _hand_over(self, loop: asyncio.AbstractEventLoop, result: FileResult) -> None:
        with suppress(RuntimeError):  # the application has ended
            loop.call_soon_threadsafe(self._app.call_later, self.loaded, result)

    def loaded(self, result: FileResult) -> None:
        """Apply a changed file, or say why the options before stay in use."""
        self._app.withdraw(self._fault)
        if isinstance(result, UsageError):
            self._fault = f"{clean(str(result).rstrip('.'))} (the options before it stay in use)"
            self._app.notify(self._fault, severity="error", timeout=ERROR_TIME, markup=False)
            return
        settings, late = with_file(self._view.settings, result)
        self._use(settings)
        waiting = f"; {', '.join(late)}: from the next start on" if late else ""
        what = "was read again" if result.lines else "is empty or was removed: the defaults apply"
        self._app.notify(f"config.toml {what}{waiting}.", markup=False)

    def _use(self, settings: Settings) -> None:
        before, self._view.settings = self._view.settings, settings
        if settings.theme != before.theme:
            show_theme(self._app, settings.theme)
        if settings.lang != before.lang:
            self._view.language = language_of(self._view.environ, settings.lang)
            self._app.post_message(Resumed())
        if settings.keys != before.keys:
            self._app.set_keymap(key_map(settings.keys))
        if settings.thresholds != before.thresholds:
            self._view.store.heartbeats_late_from(settings.thresholds.heartbeat_age)
            self._app.post_message(Resumed())  # draws all that is shown
        if settings.namespace != before.namespace:
            self._navigation.choose_namespace(settings.namespace or "")
