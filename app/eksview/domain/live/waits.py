"""Programs, proxies and servers that a client waits for, and how long it has waited."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.clock import Clock
from eksview.domain.base.text import Clean, clean

SOON = 3.0  # seconds from which on a wait is shown


class Wait(Struct, frozen=True):
    """A wait; `limit` is in seconds, None for one that something else limits.

    A `routine` wait is for an answer, which the screen's links report by themselves.
    """

    subject: Clean  # such as "the credential plugin aws"
    since: float
    limit: float | None = None
    routine: bool = False

    def words(self, now: float) -> str:
        """Return `waiting for the credential plugin aws, 7s of at most 60s`."""
        age = human_duration(max(0.0, now - self.since))
        most = "" if self.limit is None else f" of at most {self.limit:.0f}s"
        return f"waiting for {self.subject}, {age}{most}"


class OpenWaits(Struct, frozen=True):
    """The waits at one time, the oldest first."""

    waits: tuple[Wait, ...] = ()

    def long(self, now: float, least: float = SOON) -> Wait | None:
        """Return the oldest wait if it has taken `least` seconds."""
        oldest = self.waits[0] if self.waits else None
        return oldest if oldest is not None and now - oldest.since >= least else None


class Waits:
    """The waits of one thread; watchers are called when one begins or ends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: list[Wait] = []
        self._watchers: list[Callable[[OpenWaits], None]] = []
        self._interrupted: Wait | None = None  # the last that ended without what it waited for

    @property
    def now(self) -> OpenWaits:
        return OpenWaits(tuple(wait for wait in self._open if not wait.routine))

    @property
    def every(self) -> OpenWaits:
        """The waits, behind them the routine ones, which may last because of another."""
        return OpenWaits(tuple(sorted(self._open, key=lambda wait: wait.routine)))

    def held_up(self, began: float) -> str:
        """Return `, waiting for …` if a wait since then was in vain, the last one; else nothing."""
        wait = self._interrupted
        return "" if wait is None or wait.since < began else f", waiting for {wait.subject}"

    @contextmanager
    def on(
        self, subject: str, limit: float | None = None, *, routine: bool = False
    ) -> Iterator[None]:
        """Count as waiting for a subject; a routine wait is neither reported nor remembered."""
        wait = Wait(clean(subject), self._clock(), limit, routine)
        self._open.append(wait)
        self._report(wait)
        try:
            yield
        except BaseException:
            self._interrupted = self._interrupted if routine else wait
            raise
        finally:
            self._open = [other for other in self._open if other is not wait]
            self._report(wait)

    def watch(self, watcher: Callable[[OpenWaits], None]) -> Callable[[], None]:
        """Call a watcher with each change; return what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def _report(self, changed: Wait) -> None:
        for watcher in [] if changed.routine else list(self._watchers):
            watcher(self.now)
