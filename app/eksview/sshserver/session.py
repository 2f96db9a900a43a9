"""One terminal that looks, from its connection to its end."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import asyncssh
from rich.color import ColorSystem
from textual.app import App

from eksview.sshserver.driver import ChannelDriver
from eksview.sshserver.sessions import Sessions, ViewerSession
from eksview.ui.terminal.textual_private import set_color_system

LOG = logging.getLogger("eksview.sshserver")
GRACE = 1.0  # seconds in which a dashboard whose terminal has gone must have ended
NO_TERMINAL = "eksview is a dashboard and needs a terminal: ssh -t, and no command."
FULL = "eksview: as many look already as may; try again later."
_TRUE_COLOUR = ("-direct", "kitty", "alacritty", "foot", "ghostty", "wezterm")

MakeApp = Callable[[Mapping[str, str]], "App[Any]"]


class SshSession(asyncssh.SSHServerSession[bytes]):
    """Shows the dashboard to a client that asked for a terminal and a shell, and nothing else."""

    def __init__(self, guests: Sessions, guest: ViewerSession, make: MakeApp) -> None:
        self._guests = guests
        self._guest = guest
        self._make = make
        self._channel: asyncssh.SSHServerChannel[bytes]
        self._driver: ChannelDriver | None = None
        self._app: App[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._terminal = ""
        self._size = 80, 24
        self._wanted = True
        self._paused = self._lost = False

    # what the channel asks of it

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        """The channel is open."""
        self._channel = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], _modes: Mapping[int, int]
    ) -> bool:
        """A terminal of some kind and size."""
        self._terminal, self._size = term_type, _sane(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        """What is wanted."""
        return True

    def exec_requested(self, _command: str) -> bool:
        """Taken, to be refused with a sentence."""
        self._wanted = False
        return True

    def session_started(self) -> None:
        """Begin to draw, or say why not."""
        if not (self._wanted and self._terminal):
            self._refuse(NO_TERMINAL)
        elif not self._guests.enter(self._guest, self._size):
            self._refuse(FULL)
        else:
            self._task = asyncio.create_task(self._show(), name=f"viewer {self._guest.number}")

    def data_received(self, data: bytes, _type: asyncssh.DataType) -> None:
        """Keys."""
        if self._driver is not None:
            self._driver.feed(data)

    def terminal_size_changed(self, width: int, height: int, _x: int, _y: int) -> None:
        """The client's window."""
        self._size = _sane(width, height)
        self._guests.resized(self._guest, self._size)
        if self._driver is not None:
            self._driver.resize(*self._size)

    def eof_received(self) -> bool:
        """No more keys: nobody is there."""
        self._leave()
        return False

    def pause_writing(self) -> None:
        """The client takes nothing: draw nothing until it does."""
        self._paused = True

    def resume_writing(self) -> None:
        """One whole frame as it is now, if something was left out."""
        self._paused = False
        if self._lost and self._app is not None:
            self._lost = False
            self._app.call_later(self._app.screen.refresh)

    def connection_lost(self, _exc: Exception | None) -> None:
        """The client has gone."""
        self._leave()

    # what the driver asks of it

    @property
    def behind(self) -> bool:
        """Whether what was sent before isn't taken yet."""
        return self._paused

    def write(self, data: bytes) -> None:
        """Send it; left out while the client takes nothing, for only the last frame counts."""
        if self._paused:
            self._lost = True
        elif not self._channel.is_closing():
            self._channel.write(data)
            self._guest.sent += len(data)

    # its life

    async def _show(self) -> None:
        try:
            environment = _environment(self._channel)
            app = self._app = self._make(environment)
            set_color_system(app, colours(self._terminal, environment))
            app.driver_class = self._drive  # type: ignore[assignment]  # called as the class would be
            await app.run_async(mouse=False)
        except Exception:
            LOG.exception("session %d", self._guest.number)
        finally:
            self._guests.leave(self._guest)
            if not self._channel.is_closing():
                self._channel.exit(0)

    def _drive(self, app: "App[Any]", **words: Any) -> ChannelDriver:
        words["size"] = self._size
        self._driver = ChannelDriver(app, self, **words)
        return self._driver

    def _leave(self) -> None:
        self._driver = None
        if self._app is not None:
            self._app.exit()
        if self._task is not None:
            asyncio.get_running_loop().call_later(GRACE, self._task.cancel)

    def _refuse(self, sentence: str) -> None:
        self._channel.write_stderr(f"{sentence}\r\n".encode())
        self._channel.exit(1)


def colours(terminal: str, environment: Mapping[str, str]) -> ColorSystem | None:
    """What a terminal shows, by its name and by what it sends along; None: no colours.

    Source: no-color.org; termstandard/colors for COLORTERM.
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


def _sane(columns: int, rows: int) -> tuple[int, int]:
    """A client may say 0, or anything."""
    return max(20, min(columns or 80, 1000)), max(5, min(rows or 24, 500))
