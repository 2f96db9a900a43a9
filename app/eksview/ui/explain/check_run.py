"""An everyday check that is run here, and the lines of what it printed."""

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.explain.checks import EverydayCheck
from eksview.domain.rows.check_output import CheckOutput
from eksview.ui.base.view import View
from eksview.ui.explain.blocks import Block
from eksview.ui.text.wording import Wording
from eksview.ui.text.words import Words


class CheckRun:
    """The check that was chosen last; none before that, and once it is closed."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._check: EverydayCheck | None = None
        self._node = ""
        self._output: CheckOutput | None = None
        self._problem = EMPTY
        self._running = False
        self._ended = 0.0  # by the clock of the screens, which is the API server's

    @property
    def shown(self) -> bool:
        """True while the output is in place of the chapter."""
        return self._check is not None

    def begin(self, check: EverydayCheck, node: str) -> None:
        """Show a check, which `ask` then runs."""
        self._check, self._output, self._problem = check, None, EMPTY
        self._node = node if check.needs_node else ""

    def close(self) -> None:
        """Show the chapter again, and run nothing more."""
        self._check = None

    def due(self, now: float) -> bool:
        """Return whether it is time to run a repeated check again."""
        check = self._check
        if check is None or check.every is None or self._output is None or self._running:
            return False
        return now - self._ended >= check.every

    async def ask(self) -> None:
        """Run the check, and keep what it printed or why it can't run."""
        check = self._check
        if check is None:
            return
        self._running = True
        try:
            output, problem = await self._view.backend.run_check(check.id, self._node), EMPTY
        except UserError as error:
            output, problem = None, error.sentence
        finally:
            self._running, self._ended = False, self._view.clock()
        if check is self._check:
            self._output, self._problem = output, problem

    def lines(self, command: Clean, wording: Wording) -> Block:
        """Return the command, how it ended, and what it printed."""
        head: Words = (("$ ", "accent"), (command, "strong"))
        if self._problem:
            return [head, ((self._problem, "warn"),)]
        output = self._output
        if output is None:
            return [head, ((wording.screen("running"), "dim"),)]
        return [
            head,
            _ending(output, self._ended, wording),
            (),
            *(((line, "text"),) for line in output.lines),
        ]


def _ending(output: CheckOutput, at: float, wording: Wording) -> Words:
    age = wording.age(at)
    printed: Words = ((wording.screen("printed", program=output.program, age=age), "dim"),)
    if output.code == 0:
        return printed
    ended = output.reason or wording.screen("code", code=str(output.code))
    return (*printed, (f" {ended}", "warn"))
