"""One viewer's terminal, from its connection to its end."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import asyncssh
from rich.color import ColorSystem
from textual.app import App

from eksview.sshserver.driver import ChannelDriver
from eksview.sshserver.session_list import Sessions, ViewerSession
from eksview.ui.terminal.textual_private import set_color_system

LOG = logging.getLogger("eksview.sshserver")
EXIT_LIMIT = 1.0  # seconds for a dashboard to end after its terminal has disconnected
NO_TERMINAL = "eksview needs a terminal: use ssh -t without a command."
FULL = "eksview: the maximum number of sessions is reached; try again later."
_TRUE_COLOUR = ("-direct", "kitty", "alacritty", "foot", "ghostty", "wezterm")

MakeApp = Callable[[Mapping[str, str]], "App[Any]"]


class SshSession(asyncssh.SSHServerSession[bytes]):
    """A session that shows the dashboard to a client with a terminal and a shell request."""

    def __init__(self, sessions: Sessions, viewer: ViewerSession, make_app: MakeApp) -> None:
        self._sessions = sessions
        self._viewer = viewer
        self._make_app = make_app
        self._channel: asyncssh.SSHServerChannel[bytes]
        self._driver: ChannelDriver | None = None
        self._app: App[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._terminal: str | None = None  # its name, empty for a client without TERM
        self._size = 80, 24
        self._shell = True
        self._paused = self._dropped = False

    # callbacks of asyncssh

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        self._channel = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], _modes: Mapping[int, int]
    ) -> bool:
        self._terminal, self._size = term_type, _bounded(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, _command: str) -> bool:
        self._shell = False
        return True  # `session_started` refuses it with a message

    def session_started(self) -> None:
        """Start the dashboard, or refuse the session with a message."""
        if not self._shell or self._terminal is None:
            self._refuse(NO_TERMINAL)
        elif not self._sessions.enter(self._viewer, self._size):
            self._refuse(FULL)
        else:
            self._task = asyncio.create_task(self._show(), name=f"viewer {self._viewer.number}")

    def data_received(self, data: bytes, _type: asyncssh.DataType) -> None:
        if self._driver is not None:
            self._driver.feed(data)

    def terminal_size_changed(self, width: int, height: int, _x: int, _y: int) -> None:
        self._size = _bounded(width, height)
        self._sessions.resized(self._viewer, self._size)
        if self._driver is not None:
            self._driver.resize(*self._size)

    def eof_received(self) -> bool:
        self._leave()
        return False

    def pause_writing(self) -> None:
        """Stop drawing until the client reads again."""
        self._paused = True

    def resume_writing(self) -> None:
        """Draw the whole screen if output was dropped."""
        self._paused = False
        if self._dropped and self._app is not None:
            self._dropped = False
            self._app.call_later(self._app.screen.refresh)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._leave()

    # the channel of the driver

    @property
    def behind(self) -> bool:
        return self._paused

    def write(self, data: bytes) -> None:
        """Send data, or drop it while the client doesn't read: `resume_writing` redraws."""
        if self._paused:
            self._dropped = True
        elif not self._channel.is_closing():
            self._channel.write(data)
            self._viewer.sent += len(data)

    async def _show(self) -> None:
        try:
            terminal = self._terminal or ""
            environment = {**_environment(self._channel), "TERM": terminal}
            app = self._app = self._make_app(environment)
            set_color_system(app, colours(terminal, environment))
            app.driver_class = self._drive  # type: ignore[assignment]  # called like the class
            await app.run_async(mouse=False)
        except Exception:
            LOG.exception("session %d", self._viewer.number)
        finally:
            self._sessions.leave(self._viewer)
            if not self._channel.is_closing():
                self._channel.exit(0)

    def _drive(self, app: "App[Any]", **options: Any) -> ChannelDriver:
        options["size"] = self._size
        self._driver = ChannelDriver(app, self, **options)
        return self._driver

    def _leave(self) -> None:
        self._driver = None
        if self._app is not None:
            self._app.exit()
        if self._task is not None:
            asyncio.get_running_loop().call_later(EXIT_LIMIT, self._task.cancel)

    def _refuse(self, sentence: str) -> None:
        self._channel.write_stderr(f"{sentence}\r\n".encode())
        self._channel.exit(1)


def colours(terminal: str, environment: Mapping[str, str]) -> ColorSystem | None:
    """Return the colours of a terminal, by its name and the client's environment; None: none.

    Sources: no-color.org; termstandard/colors for COLORTERM.
    """
    if environment.get("NO_COLOR") or terminal in ("dumb", "unknown"):
        return None
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    if any(part in terminal for part in _TRUE_COLOUR):
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT if "256" in terminal else ColorSystem.STANDARD


def _environment(channel: "asyncssh.SSHServerChannel[bytes]") -> dict[str, str]:
    return {str(name): str(value) for name, value in channel.get_environment().items()}


def _bounded(columns: int, rows: int) -> tuple[int, int]:
    """Return a usable size: a client may report 0 or any number."""
    return max(20, min(columns or 80, 1000)), max(5, min(rows or 24, 500))
