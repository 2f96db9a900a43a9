"""A Textual driver with flow control: the terminal reports what it has shown.

Megabytes fit into the buffers between the two: sshd's window and the kernels' (OpenSSH 9.2: 2 MB a
channel). Writing doesn't block, so that a minute of outdated frames would be delivered first over
a slow connection. Each frame is therefore followed by a request for the position of the cursor
(DSR 6), which every terminal answers after all that was written before.
"""

import threading
import time
from typing import TYPE_CHECKING, Any

from textual.events import CursorPosition
from textual.message import Message

from eksview.ui.terminal.textual_private import TerminalDriver

if TYPE_CHECKING:
    from textual.app import App


LATE = 1.0
"""Seconds within which a terminal over a good connection reports a frame as shown."""
AGAIN = 5.0
"""Seconds after which a request is repeated, because its answer may have been lost."""
MOST = 64_000
"""Bytes that may be on their way: a little more than two frames of 160x48 in 256 colours.

With less than one frame, each frame would cause the next one to be dropped and repeated.
"""


class FlowControl:
    """The bytes written, and those of them that the terminal has reported as shown.

    One request is out at a time; its answer confirms all that was written before it. Times are
    seconds of a monotonic clock. A terminal that never answered isn't waited for.
    """

    def __init__(self) -> None:
        self.answers = False
        """Whether this terminal answers at all."""
        self._written = 0
        self._requested = self._shown = 0  # of the bytes written
        self._since: float | None = None  # when the unanswered request was sent first
        self._last = float("-inf")
        self._verdicts: list[bool] = []

    def wrote(self, size: int) -> None:
        """Count bytes that were written."""
        self._written += size

    def request(self, now: float) -> bool:
        """Return whether to send a request now, which then counts as sent."""
        waiting = self._since is not None
        if waiting and not (self.answers and now - self._last >= AGAIN):
            return False
        if not waiting and self._written == self._requested:
            return False
        self._since = self._since if self._since is not None else now
        self._last, self._requested = now, self._written
        return True

    def answer(self, now: float) -> None:
        """Take the answer to a request: all that was written before it has been shown."""
        if self._since is None:
            return
        self._verdicts.append(now - self._since > LATE)
        self.answers, self._since, self._shown = True, None, self._requested

    def behind(self, now: float) -> bool:
        """Return whether more frames would only fill buffers."""
        if not self.answers or self._since is None:
            return False
        return now - self._since > LATE or self._written - self._shown > MOST

    def owed(self, now: float) -> bool:
        """Return whether an answer may arrive soon."""
        patience = AGAIN if self.answers else LATE
        return self._since is not None and now - self._since <= patience

    def verdicts(self) -> list[bool]:
        """Return, for each answer since the last call, whether it was late."""
        verdicts, self._verdicts = self._verdicts, []
        return verdicts


CURSOR_POSITION = "\x1b[6n"
PLAIN = "\x1b[m"
"""The end of the colors of the last frame, which would go on in the shell."""
FAREWELL = 3.0
"""Seconds to wait for an answer before the terminal is restored: the shell would read it as input.

Over a slow connection it is as late as the frame before it.
"""


class FlowControlDriver(TerminalDriver):
    """The driver of a terminal with flow control."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self._flow = FlowControl()
        self._answered = threading.Event()
        self._enabled = False

    @property
    def behind(self) -> bool:
        """True while more frames would only fill buffers."""
        return self._flow.behind(time.monotonic())

    @property
    def answers(self) -> bool:
        """True once the terminal has answered a request."""
        return self._flow.answers

    def verdicts(self) -> list[bool]:
        """Return, for each answer since the last call, whether it was late."""
        self._request()  # again, if an answer is overdue
        return self._flow.verdicts()

    def hang_up(self) -> None:
        """Send no more requests: the answer would reach nothing, or another program."""
        self._enabled = False
        self._flow = FlowControl()

    def write(self, data: str) -> None:
        super().write(data)
        self._flow.wrote(len(data.encode()))

    def flush(self) -> None:
        super().flush()
        self._request()

    def process_message(self, message: Message) -> None:
        """Take an answer; called by the thread that reads."""
        if not isinstance(message, CursorPosition):
            super().process_message(message)
            return
        self._flow.answer(time.monotonic())
        self._answered.set()
        self._request()

    def start_application_mode(self) -> None:
        """Start, and send requests now that the terminal doesn't echo their answers."""
        super().start_application_mode()
        self._enabled = True

    def stop_application_mode(self) -> None:
        """Restore the terminal after the last answer."""
        self._enabled = False
        if self._flow.owed(time.monotonic()):
            self._answered.wait(FAREWELL)
        self.hang_up()
        super().write(PLAIN)
        super().stop_application_mode()

    def _request(self) -> None:
        if self._enabled and self._flow.request(time.monotonic()):
            self._answered.clear()
            super().write(CURSOR_POSITION)
