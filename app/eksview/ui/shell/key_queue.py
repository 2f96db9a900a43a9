"""Typed keys, handled one at a time and in the order in which they were typed.

Textual hands a key to the widget that has the focus, by messages; what it does may need further
messages: a chosen option closes its dialog. The next key would act on a screen that is about to
close, and a key that the application handles at once, such as `2`, would overtake.
A key that needs a row waits while the first rows of a table are read.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual.events import Event, Key
from textual.widget import Widget

from eksview.ui.shell.dialog_repeats import DialogRepeats
from eksview.ui.terminal.textual_private import AppHooks

RECHECK = 0.01
"""Seconds between two looks at whether a mark can still arrive; only while keys wait."""
LOOKS = 100
"""Looks after which neither a key nor the rows that it needs are waited for any more.

They are counted, because on a busy machine seconds pass in which nothing here has run.
"""
MOUNTING = 500
"""Milliseconds that a key waits at most for a screen that is being mounted."""


class KeyMark(Event, bubble=True):
    """An event that follows a key from widget to widget up to the application."""

    def __init__(self, *, last: bool) -> None:
        super().__init__()
        self.last = last


class KeyQueue:
    """The typed keys of an application; `handle` is given each of them, `done` is called after it.

    Before each, `wait` is told whether others wait; then `done` is called after the last only.
    A key is `early` while it can do nothing because the rows of the screen are being read.
    All wait for the first frame, then for `begin`: a screen that opened before would prevent it.

    Two marks follow a key. The first one arrives after the key, whose binding has run by then; the
    second one after the messages that this binding has sent.
    """

    def __init__(
        self,
        app: AppHooks,
        handle: Callable[[Key], Awaitable[None]],
        done: Callable[[], None],
        wait: Callable[[bool], None],
        early: Callable[[Key], bool],
    ) -> None:
        self._app = app
        self._handle = handle
        self._done = done
        self._wait = wait
        self._early = early
        self._repeats = DialogRepeats(app)
        self._keys: deque[Key] = deque()
        self._mark: KeyMark | None = None
        self._target: Widget
        self._looks = 0
        self._watching = False

    async def begin(self) -> None:
        """Handle the keys that were typed before the first frame."""
        await self._next()

    @property
    def waiting(self) -> bool:
        """True until all keys are handled, and all that the last one has caused is done."""
        return self._mark is not None or bool(self._keys)

    async def put(self, key: Key) -> None:
        """Handle a key now, after those that wait, or once the first frame is painted."""
        self._keys.append(key)
        if self._app.opening:
            return
        if self._mark is None:
            await self._next()
        elif self._lost:
            await self._finish()
        else:
            self._watch()

    async def arrived(self, mark: KeyMark) -> None:
        """Take a mark that has reached the application."""
        if mark is not self._mark:
            return  # of a key that isn't waited for any more
        if mark.last or not self._send(self._receiver(), last=True):
            await self._finish()

    async def _finish(self) -> None:
        self._mark = None
        if not self._keys:
            self._done()
        await self._next()

    async def _next(self) -> None:
        while self._keys and self._mark is None:
            await self._screen_mounted()
            if self._looks <= LOOKS and self._early(self._keys[0]):
                break
            receiver, self._looks = self._receiver(), 0
            key = self._keys.popleft()
            self._wait(bool(self._keys))
            handled = not self._repeats.takes(key)
            if handled:
                await self._handle(key)
            if not (handled and self._send(receiver, last=False)) and not self._keys:
                self._done()
        if self._keys:
            self._watch()

    def _receiver(self) -> Widget:
        return self._app.focused or self._app.screen

    def _send(self, receiver: Widget, *, last: bool) -> bool:
        """Send a mark; return False where it can't arrive."""
        mark = KeyMark(last=last)
        sent = receiver.is_attached and receiver.post_message(mark)
        self._target, self._mark = receiver, mark if sent else None
        return sent

    @property
    def _lost(self) -> bool:
        """True if the mark can't arrive, because its widget has gone with its dialog."""
        target = self._target
        return not target.is_attached or (target.is_mounted and not target.is_running)

    def _watch(self) -> None:
        if not self._watching:
            self._watching = True
            self._app.set_timer(RECHECK, self._look)

    async def _look(self) -> None:
        """Go on with rows that were read, or without a mark that is lost or takes too long."""
        self._watching = False
        if not self._keys or not self._app.screen_stack:  # eksview ends
            return
        self._looks += 1
        if self._mark is None:
            await self._next()
        elif self._lost or self._looks > LOOKS:
            await self._finish()
        else:
            self._watch()

    async def _screen_mounted(self) -> None:
        """Wait for a screen that is being mounted: Textual 8.2 loses the keys typed meanwhile."""
        for _ in range(MOUNTING):
            if self._app.screen.is_mounted:
                return
            await asyncio.sleep(0.001)
