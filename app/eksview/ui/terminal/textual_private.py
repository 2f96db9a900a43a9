"""The private names of Textual and Rich that eksview relies on, under public names.

They are those of Textual 8.2.8 and Rich 14. Textual promises nothing about them, so pyproject.toml
pins Textual exactly. tests/ui/test_textual_private.py holds a contract for each name and fails when
another module uses one.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from queue import Full
from typing import Any

from rich.color import ColorSystem
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter, NoColor
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from eksview.ui.terminal.color_depth import ColorDepth
from eksview.ui.terminal.screen_buffer import ScreenBuffer

__all__ = [
    "AppHooks",
    "ChopsUpdate",  # narrow_update: `render_segments` sends more cells than have changed
    "Compositor",  # narrow_update: `render_partial_update` is where that update is made
    "DriverHooks",
    "ScreenHooks",
    "TerminalDriver",
    "XTermParser",  # an SSH session's keys come as bytes that no public class decodes
    "driver_of",
    "frames_waiting",
    "replace_bindings",
    "set_color_system",
]

AT_ONCE = 256
"""Characters of a frame up to which no terminal shows half of it."""
LOOK = 0.2
"""Seconds between two looks whether the thread that writes lives, while its queue is full."""


class AppHooks(App[None], inherit_bindings=False):
    """An application that sends what differs, or holds it back, and explains an unexpected error.

    A frame is sent as the cells that the terminal doesn't show yet.
    """

    opening = False
    """True to paint no frame before `opened`: what is laid out at first has no content yet."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._buffer = ScreenBuffer()

    def opened(self) -> None:
        """Paint the first frame."""
        self.opening = False
        if isinstance(self.screen, ScreenHooks):
            self.screen.paint()

    def may_paint(self) -> bool:
        """Return whether a frame may be sent to the terminal now."""
        return True

    def unbound(self, key: str) -> None:
        """Take a key that nothing has handled."""

    def crashed(self, error: Exception | None) -> None:
        """End the application after an unexpected error."""
        raise NotImplementedError

    def keep_copied(self, text: str) -> None:
        """Set what this application's inputs paste; Textual writes to the terminal as well."""
        self._clipboard = text

    def withdraw(self, message: str) -> None:
        """Remove the notifications of a message that no longer holds."""
        for notification in list(self._notifications):
            if notification.message == message:
                self._unnotify(notification)

    def use_filters(self, filters: Sequence[LineFilter]) -> None:
        """Replace the line filters that `App.__init__` chose.

        With NO_COLOR Textual uses `Monochrome`, which draws greys on a background of its own.
        """
        self._filters = [*filters]

    def erase_lines(self, *, in_color: bool) -> None:
        """Set whether the terminal erases lines in color, which makes frames shorter."""
        self._buffer.erases = in_color

    def screen_text(self) -> str:
        """Return the text of the screen, as `export_screenshot` returns its picture."""
        lines = self.screen._compositor.render_strips()
        return "".join(f"{strip.text.rstrip()}\n" for strip in lines)

    def redraw(self) -> None:
        """Send every cell again, because the terminal may show something else."""
        self._buffer.forget()
        self.refresh(layout=True)

    def on_resize(self) -> None:
        """Send every cell: of two sizes in a moment Textual paints only the last one."""
        self._buffer.forget()

    def _display(
        self, screen: Screen[Any], renderable: RenderableType | CompositorUpdate | None
    ) -> None:
        # Every frame passes here; there is no public hook before the terminal is written to.
        if not self.may_paint():
            return
        if not isinstance(renderable, CompositorUpdate):
            super()._display(screen, renderable)
            return
        if self._may_write():
            self._write(self._shorten(renderable.render_segments(self.console)))
        self.post_display_hook()

    def _shorten(self, frame: str) -> str:
        cells = self._buffer.shorten(frame, *self.size)
        if not cells or not isinstance(self.focused, Input):
            return cells  # the cursor is hidden; where text is typed, an input method follows it
        return cells + self._buffer.placed(*self.size.clamp_offset(self.cursor_position))

    def _may_write(self) -> bool:
        waits = self._closed or self._batch_count or self.is_headless
        return self._running and not waits

    def _write(self, text: str) -> None:
        driver = driver_of(self)
        if driver is None or not text:
            return
        # A short text arrives in one piece, without the 16 bytes that ask for it.
        long = len(text) > AT_ONCE
        if long:
            self._begin_update()
        driver.write(text)
        if long:
            self._end_update()
        driver.flush()

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        # Every key ends here that no widget has stopped; there is no public hook after bindings.
        handled = await super()._check_bindings(key, priority)
        if not handled and not priority:
            self.unbound(key)
        return handled

    def _handle_exception(self, error: Exception) -> None:
        # A screen that is mounted while the application ends misses widgets that it looks for.
        if not self._exit:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual prints a traceback with local variables here, which may hold what is secret.
        self.crashed(self._exception)


