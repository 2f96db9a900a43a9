"""The dashboard: the application in the terminal, on whatever backend it is given."""

import os
from collections.abc import Mapping, MutableMapping

from textual.drivers.linux_driver import LinuxDriver

from eksview.config.settings import Settings, in_browser
from eksview.engine.logfile import log_path, start_log
from eksview.ui.shell.app import EksviewApp, MakeBackend
from eksview.ui.terminal.driver import FlowControlDriver


def run_dashboard(
    settings: Settings, make_backend: MakeBackend, environ: Mapping[str, str] = os.environ
) -> int:
    """Show it until it is left; returns the exit code: 0, or 1 when it had to stop.

    Commands that are run on the terminal have `environ`.
    """
    log = start_log(log_path())
    if not in_browser(environ):  # which says the first size by these
        forget_fixed_size(os.environ)
    app = EksviewApp(settings, make_backend, log=log, environ=environ)
    if settings.over_ssh and app.driver_class is LinuxDriver:  # and not a browser's
        app.driver_class = FlowControlDriver
    app.run(mouse=settings.mouse)
    return app.return_code or 0


def forget_fixed_size(environment: MutableMapping[str, str]) -> None:
    """Ask the terminal for its size instead: Python prefers these, and no resize changes them."""
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
