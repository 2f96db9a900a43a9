"""Textual on a terminal at the other end of a line, which is asked what it has shown already.

Megabytes fit between the two: sshd's window, the kernels' buffers (OpenSSH 9.2: 2 MB a channel).
Writing never blocks there, so a line that is slow or stands still isn't felt by it, and a minute
of frames nobody needs any more would be delivered first. Each frame is followed by the question
where the cursor is (DSR 6), which every terminal answers, after what was written before.
"""

import threading
import time
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition
from textual.message import Message

if TYPE_CHECKING:
    from textual.app import App


LATE = 1.0
"""Seconds within which a terminal over a good line says that it has shown a frame."""
AGAIN = 5.0
"""Seconds after which it is asked once more: an answer may be lost, when a terminal is left say."""
MOST = 64_000
"""Bytes that may be on their way: two whole frames of 160x48 in 256 colours, and a little.

With less than one of them, what is dropped behind a frame would bring the next, for ever.
"""


class FlowControl:
    """One question at a time is on its way; its answer is the receipt for all written before it.

    Times are in seconds of any clock that only goes on. A terminal that never answered isn't
    waited for.
    """

    def __init__(self) -> None:
        self.answers = False
        """Whether this terminal answers at all."""
        self._written = 0
        self._asked = self._shown = 0  # of the bytes written
        self._since: float | None = None  # when what isn't answered yet was asked first
        self._last = float("-inf")
        self._verdicts: list[bool] = []

    def wrote(self, size: int) -> None:
        """So many bytes more are on their way."""
        self._written += size

    def ask(self, now: float) -> bool:
        """Whether to ask now; it counts as asked then."""
        waiting = self._since is not None
        if waiting and not (self.answers and now - self._last >= AGAIN):
            return False
        if not waiting and self._written == self._asked:
            return False
        self._since = self._since if self._since is not None else now
        self._last, self._asked = now, self._written
        return True

    def answer(self, now: float) -> None:
        """The terminal has shown what was written before it was asked."""
        if self._since is None:
            return
        self._verdicts.append(now - self._since > LATE)
        self.answers, self._since, self._shown = True, None, self._asked

    def behind(self, now: float) -> bool:
        """Whether more would only pile up on the way."""
        if not self.answers or self._since is None:
            return False
        return now - self._since > LATE or self._written - self._shown > MOST

    def owed(self, now: float) -> bool:
        """Whether an answer is on its way that is worth waiting for."""
        patience = AGAIN if self.answers else LATE
        return self._since is not None and now - self._since <= patience

    def verdicts(self) -> list[bool]:
        """Of each answer since this was asked last, whether it was late."""
        found, self._verdicts = self._verdicts, []
        return found


ASK = "\x1b[6n"
FAREWELL = 3.0
"""Seconds to wait for an answer before the terminal is given back: it would land in the shell.

Over a slow line it comes as late as the frame before it.
"""


class FlowControlDriver(LinuxDriver):
    """The same driver; `behind` while the terminal hasn't shown what was written to it."""

    def __init__(self, app: "App[Any]", **words: Any) -> None:
        super().__init__(app, **words)
        self._receipts = FlowControl()
        self._answered = threading.Event()
        self._asking = False

    @property
    def behind(self) -> bool:
        """Whether frames would only pile up on the way."""
        return self._receipts.behind(time.monotonic())

    @property
    def answers(self) -> bool:
        """Whether the terminal tells what it has shown."""
        return self._receipts.answers

    def verdicts(self) -> list[bool]:
        """Of each answer since this was called last, whether it came late."""
        self._ask()  # once more, where an answer is long in coming
        return self._receipts.verdicts()

    def hang_up(self) -> None:
        """Ask no more: nobody is there, or the answer would reach somebody else."""
        self._asking = False
        self._receipts = FlowControl()

    def write(self, data: str) -> None:
        """On its way."""
        super().write(data)
        self._receipts.wrote(len(data.encode()))

    def flush(self) -> None:
        """A frame has been written."""
        super().flush()
        self._ask()

    def process_message(self, message: Message) -> None:
        """Called by the thread that reads."""
        if not isinstance(message, CursorPosition):
            super().process_message(message)
            return
        self._receipts.answer(time.monotonic())
        self._answered.set()
        self._ask()

    def start_application_mode(self) -> None:
        """Asks only once the terminal doesn't echo the answer any more."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._asking = True

    def stop_application_mode(self) -> None:
        """Gives the terminal back."""
        self._asking = False
        if self._receipts.owed(time.monotonic()):
            self._answered.wait(FAREWELL)
        self.hang_up()
        super().stop_application_mode()

    def _ask(self) -> None:
        if self._asking and self._receipts.ask(time.monotonic()):
            self._answered.clear()
            super().write(ASK)
