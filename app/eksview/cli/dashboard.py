"""The dashboard: runs the application on the terminal with a backend."""

import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from textual.drivers.linux_driver import LinuxDriver

from eksview.config.file_values import FileConfig
from eksview.config.file_watcher import FileWatcher
from eksview.config.option_types import UsageError
from eksview.config.settings import Settings, in_browser
from eksview.config.state_file import state_path
from eksview.config.toml_file import config_path, located
from eksview.engine.logfile import log_path, start_log
from eksview.ui.shell.app import EksviewApp, MakeBackend
from eksview.ui.shell.live_settings import UserFiles
from eksview.ui.terminal.driver import FlowControlDriver
from eksview.ui.terminal.textual_private import TerminalDriver
from eksview.ui.text.textual_themes import THEME_NAMES, unknown_theme


def run_dashboard(
    settings: Settings, make_backend: MakeBackend, environ: Mapping[str, str] = os.environ
) -> int:
    """Run the dashboard until the user quits; return the exit code, 1 after a failure.

    Raises `UsageError` for a theme or a key that doesn't exist. `environ` is the environment of
    commands that are run on the terminal.
    """
    check_screens(settings)
    log = start_log(log_path())
    if not in_browser(environ):  # textual-serve sets the first size in these variables
        forget_fixed_size(os.environ)
        draw_on_the_terminal()
    files = UserFiles(FileWatcher(config_path(), read_file), state_path())
    app = EksviewApp(settings, make_backend, log=log, environ=environ, files=files)
    if app.driver_class is LinuxDriver:  # and not textual-serve's
        app.driver_class = FlowControlDriver if settings.over_ssh else TerminalDriver
    app.run(mouse=settings.mouse)
    return app.return_code or 0


def check_screens(settings: Settings) -> None:
    """Raise `UsageError` for the first name of a theme, a key or a binding that doesn't exist."""
    if settings.theme not in THEME_NAMES:
        raise UsageError(unknown_theme(settings.theme))
    if settings.sources is None or settings.sources.config == FileConfig():
        return  # most users have no such file
    from eksview.ui.shell.config_faults import screen_faults  # noqa: PLC0415 - imports tables

    for fault in screen_faults(settings.sources.config):
        raise UsageError(located(config_path(), fault))


def read_file(path: Path) -> FileConfig | UsageError:
    """Return the values of a changed file, or its first fault."""
    from eksview.ui.shell.config_faults import read_for_screens  # noqa: PLC0415 - as above

    return read_for_screens(path)


def draw_on_the_terminal() -> None:
    """Let Textual draw on stdout if stderr is a file: its drivers write to `sys.__stderr__`."""
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        vars(sys)["__stderr__"] = sys.__stdout__


def forget_fixed_size(environment: MutableMapping[str, str]) -> None:
    """Remove the size from the environment: Python prefers it, and a resize doesn't change it."""
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
