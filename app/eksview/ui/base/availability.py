"""The reason why an action would do nothing now.

The footer leaves such an action out, and pressing its key shows the reason: one rule for both.
"""

from functools import cache
from typing import Any, Protocol, cast, runtime_checkable

from textual.actions import parse
from textual.app import App
from textual.dom import DOMNode


@runtime_checkable
class Explains(Protocol):
    """An application, screen or widget that knows when its actions do nothing."""

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why an action would do nothing now, as a clean sentence; empty if it works."""


@cache
def _explains(kind: type) -> bool:
    """Return whether a class is `Explains`, found out once: a frame asks a dozen times."""
    return issubclass(kind, Explains)


def why_not(app: App[Any], node: DOMNode, action: str) -> str:
    """Return why the action of a node's binding would do nothing now; empty if it works."""
    namespace, name, parameters = parse(action)
    target = {"app": app, "screen": node.screen}.get(namespace, node)
    if not _explains(type(target)) or not target.check_action(name, parameters):
        return ""
    return cast("Explains", target).why_not(name, parameters)
