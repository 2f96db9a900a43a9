"""The private names of Textual that `ui.terminal.textual_private` uses mean what it says.

A test that fails here after an upgrade of Textual names what has to be looked at.
"""

import ast
import asyncio
import errno
import functools
import importlib
import inspect
import os
import pkgutil
import pty
import re
import signal
import threading
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from inspect import signature
from pathlib import Path
from typing import Any, TextIO

import pytest
import textual
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Resize
from textual.filter import NoColor
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

import eksview.sshserver
import eksview.ui
from eksview.ui.terminal import textual_private
from eksview.ui.terminal.textual_private import (
    AppHooks,
    ChopsUpdate,
    Compositor,
    DriverHooks,
    ScreenHooks,
    TerminalDriver,
    XTermParser,
    driver_of,
    frames_waiting,
    set_color_system,
)
from tests.patience import PATIENCE, until

ROOT = Path(__file__).parents[3]


class RecordingDriver(DriverHooks):
    """A terminal of 40 cells by 5 that keeps what is written to it."""

    def __init__(self, app: App[Any], **words: Any) -> None:
        super().__init__(app, **words)
        self.written: list[str] = []
        self.flushed = 0

    def write(self, data: str) -> None:
        self.written.append(data)

    def flush(self) -> None:
        self.flushed += 1

    def start_application_mode(self) -> None:
        self.terminal_size = 40, 5
        size = Size(40, 5)
        self.app.post_message(Resize(size, size))

    def disable_input(self) -> None:
        return

    def stop_application_mode(self) -> None:
        return


class Sample(AppHooks):
    """An application that shows a word and can be told to hold its frames back."""

    def __init__(self) -> None:
        super().__init__(driver_class=RecordingDriver)
        self.open_to_paint = True
        self.refused = 0
        self.crash: Exception | None = None

    def compose(self) -> ComposeResult:
        yield Static("first", id="word")

    def may_paint(self) -> bool:
        self.refused += not self.open_to_paint
        return self.open_to_paint

    def crashed(self, error: Exception | None) -> None:
        self.crash = error
        self.panic("it ended")

    @property
    def recorded(self) -> RecordingDriver:
        driver = driver_of(self)
        assert isinstance(driver, RecordingDriver)
        return driver

    def shown(self) -> str:
        return "".join(self.recorded.written)


async def ended(app: Sample, run: "asyncio.Task[None]") -> None:
    app.exit()
    await run


async def test_display_is_the_way_of_every_frame_and_a_frame_ends_with_a_flush() -> None:
    app = Sample()
    run = asyncio.create_task(app.run_async())
    await until(lambda: driver_of(app) is not None and "first" in app.shown())
    driver = app.recorded
    app.open_to_paint = False
    flushed = driver.flushed
    driver.written.clear()
    app.query_one("#word", Static).update("second")
    await until(lambda: app.refused)
    app.screen.refresh(layout=True)
    await until(lambda: app.refused > 1)
    assert driver.written == []
    assert driver.flushed == flushed
    app.open_to_paint = True
    app.screen.refresh()
    await until(lambda: "second" in app.shown())
    await until(lambda: driver.flushed > flushed)
    await ended(app, run)


async def test_a_frame_is_written_as_the_cells_that_differ_and_after_a_redraw_whole() -> None:
    app = Sample()
    run = asyncio.create_task(app.run_async())
    await until(lambda: driver_of(app) is not None and "first" in app.shown())
    driver = app.recorded
    driver.written.clear()
    app.query_one("#word", Static).update("fiXst")
    await until(lambda: "X" in app.shown())
    assert "fi" not in app.shown()
    assert "\n" not in app.shown()
    app.screen.refresh(layout=True)
    driver.written.clear()
    app.redraw()
    await until(lambda: "fiXst" in app.shown())
    await ended(app, run)


async def test_after_a_resize_to_the_same_size_every_cell_is_written_again() -> None:
    app = Sample()
    run = asyncio.create_task(app.run_async())
    await until(lambda: driver_of(app) is not None and "first" in app.shown())
    app.recorded.written.clear()
    for width in (41, 40):  # in one moment: Textual lays out once, for the last size
        app.post_message(Resize(Size(width, 5), Size(width, 5)))
    await until(lambda: "first" in app.shown())
    await ended(app, run)


