"""Brings changes to the visible screen: four times a second, and at once after a key."""

from collections.abc import Callable, Sequence
from typing import Any

from textual.screen import Screen

from eksview.domain.rows.link import Phase
from eksview.store.changes import Changes
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.view import View

PERIOD = 0.25
"""Seconds between two checks whether a frame is due."""
SLACK = 0.02
"""Seconds by which a timer may be early."""


class FrameClock:
    """The clock of frames; while the terminal is `busy` with the last, changes stay in the store.

    `settled` is called once, when the first lists have been read; `observe` is given all changes
    before the screen is.
    """

    def __init__(
        self,
        view: View,
        stack: Callable[[], Sequence[Screen[Any]]],
        busy: Callable[[], bool],
        settled: Callable[[], None],
        observe: Callable[[Changes], None] = lambda _: None,
    ) -> None:
        self._view = view
        self._stack = stack
        self._busy = busy
        self._settled: Callable[[], None] | None = settled
        self._observe = observe
        self._drawn: LiveScreen | None = None
        self._ticked = float("-inf")
        self._owed = False  # a frame for which the terminal was too busy

    def tick(self, now: float) -> None:
        """Draw a frame if one is due; `now` is of a monotonic clock."""
        period = self._view.pace.period
        if self._owed or now - self._ticked >= period - SLACK:
            self._ticked = now
            self.flush()

    def flush(self, *, full: bool = False) -> None:
        """Draw a frame unless there is no live screen or the terminal is busy.

        A screen that was just opened is drawn even then: the next key may be for its rows.
        """
        screen = self._visible()
        self._owed = screen is not None and screen is self._drawn and self._busy()
        if screen is None or self._owed:
            return
        now = self._view.clock()
        changes = self._view.store.take_changes()
        if changes.reset:
            self._view.rates.forget()
        self._view.rates.observe(self._view.store.links.values(), now)
        self._observe(changes)
        full = full or changes.reset or screen is not self._drawn
        self._drawn = screen
        screen.tick(Frame(now, changes, full))
        self._settle()

    def _visible(self) -> LiveScreen | None:
        """Return the topmost live screen, which may be under a dialog."""
        for screen in reversed(self._stack()):
            if isinstance(screen, LiveScreen):
                return screen if screen.ready else None
        return None

    def _settle(self) -> None:
        links = self._view.store.links.values()
        reading = any(link.phase in (Phase.CONNECTING, Phase.LISTING) for link in links)
        if self._settled is not None and links and not reading:
            settled, self._settled = self._settled, None
            settled()
