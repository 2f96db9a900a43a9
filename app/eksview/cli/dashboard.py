"""The dashboard: runs the application on the terminal with a backend."""

import os
import sys
from collections.abc import Mapping, MutableMapping

from textual.drivers.linux_driver import LinuxDriver

from eksview.config.settings import Settings, in_browser
from eksview.engine.logfile import log_path, start_log
from eksview.ui.shell.app import EksviewApp, MakeBackend
from eksview.ui.terminal.driver import FlowControlDriver


def run_dashboard(
    settings: Settings, make_backend: MakeBackend, environ: Mapping[str, str] = os.environ
) -> int:
    """Run the dashboard until the user quits; return the exit code, 1 after a failure.

    `environ` is the environment of commands that are run on the terminal.
    """
    log = start_log(log_path())
    if not in_browser(environ):  # textual-serve sets the first size in these variables
        forget_fixed_size(os.environ)
        draw_on_the_terminal()
    app = EksviewApp(settings, make_backend, log=log, environ=environ)
    if settings.over_ssh and app.driver_class is LinuxDriver:  # and not textual-serve's
        app.driver_class = FlowControlDriver
    app.run(mouse=settings.mouse)
    return app.return_code or 0


def draw_on_the_terminal() -> None:
    """Let Textual draw on stdout if stderr is a file: its drivers write to `sys.__stderr__`."""
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        vars(sys)["__stderr__"] = sys.__stdout__


def forget_fixed_size(environment: MutableMapping[str, str]) -> None:
    """Remove the size from the environment: Python prefers it, and a resize doesn't change it."""
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