class ScreenHooks(Screen[None], inherit_bindings=False):
    """A screen with widgets of its own around what `compose` yields."""

    def use_compositor(self, compositor: Compositor) -> None:
        """Paint by this compositor; call it before the screen is laid out for the first time."""
        self._compositor = compositor

    def surrounding_widgets(self) -> Iterable[Widget]:
        """Return the widgets to mount after those of `compose`."""
        return ()

    def paint(self) -> None:
        """Paint all of it now."""
        self._compositor.update_widgets({self})
        self._compositor_refresh()

    def _compositor_refresh(self) -> None:
        # Textual paints a screen three times before its widgets know their sizes.
        if not (isinstance(self.app, AppHooks) and self.app.opening):
            super()._compositor_refresh()

    def _extend_compose(self, widgets: list[Widget]) -> None:
        # Textual adds toasts and tooltips by this; a `compose` that subclasses replace can't.
        super()._extend_compose(widgets)
        widgets += self.surrounding_widgets()


class DriverHooks(Driver):
    """A driver whose terminal has a size that no system call returns."""

    @property
    def app(self) -> App[Any]:
        """The application that is drawn."""
        return self._app

    @property
    def terminal_size(self) -> tuple[int, int] | None:
        """Columns and rows; `App.size` reads them until the first `Resize` arrives."""
        return self._size

    @terminal_size.setter
    def terminal_size(self, size: tuple[int, int]) -> None:
        self._size = size


class TerminalDriver(LinuxDriver):
    """The Linux driver, which outlives its terminal and takes it back after SIGSTOP."""

    def write(self, data: str) -> None:
        """Write, or lose what is written to a terminal that is gone."""
        self._queue(data)

    def close(self) -> None:
        """End the thread that writes."""
        self._queue(None)
        if self._writer_thread is not None:
            self._writer_thread.join()

    def _queue(self, data: str | None) -> None:
        """Hand data to the thread that writes; nobody empties its queue once that has ended."""
        writer = self._writer_thread
        while writer is not None and writer.is_alive():
            with suppress(Full):
                writer._queue.put(data, timeout=LOOK)
                return

    def start_application_mode(self) -> None:
        """Take the terminal."""
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal back; after SIGSTOP it wasn't given away, and is now.

        Textual 8.2 would read and write with second threads then, of which one is never ended. A
        terminal that hangs up sends SIGCONT too.
        """
        if self._auto_restart and os.isatty(self.fileno):
            if not self._must_signal_resume:
                self._end_reading()
                self.suspend_application_mode()
                self.exit_event.clear()
                self._must_signal_resume = True
            self.resume_application_mode()

    def _end_reading(self) -> None:
        """End the thread that reads; `disable_input` would drop the keys typed since `fg`."""
        self.exit_event.set()
        if self._key_thread is not None:
            self._key_thread.join()


def driver_of(app: App[Any]) -> Driver | None:
    """Return the driver of an application; None before it runs."""
    return app._driver


def frames_waiting(driver: Driver | None) -> bool:
    """Return whether painted frames wait for the thread that writes them to the terminal.

    The thread's queue takes 30 writes; then the next one blocks the event loop, keys included.
    False for a driver without such a thread.
    """
    queue = getattr(getattr(driver, "_writer_thread", None), "_queue", None)
    return queue is not None and not queue.empty()


def replace_bindings(node: DOMNode, action: str, bindings: Iterable[Binding]) -> None:
    """Give one widget other bindings of an action; those of its class are the same for all."""
    kept = (
        binding
        for several in node._bindings.key_to_bindings.values()
        for binding in several
        if binding.action.partition("(")[0] != action
    )
    node._bindings = BindingsMap([*kept, *bindings])


def set_color_system(app: App[Any], system: ColorSystem | None) -> None:
    """Set the colours of the terminal that the application is drawn on; None for no colours.

    Rich reads them from this process's environment, and a served terminal is another machine's.
    """
    app.console._color_system = system
    app.no_color = system is None
    others = (each for each in app._filters if not isinstance(each, NoColor | ColorDepth))
    app._filters = [*others, ColorDepth(system) if system else NoColor()]
