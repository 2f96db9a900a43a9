"""The port-forwards that run in the background, each a kubectl without a terminal.

They end with eksview, however that ends, and when another cluster is shown.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from eksview.domain.actions.forward import ForwardState, PortForward, end, hear
from eksview.domain.base.text import Clean, clean
from eksview.process.hidden import follow_hidden

Told = Callable[[PortForward], None]


class PortForwards:
    """The forwards that run, and those that ended by themselves until a person removes them."""

    def __init__(self) -> None:
        self._tasks: dict[PortForward, asyncio.Task[None]] = {}
        self.changed: Callable[[], None] = _nothing
        """Called after each change, for the dialog that lists them."""

    @property
    def all(self) -> tuple[PortForward, ...]:
        """The forwards in the order in which they were begun."""
        return tuple(self._tasks)

    @property
    def open(self) -> tuple[PortForward, ...]:
        return tuple(each for each in self._tasks if each.state is not ForwardState.ENDED)

    def begin(
        self, forward: PortForward, command: Sequence[str], environ: Mapping[str, str], tell: Told
    ) -> None:
        """Run a forward's command; `tell` is called when it listens, and when it ends by itself.

        It replaces one of the same local port that has ended.
        """
        for each in self.all:
            if each.local == forward.local and each.state is ForwardState.ENDED:
                self.close(each)
        work = self._run(forward, command, environ, tell)
        self._tasks[forward] = asyncio.get_running_loop().create_task(work)
        self.changed()

    def close(self, forward: PortForward) -> None:
        """End a forward, and forget it."""
        task = self._tasks.pop(forward, None)
        if task is not None:
            task.cancel()
            self.changed()

    def close_all(self) -> None:
        """End all of them."""
        for forward in self.all:
            self.close(forward)

    async def _run(
        self, forward: PortForward, command: Sequence[str], environ: Mapping[str, str], tell: Told
    ) -> None:
        def take(line: Clean) -> None:
            if forward not in self._tasks:
                return  # closed, with lines on their way
            before = forward.state
            hear(forward, line)
            if forward.state is not before:
                tell(forward)
            self.changed()

        try:
            code = await follow_hidden(command, environ, take)
            reason = f"{command[0]} ended with exit code {code}"
        except OSError as error:
            reason = f"{command[0]} can't be started: {error.strerror}"
        end(forward, clean(reason))
        tell(forward)
        self.changed()


def _nothing() -> None:
    return
