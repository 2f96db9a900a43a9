"""The bounded hand-over of log lines from the loop that reads them to the screen's loop.

Any source fills one: containers, a kubelet's journal, CloudWatch Logs. The reader `put`s lines and
`report`s its sources, and waits while the inbox is `full`; the screen `take`s all of it with each
frame and `close`s it when it is left.
"""

from collections import deque
from collections.abc import Callable, Iterable
from enum import StrEnum
from threading import Lock

from msgspec import Struct, field

from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.logs.line import LogLine

LINES, BYTES = 50_000, 16 * 1024 * 1024
"""What waits at most; beyond it the oldest lines are left out and counted."""


class SourcePhase(StrEnum):
    """The state of one source of a log."""

    OPENING = "opening"
    WAITING = "waiting"  # its container hasn't started
    LIVE = "live"
    RETRYING = "retrying"
    ENDED = "ended"
    FAILED = "failed"


class LogSource(Struct, frozen=True):
    """A source of lines by its number; `reason` says what it waits for or why it ended."""

    number: int
    namespace: Clean
    name: Clean
    container: Clean
    phase: SourcePhase = SourcePhase.OPENING
    reason: Clean = EMPTY


class Taken(Struct):
    """What has come since the last time; `left_out` counts lines for which there was no room.

    `state` is a sentence about the whole, such as why pods can't be listed; `more` is the number of
    sources beyond those that are read at once. `read_at` is when a source that is polled was last
    read, None for sources that are followed.
    """

    lines: list[LogLine] = field(default_factory=list)
    sources: list[LogSource] = field(default_factory=list)
    left_out: int = 0
    state: Clean = EMPTY
    more: int = 0
    changed: bool = False
    read_at: float | None = None


class LogInbox:
    """The lines that wait for the screen."""

    def __init__(self) -> None:
        self.closed = False
        self.held = False
        """True while the screen is paused: then a reader waits as long as it takes."""
        self._closing: Callable[[], object] | None = None
        self._lock = Lock()
        self._lines: deque[LogLine] = deque()
        self._bytes = 0
        self._taken = Taken()

    # for readers

    @property
    def full(self) -> bool:
        """Return whether a reader should wait before it reads more."""
        return len(self._lines) >= LINES // 2 or self._bytes >= BYTES // 2

    def on_close(self, closing: Callable[[], object]) -> None:
        """Set what ends the reading; it is called once, in the screen's thread."""
        self._closing = closing

    def put(self, lines: Iterable[LogLine]) -> None:
        """Add lines in their order; the oldest give way where there is no room."""
        more = list(lines)
        size = sum(len(text) for _, text in more)
        with self._lock:  # for a moment only: the screen may wait for it
            self._lines.extend(more)
            self._bytes += size
            while len(self._lines) > LINES or self._bytes > BYTES:
                self._bytes -= len(self._lines.popleft()[1])
                self._taken.left_out += 1

    def report(self, source: LogSource) -> None:
        """Replace what is known of a source."""
        with self._lock:
            self._taken.sources.append(source)

    def state(self, sentence: Clean, more: int = 0) -> None:
        """Replace the sentence about the whole, and the number of sources that aren't read."""
        with self._lock:
            self._taken.state, self._taken.more, self._taken.changed = sentence, more, True

    def as_of(self, at: float) -> None:
        """Keep when a source that is polled was read."""
        with self._lock:
            self._taken.read_at = at

    # for the screen

    @property
    def waiting(self) -> int:
        """Return how many lines wait."""
        return len(self._lines)

    def take(self, *, lines: bool = True) -> Taken:
        """Return what has come; with `lines` False the lines stay."""
        waiting: deque[LogLine] = deque()
        with self._lock:
            taken = self._taken
            self._taken = Taken(state=taken.state, more=taken.more, read_at=taken.read_at)
            if lines:
                waiting, self._lines, self._bytes = self._lines, waiting, 0
        taken.lines = list(waiting)
        return taken

    def close(self) -> None:
        """End the reading: the screen takes no more lines."""
        if not self.closed:
            self.closed = True
            if self._closing is not None:
                self._closing()
