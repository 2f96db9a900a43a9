"""Textual at the other end of an SSH channel."""

import asyncio
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any, Protocol

from textual.events import Resize
from textual.geometry import Size

from eksview.ui.terminal.textual_private import DriverHooks, XTermParser

if TYPE_CHECKING:
    from textual.app import App

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?2026$p\x1b[?2004h\x1b[?7l"
"""Alternate screen, no cursor, focus reports, synchronized output asked for, paste, no wrapping."""
LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[?1004l"
ALONE = 0.1
"""Seconds of silence after which Escape is Escape, and not the beginning of a sequence."""


class Channel(Protocol):
    """The way to one terminal."""

    def write(self, data: bytes) -> None:
        """Send it; what can't be sent is counted against the channel, not kept."""

    @property
    def behind(self) -> bool:
        """Whether what was sent before isn't taken yet."""


class ChannelDriver(DriverHooks):
    """Writes to a channel and is fed what comes back. Nothing of this process's own terminal."""

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
        self._silence: asyncio.TimerHandle | None = None

    @property
    def behind(self) -> bool:
        """Whether frames would only pile up."""
        return self._channel.behind

    def write(self, data: str) -> None:
        self._channel.write(data.encode("utf-8", "replace"))

    def start_application_mode(self) -> None:
        self.write(ENTER)
        if self.terminal_size is not None:
            self.resize(*self.terminal_size)

    def disable_input(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def stop_application_mode(self) -> None:
        self.disable_input()
        self.write(LEAVE)

    def feed(self, data: bytes) -> None:
        """Keys, as they came over the line."""
        for event in self._parser.feed(self._decode(data)):
            self.process_message(event)
        self.disable_input()
        self._silence = asyncio.get_running_loop().call_later(ALONE, self._tick)

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size."""
        self.terminal_size = columns, rows
        size = Size(columns, rows)
        self.app.post_message(Resize(size, size))

    def _tick(self) -> None:
        for event in self._parser.tick():
            self.process_message(event)
