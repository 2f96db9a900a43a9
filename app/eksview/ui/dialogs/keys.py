"""Every key and what it does, read from the bindings themselves."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen

from eksview.ui.dialogs.commands import COMMANDS

_WORDS = {"⏎": "enter", "↑": "up", "↓": "down", "←": "left", "→": "right", "⇥": "tab"}


def readable(shown: str) -> str:
    """A key as everybody can read it, also where the locale isn't UTF-8."""
    return _WORDS.get(shown, shown)


class KeyLine(Struct, frozen=True):
    """One thing that can be done, and the keys that do it; `short` says it where room is scarce."""

    keys: str
    text: str
    short: str = ""


class Section(Struct, frozen=True):
    """What can be done in one place."""

    title: str
    lines: tuple[KeyLine, ...]


def sections(screen: Screen[object], show: Callable[[Binding], str]) -> tuple[Section, ...]:
    """All that works where the focus is now, from the innermost outwards, then the commands.

    A key that something further in has taken isn't listed again further out.
    """
    places: dict[DOMNode, dict[str, list[ActiveBinding]]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.system and (binding.tooltip or binding.description):
            actions = places.setdefault(active.node, {})
            actions.setdefault(binding.action, []).append(active)
    found = [
        Section(_title(node, screen), tuple(_lines(actions.values(), show)))
        for node, actions in places.items()
    ]
    commands = tuple(
        KeyLine(f":{spec.name}" + (f" {spec.argument.upper()}" if spec.argument else ""), spec.help)
        for spec in COMMANDS
    )
    return (*found, Section("Commands", commands))


def _title(node: DOMNode, screen: Screen[object]) -> str:
    if node is screen.app:
        return "Everywhere"
    if node is screen:
        return screen.title or "This screen"
    return str(
        getattr(node, "border_title", None) or node.BINDING_GROUP_TITLE or "Where the cursor is"
    )


def _lines(
    actions: Iterable[list[ActiveBinding]], show: Callable[[Binding], str]
) -> Iterator[KeyLine]:
    for group in actions:
        keys = " ".join(dict.fromkeys(show(active.binding) for active in group))
        binding = group[0].binding
        yield KeyLine(keys, binding.tooltip or binding.description, binding.description)
