"""Opens a shell on the machine under the cursor, on this terminal."""

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from textual.app import App

from eksview.domain.base.problem import UserError
from eksview.domain.base.text import clean
from eksview.domain.join.node_shell import ShellCommand
from eksview.ui.base.messages import Subject
from eksview.ui.base.view import View
from eksview.ui.shell import routes
from eksview.ui.terminal.external_command import ExternalCommand

FindProgram: TypeAlias = Callable[[str], str | None]


class ShellLauncher:
    """Offers the commands that open a shell, and lends the terminal to the chosen one.

    `find_program` returns the path of a program, by the PATH of `environ`. Where the dashboard is
    `served` to another machine the commands are only copied.
    """

    def __init__(self, app: App[Any], environ: Mapping[str, str], *, served: bool) -> None:
        self._app = app
        self._aside = ExternalCommand(app, environ)
        self.find_program: FindProgram = partial(shutil.which, path=environ.get("PATH"))
        self.served = served

    def lent(self) -> bool:
        """Return whether a command has the terminal now."""
        return self._aside.away

    def offer(self, view: View, subject: Subject | None) -> None:
        """Show the commands for a machine; nothing when it is gone, or the cursor is on none."""
        runs = self._aside.possible and not self.served
        screen = routes.ways(view, subject, self.find_program if runs else None)
        if screen is not None:
            self._app.push_screen(screen, self._launch)

    def _launch(self, way: ShellCommand | None) -> None:
        if way is not None and not self.lent():
            self._app.run_worker(self._run(way), group="session")

    async def _run(self, way: ShellCommand) -> None:
        try:
            await self._aside.run(way.command)
        except UserError as problem:
            self._app.notify(clean(str(problem)), severity="error", timeout=10, markup=False)
