"""Paints what has changed as often as the terminal takes it, and never while it is lent."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App

from eksview.ui.base.view import View
from eksview.ui.shell.alerts import Alerts
from eksview.ui.shell.frame_clock import PERIOD, FrameClock
from eksview.ui.terminal.backpressure import backlog, held, verdicts


class FramePainter:
    """The frames of one application.

    `lent` returns whether another program has the terminal; `settled` is called once, when the
    first lists have been read.
    """

    def __init__(
        self, app: App[Any], view: View, *, lent: Callable[[], bool], settled: Callable[[], None]
    ) -> None:
        self._app = app
        self._view = view
        self._lent = lent
        self._missed = False  # a frame that was refused by `may_paint`
        alerts = Alerts(view, self._alert)
        self._clock = FrameClock(view, lambda: app.screen_stack, self._busy, settled, alerts.hear)

    def start(self) -> None:
        """Paint from now on, at the pace of the settings."""
        self._app.set_interval(min(PERIOD, self._view.pace.period), self._tick)

    def flush(self, *, full: bool = False) -> None:
        """Paint what has changed at once; with `full`, all of the visible screen."""
        self._clock.flush(full=full)

    def resume(self, _: App[Any]) -> None:
        """Paint all of an empty terminal; after fg Textual paints only what changes."""
        self._app.refresh(layout=True)
        self.flush(full=True)

    def may_paint(self) -> bool:
        """Return whether the terminal takes a frame; one that it doesn't is made up for later."""
        behind = held(self._app)
        self._missed = self._missed or behind
        return not behind

    def _tick(self) -> None:
        if self._lent():
            return  # what changes waits in the store
        slow = [self._view.pace.note(late=late) for late in verdicts(self._app)]
        if any(slow):
            self._app.notify("This line is slow: a frame a second, and no sparklines.", timeout=10)
        if self._missed and not held(self._app):
            self._missed = False
            self._app.screen.refresh()
        self._clock.tick(asyncio.get_running_loop().time())

    def _busy(self) -> bool:
        # While the application ends, screens lose their widgets one by one.
        return not self._app.is_running or backlog(self._app)

    def _alert(self, sentence: str) -> None:
        self._app.notify(sentence, severity="warning", timeout=10, markup=False)
