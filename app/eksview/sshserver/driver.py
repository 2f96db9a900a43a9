"""A Textual driver for an SSH channel."""

import asyncio
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any, Protocol

from textual.events import Resize
from textual.geometry import Size

from eksview.ui.terminal.textual_private import DriverHooks, XTermParser

if TYPE_CHECKING:
    from textual.app import App

# Alternate screen, no cursor, focus reports, query for synchronized output, paste, no wrapping.
ENTER = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?2026$p\x1b[?2004h\x1b[?7l"
LEAVE = "\x1b[m\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[?1004l"
ESCAPE_DELAY = 0.1  # seconds; an Escape without more input is the key, not a sequence


class Channel(Protocol):
    """A connection to one terminal."""

    def write(self, data: bytes) -> None:
        """Send data; while the client doesn't read, data is dropped, not kept."""

    @property
    def behind(self) -> bool:
        """True while the client hasn't read earlier data."""


class ChannelDriver(DriverHooks):
    """A driver that writes to a channel and never to the terminal of this process."""

    def __init__(
        self,
        app: "App[Any]",
        channel: Channel,
        *,
        debug: bool = False,
        mouse: bool = False,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._channel = channel
        self._parser = XTermParser(debug)
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._escape_timer: asyncio.TimerHandle | None = None

    @property
    def behind(self) -> bool:
        return self._channel.behind

    def write(self, data: str) -> None:
        self._channel.write(data.encode("utf-8", "replace"))

    def start_application_mode(self) -> None:
        self.write(ENTER)
        if self.terminal_size is not None:
            self.resize(*self.terminal_size)

    def disable_input(self) -> None:
        if self._escape_timer is not None:
            self._escape_timer.cancel()
            self._escape_timer = None

    def stop_application_mode(self) -> None:
        self.disable_input()
        self.write(LEAVE)

    def feed(self, data: bytes) -> None:
        """Process input of the client."""
        for event in self._parser.feed(self._decode(data)):
            self.process_message(event)
        self.disable_input()
        self._escape_timer = asyncio.get_running_loop().call_later(ESCAPE_DELAY, self._tick)

    def resize(self, columns: int, rows: int) -> None:
        self.terminal_size = columns, rows
        size = Size(columns, rows)
        self.app.post_message(Resize(size, size))

    def _tick(self) -> None:
        for event in self._parser.tick():
            self.process_message(event)