async def test_a_short_frame_is_not_wrapped_in_synchronized_output(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(textual_private, "AT_ONCE", 50)
    app = Sample()
    run = asyncio.create_task(app.run_async())
    await until(lambda: driver_of(app) is not None and "first" in app.shown())
    app._sync_available = True
    app.recorded.written.clear()
    app.query_one("#word", Static).update("other")
    await until(lambda: "o" in app.shown())
    assert "2026" not in app.shown()
    app.recorded.written.clear()
    app.redraw()
    await until(lambda: "2026l" in app.shown())
    assert app.shown().count("\x1b[?2026h") == app.shown().count("\x1b[?2026l") == 1
    await ended(app, run)


async def test_the_size_of_a_driver_is_the_applications_until_a_resize_arrives() -> None:
    app = Sample()
    assert driver_of(app) is None
    run = asyncio.create_task(app.run_async())
    await until(lambda: driver_of(app) is not None and "first" in app.shown())
    assert app.recorded.app is app
    assert app.recorded.terminal_size == (40, 5)
    assert app.size == (40, 5)
    await ended(app, run)


async def test_app_size_reads_the_drivers_size() -> None:
    app = Sample()
    async with app.run_test(size=(33, 7)) as pilot:
        driver = driver_of(app)
        assert isinstance(driver, HeadlessDriver)
        await pilot.pause()
        assert app.size == driver._size == (33, 7)


def test_filters_are_those_that_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Sample()
    before = [type(line_filter).__name__ for line_filter in app.get_line_filters()]
    assert "Monochrome" in before  # else `use_filters` isn't needed any more
    ours = NoColor()
    app.use_filters([ours])
    assert list(app.get_line_filters()) == [ours]


async def test_an_error_while_the_application_ends_is_ignored() -> None:
    app = Sample()
    async with app.run_test():
        app.exit()
        app._handle_exception(ZeroDivisionError())
    assert app.crash is None
    assert not app.return_code


async def test_an_unexpected_error_is_handed_over_in_place_of_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = Sample()

    async def fail() -> None:
        async with app.run_test() as pilot:
            app.call_later(lambda: 1 / 0)
            await pilot.pause()
            await until(lambda: app.crash)

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert isinstance(app.crash, ZeroDivisionError)
    printed = capsys.readouterr().err
    assert "it ended" in printed
    assert "Traceback" not in printed


class Counting(Compositor):
    """A compositor that counts the updates it makes."""

    partial = 0

    def render_partial_update(self) -> ChopsUpdate | None:
        self.partial += 1
        update = super().render_partial_update()
        assert update is None or isinstance(update, ChopsUpdate)
        return update


class Surrounded(ScreenHooks):
    """A screen with a widget after those of `compose`."""

    def compose(self) -> ComposeResult:
        yield Input(id="composed")

    def surrounding_widgets(self) -> Iterator[Widget]:
        yield Static("after", id="after")


async def test_a_screen_paints_what_changes_by_the_compositor_it_was_given() -> None:
    screen, compositor = Surrounded(), Counting()
    screen.use_compositor(compositor)
    app = Sample()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await pilot.pause()
        before = compositor.partial
        screen.query_one("#after", Static).refresh()
        await until(lambda: compositor.partial > before)
        assert any("after" in strip.text for strip in compositor.render_strips())


class Opening(Sample):
    """An application whose first frame waits for `opened`."""

    opening = True

    def get_default_screen(self) -> Surrounded:
        return Surrounded()


async def test_the_first_frame_is_the_one_that_has_everything() -> None:
    app, refreshed = Opening(), asyncio.Event()
    run = asyncio.create_task(app.run_async())
    await until(lambda: app.is_running and bool(app.screen.query("#after")))
    await until(lambda: app.screen.query_one("#after").size.width > 0)
    app.screen.refresh()
    app.call_after_refresh(refreshed.set)
    await until(refreshed.is_set)
    assert "after" not in app.shown()
    app.opened()
    assert "after" in app.shown()
    await ended(app, run)


class Keyed(Sample):
    """An application that keeps the keys that nothing has handled."""

    BINDINGS = (("x", "answer", "Answer"),)

    def __init__(self) -> None:
        super().__init__()
        self.left: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input()

    def unbound(self, key: str) -> None:
        self.left.append(key)

    def action_answer(self) -> None:
        return


async def test_a_key_that_neither_a_widget_nor_a_binding_takes_is_handed_over() -> None:
    app = Keyed()
    async with app.run_test() as pilot:
        await pilot.press("b", "f5", "x", "left")  # the input has the focus
        assert app.query_one(Input).value == "bx"
        app.screen.set_focus(None)
        await pilot.press("b", "x", "f5")
    assert app.left == ["f5", "b", "f5"]


def test_a_partial_update_is_made_of_chops_spans_and_ends() -> None:
    assert [*signature(ChopsUpdate).parameters] == ["chops", "spans", "chop_ends"]
    assert "console" in signature(ChopsUpdate.render_segments).parameters


async def test_surrounding_widgets_are_mounted_with_toasts_and_tooltips() -> None:
    app = Sample()
    async with app.run_test(tooltips=True, notifications=True) as pilot:
        await app.push_screen(Surrounded())
        await pilot.pause()
        ids = [child.id for child in app.screen.children]
        assert ids[-2:] == ["composed", "after"]
        assert {"textual-toastrack", "textual-tooltip"} <= {*ids}


async def test_frames_wait_in_the_queue_of_the_linux_drivers_writer_thread() -> None:
    stalled = threading.Event()

    class Stalled:
        def write(self, text: str) -> None:
            stalled.wait(10)

        def flush(self) -> None:
            return

    driver = LinuxDriver(Sample())
    assert not frames_waiting(driver)
    driver._writer_thread = WriterThread(Stalled())  # type: ignore[arg-type]
    driver._writer_thread.start()
    for text in "abc":  # the thread may hold one of them
        driver.write(text)
    assert frames_waiting(driver)
    stalled.set()
    driver._writer_thread.stop()
    assert not frames_waiting(driver)
    assert not frames_waiting(None)


@pytest.fixture
def terminal_file() -> Iterator[TextIO]:
    """The program's side of a pseudo-terminal; what is written to it is read away."""
    ours, its = pty.openpty()

    def read() -> None:
        with suppress(OSError):  # EIO, once the program's side is closed
            while os.read(ours, 4096):
                pass

    reader = threading.Thread(target=read)
    reader.start()
    with open(its, "w") as file:
        yield file
    reader.join()
    os.close(ours)


async def test_a_process_that_goes_on_after_sigstop_reads_its_terminal_by_one_thread(
    terminal_file: TextIO,
) -> None:
    driver = TerminalDriver(Sample(), size=(80, 24))
    driver.fileno, driver._file = terminal_file.fileno(), terminal_file
    driver.start_application_mode()
    os.kill(os.getpid(), signal.SIGCONT)  # no process sees SIGSTOP itself
    try:
        names = [thread.name for thread in threading.enumerate()]
        assert names.count("textual-input") == names.count("textual-output") == 1
    finally:
        driver.stop_application_mode()
        driver.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_what_is_written_to_a_terminal_that_is_gone_is_lost_without_waiting() -> None:
    class Gone:
        def write(self, text: str) -> None:
            raise OSError(errno.EIO, "Input/output error")

        def flush(self) -> None:
            return

    driver = TerminalDriver(Sample())
    driver._writer_thread = writer = WriterThread(Gone())  # type: ignore[arg-type]
    for _ in range(MAX_QUEUED_WRITES):
        writer.write("in the queue before the thread ends")
    writer.start()

    def write_more() -> None:
        driver.write("more than the queue takes")
        driver.close()

    async with asyncio.timeout(PATIENCE):
        await asyncio.get_running_loop().run_in_executor(None, write_more)
    assert not writer.is_alive()


def test_the_parser_makes_keys_of_bytes_and_escape_after_a_silence() -> None:
    parser = XTermParser(False)
    keys = [event.key for event in parser.feed("a\x1b[A") if isinstance(event, Key)]
    assert keys == ["a", "up"]
    assert list(parser.feed("\x1b")) == []
    assert callable(parser.tick)


@pytest.mark.parametrize(
    ("system", "name"),
    [(ColorSystem.TRUECOLOR, "truecolor"), (ColorSystem.STANDARD, "standard"), (None, None)],
)
def test_the_colour_system_is_the_one_that_was_set(
    system: ColorSystem | None, name: str | None
) -> None:
    app = Sample()
    set_color_system(app, system)
    assert app.console.color_system == name


def test_textual_is_pinned_to_the_version_that_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"textual=={textual.__version__}" in project["dependencies"]
    assert textual.__version__ in (textual_private.__doc__ or "")


# no other module uses one

PRIVATE = re.compile(r"_[a-z]\w*")
BASES = App, Screen, Widget, Driver, Compositor


def modules() -> Iterator[Any]:
    for package in (eksview.ui, eksview.sshserver):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if info.name != textual_private.__name__:
                yield importlib.import_module(info.name)


def accesses(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Pairs of an object and the private attribute of it that is used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and PRIVATE.match(node.attr):
            yield ast.unparse(node.value), node.attr


def definitions(tree: ast.AST) -> set[str]:
    """Names that a class or its methods define."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@functools.cache
def private_names(cls: type) -> frozenset[str]:
    """The private names that a class of Textual defines or sets."""
    assigned = re.findall(r"self\.(_[a-z]\w*)", inspect.getsource(cls))
    return frozenset({*assigned, *filter(PRIVATE.match, vars(cls))})


def test_no_other_module_uses_a_private_name_of_textual() -> None:
    of_textual = frozenset().union(*map(private_names, BASES))
    wrong: list[tuple[str, object]] = []
    for module in modules():
        tree = ast.parse(inspect.getsource(module))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        wrong += [
            (module.__name__, node.module)
            for node in imports
            if re.match(r"(textual|rich)(\.\w+)*\._", node.module or "")
        ]
        outside = {attr for value, attr in accesses(tree) if value not in ("self", "cls", "os")}
        wrong += [(module.__name__, name) for name in outside & of_textual]
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                wrong += [(node.name, name) for name in inherited(vars(module)[node.name], node)]
    assert wrong == []


def inherited(cls: type, tree: ast.ClassDef) -> set[str]:
    """Private names of a class that one of its bases in Textual has too."""
    bases = [base for base in cls.__mro__ if base.__module__.startswith("textual.")]
    of_textual = frozenset().union(*map(private_names, bases))
    used = {attr for value, attr in accesses(tree) if value in ("self", "cls", "super()")}
    return (used | definitions(tree)) & of_textual
