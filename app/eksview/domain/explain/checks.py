"""The commands for everyday checks: their words, and their lines for a shell."""

import shlex

from msgspec import Struct

from eksview.domain.live.command_context import CommandContext

NODE = "{node}"
"""The place of a node's name in a command."""
WATCH_PERIOD = 2.0  # seconds, the default of `watch`


class EverydayCheck(Struct, frozen=True):
    """A command of kubectl. With `every` it is repeated so many seconds later, by `watch`."""

    id: str
    words: tuple[str, ...]
    every: float | None = None

    @property
    def needs_node(self) -> bool:
        """Return whether the command is about one node."""
        return any(NODE in word for word in self.words)

    def words_for(self, node: str) -> tuple[str, ...]:
        """Return the words after `kubectl`, for a node."""
        return tuple(word.replace(NODE, node) for word in self.words)

    def command(self, context: CommandContext, node: str) -> str:
        """Return the command line for a shell."""
        line = context.kubectl(*self.words_for(node))
        if self.every is None:
            return line
        # `watch` passes its words to a shell, which takes the quotes from them once more.
        return f"watch {line if shlex.split(line) == line.split() else shlex.quote(line)}"


CHECKS = (
    EverydayCheck("nodes", ("get", "nodes")),
    EverydayCheck("wide", ("get", "nodes", "-o", "wide")),
    EverydayCheck("describe", ("describe", "node", NODE)),
    EverydayCheck("pods", ("get", "pods", "-A", "--field-selector", f"spec.nodeName={NODE}")),
    EverydayCheck("top", ("top", "pod", "-A", "--sort-by=cpu")),
    EverydayCheck("watch", ("get", "nodes"), every=WATCH_PERIOD),
    EverydayCheck("info", ("get", "node", NODE, "-o", "jsonpath={.status.nodeInfo}")),
)


def check_of(check: str) -> EverydayCheck:
    """Return the check of an id."""
    return next(each for each in CHECKS if each.id == check)
