"""Paints changes as often as the terminal takes them, and never while a command has it."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from textual.app import App
from textual.screen import Screen

from eksview.domain.aws.poll_plan import SSM
from eksview.domain.aws.ssm_sessions import Openings, alert
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import Kind
from eksview.store.changes import Changes
from eksview.store.node_instance_join import node_of_target
from eksview.ui.base.view import View
from eksview.ui.shell.frame_clock import PERIOD, FrameClock
from eksview.ui.shell.paint_hold import PaintHold
from eksview.ui.terminal.backpressure import backlog, held, verdicts
from eksview.ui.terminal.textual_private import AppHooks


def freeze_heap() -> None:
    """Begin with garbage collection, which the launch goes without, and exclude all that exists.

    Walking them cost frames of 40 to 50 ms. They are never freed afterwards, so that this must be
    called rarely: not for each of a hundred sessions.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


class SessionAlerts:
    """Notices of sessions that were opened on nodes; `notify` is given a clean sentence."""

    def __init__(self, view: View, notify: Callable[[str], None]) -> None:
        self._view = view
        self._notify = notify
        self._openings = Openings()

    def update(self, changes: Changes) -> None:
        """Send one notice of all sessions opened since the last call."""
        if changes.reset:
            self._openings.forget()
        store = self._view.store
        link, table = store.links.get(SSM), store.table(SessionRow)
        rows: list[SessionRow] = []
        for key in changes.tables.get(Kind.SESSION, ()):
            if row := table.get(key):
                rows.append(row)
            else:
                self._openings.lost(key)
        read = link is not None and link.heard is not None
        if news := self._openings.news(rows, self._view.clock(), read=read):
            self._notify(alert(news, self._node_name))

    def _node_name(self, row: SessionRow) -> str:
        store = self._view.store
        node = node_of_target(store.mapping, row.target)
        return store.names.short(node) if node else row.target


class FramePainter:
    """The frames of one application.

    `lent` returns whether a command has the terminal; `settled` is called once, after the first
    lists have been read.
    """

    def __init__(
        self, app: AppHooks, view: View, *, lent: Callable[[], bool], settled: Callable[[], None]
    ) -> None:
        self._app = app
        self._view = view
        self._lent = lent
        self._missed = False  # a frame that `may_paint` refused
        self._hold = PaintHold(app)
        alerts = SessionAlerts(view, self._warn)
        self._clock = FrameClock(view, self._screens, partial(backlog, app), settled, alerts.update)

    def start(self) -> None:
        """Paint from now on, at the rate of the settings."""
        self._app.set_interval(min(PERIOD, self._view.pace.period), self._tick)

    def flush(self, *, full: bool = False) -> None:
        """Paint what has changed at once; with `full`, the whole visible screen."""
        self._clock.flush(full=full)

    def resume(self, _: App[Any]) -> None:
        """Paint everything on an empty terminal; after `fg` Textual paints only changes."""
        self._app.redraw()
        self.flush(full=True)

    def may_paint(self) -> bool:
        """Return whether the terminal takes a frame; a refused one is painted later."""
        if self._hold.holds:
            return False
        behind = held(self._app)
        self._missed = self._missed or behind
        self._hold.painted()
        return not behind

    def keys_wait(self, waiting: bool) -> None:
        """Paint at most one frame a tick while typed keys wait."""
        if self._hold.keys_wait(waiting):
            self._catch_up()

    def _tick(self) -> None:
        if self._lent():
            return
        slow = [self._view.pace.note(late=late) for late in verdicts(self._app)]
        if any(slow):
            message = "Slow connection: one frame a second, no sparklines."
            self._app.notify(message, timeout=10)
        if self._hold.tick():
            self._catch_up()
        if self._missed and not held(self._app):
            self._missed = False
            self._app.screen.refresh()
        self._clock.tick(asyncio.get_running_loop().time())

    def _catch_up(self) -> None:
        self._app.screen.refresh()
        # What is folded to its width needs the layout that was held back as well.
        self._app.call_after_refresh(self.flush, full=True)

    def _screens(self) -> Sequence[Screen[Any]]:
        # While the application ends, screens lose their widgets one by one.
        return self._app.screen_stack if self._app.is_running else ()

    def _warn(self, sentence: str) -> None:
        self._app.notify(sentence, severity="warning", timeout=10, markup=False)
