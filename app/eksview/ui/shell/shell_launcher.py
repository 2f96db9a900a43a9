"""Gives commands the terminal: shells on nodes and in pods, and journals read by a session."""

import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from eksview.domain.base.errors import UserError
from eksview.domain.join.node_shell import ShellCommand
from eksview.ui.base.messages import (
    OpenContainerInstance,
    OpenInstance,
    OpenMapped,
    OpenNode,
    OpenObject,
    OpenTask,
    Subject,
)
from eksview.ui.base.view import View
from eksview.ui.shell import routes
from eksview.ui.terminal.external_command import ExternalCommand

if TYPE_CHECKING:
    from eksview.ui.sessions.node_shell_dialog import FindProgram


def why_no_session(subject: Subject | None) -> str:
    """Return why `s` can open no session on what is under the cursor; empty if it can."""
    match subject:
        case OpenNode() | OpenInstance() | OpenMapped():
            return ""
        case OpenTask() | OpenContainerInstance():
            return ""
        case OpenObject():
            return "Sessions open on nodes and pods; {app.actions} lists the actions, scale too."
    return "Sessions open on nodes and pods, and neither is under the cursor."


class ShellLauncher:
    """The commands that open a shell or follow a journal; the chosen one gets the terminal.

    `find_program` looks a program up in the PATH of `environ`. A dashboard that is `served` to
    another machine only copies the commands.
    """

    def __init__(self, app: App[Any], environ: Mapping[str, str], *, served: bool) -> None:
        self._app = app
        self._command = ExternalCommand(app, environ)
        self.find_program: FindProgram = partial(shutil.which, path=environ.get("PATH"))
        self.served = served

    def lent(self) -> bool:
        """Return whether a command has the terminal."""
        return self._command.running

    def offer(self, view: View, subject: Subject | None) -> None:
        """Show the commands for a node; do nothing without one."""
        dialog = routes.node_shells(view, subject, self._finder())
        if dialog is not None:
            self._app.push_screen(dialog, self._launch)

    def offer_journal(self, view: View, node: str, service: str) -> None:
        """Show the commands that follow a service's journal on a node."""
        dialog = routes.journal_shells(view, node, service, self._finder())
        self._app.push_screen(dialog, self._launch)

    def _finder(self) -> "FindProgram | None":
        """Return what finds the programs of commands; None where none can be run."""
        return self.find_program if self._command.possible and not self.served else None

    def _launch(self, shell: ShellCommand | None) -> None:
        if shell is not None:
            self.launch(shell.command)

    def launch(self, command: Sequence[str]) -> None:
        """Give a command the terminal, unless another one has it."""
        if not self.lent():
            self._app.run_worker(self._run(command), group="session")

    async def _run(self, command: Sequence[str]) -> None:
        try:
            await self._command.run(command)
        except UserError as problem:
            self._app.notify(problem.sentence, severity="error", timeout=10, markup=False)
